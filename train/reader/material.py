"""Clusters to what the reader is taught from: lists of rows for questions.

    python -m train.reader.material [OUT.npz] [--state DIR] [--seed 1]

The rows of a list are what our own search brings: of all taught clusters in one folder, within the
article's language or without a limit, or of the question's own cluster alone. The right row is added where
search missed it; a near miss has none. All is tokenised here, once: teaching needs no more than this file.
"""

import argparse
import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.folders import write_clusters
from bench.reading import Article, Cluster, load, split
from index import Filters, Hit, Index, Settings, build, load_encoder, open_index
from index.article import Span
from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder
from index.model.reader.rows import Row, RowTokenizer, Sentence
from index.text.sentences import sentence_spans
from qa.evidence.candidates import Candidate, Models, candidates
from qa.evidence.weights import LIMITS
from train.wording import varied

from .lists import KEPT

STATE = Path("build/train-reader")
OUT = STATE / "material.npz"
# Questions are kept as they are and in so many other wordings.
WORDINGS = 3
# Where rows come from, and how often: all clusters within the article's language, all, the question's own
# within the language, its own.
_SETTINGS = ((True, False), (False, False), (True, True), (False, True))
_OFTEN = (0.4, 0.25, 0.15, 0.2)
# Questions whose vectors are made together; more sentences than an article has.
_POINTED, _ALL = 64, 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question of an article of a cluster; `answer` lies in the article's text, None for a near miss."""

    cluster: str
    number: int
    article: Article
    language: str
    text: str
    answer: Span | None


