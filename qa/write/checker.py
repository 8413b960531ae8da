"""Whether a sentence that a language model wrote is shown, and which of its sources support it."""

import math
from collections.abc import Sequence
from itertools import combinations

import regex

from index import Encoder
from index.text.language import detect, may_be
from index.text.words import all_words, is_unspaced
from qa.check.alignment import matches, weighed
from qa.check.coverage import Located, share_held
from qa.check.support import Claim, objection, read_all, read_claim, together
from qa.check.weights import SUPPORT, SupportWeights
from qa.evidence.answer_type import AnswerType, answer_type_of, suits
from qa.names import is_among, words

from .draft import Written
from .thresholds import WRITING, WritingThresholds

_COUNTED = {AnswerType.MONEY, AnswerType.NUMBER, AnswerType.TIME}
# Shorter words without a capital say nothing new: articles and auxiliaries.
_LONGER = regex.compile(r"(?<!\w)\w{4,}")


class Checker:
    """Checks sentences against the question and the evidence that the model was shown.

    The evidence is read once. `shown` are pairs of an article's title and a text, `located` the words of them
    that answer, as far as they are known. `sureness` is how sure the model has to be of a sentence.
    """

    def __init__(
        self,
        encoder: Encoder,
        question: str,
        shown: Sequence[tuple[str, str]],
        located: Sequence[Located] = (),
        sureness: float = -math.inf,
        limits: WritingThresholds = WRITING,
        weights: SupportWeights = SUPPORT,
    ) -> None:
        self._encoder, self._question, self._sureness = encoder, question, sureness
        self._limits, self._weights = limits, weights
        self._located = located
        self._texts = read_all(encoder, shown)
        self._asked = encoder.read([question], question=True)[0]
        numbers = range(1, len(shown) + 1)
        # A sentence may take its parts from two places of one article.
        self._pairs = [(n, m) for n, m in combinations(numbers, 2) if shown[n - 1][0] == shown[m - 1][0]]

    def __call__(self, sentence: Written) -> tuple[int, ...]:
        """Return the numbers of as few sources as support a sentence, or none if it is not to be shown.

        Sources that it cites are tried before others, single ones before two of one article.
        """
        if not self._is_likely(sentence):
            return ()
        claim = read_claim(self._encoder, sentence.text, self._texts)
        if not self._answers(claim):
            return ()
        cited = [number for number in sentence.cited if 0 < number <= len(self._texts)]
        if good := [number for number in cited if self._holds(claim, (number,))]:
            return tuple(good)
        singles = [(number,) for number in range(1, len(self._texts) + 1) if number not in cited]
        several = [tuple(cited)] if len(cited) > 1 else []
        return next((tried for tried in [*singles, *several, *self._pairs] if self._holds(claim, tried)), ())

    def held(self, sentence: Written) -> float | None:
        """Return how much of the located answer a sentence holds, or None if none is known."""
        return share_held(self._question, sentence.text, self._located) if self._located else None

    def _is_likely(self, sentence: Written) -> bool:
        """Return whether the model was sure enough of a sentence."""
        if sentence.sureness is None:
            return True
        held = self.held(sentence)
        more = 0.0 if held is None else self._limits.held * (held - self._limits.held_usual)
        return sentence.sureness >= self._sureness - more

    def _holds(self, claim: Claim, numbers: tuple[int, ...]) -> bool:
        texts = [self._texts[number - 1] for number in numbers]
        return objection(claim, texts[0] if len(texts) == 1 else together(texts), self._weights) is None

    def _answers(self, claim: Claim) -> bool:
        """Return whether a sentence is about the question, in its language, and says something new."""
        text, wanted = claim.text.text, answer_type_of(self._question)
        if not _in_one_language(text, self._question):
            return False
        speaks = float(weighed(self._asked, matches(self._asked, [claim.text.tokens]))[0])
        if speaks < self._limits.speaks_to or (
            wanted in _COUNTED and suits(wanted, self._question, text) < 0
        ):
            return False
        return self._says_more(claim)

    def _says_more(self, claim: Claim) -> bool:
        known, text, tokens = words(self._question), claim.text.text, claim.text.tokens
        telling = [
            word for word in all_words(text) if word[0].isupper() or word[0].isnumeric() or is_unspaced(word)
        ]
        telling += [
            word.group()
            for word in _LONGER.finditer(text)
            if not is_unspaced(word.group()) and tokens.heaviest(*word.span()) > self._limits.common
        ]
        return any(not is_among(word, known) for word in telling)


def _in_one_language(*texts: str) -> bool:
    """Return whether all texts may be in one language."""
    told = {code for text in texts if (code := detect(text, None))}
    return all(may_be(text, code) for text in texts for code in told)
