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

# A long span is cut no nearer than this to its ends, so that no crumbs remain.
_CRUMB = 100
# Thai and Lao set spaces, not stops, between clauses: a piece of a long run has at least this length.
_CLAUSE = 60


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that begin sentences and seldom follow an abbreviation within one. They also tell the language
# of a text, hence the small words found in nearly every paragraph.
_OPENING_WORDS = {
    "en": "A After All Although An And Are As At Before Both But By Did Do Each For From Had Has He Her His "
    "How However I If In Is It Its Many Most My No Nobody Not Now Of On One Or Others Our She Since So "
    "Some Such That The Their Then There These They This Those To Until Was We Were What When Where "
    "Which While Who Why With You Your",
    "de": "Aber Alle Als Am An Andere Auch Auf Aus Bei Bis Da Dabei Dafür Damit Danach Dann Das Dass Dazu "
    "Dem Den Denn Der Des Deshalb Die Dies Diese Dieser Doch Dort Durch Ein Eine Einer Er Es Für Gegen "
    "Hier Ich Ihr Ihre Im In Ist Jetzt Kein Man Mit Nach Nicht Niemand Noch Nun Nur Ob Sein Seine Seit "
    "Sie Sind So Später Trotz Über Um Und Unter Viele Vom Von Vor War Warum Was Weil Wenn Wer Wie Wir "
    "Wird Wo Zu Zum Zur Zwar",
    "fr": "À Alors Après Au Aussi Avant Avec Ce Cela Ces Cet Cette Comme Dans Depuis Des Elle Elles En Est "
    "Et Il Ils Je La Le Les Leur Lors Mais Nous On Où Par Pas Personne Pour Quand Que Qui Sa Sans "
    "Selon Ses Si Son Sous Sur Tous Tout Un Une Vous",
    "es": "A Ahora Al Así Aunque Como Con Cuando Desde Después El Él Ella Ellos En Entre Era Es Esta Este "
    "Esto Fue Ha Hay La Las Lo Los Mientras Muchos Nadie Ni No Para Pero Por Porque Qué Que Se Según "
    "Si Sin Sobre Su Sus También Tras Un Una Y Ya Yo",
    "it": "A Al Alla Anche Che Chi Ci Come Con Così Da Dal Dopo È E Era Gli Ha I Il In La Le Lei Lo Loro Lui "
    "Ma Nel Nella Nessuno Non Per Perché Poi Prima Quando Quella Quello Questa Questo Se Secondo Si "
    "Sono Su Tra Un Una",
    "pt": "A Ao As Com Como Depois E Ela Ele Eles Em Era Essa Esse Esta Este Eu Foi Há Isso Já Mas Na Não "
    "Ninguém No O Os Para Pela Pelo Por Porque Quando Que São Se Segundo Sem Seu Sua Também Um Uma",
    "nl": "Als Andere Bij Dat De Deze Die Dit Door Een En Er Het Hij Hoe Ik In Is Maar Met Na Naar Niemand "
    "Niet Nu Of Om Onder Ook Op Over Sinds Toch Toen Uit Van Veel Voor Waar Wat We Wie Wij Ze Zij Zijn "
    "Zo",
    "pl": "A Ale Bo Był Była Było Co Czy Dla Do Gdy I Ich Jak Jednak Jego Jej Jest Kiedy Kto Która Który Ma "
    "Na Nad Nie Nikt O Od On Ona Oni Po Pod Potem Przed Przez Przy Są Się Ta Tak Tam Te Ten To Tylko W "
    "Wszyscy Z Za Ze",
    "cs": "A Ale Ani Byl Byla Bylo Co Do I Jak Je Jeho Její Jen Kde Kdo Když Která Který Mezi Na Nad Ne Nebo "
    "O Od On Ona Pak Po Pod Podle Pro Proto Před Při S Se Ta Tak Také Tam Tehdy Ten To U V Ve Všichni "
    "Z Za Ze Že",
    "tr": "Ama Ancak Ayrıca Bir Birçok Biz Bu Bunlar Bunun Çok Çünkü Da Daha De Diğer Eğer En Fakat Gibi Hem "
    "Her Herkes İçin İki İle İlk Kadar Kimse Nasıl Ne Neden O Olan Olarak Onlar Onun Siz Sonra Şimdi "
    "Tüm Ve Veya",
    "ru": "А Без Более Был Была Были Было В Во Все Всё Вы Где Для До Его Её Если Ещё За Здесь И Из Или Их К "
    "Как Когда Кто Мы На Не Нет Никто Но О Об Он Она Они От Перед По Под Позже После Потом При С "
    "Сейчас Со Так Также Там То Только У Уже Что Эта Эти Это Этот Я",
    "uk": "Але Без Був Була Від Він Вона Вони Для До З За І Із Й Її Його Коли Ми На Не Після По При Та Також "
    "Там Тому У В Хто Це Цей Що Як Я",
    "bg": "В Като Как Когато Кой Но На От По Преди При С Са Се Ще След Според Той Това Този Тя Те",
    "sv": "Alla Andra Att Av De Den Dessa Det Detta Då Där Efter En Ett Från För Han Hans Hon Hur I Ingen "
    "Inte Jag Man Med Men När Och Också Om På Sedan Som Till Under Vad Var Vi Är",
    "da": "Af Alle Andre At Da De Den Der Det Disse Efter En Er Et For Fra Han Hans Hun Hvad Hvor I Ikke "
    "Ingen Jeg Man Mange Med Men Mens Når Og Også Om På Som Til Under Var Ved Vi",
    "nb": "Av Alle Andre At Da De Den Der Det Disse Etter En Er Et For Fra Han Hans Hun Hva Hvor I Ikke "
    "Ingen Jeg Man Mange Med Men Mens Når Og Også Om På Som Til Under Var Ved Vi",
    "hu": "A Amikor Az Azt Csak De Egy És Ez Ezek Ezt Ha Hogy Így Ma Már Mert Mi Minden Mit Most Nem Ő Ők "
    "Sok Sokan Utána Úgy Van Volt",
    "fi": "Ei Että Hän He Ja Jos Kaikki Koska Kuka Kun Me Mikä Missä Miten Mutta Myös Ne Niin Nyt Oli On "
    "Ovat Se Sen Siellä Silloin Sitten Tämä Vain",
    "ro": "Acest Această Are Au Ca Când Care Ce Cu Cum Dar De Din După Ea El Este Era Fără În Însă La Mai Nu "
    "O Pe Pentru Prin Se Și Sunt Un Unde",
    "el": "Αλλά Από Αυτή Αυτό Αυτός Για Δεν Είναι Ένα Ένας Έτσι Η Ήταν Θα Και Κανείς Με Μετά Μια Ο Οι Όμως "
    "Όταν Που Πώς Σε Στη Στην Στο Στον Τα Τη Την Τι Το Τον Του",
}
_OPENS = {language: _words(words) for language, words in _OPENING_WORDS.items()}
_OPENS_ANY = frozenset[str]().union(*_OPENS.values())
_LANGUAGES_OF = {
    word.lower(): tuple(language for language, words in _OPENS.items() if word in words)
    for word in _OPENS_ANY
}

