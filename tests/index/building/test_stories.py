from hypothesis import given
from hypothesis import strategies as st

from index.building.stories import stories
from index.store.rows import ArticleRow


def row(key: int, published: int | None = None, path: str = "") -> ArticleRow:
    return ArticleRow(key, key, path or f"{key}.txt", published, False, None, False, 1)


def test_stories_are_connected_articles_and_the_first_published_is_their_own() -> None:
    rows = [row(1), row(2, 20240527), row(3, 20240526), row(4, 20240526, "a.txt"), row(5)]
    found = list(stories(rows, [(1, 2), (3, 2), (4, 3), (9, 5), (1, 9)]))
    assert [(s.own.key, sorted(a.key for a in s.articles)) for s in found] == [(3, [1, 2, 3, 4]), (5, [5])]


@given(
    st.lists(st.integers(1, 12), unique=True, min_size=1),
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12))),
    st.randoms(use_true_random=False),
)
def test_the_order_of_articles_and_pairs_does_not_matter(
    keys: list[int], pairs: list[tuple[int, int]], dice: object
) -> None:
    import random

    assert isinstance(dice, random.Random)
    rows = [row(key, 20240500 + key % 3) for key in keys]
    first = {(s.own.key, frozenset(a.key for a in s.articles)) for s in stories(rows, pairs)}
    dice.shuffle(rows)
    dice.shuffle(pairs)
    swapped = [(b, a) for a, b in pairs]
    assert {(s.own.key, frozenset(a.key for a in s.articles)) for s in stories(rows, swapped)} == first
    assert sorted(key for _, group in first for key in group) == sorted(keys)
