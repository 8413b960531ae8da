"""How well an index answers questions with known answers."""

import json
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index import Article, Hit
from index.errors import QuestionError
from index.reading.prepare import article_id
from index.text.language import guess, known_code

from .engine import Engine

# This many passages are ranked; a right one further down counts as not found.
RANKED = 20
# Stands for a language that cannot be told.
_UNKNOWN = "?"


_FIRST = (("passage first", 1), ("passage in five", 5), ("passage in ten", 10))


@dataclass(frozen=True, slots=True)
class Known:
    """A question and the strings that answer it, as the text has them; without any it should be refused.

    `file` is the path of an article that answers it; without a file, any passage with an answer is right.
    `history` holds the earlier questions of the same conversation, oldest first.
    """

    question: str
    answers: tuple[str, ...]
    file: str | None = None
    language: str | None = None
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question was answered. Ranks count from 1; None means not among those ranked.

    `languages` are that of the question, stated or guessed, and that of the text that answers it: its file,
    or else the first right passage, or else the first passage.
    """

    known: Known
    passage_rank: int | None
    sentence_rank: int | None
    found: bool
    confidence: float
    citations: int
    right_citations: int
    milliseconds: float
    languages: tuple[str, str] = (_UNKNOWN, _UNKNOWN)

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        plain = asdict(self)
        return {**plain.pop("known"), **plain}


def load_questions(path: Path) -> list[Known]:
    """Read a file of questions, one JSON object per line.

    Each has "question" and a list "answers", and may have "file", a list "history" and "language".
    Raises QuestionError, with the line's number, for anything else.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"cannot read {path} ({error}): give a file of questions in UTF-8") from error
    known = [_known(f"{path}:{number}", line) for number, line in enumerate(lines, 1) if line.strip()]
    if not known:
        raise QuestionError(
            f'{path} holds no questions: write one per line, as {{"question": "...", "answers": ["..."]}}'
        )
    return known


def _known(place: str, line: str) -> Known:
    try:
        item = json.loads(line)
        question, answers = item["question"], item["answers"]
        file, language, history = item.get("file"), item.get("language"), item.get("history", [])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise QuestionError(f'{place}: write {{"question": "...", "answers": ["..."]}}') from error
    lists = isinstance(answers, list) and isinstance(history, list)
    strings = [question, *answers, *history] if lists else [None]
    strings += [value for value in (file, language) if value is not None]
    if not all(isinstance(value, str) and value.strip() for value in strings):
        raise QuestionError(
            f"{place}: question, file and language must be text, answers and history lists of text"
        )
    return Known(question, tuple(answers), file, language, tuple(history))


def evaluate(engine: Engine, questions: Sequence[Known]) -> list[Outcome]:
    """Ask the questions and compare the answers with the known ones.

    Raises QuestionError if a question names a file that is not in the index.
    """
    for known in questions:
        if known.file and engine.index.article(article_id(known.file)) is None:
            raise QuestionError(
                f"{known.file}, the file of {known.question!r}, is not in the index: "
                "give its path as citations show it"
            )
    return [_outcome(engine, known) for known in questions]


def _outcome(engine: Engine, known: Known) -> Outcome:
    reading = engine.read(known.question, [(asked, "") for asked in known.history])
    answer = engine.answer(reading)
    passages = [is_right(known, paths_of(hit.article), hit.passage.text) for hit in reading.passages[:RANKED]]
    sentences = [is_right(known, paths_of(item.article), item.text) for item in reading.evidence]
    cited = {(c.path, c.start) for c in answer.citations} if answer.found else set()
    right = [
        is_so
        for is_so, item in zip(sentences, reading.evidence, strict=True)
        if (item.article.path, item.span.start) in cited
    ]
    return Outcome(
        known=known,
        passage_rank=rank(passages),
        sentence_rank=rank(sentences),
        found=answer.found,
        confidence=answer.confidence,
        citations=len(right),
        right_citations=sum(right),
        milliseconds=answer.timings.total_ms,
        languages=_languages(known, _text_language(engine, known, reading.passages, passages)),
    )


