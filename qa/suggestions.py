"""What may be asked next: headlines and names of articles, which the page makes questions of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePosixPath

import regex

from index import Article, Filters
from index.search import Index
from index.store.beside import Neighbour
from index.text.language import capitalizes_nouns

from .answer import LEVELS, Findings

# The newest articles that are offered to begin with, and the names in an article that is quoted.
_NEWEST, _NAMES = 12, 2
# Two or three words with capitals, in the middle of a sentence.
_NAME = regex.compile(r"(?<=[\p{Ll},;] )\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}[\p{L}\p{M}'’-]+){1,2}(?! \p{Lu})")
# Less is no headline that tells anything.
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question may be about: an article, by its headline, or somebody or something that it names."""

    text: str
    article_id: str
    is_name: bool = False

    def is_answered(self, findings: Findings) -> bool:
        """Return whether the answer to a question about it is found, and is about it."""
        if findings.confidence < LEVELS.found or not findings.evidence:
            return False
        best = findings.evidence[0]
        if not self.is_name:
            return best.article.id == self.article_id
        said = f"{best.before.text if best.before else ''} {best.text}"
        return self.text.split()[-1] in said


def first_topics(index: Index, filters: Filters | None = None) -> tuple[Topic, ...]:
    """Return what may be asked first: the newest articles, one in each language before a second in any."""
    return _headlines(index.newest(_NEWEST, filters))


def next_topics(
    index: Index, question: str, articles: Sequence[str], *, found: bool, filters: Filters | None = None
) -> tuple[Topic, ...]:
    """Return what may be asked after `question`, the likeliest first.

    `articles` are those that its answer quotes, or that come nearest if none was found. What the question
    asked about is left out.
    """
    near = [article for article in map(index.article, articles) if article]
    if near and found:
        topics = tuple(_around(index, near[0]))
    else:
        topics = (*_headlines(near), *first_topics(index, filters))
    asked = question.casefold()
    return tuple(dict.fromkeys(topic for topic in topics if topic.text.casefold() not in asked))


def _around(index: Index, own: Article) -> Iterator[Topic]:
    """Yield names in an article, itself, and others on the same matter by turns; then those of its day."""
    beside = index.beside(own.id)
    names = [Topic(name, own.id, is_name=True) for name in names_in(own)[:_NAMES]]
    alike = [*_headlines([own]), *_headlines(beside.alike if beside else ())]
    for pair in zip_longest(names, alike):
        yield from filter(None, pair)
    yield from _headlines(beside.day if beside else ())


def names_in(article: Article) -> list[str]:
    """Return names in an article that it comes back to, the most frequent first."""
    found: Counter[str] = Counter()
    words = Counter(regex.findall(r"[\p{L}\p{M}'’-]+", article.text))
    for match in _NAME.finditer(article.text):
        parts = match.group().split()
        if capitalizes_nouns(article.language):
            # Of three such words the first is probably a noun.
            parts = parts[-2:]
        found[" ".join(parts)] = words[parts[-1]]
    return [name for name, often in found.most_common() if often > 1]


def _headlines(articles: Sequence[Article | Neighbour]) -> tuple[Topic, ...]:
    """Return the headlines of articles, without those that only repeat the name of a file."""
    return tuple(
        Topic(article.title, article.id)
        for article in articles
        if len(article.title) >= _SHORTEST
        and article.title not in (article.path, PurePosixPath(article.path).stem)
    )
