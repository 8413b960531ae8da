"""The words of a language model as plain sentences, with the numbers of the sources that each cites."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from index.lexicon import any_of, compiled, words
from index.text.sentences import sentence_spans
from qa.llm.delta import Delta

_CODE = regex.compile(r"```.*?(?:```|$)", regex.DOTALL)
_TAG = regex.compile(r"<[/!]?[\p{L}][^<>]{0,300}>|<\|[^|<>]{0,40}\|>")
_LINKED = regex.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_ADDRESS = regex.compile(
    r"(?:(?:https?|ftp|file)://|javascript:|data:|mailto:|www\.)\S*|\S+@\S+\.\p{L}{2,}", regex.IGNORECASE
)
_DOMAIN = regex.compile(
    r"(?<![\p{L}\p{N}])[\p{L}\p{N}-]{2,}\.(?:com|org|net|example|io|info|co|ru|de|fr)(?:/\S*)?(?!\p{L})",
    regex.IGNORECASE,
)
_EMPHASIS = regex.compile(
    r"[*_`#~|]{1,3}(?=\S)|(?<=\S)[*_`~|]{1,3}|^\s*(?:[-*>#]+|\d+\.)\s+", regex.MULTILINE
)
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cn}--\n]", regex.V1)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote, without its citation marks, and the numbers in them.

    `sureness` is the mean log-likelihood of its tokens, at most 0, or None if the model gives none.
    """

    text: str
    cited: tuple[int, ...]
    sureness: float | None = None


class Draft:
    """A text that a model is writing: its complete sentences, and the one that is under way."""

    def __init__(self) -> None:
        self.under_way = ""
        self._text = ""
        self._logprobs: list[float] = []
        self._complete = 0

    def add(self, word: Delta) -> Sequence[Written]:
        """Add a word, and return the sentences that it completes, usually none."""
        self._text += word.text
        done = self._taken(complete=False)
        # The word that shows a sentence to be complete belongs to the next one.
        self._logprobs += word.logprobs
        return done

    def end(self) -> Sequence[Written]:
        """Return the sentence that was under way, if any: the text is complete."""
        return self._taken(complete=True)

    def _taken(self, *, complete: bool) -> Sequence[Written]:
        sentences, self.under_way = written(self._text, complete=complete)
        new = sentences[self._complete :]
        if not new:
            return new
        sureness = sum(self._logprobs) / len(self._logprobs) if self._logprobs else None
        self._complete, self._logprobs = len(sentences), []
        return [replace(sentence, sureness=sureness) for sentence in new]


def plain(text: str) -> str:
    """Return a model's words without markup, addresses and invisible characters."""
    seen = _UNSEEN.sub("", _CODE.sub(" ", text))
    unlinked = _LINKED.sub(r"\1", _TAG.sub(" ", seen))
    return _EMPHASIS.sub("", _DOMAIN.sub(" ", _ADDRESS.sub(" ", unlinked)))


def written(text: str, *, complete: bool) -> tuple[list[Written], str]:
    """Return the sentences that a model has written so far, and the one that it is still writing.

    If the text is `complete`, the rest is a sentence as well.
    """
    sentences: list[Written] = []
    rest = ""
    pieces = _pieces(_lead().sub("", plain(text)))
    for number, piece in enumerate(pieces, 1):
        under_way = number == len(pieces) and not complete
        cited = _cited(piece)
        bare = " ".join(_mark().sub("", piece).split()).strip()
        if under_way:
            rest = bare
        elif not any(c.isalnum() for c in bare):
            # Marks after a full stop belong to the sentence before it.
            if sentences and cited:
                sentences[-1] = Written(sentences[-1].text, _joined(sentences[-1].cited, cited))
        else:
            sentences.append(Written(bare, cited))
    return sentences, rest


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for line in text.split("\n"):
        spans = sentence_spans(line) if line.strip() else []
        for span in spans:
            piece = span.of(line)
            # "... in May 2023. [1] He ...": the mark stands before the next sentence.
            marks = "".join(match.group() for match in _leading(piece)) if pieces else ""
            if marks and not _cited(pieces[-1]):
                pieces[-1] += marks
                piece = piece[len(marks) :]
            if piece.strip():
                pieces.append(piece)
    return pieces


def _leading(piece: str) -> "list[regex.Match[str]]":
    found, place = [], 0
    while match := _mark().match(piece, place):
        found.append(match)
        place = match.end()
    return found


def _cited(piece: str) -> tuple[int, ...]:
    numbers = [int(n) for match in _mark().finditer(piece) for n in regex.findall(r"\d+", match.group(1))]
    return tuple(dict.fromkeys(numbers))


def _joined(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*one, *other)))


@functools.cache
def _mark() -> "regex.Pattern[str]":
    """Return a pattern of numbers that are cited: [1], [1, 2], [1][2], (1), 【1】, [excerpt 1]."""
    label = any_of(words(lambda language: language.labels.excerpt))
    return compiled(rf"\s*[\[【［(]\s*{label}?\s*(\d{{1,2}}(?:\s*[,;&-]\s*\d{{1,2}})*)\s*[\]】］)](?!\()")


@functools.cache
def _lead() -> "regex.Pattern[str]":
    """Return a pattern of what small models write before they answer: "Answer:"."""
    return compiled(rf"^\s*{any_of(words(lambda language: language.labels.answer))}\s*:\s*")
