"""Article to Passages, by slicing: no text is ever searched for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.article import Article, Passage, Span


@dataclass(frozen=True, slots=True)
class PassageSizes:
    """How long a passage is, in characters of an alphabet.

    Chosen in November 2026 on 600 BBC articles by building the index with each size, `python -m bench.quality
    --alone folder`: docs/quality.md has the figures.
    """

    most: int = 900
    """A passage of several sentences has at most this many. With its title it stays far below the 512 tokens
    at which the encoder stops reading."""

    enough: float = 0.75
    """With this share of them a passage ends where a paragraph does. Argued: shorter ones would be many."""

    wide: int = 3
    """What a Chinese, Japanese or Korean character counts: it makes about three times as many tokens."""


SIZES = PassageSizes()
_WIDE_FROM = "\u2e80"
_LONGEST_HEADLINE = 120

# Part of the index's fingerprint: raise it when passages come out different from before.
SPLITTER = "passages-2"


def split(article: Article, sentences: Sequence[Span]) -> list[Passage]:
    """Return the passages of `article`: disjoint, in order, each made of whole `sentences`.

    They cover every sentence except a leading headline that repeats the title, which every passage carries
    anyway. `article.text[p.span.start:p.span.end] == p.text` holds for each.
    """
    return [_passage(article, group) for group in _groups(article.text, _body(article, sentences))]


def _body(article: Article, sentences: Sequence[Span]) -> Sequence[Span]:
    if not article.text.startswith(article.title + "\n") or _states(article.title):
        return sentences
    return [span for span in sentences if span.start >= len(article.title)] or sentences


def _states(title: str) -> bool:
    """Return whether a first line ends as a sentence does, or is longer than headlines are."""
    ends = title.rstrip("\"'”“’»)]」』").endswith((".", "。", "।", "۔", "!"))
    return ends or len(title) > _LONGEST_HEADLINE


def _groups(text: str, sentences: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield runs of sentences that fill a passage, ending at a paragraph's end where one is near."""
    group: list[Span] = []
    size = 0
    for span in sentences:
        weight = _weight(span.of(text))
        if group and (size + weight > SIZES.most or _good_end(text, group[-1], size)):
            yield group
            group, size = [], 0
        group.append(span)
        size += weight
    if group:
        yield group


def _good_end(text: str, last: Span, size: int) -> bool:
    return size > SIZES.most * SIZES.enough and text.startswith("\n\n", last.end)


def _weight(sentence: str) -> int:
    wide = sum(1 for character in sentence if character >= _WIDE_FROM)
    return len(sentence) + (SIZES.wide - 1) * wide


def _passage(article: Article, sentences: list[Span]) -> Passage:
    span = Span(sentences[0].start, sentences[-1].end)
    return Passage(article.id, article.title, span.of(article.text), span, tuple(sentences))
