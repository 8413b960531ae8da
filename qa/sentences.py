"""Sentences that were read with a question, as far as what was read says anything of them."""

from dataclasses import dataclass

from index import Article, Passage, Span


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence shown before a quote; it begins at the character `start` of the article's text."""

    start: int
    text: str


# The words that answer are marked from this likelihood up. Of right sentences it marks .87, of wrong further
# quotes .48, on the questions of docs/reader.md.
MARKED = 0.07


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that may answer the question; `span` counts characters of the article's text.

    `words` are those that answer likeliest; they count characters of the article's text. `words_share` is how
    likely they do, among all words of the sentence. `before` is the sentence before, where this one does not
    stand alone.
    `score` ranks it. `answers` says how much likelier it is that it answers than that nothing does. Both are
    differences of logarithms. `likeness` is that of its passage to the question. `share` is how likely it is
    the right one, 0 to 1, if one of those that were read is.
    """

    passage: Passage
    article: Article
    span: Span
    score: float
    answers: float
    likeness: float
    share: float
    words: Span | None = None
    words_share: float = 1.0
    before: Lead | None = None

    @property
    def marked(self) -> Span | None:
        """Return the words that answer if they, of all words of all sentences, are likely enough to."""
        return self.words if self.share * self.words_share >= MARKED else None

    @property
    def text(self) -> str:
        """Return the sentence, verbatim."""
        return self._said(self.span)

    @property
    def words_text(self) -> str:
        """Return the words that answer likeliest, verbatim; none if none are known."""
        return self._said(self.words) if self.words else ""

    def _said(self, span: Span) -> str:
        start = self.passage.span.start
        return self.passage.text[span.start - start : span.end - start]
