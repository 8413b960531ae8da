"""Whether two sentences are about the same: nothing may say that they are not, and they have to be alike."""

import functools
from collections.abc import Iterable, Iterator

import regex

from index import Encoder
from index.model.arrays import Vectors
from index.model.token_vectors import Tokens
from index.text.calendars import DAYS, MONTHS, whole_names
from index.text.language import capitalizes_nouns
from qa.check.alignment import matches, weighed
from qa.check.facts import Facts, Quantity, is_span
from qa.names import WORD, Word, is_among, names, resembles, words

from .limits import LIMITS, SURE, AlikeCurve, DisagreementLimits
from .said import Said, weekdays, years

# So many names beside the question's make two articles one story; more where all nouns have capitals.
_SHARED, _SHARED_NOUNS = 1, 2
# What stands before the first word of a sentence.
_BEGINNING = regex.compile(r"(?:^|\n|[.!?…:])[\s\p{P}]*$")


def is_ruled_out(question: str, one: Said, other: Said, limits: DisagreementLimits = LIMITS) -> bool:
    """Return whether something says that two sentences are about different times, spans or subjects."""
    if one.published and other.published and abs((one.published - other.published).days) > limits.apart:
        return True
    return (
        not _times_agree(one, other)
        or not _spans_agree(one.around, other.around)
        or _lacks_a_subject(question, one, other)
        or _are_elsewhere(question, one, other)
    )


def _times_agree(one: Said, other: Said) -> bool:
    """Return whether two sentences name the same years and months, or those of the other's publication."""
    for said, against in ((one, other), (other, one)):
        day = against.published
        known = years(against.around) | ({day.year} if day else set())
        months = set(against.around.months) | ({day.month} if day else set())
        if not (years(said.around) <= known and said.around.months <= months):
            return False
    return True


def _spans_agree(ours: Facts, theirs: Facts) -> bool:
    spans = [{q.values for q in said.quantities if is_span(q)} for said in (ours, theirs)]
    # "The second week", "in fourth place".
    ranks = [{q.values for q in said.quantities if _is_in_words(q)} for said in (ours, theirs)]
    return spans[0] == spans[1] and (not all(ranks) or bool(ranks[0] & ranks[1]))


def _is_in_words(quantity: Quantity) -> bool:
    return quantity.unit is None and not any(c.isdigit() for c in quantity.shown)


def _lacks_a_subject(question: str, one: Said, other: Said) -> bool:
    """Return whether one article has a name of the question that another one in its language lacks."""
    if one.evidence.article.language != other.evidence.article.language:
        return False
    contexts = [words(said.context) for said in (one, other)]
    parts = [part for name in names(question) if name.start for part in WORD.findall(name.text)]
    return any(is_among(part, contexts[0]) != is_among(part, contexts[1]) for part in parts)


def _are_elsewhere(question: str, one: Said, other: Said) -> bool:
    """Return whether each article has names that the other lacks, and they share none but the question's.

    Two towns may each have a mill that has burnt.
    """
    if _has_nouns(one) != _has_nouns(other):
        # Nearly every noun of one would be a name that the other lacks.
        return False
    asked = words(question)
    across = one.evidence.article.language != other.evidence.article.language
    contexts = [words(said.context) for said in (one, other)]
    if not all(
        any(not _has(context, part, across) and not is_among(part, asked) for part in _named(said))
        for said, context in zip((one, other), contexts[::-1], strict=True)
    ):
        return False
    told = {part for part in _named(one, whole=True) if _has(contexts[1], part, across)}
    own = [*asked, *words(one.answer), *words(other.answer)]
    shared = sum(not _has(own, part, across=True) for part in told)
    return shared < (_SHARED_NOUNS if _has_nouns(one) and _has_nouns(other) else _SHARED)


def _has_nouns(said: Said) -> bool:
    """Return whether the language of an article writes all nouns with a capital."""
    return capitalizes_nouns(said.evidence.article.language)


def _named(said: Said, *, whole: bool = False) -> set[str]:
    """Return the words of the names in a sentence's rest and its title, or in the `whole` passage."""
    text = said.context if whole else f"{said.evidence.article.title}\n{said.rest}"
    found = list(_parts(text))
    # The first word of a sentence has a capital whatever it is.
    inside = {part for part, begins in (found if whole else _parts(said.context)) if not begins}
    return {part for part, begins in found if not begins or part in inside}


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of the names in `text`, and whether each is the first of its sentence."""
    for name in names(text):
        for at, part in enumerate(WORD.findall(name.text)):
            # "Manisa'nın" holds a case beside the name.
            if part[0].isupper() and not _calendar().fullmatch(part):
                yield part, at == 0 and bool(_BEGINNING.search(text, 0, name.start))


def _has(context: list[Word], part: str, across: bool) -> bool:
    return is_among(part, context) or (across and resembles(part, context))


@functools.cache
def _calendar() -> "regex.Pattern[str]":
    return whole_names(*MONTHS, *DAYS)


class Likeness:
    """How alike sentences are, which have to be read first. Each text is encoded once."""

    def __init__(self, encoder: Encoder, limits: DisagreementLimits = LIMITS) -> None:
        self._encoder = encoder
        self._limits = limits
        self._tokens: dict[str, Tokens] = {}
        self._vectors: dict[str, Vectors] = {}

    def read(self, sides: Iterable[Said]) -> None:
        """Read sentences together, which takes less time than one at a time."""
        texts = list(dict.fromkeys(text for side in sides for text in (side.rest, side.evidence.text)))
        self._tokens |= zip(texts, self._encoder.read(texts), strict=True) if texts else ()

    def are_alike(self, one: Said, other: Said, least: float) -> bool:
        """Return whether two sentences are about the same, more surely than `least`."""
        curve = self._curve(one, other)
        value = self.closeness(one, other) + curve.bias - least
        value -= self._limits.other_days * _name_other_days(one, other)
        # Passages are long to read, and no cosine is above 1.
        return value + curve.passages > 0 and value + curve.passages * self._cosine(one, other) > 0

    def closeness(self, one: Said, other: Said) -> float:
        """Return how alike two sentences that were read are by themselves, on the same scale."""
        curve = self._curve(one, other)
        said = min(self._recall(one, other), self._recall(other, one))
        answers = max(-SURE, min(one.evidence.answers, other.evidence.answers, SURE))
        return curve.rests * said + curve.answers * answers

    def _curve(self, one: Said, other: Said) -> AlikeCurve:
        same = one.evidence.article.language == other.evidence.article.language
        return self._limits.same if same else self._limits.foreign

    def _recall(self, one: Said, other: Said) -> float:
        """Return how much of the rest of `one` is said by `other`, 0 to 1."""
        rest = self._tokens[one.rest]
        return float(weighed(rest, matches(rest, [self._tokens[other.evidence.text]]))[0])

    def _cosine(self, one: Said, other: Said) -> float:
        """Return how like each other the passages of two sentences are, as a cosine."""
        texts = (one.context, other.context)
        unread = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        self._vectors |= zip(unread, self._encoder.encode(unread), strict=True) if unread else ()
        return float(self._vectors[texts[0]] @ self._vectors[texts[1]])


def _name_other_days(one: Said, other: Said) -> bool:
    """Return whether both passages name weekdays, and none of one may be a day of the other."""
    if not (one.told.weekdays and other.told.weekdays):
        return False
    if not (one.published and other.published):
        return not one.told.weekdays & other.told.weekdays
    ours, theirs = (weekdays(said.told, said.published) for said in (one, other))
    return not set(ours) & set(theirs)
