"""The reading set: clusters of news articles that are easily confused, with questions and claims.

    python -m bench.reading [FOLDER]

checks the clusters of a folder (default: `bench/data/reading/clusters`), prints their faults, and counts what
they hold. In `bench/data/reading`, FORMAT.md describes the format, README.md says what the set is for, and
`held_out.txt` and `fitted.txt` name the clusters that nothing is taught from: the first are for measuring alone,
by the others numbers are chosen.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from index.article import Span
from index.text.sentences import sentence_spans

READING = Path(__file__).with_name("data") / "reading"
CLUSTERS = READING / "clusters"
HELD_OUT, FITTED = READING / "held_out.txt", READING / "fitted.txt"
# The language of a cluster in which no language has most of the articles.
MIXED = "mixed"
KINDS = {"p": "plain", "h": "hard", "r": "roles", "t": "time", "c": "subject before"}

# Four fifths of what FORMAT.md asks for, in characters.
_SHORTEST, _SHORTEST_UNSPACED = 420, 150
_UNSPACED = {"zh", "ja", "ko", "th"}
_LEAST_ARTICLES, _LEAST_QUESTIONS = 3, 5

_HEAD = re.compile(r"# lang=([a-z]{2}) source=(\S+) published=(\d{4}-\d{2}-\d{2})")
_NOTE = re.compile(r"([?!+-])([a-z]?) +([a-z]{2}) *\|([^|]+)\|([^|]+)")
_SNIPPET = re.compile(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question that one sentence of the cluster answers; `kind` is a key of KINDS.

    `snippet` lies within that sentence of the article's text, and `answer` within the snippet.
    """

    kind: str
    language: str
    text: str
    snippet: Span
    answer: Span


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A question that no article of the cluster answers, and the words that tempt most."""

    language: str
    text: str
    snippet: Span


@dataclass(frozen=True, slots=True)
class Claim:
    """What a language model might write about the sentence that holds `snippet`, and whether it follows."""

    follows: bool
    language: str
    text: str
    snippet: Span


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a cluster. Offsets count characters of `text`, which does not include the title."""

    language: str
    source: str
    published: date
    title: str
    text: str
    questions: tuple[Question, ...]
    near_misses: tuple[NearMiss, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles that a careless search confuses; `name` is the file's name without its ending."""

    name: str
    articles: tuple[Article, ...]

    @property
    def language(self) -> str:
        """Return the language of most of its articles, or MIXED."""
        language, count = Counter(article.language for article in self.articles).most_common(1)[0]
        return language if 2 * count > len(self.articles) else MIXED


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line of a cluster's file."""

    line: int
    text: str


@dataclass(slots=True)
class _Draft:
    """An article while its lines are read; notes wait until the text is complete."""

    language: str
    source: str
    published: date
    line: int
    title: str = ""
    lines: list[str] = field(default_factory=list)
    notes: list[tuple[int, re.Match[str]]] = field(default_factory=list)


def parse(name: str, text: str) -> tuple[Cluster, list[Fault]]:
    """Return the cluster in a file's text, without what is wrong in it, and the faults."""
    faults: list[Fault] = []
    articles = [_article(draft, faults) for draft in _drafts(text, faults)]
    if len(articles) < _LEAST_ARTICLES:
        faults.append(Fault(1, f"only {len(articles)} articles"))
    cluster = Cluster(name, tuple(articles))
    faults += _told_twice(cluster)
    return cluster, sorted(faults, key=lambda fault: fault.line)


def load(folder: Path = CLUSTERS) -> list[Cluster]:
    """Return the clusters of a folder, sorted by name.

    Raises ValueError if one has a fault: its offsets could not be trusted.
    """
    clusters = []
    for path in sorted(folder.glob("*.txt")):
        cluster, faults = parse(path.stem, path.read_text("utf-8"))
        if faults:
            raise ValueError(f"{path}:{faults[0].line}: {faults[0].text}; python -m bench.reading shows all")
        clusters.append(cluster)
    if not clusters:
        raise ValueError(f"no clusters in {folder}: name the folder of their .txt files")
    return clusters


def split(clusters: Sequence[Cluster], held_out: Path = HELD_OUT) -> tuple[list[Cluster], list[Cluster]]:
    """Return the clusters that may be taught from, and those that are held out.

    Raises ValueError if `held_out` names a cluster that does not exist.
    """
    names = _listed(held_out)
    strange = names - {cluster.name for cluster in clusters}
    if strange:
        raise ValueError(f"{held_out} names {min(strange)}, which is not a cluster: correct the name")
    apart = names | _listed(FITTED)
    taught = [cluster for cluster in clusters if cluster.name not in apart]
    return taught, [cluster for cluster in clusters if cluster.name in names]


def fitted(clusters: Sequence[Cluster]) -> list[Cluster]:
    """Return the clusters by which numbers are chosen."""
    names = _listed(FITTED)
    return [cluster for cluster in clusters if cluster.name in names]


def _listed(file: Path) -> set[str]:
    return {line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")}


def _drafts(text: str, faults: list[Fault]) -> Iterator[_Draft]:
    draft: _Draft | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("# lang="):
            if draft:
                yield draft
            draft = _begun(number, line, faults)
        elif draft is None:
            if line.strip():
                faults.append(Fault(number, "text before the first article"))
        else:
            _take(draft, number, line, faults)
    if draft:
        yield draft


def _begun(number: int, line: str, faults: list[Fault]) -> _Draft | None:
    head = _HEAD.fullmatch(line.strip())
    try:
        published = date.fromisoformat(head[3] if head else "")
    except ValueError:
        faults.append(Fault(number, "an article begins with # lang=xx source=NAME published=YYYY-MM-DD"))
        return None
    assert head
    return _Draft(head[1], head[2].replace("_", " "), published, number)


def _take(draft: _Draft, number: int, line: str, faults: list[Fault]) -> None:
    note = _NOTE.fullmatch(line.strip())
    if note:
        draft.notes.append((number, note))
    elif line.startswith("?") or (line.startswith(("!", "+", "-")) and "|" in line):
        faults.append(Fault(number, "a note is: mark, language | text | snippet"))
    elif not draft.title:
        draft.title = line.strip()
    elif draft.notes and line.strip():
        faults.append(Fault(number, "text after the article's notes"))
    else:
        draft.lines.append(line.rstrip())


def _article(draft: _Draft, faults: list[Fault]) -> Article:
    text = re.sub(r"\n{2,}", "\n\n", "\n".join(draft.lines).strip())
    sentences = sentence_spans(text, draft.language) if text else []
    questions, near_misses, claims = list[Question](), list[NearMiss](), list[Claim]()
    for line, note in draft.notes:
        mark, kind, language = note[1], note[2], note[3]
        said, quoted = note[4].strip(), note[5].strip()
        try:
            snippet, answer = _placed(text, sentences, quoted)
            if mark == "?":
                questions.append(_question(kind, language, said, snippet, answer))
            elif kind:
                raise ValueError(f"no letter after {mark}")
            elif mark == "!":
                near_misses.append(NearMiss(language, said, snippet))
            else:
                claims.append(Claim(mark == "+", language, said, snippet))
        except ValueError as error:
            faults.append(Fault(line, str(error)))
    faults += [Fault(draft.line, fault) for fault in _lacking(draft, text, questions, near_misses)]
    return Article(
        draft.language,
        draft.source,
        draft.published,
        draft.title,
        text,
        tuple(questions),
        tuple(near_misses),
        tuple(claims),
    )


def _placed(text: str, sentences: Sequence[Span], quoted: str) -> tuple[Span, Span | None]:
    """Return where a snippet stands, and the part of it that is in brackets."""
    parts = _SNIPPET.fullmatch(quoted)
    plain = parts[1] + parts[2] + parts[3] if parts else quoted
    if text.count(plain) != 1:
        raise ValueError(f"the snippet stands {text.count(plain)} times in the text: {plain[:60]}")
    start = text.index(plain)
    snippet = Span(start, start + len(plain))
    if not any(span.start <= snippet.start and snippet.end <= span.end for span in sentences):
        raise ValueError(f"the snippet is not within one sentence: {plain[:60]}")
    if not parts:
        return snippet, None
    begin = start + len(parts[1])
    return snippet, Span(begin, begin + len(parts[2]))


def _question(kind: str, language: str, text: str, snippet: Span, answer: Span | None) -> Question:
    if kind not in KINDS:
        raise ValueError(f"the letter after ? is one of {' '.join(KINDS)}")
    if answer is None:
        raise ValueError("a question's snippet has its answer in square brackets")
    return Question(kind, language, text, snippet, answer)


def _lacking(
    draft: _Draft, text: str, questions: Sequence[Question], near_misses: Sequence[NearMiss]
) -> Iterator[str]:
    if len(questions) < _LEAST_QUESTIONS:
        yield f"only {len(questions)} questions: {draft.title}"
    if not near_misses:
        yield f"no near miss: {draft.title}"
    if len(text) < (_SHORTEST_UNSPACED if draft.language in _UNSPACED else _SHORTEST):
        yield f"only {len(text)} characters: {draft.title}"


def _told_twice(cluster: Cluster) -> Iterator[Fault]:
    """Find questions that a cluster asks twice: one of the answers must be wrong."""
    articles = cluster.articles
    asked = Counter(question.text.casefold() for a in articles for question in a.questions)
    asked.update(question.text.casefold() for a in articles for question in a.near_misses)
    for text, count in asked.items():
        if count > 1:
            yield Fault(1, f"asked {count} times: {text[:60]}")


def main() -> None:
    """Check a folder of clusters, print faults and counts, and fail if there is a fault or no cluster."""
    parser = argparse.ArgumentParser(prog="bench.reading", description="Check clusters, and count.")
    parser.add_argument("folder", nargs="?", type=Path, default=CLUSTERS)
    folder = parser.parse_args().folder
    counts, found = Counter[str](), 0
    for path in sorted(folder.glob("*.txt")):
        cluster, faults = parse(path.stem, path.read_text("utf-8"))
        found += len(faults)
        for fault in faults:
            print(f"{path}:{fault.line}: {fault.text}")
        counts += _counted(cluster)
    for what, count in counts.items():
        print(f"{count:6} {what}")
    sys.exit(1 if found or not counts else 0)


def _counted(cluster: Cluster) -> Counter[str]:
    counts = Counter({"clusters": 1, "articles": len(cluster.articles)})
    for article in cluster.articles:
        counts["questions"] += len(article.questions)
        counts["of them in another language"] += sum(
            q.language != article.language for q in article.questions
        )
        counts["near misses"] += len(article.near_misses)
        counts["claims"] += len(article.claims)
    for article in cluster.articles:
        counts.update(f"questions: {KINDS[question.kind]}" for question in article.questions)
    return counts


if __name__ == "__main__":
    main()