def _languages(known: Known, text: str | None) -> tuple[str, str]:
    question = known_code(known.language) if known.language else guess(known.question, text)
    return question, text or _UNKNOWN


def _text_language(engine: Engine, known: Known, hits: Sequence[Hit], right: Sequence[bool]) -> str | None:
    file = engine.index.article(article_id(known.file)) if known.file else None
    answering = [hit.article for hit, is_so in zip(hits, right, strict=False) if is_so]
    article = file or next(iter(answering or [hit.article for hit in hits]), None)
    return article.language if article else None


def is_right(known: Known, paths: set[str], text: str) -> bool:
    """Return whether a text found in the files `paths` holds an answer."""
    if known.file and known.file not in paths:
        return False
    folded = _folded(text)
    return any(_folded(answer) in folded for answer in known.answers)


def paths_of(article: Article) -> set[str]:
    """Return the paths at which an article stands."""
    return {article.path, *(place.path for place in article.also)}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def rank(right: Sequence[bool]) -> int | None:
    """Return the rank of the first that is right, from 1, or None."""
    return right.index(True) + 1 if True in right else None


def scores(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the figures of `outcomes`, leaving out those that no question bears on."""
    answerable = [outcome for outcome in outcomes if outcome.known.answers]
    others = [outcome for outcome in outcomes if not outcome.known.answers]
    figures: dict[str, float] = {"questions": len(outcomes)}
    if answerable:
        for name, limit in (*_FIRST, ("passage in twenty", 20)):
            figures[name] = _share((o.passage_rank or 99) <= limit for o in answerable)
        for name, limit in (("sentence first", 1), ("sentence in three", 3)):
            figures[name] = _share((o.sentence_rank or 99) <= limit for o in answerable)
        figures["answered"] = _share(outcome.found for outcome in answerable)
    shown = sum(outcome.citations for outcome in outcomes)
    if shown:
        figures["citation precision"] = sum(outcome.right_citations for outcome in outcomes) / shown
    if others:
        figures["refused"] = _share(not outcome.found for outcome in others)
    if answerable and others:
        figures["AUROC"] = auroc([o.confidence for o in answerable], [o.confidence for o in others])
        figures["refused at 90 % kept"] = _refused_at(0.9, answerable, others)
    spent = sorted(outcome.milliseconds for outcome in outcomes)
    figures["milliseconds, median"] = statistics.median(spent)
    figures["milliseconds, 95 %"] = spent[math.ceil(0.95 * len(spent)) - 1]
    return figures


def by_languages(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Return the figures of questions in the language of the text, in another, and of each pair of languages.

    `en on de` is an English question on a German text; `?` is a language that is not known. With a single
    language there are no figures.
    """
    pairs = sorted({outcome.languages for outcome in outcomes})
    if len({language for pair in pairs for language in pair}) < 2:
        return {}
    told = [o for o in outcomes if _UNKNOWN not in o.languages]
    groups = {
        "same language": [o for o in told if o.languages[0] == o.languages[1]],
        "across languages": [o for o in told if o.languages[0] != o.languages[1]],
        **{f"{one} on {other}": [o for o in outcomes if o.languages == (one, other)] for one, other in pairs},
    }
    return {name: scores(group) for name, group in groups.items() if group}


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return how often a value of `higher` exceeds one of `lower`; ties count as half."""
    wins = sum((one > other) + 0.5 * (one == other) for one in higher for other in lower)
    return wins / (len(higher) * len(lower))


def _refused_at(kept: float, answerable: Sequence[Outcome], others: Sequence[Outcome]) -> float:
    """Return the share of `others` below the confidence that the share `kept` of the answerable reaches."""
    ordered = sorted((outcome.confidence for outcome in answerable), reverse=True)
    least = ordered[max(0, round(kept * len(ordered)) - 1)]
    return _share(outcome.confidence < least for outcome in others)


def _share(values: Iterable[bool]) -> float:
    return statistics.fmean(values)