# Abbreviations, with a capital where only the capitalised word is one. Single letters and words
# without a vowel need no entry: they are judged as those that may end a sentence.
_GOES_ON = _words(
    "Mr Mrs Ms Messrs Dr Drs Prof Rev Hon Gen Sen Rep Gov Lt Col Sgt Capt Cmdr Maj Adm Supt Pres Mt e.g i.e "
    "cf viz approx esp incl Hr Hrn Frl Dipl Ing Mag z.B d.h u.a v.a bzw sog vgl bspw insb inkl exkl zzgl ggf "
    "evtl verh engl kath i.d.R o.g u.U z.T z.Z m.E s.o s.u bzgl ca Mio Mrd Tsd Hl M MM Mme Mmes Mlle Mgr "
    "p.ex c.à.d Sr Sra Srta Sres Dra Dña Lic Gral Cnel EE p.ej sig dott avv geom prof Exmo Exma Profa Eng "
    "dhr mevr mw bijv o.a d.w.z i.v.m m.b.t resp hab inż ul np m.in tzn tj gen św tzv např MUDr JUDr PhDr "
    "RNDr nám Sn Doç Öğr Uzm Yrd örn bkz pl ifj id kb esim t.ex bl.a d.v.s f.eks dvs jf Dl Dna TP PGS TS GS "
    "ThS Jl т.е т.к т.н т.о напр проф акад доц ул пл см ср тов вул π.χ δηλ Δρ डॉ श्री श्रीमती प्रो पं ডা "
    "திரு"
)
_BEFORE_NUMBER = _words(
    "no fig figs vol ch sec art ext tel est Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Okt Nov Dec Dez abs abb "
    "bd kap tab ziff max min núm pág págs pag cap стр рис табл гл ст"
)
_MAY_END = _words(
    "Inc Co Corp Bros Ave Assn Dept Univ Esq al Abt geb gest str UU Ud Uds Cía av Avda Cad Sok Mah Bul mag "
    "им обл пер"
)
_ENDS = _words(
    "etc usw usf u.s.w u.v.m enz itp itd atd apod т.д т.п др пр jne osv m.fl stb κ.λπ κλπ κ.ά"
)

