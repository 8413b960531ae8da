"""Which articles tell one story: connected groups of articles that are alike, in any order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.store.rows import ArticleRow


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that say the same. `own` is searched and quoted; the others are its further places."""

    own: ArticleRow
    articles: tuple[ArticleRow, ...]

    @property
    def is_settled(self) -> bool:
        """Return whether the catalog already holds the story this way."""
        return all(
            not row.pending and row.story == self.own.key and row.has_passages == (row is self.own)
            for row in self.articles
        )

    @property
    def is_new(self) -> bool:
        """Return whether readers see none of it yet."""
        return all(row.pending for row in self.articles)


def stories(articles: Iterable[ArticleRow], alike: Iterable[tuple[int, int]]) -> Iterator[Story]:
    """Group `articles` by the pairs that are alike, ignoring pairs with an article that is not given.

    A story's own article is the one published first; dated ones come before undated ones, then paths decide.
    """
    rows = {row.key: row for row in articles}
    parent = {key: key for key in rows}

    def root(key: int) -> int:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one, other in alike:
        if one in rows and other in rows:
            parent[root(one)] = root(other)
    groups: dict[int, list[ArticleRow]] = {}
    for key, row in rows.items():
        groups.setdefault(root(key), []).append(row)
    for group in groups.values():
        own = min(group, key=lambda row: (row.published or 99999999, row.path))
        yield Story(own, tuple(group))
