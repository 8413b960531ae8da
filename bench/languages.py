"""How well a question's vector finds the right passage among texts of several languages.

    python -m bench.languages en=FILE.json de=FILE.json [--news FOLDER] [--work DIR] [--weights FILE]

Files in SQuAD's format hold the same questions in each language; `--news` is the BBC folder. Four things are
measured: the files' articles dealt out among their languages, with every question asked in each; the held-out
clusters of the reading set among the files' paragraphs; the same clusters among the news; and the questions
about the news alone, which must not get worse. Only vectors are compared, no full text. Each way of comparing
is a row: how often the right passage comes first, and among 10, 20 and 40, across languages and in brackets
in the same one. `--work` keeps the indexes for the next run.
"""

import argparse
import functools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Settings, build, load_encoder
from index.model.arrays import Vectors
from index.model.encoder import SentenceEncoder
from index.text.language import guess
from qa.evaluation import load_questions
from train.means import MEANS
from train.question import WEIGHTS
from train.questions import QuestionEncoder

from .centring import ANY, Means, centred, index_means, load_means, means_for, unit
from .folders import Asked, deal, named, write_clusters, write_paragraphs
from .passages import Passages, passages_of
from .reading import load, split

_DEPTHS = (1, 10, 20, 40)
_NEWS_QUESTIONS = Path(__file__).with_name("data") / "bbc_questions.jsonl"
# The shares of a language's mean to try.
_SHARES = (0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True, eq=False)
class Case:
    """The passages of a folder, questions on them, and the numbers of the right passages for each."""

    name: str
    passages: Passages
    asked: tuple[Asked, ...]
    right: tuple[NDArray[np.int64], ...]

    @property
    def questions(self) -> list[str]:
        """Return the text of each question."""
        return [item.known.question for item in self.asked]

    @property
    def languages(self) -> list[str | None]:
        """Return the language of each question."""
        return [item.known.language for item in self.asked]

    @functools.cached_property
    def across(self) -> NDArray[np.bool_]:
        """Which questions are in another language than the text that answers them."""
        return np.array([item.across for item in self.asked])


@dataclass(frozen=True, slots=True)
class Way:
    """A way of comparing: how the questions and the passages of a case become vectors."""

    name: str
    questions: Callable[[Case], Vectors]
    passages: Callable[[Case], Vectors]


def main() -> None:
    """Measure every way on every case and print the tables."""
    parser = argparse.ArgumentParser(prog="bench.languages", description="Measure search across languages.")
    parser.add_argument("files", nargs="+", metavar="LANG=FILE")
    parser.add_argument("--news", type=Path, help="the BBC folder")
    parser.add_argument("--work", type=Path, help="a folder that keeps the indexes")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    encoder = load_encoder(Settings())
    ways = list(_ways(encoder, given.weights))
    with tempfile.TemporaryDirectory() as temporary:
        for case in _cases(given, given.work or Path(temporary), encoder):
            count = int(case.across.sum())
            print(
                f"{case.name}: {count} across ({len(case.asked) - count}), {len(case.passages.texts)} passages"
            )
            for way in ways:
                print(f"    {way.name:44} {_row(case, way)}", flush=True)


def _cases(given: argparse.Namespace, work: Path, encoder: SentenceEncoder) -> Iterator[Case]:
    files = named(given.files)
    folder = functools.partial(_indexed, encoder)
    asked = deal(files, work / "dealt/articles")
    yield _case("articles dealt out among languages", folder(work / "dealt"), asked)
    _, held_out = split(load())
    asked = write_clusters(held_out, work / "held/articles")
    write_paragraphs(files, work / "held/articles")
    held = folder(work / "held")
    yield _case("held-out clusters among paragraphs", held, asked)
    yield _case("of these, worded otherwise", held, [item for item in asked if item.kind == "h"])
    if given.news:
        news = _indexed(encoder, work / "news", given.news)
        own = held.only([path.startswith("reading/") for path in held.paths])
        yield _case("held-out clusters among news", own.with_others(news), asked)
        questions = [known for known in load_questions(_NEWS_QUESTIONS) if known.answers]
        yield _case("questions about the news", news, [Asked(known, "en") for known in questions])