# Languages that write "12." for "12th", and those with real words that have no vowel.
_ORDINAL = _words("de tr hu cs sk pl da nb nn no fi sl hr sr bs et lv lt is")
_VOWELLESS = _words("cs sk sl hr sr bs mk")
_ARTICLES = _words("der die das dem den des am im vom zum zur beim bis ab seit")
_MONTHS = _words(
    "Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember"
)
_VOWELS = frozenset("aeiouyıæøœаеёиоуыэюяіїєъαεηιουω")

_LINE = regex.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LETTERS = regex.compile(r"\p{L}+")
# Right after a mark any quotation mark closes, but “ and ‘ also open in Chinese, with no space before.
_END = regex.compile(
    r"""(?V1)
    (?<mark> [.!?…‥]++ | ;++ | (?<=\p{Armenian}):
           | (?:[\p{SB=STerm}།༎--[!?၊]]|．(?!\d))[!?．\p{SB=STerm}།༎]*+ )
    (?<close> (?: ["'”’»«›‹)\]}」』）】〉》〕］] | [“‘](?=[\s.,;:!?)\]]|$) )*+ )
    (?: \[[^\[\]\s]{1,20}\] )*+
    (?: \s[»›)\]}”](?=[\s.,;:!?)\]]|$) )*+
    """,
    regex.VERBOSE,
)
_NEXT = regex.compile(
    r"""(?<gap>\s*+)["'“”„«»‹›‘’‚(\[{¿¡—–―\-•*·…\s「『（【《〈]{0,8}+(?<word>[\p{L}\p{M}]{1,20}+|\p{N}?)"""
)
_NEVER_FIRST = frozenset(".,;:!?)]}%，、；：！？。」』）】〉》")
# The quoted sentence is part of another one: 「…？」と…, “…？”她问道。, “…?” Ann Lee asked.
_REPORTED = regex.compile(
    r"[とをがのに]|って|など|[^\s\p{P}]{1,6}?(?:说|說|问|問|喊|叫|答)(?:道|着|了)?[。，！]"
    r"|\s(?:\p{Lu}[\p{L}.’'-]*+ ){1,4}(?:said|says|asked|asks|added|replied|shouted|cried|wrote|told)\b"
)
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_CLAUSAL = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_CLAUSE_GAP = regex.compile(rf"(?<={_CLAUSAL.pattern})\s+(?={_CLAUSAL.pattern})(?![ๆฯ])")
_WORD_BEFORE = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}=/@&_])(?:[\p{L}\p{M}]{1,5}\.[\s\-]?){0,3}[\p{L}\p{M}]{1,12}$"
)
_NUMBER_BEFORE = regex.compile(r"(?:(?<lead>\p{L}+)\s)?(?<![\d\p{L}.,:$€£])(?<number>\d{1,4})$")
_ROMAN = regex.compile(r"[IVXLCDM]+")
_CLIPPABLE = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}]{2,5}")
_CLUSTER = regex.compile(r"\X")
# Where to cut a span that is too long, best first.
_PLACES = tuple(map(regex.compile, (r"[;؛]\s|[；؛]", r"[,:،]\s|[，、：،]|\s(?=[|•·–—]\s)", r"\s")))


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Return the sentences of canonical `text`: in order, disjoint, without white space at either end.

    Together they cover every character that is not white space; none is longer than MAX_SENTENCE.
    `language` (ISO 639-1) is a hint; where the words of the text speak against it, they win.
    """
    tongue = _language(text, language)
    return [
        Span(line.start() + first, line.start() + last)
        for line in _LINE.finditer(text)
        for start, end in _sentences(line.group(), tongue)
        for first, last in _pieces(line.group(), start, end)
    ]


def _language(text: str, hint: str | None) -> str | None:
    """Return the language whose small words the text has most of, or the hint if that may be right."""
    words = _LETTERS.findall(text, 0, 3000)
    hits = Counter(language for word in words for language in _LANGUAGES_OF.get(word.lower(), ()))
    (best, most), (_, second), *_ = [*hits.most_common(2), (None, 0), (None, 0)]
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
    """Decide whether the mark that was `found` ends the sentence that begins at `start`."""
    mark, place, closing = found["mark"], found.start(), found["close"]
    before = line[place - 1 : place]
    if mark[0] == ";" and tongue != "el" and not "\u0370" <= before <= "\u1fff":
        return False
    after = _NEXT.match(line, found.end())
    first = after.start("word") if after else len(line)
    if not after or first == len(line) or (closing and _REPORTED.match(line, found.end())):
        return False
    if line[first] in _NEVER_FIRST:
        return line.startswith(("[...", "(..."), first - 1)
    is_spaced_mark = mark[0] in ".!?…‥;:"
    if is_spaced_mark and not after["gap"]:
        return mark[-1] in "!?" and _UNSPACED.match(line, found.end()) is not None
    if before in ("(", "[") and closing[:1] in (")", "]"):
        return False
    is_ellipsis = mark[0] in "…‥" or mark.startswith("..")
    if _is_small(line, first) and (closing or is_ellipsis or not without_capitals):
        return False
    word = after["word"]
    if word.isalpha() and len(word) < 3 and line.startswith(".", after.end()):
        word = ""  # "J. A. Smith", "U.S. No. 1": an abbreviation opens nothing
    if mark == ".":
        return _stop_ends(line[max(start, place - 30) : place], place - start <= 30, word, tongue)
    return not (is_ellipsis and before.isspace()) or _opens(word, tongue)


def _is_small(line: str, place: int) -> bool:
    """Tell a small letter, unless it begins a name (iPhone) or is a clipped article (’s Nachts)."""
    if not line[place].islower() or "\u10d0" <= line[place] <= "\u10ff":
        return False
    second, third = line[place + 1 : place + 2], line[place + 2 : place + 3]
    is_name = second.isupper() and third.islower()
    is_clipped = line[place - 1 : place] in ("'", "’") and second.isspace() and third.isupper()
    return not is_name and not is_clipped


def _opens(word: str, tongue: str | None) -> bool:
    return word in _OPENS.get(tongue or "", _OPENS_ANY)


def _stop_ends(tail: str, is_whole: bool, word: str, tongue: str | None) -> bool:
    """Decide whether the full stop between `tail` and `word` is that of a sentence.

    `is_whole` says that the tail is all of the sentence so far.
    """
    if tail[-1:].isdigit():
        return _number_ends(tail, is_whole, word, tongue)
    found = _WORD_BEFORE.search(tail)
    if not found:
        return True
    if _CLAUSAL.match(tail[-1]):
        return False
    token = regex.sub(r"[\s\-]", "", found.group())
    lead = tail[: found.start()].strip(" (•*-–")
    if is_whole and not lead and (len(token) == 1 or _ROMAN.fullmatch(token)):
        return False
    return _word_ends(token, lead, word, tongue)


def _word_ends(token: str, lead: str, word: str, tongue: str | None) -> bool:
    for form in _forms(token):
        if form in _GOES_ON or form in _ENDS:
            return form in _ENDS
        if form in _BEFORE_NUMBER:
            return not (word.isdigit() or _ROMAN.fullmatch(word))
        if form in _MAY_END:
            return _opens(word, tongue)
    last = token.rpartition(".")[2]
    if len(last) > 1 and _ROMAN.fullmatch(last):
        return tongue not in _ORDINAL or _opens(word, tongue)
    return not (_is_initial(last) or _is_clipped(last, lead, tongue)) or _opens(word, tongue)


def _forms(token: str) -> Iterator[str]:
    """Yield `token` and what follows each of its stops, each also with a small first letter."""
    if token.endswith("str"):
        yield "str"  # Hauptstr.
    while token:
        yield token
        yield token[0].lower() + token[1:]
        token = token.partition(".")[2]


def _is_initial(word: str) -> bool:
    is_syllable = "\u1100" <= word <= "\u11ff" or "\u3040" <= word <= "\ud7ff"
    return len(word) == 1 and not is_syllable


def _is_clipped(word: str, lead: str, tongue: str | None) -> bool:
    """Tell an abbreviation by its lack of vowels; "80 kg." is a unit, and "BBC." a name."""
    if not _CLIPPABLE.fullmatch(word) or not word[1:].islower() or lead[-1:].isdigit():
        return False
    if word.islower() and tongue in _VOWELLESS:
        return False
    return _VOWELS.isdisjoint(unicodedata.normalize("NFD", word.lower()))


def _number_ends(tail: str, is_whole: bool, word: str, tongue: str | None) -> bool:
    found = _NUMBER_BEFORE.search(tail)
    if not found:
        return True
    number = found["number"]
    if is_whole and len(number) < 4 and not tail[: found.start("number")].strip(" (•*-–"):
        return False
    if word.isdigit():
        return len(number) > 2
    if word.islower() or word in _MONTHS:
        return False
    if len(number) > 2 or _opens(word, tongue):
        return True
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
        start = end - len(line[cut:end].lstrip())
    if start < end:
        yield start, end


def _cut(line: str, start: int, limit: int) -> int:
    """Return where best to cut, at least _CRUMB characters after `start` and not after `limit`."""
    for place in _PLACES:
        cuts = [found.end() for found in place.finditer(line, start + _CRUMB, limit)]
        if cuts:
            return cuts[-1]
    for cluster in _CLUSTER.finditer(line, start, limit + _CRUMB):
        if cluster.end() > limit and cluster.start() > start:
            return cluster.start()
    return limit
