"""Where the sentences of a canonical text begin and end, in any language and without a model.

Every mark that may end a sentence is judged by the word before it and the word after it. In doubt
a sentence goes on: two sentences in one span quote well, half a sentence does not.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator

import regex

from index.article import Span

MAX_SENTENCE = 600
"""No span is longer than this many characters."""

# A long span is not cut closer than this to its ends, so that no crumbs remain.
_CRUMB = 100
# Thai and Lao put spaces, not stops, between clauses; a piece of a long run has at least this length.
_CLAUSE = 60


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that begin sentences and seldom follow an abbreviation within one. Since they also tell the language
# of a text, they include small words found in nearly every paragraph.
_OPENING_WORDS = {
    "en": "A After All And As At Before But By Did For From Had Has He Her Here His How However I If In Is "
    "It Its Most My No Nobody Not Now Of On One Or Our She Since So Some That The Their Then There "
    "These They This Those To Until Was We Were What When Where Which While Who Why With",
    "de": "Aber Alle Als Am An Auch Auf Bei Bis Da Dabei Danach Dann Das Den Der Des Deshalb Die Dies Diese "
    "Dieser Doch Dort Durch Ein Eine Einer Er Es Für Hier Ich Ihr Ihre Im In Ist Man Mit Nach Nicht "
    "Niemand Noch Nur Seit Sie So Später Um Und Viele Von Vor War Was Weil Wenn Wie Wir Zu Zum Zur",
    "fr": "À Après Au Aussi Avec Ce Ces Cette Comme Dans Depuis Des Elle En Est Et Il Ils Je La Le Les Leur "
    "Mais Nous On Par Pas Pour Quand Que Qui Sa Selon Ses Si Son Sous Sur Tous Un Une Vous",
    "es": "Al Así Aunque Como Con Cuando Desde Después El Él Ella En Entre Es Esta Este Fue Ha Hay La Las Lo "
    "Los Nadie Ni No Para Pero Por Que Se Según Si Sin Sobre Su Sus Tras Un Una Y Ya",
    "it": "Al Alla Che Con Da Dal Dopo È Era Gli Il In La Le Lei Ma Nel Non Per Poi Si Sono Su Un Una",
    "pt": "A Ao As Com E Ela Ele Em Era Este Foi Há Já Mas Na Não No O Os Para Por Que Se Sua Um Uma",
    "nl": "Als Bij Dat De Deze Die Dit Een En Er Het Hij Ik In Is Maar Met Na Op Toen Van Voor We Ze Zijn",
    "pl": "A Ale Był Co Dla Do Gdy I Jak Jego Jest Ma Na Nie O Od On Ona Po Potem Się Tak Ten To W Z Za",
    "cs": "A Ale Byl Co Do I Jak Je Jeho Kde Když Na O Od On Ona Pak Po Pro Se Tak Tehdy Ten To V Ve Z",
    "tr": "Ama Ancak Bir Biz Bu Çok Da Daha De En Fakat Gibi Her İçin İle İlk Kimse Ne O Onlar Sonra Ve",
    "ru": "А Без Был Была Было В Во Все Всё Вы Для До Его Её Если За И Из Их К Как Когда Мы На Не Но О Он "
    "Она Они От По После Потом При С Так Также Там То У Уже Что Эта Это Этот Я",
    "uk": "Але Був Від Він Вона Вони Для До З За І Із Й Її Його Коли Ми На Не Після По Та Там У Це Що Як",
    "sv": "Alla Att Av De Den Det Efter En Ett Från För Han Hon I Inte Jag Med Men När Och Om På Som Vi Är",
    "da": "Af At Av De Den Der Det En Er Et For Han Hun I Ikke Jeg Mange Med Men Når Og På Som Til Var Vi",
    "hu": "A Az Azt Csak De Egy És Ez Ezek Ezt Ha Hogy Így Ma Már Mert Mi Minden Most Nem Ő Ők Sokan Volt",
    "fi": "Ei Että Hän He Ja Jos Koska Kun Me Mikä Mutta Myös Ne Niin Nyt Oli On Ovat Se Silloin Tämä",
    "ro": "Acest Are Au Ca Când Ce Cu Cum Dar De Din După Ea El Este În La Nu O Pe Pentru Se Și Sunt Un",
    "el": "Αλλά Από Αυτό Για Δεν Είναι Ένα Ένας Η Ήταν Θα Και Με Μια Ο Οι Όταν Σε Στη Στο Τα Τη Το Του",
}
_OPENS = {language: _words(words) for language, words in _OPENING_WORDS.items()}
_OPENS_ANY = frozenset[str]().union(*_OPENS.values())
_SMALL_WORDS = {language: _words(words.lower()) for language, words in _OPENING_WORDS.items()}

# Abbreviations, capitalised where only the capitalised word is one. Single letters and words without a vowel
# need no entry: they are judged like those that may end a sentence.
_GOES_ON = _words(
    "Mr Mrs Ms Messrs dr Drs prof Rev Hon Gen Sen Rep Gov Lt Col Sgt Capt Cmdr Maj Adm Pres Mt e.g i.e cf "
    "viz approx esp incl Hr Hrn Frl Fa Dipl Ing Mag z.B d.h u.a v.a bzw sog vgl bspw insb inkl ggf evtl "
    "i.d.R o.g u.U z.T z.Z m.E s.o bzgl ca Mio Mrd Tsd Hl M MM Mme Mlle Mgr p.ex c.à.d Sr Sra Srta Sta Sto "
    "Sres Dra Dña Lic Gral EE p.ej sig dott avv Exmo Eng dhr mevr mw bijv o.a d.w.z i.v.m m.b.t resp hab inż "
    "ul np m.in tzn tj gen tzv např MUDr JUDr PhDr RNDr nám Sn Doç Öğr Yrd örn bkz pl ifj id kb esim t.ex "
    "bl.a d.v.s f.eks dvs jf Dl Dna TP PGS TS GS ThS Jl т.е т.к напр проф акад доц ул пл см ср тов вул π.χ "
    "δηλ Δρ Avda Sok Mah Bul Cía Esq обл пер डॉ श्री श्रीमती प्रो पं ডা திரு"
)
_BEFORE_NUMBER = _words(
    "no nr vol ch sec art ext tel ver est Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Okt Nov Dec Dez abs bd "
    "kap ziff max min núm pág págs pag cap стр рис табл гл ст"
)
_MAY_END = _words(
    "Inc Co Corp Bros Ave Assn Dept Univ al fig figs abb tab Abt geb gest str UU Ud Uds av Cad им"
)
_ENDS = _words("etc usw usf u.s.w u.v.m enz itp itd atd apod т.д т.п др пр jne osv m.fl stb κ.λπ κλπ κ.ά")

# Languages that write "12." for "12th", and languages with real words that have no vowel.
_ORDINAL = _words("de tr hu cs sk pl da nb nn no fi sl hr sr bs et lv lt is")
_VOWELLESS = _words("cs sk sl hr sr bs mk")
_ARTICLES = _words("der die das dem den des am im vom zum zur beim bis ab seit")
_MONTHS = _words("Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember")
_VOWELS = frozenset("aeiouyıæøœаеёиоуыэюяіїєъαεηιουω")

_LINE = regex.compile(r"[^\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
# Right after a stop any quotation mark closes, but in Chinese “ and ‘ also open, without a space before them.
_END = regex.compile(
    r"""(?V1)
    (?<mark> [.!?…‥]++ | ;++ | (?<=\p{Armenian}):
           | (?:[\p{SB=STerm}།༎--[!?၊]]|．(?!\d))[!?．\p{SB=STerm}།༎]*+ )
    (?<close> (?: ["'”’»«›‹)\]}」』）】〉》〕］] | [“‘](?=[\s.,;:!?)\]]|$) )*+ )
    (?: \[[^\[\]]{1,40}\] )*+
    (?: \s[»›)\]}”](?=[\s.,;:!?)\]]|$) )*+
    """,
    regex.VERBOSE,
)
# An abbreviation ("J. A. Smith", "U.S. No. 1") opens no sentence, so it is not a `word`.
_NEXT = regex.compile(
    r"""(?<gap>\s*+)["'“”„«»‹›‘’‚(\[{¿¡—–―\-+#§•*·…\s「『（【《〈]{0,8}+"""
    r"(?<word>(?!\p{L}{1,2}\.)[\p{L}\p{M}]{1,20}+|\p{N}{1,2}\.|\p{N}?)"
)
_NEVER_FIRST = frozenset(".,;:!?)]}%，、；：！？。」』）】〉》")
# Here the quoted sentence is part of another one: 「…？」と…, “…？”她问道。, “…?” Ann Lee asked.
_REPORTED = regex.compile(
    r"\s\(\d|[とをがのに]|って|など|(?![没沒])[^\s\p{P}]{1,4}?[说說问問喊叫答][道着了]?[。，！]"
    r"|(?<=[!?].)\s(?!He|She|It|They|No|The)(?:\p{Lu}[\p{L}.’'-]*+ ){1,4}(?:said|says|asked|replied|cried)\b"
)
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_CLAUSAL = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_CLAUSE_GAP = regex.compile(rf"(?<={_CLAUSAL.pattern})\s+(?={_CLAUSAL.pattern})(?![ๆฯ])")
_WORD = regex.compile(r"(?<![\p{L}\p{M}\p{N}.=/@&_])(?:[\p{L}\p{M}]{1,5}\.[\s-]?){0,4}[\p{L}\p{M}]{1,12}$")
_NUMBER = regex.compile(r"(?:(?<lead>\p{L}+)\s)?(?<![\d\p{L}.,:$€£]|\p{L}-)(?<number>\d{1,4})$")
_CLIPPABLE = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}]\p{Ll}{1,4}")
_ROMAN = regex.compile(r"[IVXLCDM]+")
# Where to cut a span that is too long, best first.
_PLACES = tuple(map(regex.compile, (r"[;؛]\s|[；؛]", r"[,:،]\s|[，、：،]|\s(?=[|•·–—]\s)", r"\s")))


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Return the sentences of canonical `text`: in order, disjoint, without white space at either end.

    Together they cover every character that is not white space; none is longer than MAX_SENTENCE.
    `language` (ISO 639-1) is a hint; where the words of the text speak against it, they win.
    """
    tongue = _language(text, language)
    spans = []
    for found in _LINE.finditer(text):
        line, offset = found.group(), found.start()
        for start, end in _sentences(line, tongue):
            spans += [Span(offset + first, offset + last) for first, last in _pieces(line, start, end)]
    return spans


def _language(text: str, hint: str | None) -> str | None:
    """Return the language with the most small words in the text, or the hint if it may be right."""
    words = set(regex.findall(r"\p{L}+", text[:3000].lower()))
    hits = Counter({language: len(words & small) for language, small in _SMALL_WORDS.items()})
    (best, most), (_, second) = hits.most_common(2)
    hint = hint.lower()[:2] if hint else None
    if hint and (hits[hint] + 1 >= most if hint in _OPENS else most * 10 < len(words)):
        return hint
    return best if most > second or most > 2 else None


def _sentences(line: str, tongue: str | None) -> Iterator[tuple[int, int]]:
    without_capitals = line.islower()
    start = 0
    for found in _END.finditer(line):
        if _ends(line, start, found, tongue, without_capitals):
            yield start, found.end()
            start = found.end()
    yield start, len(line)


def _ends(line: str, start: int, found: regex.Match[str], tongue: str | None, without_capitals: bool) -> bool:
    """Decide whether the mark `found` ends the sentence that begins at `start`."""
    mark, place, closing = found["mark"], found.start(), found["close"]
    before, after = line[place - 1 : place], _NEXT.match(line, found.end())
    first = after.start("word") if after else len(line)
    if not after or first == len(line) or (closing and _REPORTED.match(line, found.end())):
        return False
    if mark[0] == ";" and tongue != "el" and not regex.match(r"\p{Greek}", before):
        return False
    if line[first] in _NEVER_FIRST or _END.match(line, first):
        return line.startswith(("[...", "(..."), first - 1)
    if mark[0] in ".!?…‥;:" and not after["gap"]:
        return mark[-1] in "!?" and _UNSPACED.match(line, found.end()) is not None
    if before in ("(", "[") and closing[:1] in (")", "]"):
        return False
    is_ellipsis = mark[0] in "…‥" or mark.startswith("..")
    if _is_small(line, first) and (closing or is_ellipsis or not without_capitals):
        return False
    if mark == ".":
        return _stop_ends(line[max(start, place - 30) : place], place - start <= 30, after["word"], tongue)
    return not (is_ellipsis and before.isspace()) or _opens(after["word"], tongue)


def _is_small(line: str, place: int) -> bool:
    """Return whether a word begins small and is neither a name (iPhone) nor clipped (’s Nachts)."""
    if not line[place].islower() or "\u10d0" <= line[place] <= "\u10ff":
        return False
    second, third = line[place + 1 : place + 2], line[place + 2 : place + 3]
    is_name = second.isupper() and third.islower()
    is_clipped = line[place - 1 : place] in ("'", "’") and second.isspace() and third.isupper()
    return not is_name and not is_clipped


def _opens(word: str, tongue: str | None) -> bool:
    return word in _OPENS.get(tongue or "", _OPENS_ANY)


def _stop_ends(tail: str, is_whole: bool, word: str, tongue: str | None) -> bool:
    """Decide whether the full stop between `tail` and `word` ends a sentence.

    `is_whole` says that the tail is all of the sentence so far.
    """
    if tail[-1:].isdigit():
        return _number_ends(tail, is_whole, word, tongue)
    found = _WORD.search(tail)
    if not found:
        return True
    if _CLAUSAL.match(tail[-1]):
        return False
    token = "".join(found.group().split()).replace("-", "")
    lead = tail[: found.start()].strip(" (•*-–")
    if is_whole and not lead and (len(token) == 1 or _ROMAN.fullmatch(token)):
        return False
    return _word_ends(token, lead, word, tongue)


def _word_ends(token: str, lead: str, word: str, tongue: str | None) -> bool:
    for form in _forms(token):
        if form in _GOES_ON or form in _ENDS:
            return form in _ENDS
        if form in _BEFORE_NUMBER:
            return not (word[:1].isdigit() or _ROMAN.fullmatch(word))
        if form in _MAY_END or form.endswith("str"):  # Hauptstr.
            return _opens(word, tongue)
    last = token.rpartition(".")[2]
    if len(last) > 1 and _ROMAN.fullmatch(last):
        return tongue not in _ORDINAL or _opens(word, tongue)
    return not _is_clipped(last, lead, tongue) or _opens(word, tongue)


def _forms(token: str) -> Iterator[str]:
    """Yield `token` and what follows each of its stops, each also with its first letter in lower case."""
    while token:
        yield token
        yield token[0].lower() + token[1:]
        rest = token.partition(".")[2]
        token = rest if len(rest) > 1 else ""


def _is_clipped(word: str, lead: str, tongue: str | None) -> bool:
    """Recognise initials, and other abbreviations by their lack of vowels; "80 kg." is a unit."""
    if len(word) == 1:
        return not ("\u3040" <= word <= "\ud7ff" or lead.endswith(("'", "’")))
    is_unit = lead[-1:].isdigit()
    if is_unit or (word.islower() and tongue in _VOWELLESS) or not _CLIPPABLE.fullmatch(word):
        return False
    return _VOWELS.isdisjoint(unicodedata.normalize("NFD", word.lower()))


def _number_ends(tail: str, is_whole: bool, word: str, tongue: str | None) -> bool:
    found = _NUMBER.search(tail)
    if not found:
        return True
    number = found["number"]
    if is_whole and len(number) < 4 and not tail[: found.start("number")].strip(" (•*-–"):
        return False
    if word[:1].isdigit():
        return len(number) > 2 and not word.endswith(".")
    if word.islower() or word in _MONTHS:
        return False
    if len(number) > 2 or _opens(word, tongue):
        return True
    if regex.search(r"\d\.\s\d{1,2}$", tail):  # 3. 10.
        return False
    is_ordinal = found["lead"] in _ARTICLES or (tongue in _ORDINAL and int(number) <= 31)
    return not is_ordinal or tongue not in _ORDINAL | {None}


def _pieces(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield line[start:end] without white space around it, cut where it is too long."""
    sentence = line[start:end]
    end = start + len(sentence.rstrip())
    start += len(sentence) - len(sentence.lstrip())
    if end - start > 2 * _CLAUSE and _CLAUSAL.search(sentence):
        for gap in _CLAUSE_GAP.finditer(line, start, end):
            if gap.start() - start >= _CLAUSE and end - gap.end() >= _CLAUSE // 2:
                yield from _short(line, start, gap.start())
                start = gap.end()
    yield from _short(line, start, end)


def _short(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE:
        cut = _cut(line, start, min(start + MAX_SENTENCE, end - _CRUMB))
        yield start, start + len(line[start:cut].rstrip())
        while line[cut].isspace():
            cut += 1
        start = cut
    if start < end:
        yield start, end


def _cut(line: str, start: int, limit: int) -> int:
    """Return where best to cut, at least _CRUMB characters after `start` and not after `limit`."""
    for place in _PLACES:
        cuts = [found.end() for found in place.finditer(line, start + _CRUMB, limit)]
        if cuts:
            return cuts[-1]
    for cluster in regex.finditer(r"\X", line[start : limit + _CRUMB]):
        if cluster.end() > limit - start and cluster.start() > 0:
            return start + cluster.start()
    return limit
