"""Article to Passages, by slicing: no text is ever searched for."""

from collections.abc import Iterator, Sequence

from index.article import Article, Passage, Span

# In characters of an alphabet. About 900 measured well for e5-small; with its title such a passage stays far
# below the 512 tokens at which the encoder stops reading.
PASSAGE_SIZE = 900
# A Chinese, Japanese or Korean character makes about three times as many tokens.
_WIDE_FROM = "\u2e80"
_WIDE_WEIGHT = 3
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
    """Yield runs of sentences of at most PASSAGE_SIZE, ending at a paragraph's end where one is near."""
    group: list[Span] = []
    size = 0
    for span in sentences:
        weight = _weight(span.of(text))
        if group and (size + weight > PASSAGE_SIZE or _good_end(text, group[-1], size)):
            yield group
            group, size = [], 0
        group.append(span)
        size += weight
    if group:
        yield group


def _good_end(text: str, last: Span, size: int) -> bool:
    return size > PASSAGE_SIZE * 0.75 and text.startswith("\n\n", last.end)


def _weight(sentence: str) -> int:
    wide = sum(1 for character in sentence if character >= _WIDE_FROM)
    return len(sentence) + (_WIDE_WEIGHT - 1) * wide


def _passage(article: Article, sentences: list[Span]) -> Passage:
    span = Span(sentences[0].start, sentences[-1].end)
    return Passage(article.id, article.title, span.of(article.text), span, tuple(sentences))