def _indexed(encoder: SentenceEncoder, work: Path, articles: Path | None = None) -> Passages:
    build(articles or work / "articles", Settings(index=work / "index"), encoder=encoder)
    return passages_of(work / "index")


def _case(name: str, passages: Passages, asked: Sequence[Asked]) -> Case:
    """Return a case without the questions whose answer is cut over two passages."""
    found = [(item, passages.right(item.known)) for item in asked]
    kept = [(item, right) for item, right in found if len(right)]
    return Case(name, passages, tuple(item for item, _ in kept), tuple(right for _, right in kept))


def _ways(encoder: SentenceEncoder, weights: Path) -> Iterator[Way]:
    passages, questions = load_means(MEANS)
    plain = functools.cache(lambda case: encoder.encode(case.questions, question=True))
    yield Way("as it is", plain, _as_they_are)
    for share in _SHARES:
        less = functools.partial(_less, shipped=passages, share=share)
        yield Way(f"passages less {share}", plain, less)
        yield Way(f"both less {share}", _shifted(plain, questions, share, _known), less)
    half = functools.partial(_less, shipped=passages, share=0.5)
    yield Way("both less 0.5, question's language guessed", _shifted(plain, questions, 0.5, _guessed), half)
    own = functools.partial(_less, shipped=passages, share=0.5, means=index_means)
    yield Way("both less 0.5, the index's means", _shifted(plain, questions, 0.5, _known), own)
    unseen = functools.partial(_less, shipped={ANY: passages[ANY]}, share=0.5)
    yield Way("passages less 0.5, no language known before", plain, unseen)
    if weights.exists():
        model = QuestionEncoder.load(encoder, weights)
        taught = functools.cache(lambda case: model.encode(case.questions))
        both = functools.cache(lambda case: unit(taught(case) + plain(case)))
        yield Way("taught", taught, _as_they_are)
        yield Way("taught, passages less 0.5", taught, half)
        yield Way("taught, passages less 0.7", taught, functools.partial(_less, shipped=passages, share=0.7))
        yield Way("taught, passages less 0.5, the index's means", taught, own)
        yield Way("taught, passages less 0.5, no language known", taught, unseen)
        yield Way("taught plus plain, passages less 0.5", both, half)


def _as_they_are(case: Case) -> Vectors:
    return case.passages.vectors


def _less(
    case: Case,
    shipped: Means,
    share: float,
    means: Callable[[Vectors, Sequence[str | None], Means], Means] = means_for,
) -> Vectors:
    passages = case.passages
    common = means(passages.vectors, passages.languages, shipped)
    return centred(passages.vectors, passages.languages, common, share)


def _shifted(
    plain: Callable[[Case], Vectors],
    means: Means,
    share: float,
    languages: Callable[[Case], Sequence[str | None]],
) -> Callable[[Case], Vectors]:
    return lambda case: centred(plain(case), languages(case), means, share)


def _known(case: Case) -> Sequence[str | None]:
    return case.languages


def _guessed(case: Case) -> Sequence[str | None]:
    return [guess(question) for question in case.questions]


def _row(case: Case, way: Way) -> str:
    scores = way.questions(case) @ way.passages(case).T
    best = np.array([row[right].max() for row, right in zip(scores, case.right, strict=True)])
    places = (scores > best[:, None]).sum(axis=1)
    return f"{_shares(places[case.across])} ({_shares(places[~case.across])})"


def _shares(places: NDArray[np.int64]) -> str:
    """Return the share of `places`, counted from 0, within each depth."""
    return " ".join(f"{(places < depth).mean():.3f}" for depth in _DEPTHS) if len(places) else "-"


if __name__ == "__main__":
    main()
