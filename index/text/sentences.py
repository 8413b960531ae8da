"""Where the sentences of a canonical text begin and end, in any language and without a model.

Every mark that may end a sentence is judged by the word before it and the word after it. In doubt
a sentence goes on: two sentences in one span quote well, half a sentence does not.
"""

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.article import Span
from index.lexicon import any_of, compiled, languages, words

from .language import guess, known_code, says_enough

MAX_SENTENCE = 600
"""No span is longer than this many characters."""

# A long span is not cut closer than this to its ends, so that no crumbs remain.
_CRUMB = 100
# Thai and Lao put spaces, not stops, between clauses; a piece of a long run has at least this length.
_CLAUSE = 60

# Languages that write "12." for "12th", and those with real words that have no vowel.
_ORDINAL = frozenset(
    [
        "de",
        "tr",
        "hu",
        "cs",
        "sk",
        "pl",
        "da",
        "nb",
        "nn",
        "no",
        "fi",
        "sl",
        "hr",
        "sr",
        "bs",
        "et",
        "lv",
        "lt",
        "is",
    ]
)
_VOWELLESS = frozenset(["cs", "sk", "sl", "hr", "sr", "bs", "mk"])
_VOWEL = regex.compile("[aeiouyıæøœаеёиоуыэюяіїєъαεηιουω]")

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
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_CLAUSAL = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_CLAUSE_GAP = regex.compile(rf"(?<={_CLAUSAL.pattern})\s+(?={_CLAUSAL.pattern})(?![ๆฯ])")
_WORD = regex.compile(r"(?<![\p{L}\p{M}\p{N}.=/@&_])(?:[\p{L}\p{M}]{1,5}\.[\s-]?){0,4}[\p{L}\p{M}]{1,12}$")
_NUMBER = regex.compile(r"(?:(?<lead>\p{L}+)\s)?(?<![\d\p{L}.,:$€£]|\p{L}-)(?<number>\d{1,4})$")
_CLIPPABLE = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}]\p{Ll}{1,4}")
_ROMAN = regex.compile(r"[IVXLCDM]+")
# Where to cut a span that is too long, best first.
_PLACES = tuple(map(regex.compile, (r"[;؛]\s|[；؛]", r"[,:،]\s|[，、：،]|\s(?=[|•·–—]\s)", r"\s")))


@dataclass(frozen=True, slots=True)
class _Lists:
    """The words of all languages that tell where a sentence ends: see `lexicon.entries.Sentences`."""

    opens: dict[str, frozenset[str]]
    opens_any: frozenset[str]
    abbreviations: frozenset[str]
    before_number: frozenset[str]
    may_end: frozenset[str]
    ends: frozenset[str]
    clipped: tuple[str, ...]
    articles: frozenset[str]
    months: frozenset[str]
    reported: "regex.Pattern[str]"


@functools.cache
def _lists() -> _Lists:
    openings = {one.code: one.sentences.openings for one in languages() if one.sentences.openings}
    reported = any_of([r"\s\(\d", *words(lambda language: language.sentences.reported)])
    return _Lists(
        opens={code: frozenset(listed) for code, listed in openings.items()},
        opens_any=frozenset(words(lambda language: language.sentences.openings)),
        abbreviations=frozenset(words(lambda language: language.sentences.abbreviations)),
        before_number=frozenset(words(lambda language: language.sentences.before_number)),
        may_end=frozenset(words(lambda language: language.sentences.may_end)),
        ends=frozenset(words(lambda language: language.sentences.ends)),
        clipped=words(lambda language: language.sentences.clipped),
        articles=frozenset(words(lambda language: language.sentences.articles)),
        months=frozenset(words(lambda language: language.sentences.months)),
        reported=compiled(reported, 0),
    )


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Return the sentences of canonical `text`: in order, disjoint, without white space at either end.

    Together they cover every character that is not white space; none is longer than MAX_SENTENCE.
    `language` (ISO 639-1) is a hint; where the text is clearly in another one, that one counts.
    """
    hint = known_code(language) if language else None
    tongue = guess(text, hint) if says_enough(text) else hint
    spans = []
    for found in _LINE.finditer(text):
        line, offset = found.group(), found.start()
        for start, end in _sentences(line, tongue):
            spans += [Span(offset + first, offset + last) for first, last in _pieces(line, start, end)]
    return spans


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
    if not after or first == len(line) or (closing and _lists().reported.match(line, found.end())):
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
    return word in _lists().opens.get(tongue or "", _lists().opens_any)


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
    lists = _lists()
    for form in _forms(token):
        if form in lists.abbreviations or form in lists.ends:
            return form in lists.ends
        if form in lists.before_number:
            return not (word[:1].isdigit() or _ROMAN.fullmatch(word))
        if form in lists.may_end or form.endswith(lists.clipped):
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
    return not _VOWEL.search(unicodedata.normalize("NFD", word.lower()))


def _number_ends(tail: str, is_whole: bool, word: str, tongue: str | None) -> bool:
    found = _NUMBER.search(tail)
    if not found:
        return True
    number = found["number"]
    if is_whole and len(number) < 4 and not tail[: found.start("number")].strip(" (•*-–"):
        return False
    if word[:1].isdigit():
        return len(number) > 2 and not word.endswith(".")
    if word.islower() or word in _lists().months:
        return False
    if len(number) > 2 or _opens(word, tongue):
        return True
    if regex.search(r"\d\.\s\d{1,2}$", tail):  # 3. 10.
        return False
    is_ordinal = found["lead"] in _lists().articles or (tongue in _ORDINAL and int(number) <= 31)
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