@dataclass(slots=True)
class _Pieces:
    """Texts as they are met, each once."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, what: Any) -> int:
        return self.numbers.setdefault(what, len(self.numbers))


@dataclass(slots=True)
class Draft:
    """Lists as they come; `rows` are numbers of head, sentence before or -1, sentence."""

    questions: list[str] = field(default_factory=list)
    heads: _Pieces = field(default_factory=_Pieces)
    sentences: _Pieces = field(default_factory=_Pieces)
    rows: _Pieces = field(default_factory=_Pieces)
    lists: list[dict[str, Any]] = field(default_factory=list)

    def row(self, row: Row) -> int:
        """Return the number of a row."""
        head = self.heads.number((row.title, row.published))
        before = self.sentences.number(row.before) if row.before else -1
        return self.rows.number((head, before, self.sentences.number(row.text)))


def main() -> None:
    """Make the material and write it."""
    parser = argparse.ArgumentParser(prog="train.reader.material", description="Make the reader's material.")
    parser.add_argument("out", nargs="?", type=Path, default=OUT)
    parser.add_argument("--state", type=Path, default=STATE, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    encoder = load_encoder(Settings())
    taught, _ = split(load())
    with open_index(settings=indexed(taught, given.state, encoder)) as index:
        draft = drafted(taught, index, encoder, random.Random(given.seed))
    store(draft, RowTokenizer(encoder.model.tokenizer), given.out)
    print(f"{given.out}: {len(draft.lists)} lists, {len(draft.rows.numbers)} rows")
    print(f"SHA-256 {hashlib.sha256(given.out.read_bytes()).hexdigest()}")


def indexed(clusters: Sequence[Cluster], state: Path, encoder: SentenceEncoder) -> Settings:
    """Return where the index of clusters is, which is brought up to date."""
    write_clusters(clusters, state / "articles")
    settings = Settings(index=state / "index")
    build(state / "articles", settings, encoder=encoder)
    return settings


def wanted(clusters: Iterable[Cluster]) -> Iterator[Wanted]:
    """Yield all questions and near misses of clusters."""
    for cluster in clusters:
        for number, article in enumerate(cluster.articles):
            for question in article.questions:
                yield Wanted(cluster.name, number, article, question.language, question.text, question.answer)
            for miss in article.near_misses:
                yield Wanted(cluster.name, number, article, miss.language, miss.text, None)


def drafted(
    clusters: Sequence[Cluster], index: Index, encoder: SentenceEncoder, chance: random.Random
) -> Draft:
    """Search for all questions of clusters, and return what is to be read for them."""
    draft = Draft()
    asked = list(wanted(clusters))
    for at in range(0, len(asked), _POINTED):
        together = asked[at : at + _POINTED]
        vectors = encoder.point([item.text for item in together])
        for item, vector in zip(together, vectors, strict=True):
            _add(draft, item, vector, Search(index, encoder), chance)
        print(f"{at + len(together)} of {len(asked)} questions", flush=True)
    return draft


def is_right(item: Wanted, candidate: Candidate) -> bool:
    """Return whether a candidate is the sentence with the answer."""
    if item.answer is None or candidate.hit.article.path != _path(item):
        return False
    if item.answer.of(item.article.text) not in candidate.row.text:
        return False
    return holding(item.article, item.answer).of(item.article.text) == candidate.row.text


def holding(article: Article, span: Span) -> Span:
    """Return the sentence that holds some characters of an article."""
    sentences = sentence_spans(article.text, article.language)
    return sentences[number_of(sentences, span)]


def number_of(sentences: Sequence[Span], span: Span) -> int:
    """Return the number of the sentence that holds some characters."""
    return next(n for n, one in enumerate(sentences) if one.start <= span.start and span.end <= one.end)


def _path(item: Wanted) -> str:
    return f"reading/{item.cluster}-{item.number}.txt"


@dataclass(frozen=True, slots=True)
class Search:
    """What brings rows."""

    index: Index
    encoder: SentenceEncoder

    def hits(self, item: Wanted, vector: Vectors, filters: Filters) -> list[Hit]:
        """Return the passages that search brings for a question."""
        return self.index.search(item.text, vector, filters=filters, count=LIMITS.passages)

    def rows(self, item: Wanted, vector: Vectors, filters: Filters, count: int) -> list[Candidate]:
        """Return the sentences that promise most."""
        hits = self.hits(item, vector, filters)
        return candidates(item.text, hits, Models(self.encoder, self.encoder), count)


def drawn_filters(item: Wanted, chance: random.Random) -> Filters:
    """Return what the search for a question is limited to, by chance."""
    within, own = chance.choices(_SETTINGS, _OFTEN)[0]
    return Filters(
        language=item.article.language if within else None,
        path=f"reading/{item.cluster}-*" if own else None,
    )


def _add(draft: Draft, item: Wanted, vector: Vectors, search: Search, chance: random.Random) -> None:
    rows = search.rows(item, vector, drawn_filters(item, chance), KEPT)
    right = [is_right(item, row) for row in rows]
    if item.answer and not any(right):
        alone = search.rows(item, vector, Filters(path=_path(item)), _ALL)
        missed = [row for row in alone if is_right(item, row)]
        if not missed:
            # Its words are cut over two passages.
            return
        rows, right = [*rows, missed[0]], [*right, True]
    begin = item.answer.start - holding(item.article, item.answer).start if item.answer else -1
    question = len(draft.questions)
    draft.questions.append(item.text)
    draft.questions += [varied(item.text, item.language, chance) for _ in range(WORDINGS - 1)]
    draft.lists.append(
        {
            "question": question,
            "rows": [draft.row(one.row) for one in rows],
            "features": [(*one.found, one.match) for one in rows],
            "right": right.index(True) if any(right) else -1,
            "begin": begin,
            "end": begin + item.answer.end - item.answer.start if item.answer else -1,
        }
    )


def store(draft: Draft, tokenizer: RowTokenizer, out: Path) -> None:
    """Tokenise a draft and write it."""
    sentences = tokenizer.sentences(list(draft.sentences.numbers))
    rows = np.array(list(draft.rows.numbers), np.int32)
    arrays: dict[str, Any] = {"rows": rows}
    arrays |= _ragged("questions", tokenizer.questions(draft.questions))
    arrays |= _ragged("heads", tokenizer.heads(list(draft.heads.numbers)))
    arrays |= _ragged("sentences", [sentence.ids for sentence in sentences])
    arrays |= _ragged("list_rows", [np.array(one["rows"], np.int32) for one in draft.lists])
    features = [pair for one in draft.lists for pair in one["features"]]
    arrays["features"] = np.array(features, np.float32).reshape(-1, 3)
    for name in ("question", "right"):
        arrays[name] = np.array([one[name] for one in draft.lists], np.int32)
    arrays["answers"] = np.array([_tokens(one, rows, sentences) for one in draft.lists], np.int32)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **arrays)


def _tokens(one: dict[str, Any], rows: NDArray[np.int32], sentences: Sequence[Sentence]) -> tuple[int, int]:
    """Return the first and the last token of the answer in its sentence, -1 without one."""
    if one["right"] < 0:
        return -1, -1
    spans = sentences[rows[one["rows"][one["right"]]][2]].spans
    inside = np.flatnonzero((spans[:, 0] < one["end"]) & (spans[:, 1] > one["begin"]))
    return (int(inside[0]), int(inside[-1])) if len(inside) else (-1, -1)


def _ragged(name: str, pieces: Sequence[NDArray[np.int32]]) -> dict[str, NDArray[np.int32]]:
    ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int32)
    flat = np.concatenate(pieces) if pieces else np.zeros(0, np.int32)
    return {name: flat.astype(np.int32), f"{name}_ends": ends}


if __name__ == "__main__":
    main()
