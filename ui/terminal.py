"""What the command line prints: values to lines that are fit for a terminal."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index import Article, Progress, Summary
    from index.store.integrity import Checked
    from qa import Answer, Citation, Sentence

_SKIPPED_SHOWN = 20
_ALSO_SHOWN = 4
# Letters and marks that take no place: fillers, joiners, selectors of a variant.
_UNSEEN = (
    ("\u034f", "\u034f"), ("\u115f", "\u1160"), ("\u17b4", "\u17b5"), ("\u180b", "\u180f"),
    ("\u3164", "\u3164"), ("\ufe00", "\ufe0f"), ("\uffa0", "\uffa0"), ("\U000e0100", "\U000e01ef"),
)  # fmt: skip


def one_line(text: str) -> str:
    """Return `text` fit for a terminal: one line, nothing in it that could command the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def lines(text: str) -> str:
    """Return `text` fit for a terminal, its line ends kept."""
    return "\n".join(map(one_line, text.split("\n")))


def json_text(value: Any, encoding: str | None = None, indent: int | None = None) -> str:
    """Return JSON that a terminal can take and a person can read.

    Escaped is what is not seen or moves what is, such as control characters, marks of direction and halves
    of characters; and all beyond ASCII where `encoding` lacks a part of it.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    text = text.translate({ord(c): _escaped(c) for c in set(text) if c != "\n" and not _is_seen(c)})
    if encoding and not _survives(text, encoding):
        text = text.translate({ord(c): _escaped(c) for c in set(text) if not c.isascii()})
    return text


def _is_seen(character: str) -> bool:
    is_kept = character.isprintable() or unicodedata.category(character) == "Zs"
    return is_kept and not any(first <= character <= last for first, last in _UNSEEN)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _survives(text: str, encoding: str) -> bool:
    """Return whether text comes out of an encoding as it went in: Shift JIS makes a backslash of a yen."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False


def summary_lines(summary: "Summary") -> Iterator[str]:
    """Yield what a build did, with every skipped file up to a screenful."""
    passages = "passage" if summary.encoded == 1 else "passages"
    yield (
        f"{summary.added} added, {summary.replaced} replaced, {summary.removed} removed, "
        f"{summary.unchanged} unchanged, {len(summary.skipped)} skipped "
        f"({summary.encoded} {passages} encoded, {summary.seconds:.1f} s)"
    )
    doubles = summary.articles - summary.stories
    if doubles:
        told = f"{summary.articles:,} articles tell {summary.stories:,} stories"
        yield f"{told}: {doubles:,} {'copy' if doubles == 1 else 'copies'} of others"
    if summary.mended:
        yield f"{summary.mended} damaged in the index and read again"
    for path, reason in list(summary.skipped.items())[:_SKIPPED_SHOWN]:
        yield f"  skipped {one_line(path)}: {one_line(reason)}"
    if len(summary.skipped) > _SKIPPED_SHOWN:
        yield f"  and {len(summary.skipped) - _SKIPPED_SHOWN} more: --json lists all"


def progress_line(progress: "Progress") -> str:
    """Return how far a build is, behind its bar."""
    parts = []
    if progress.step == "encoding":
        parts.append(f"{progress.passages:,} passages")
    if progress.tokens_per_second:
        parts.append(f"{progress.tokens_per_second:,.0f} tokens/s")
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return "  ".join([*parts, one_line(progress.path)[-40:]])


def duration(seconds: float) -> str:
    """Return a time as people say it: `45 s`, `12 min`, `3 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def answer_lines(answer: "Answer") -> Iterator[str]:
    """Yield an answer and its sources."""
    if answer.found:
        yield (" " if answer.mode == "written" else "\n").join(map(_sentence, answer.sentences))
        if answer.level == "unsure":
            yield "\nUnsure: check the source."
    else:
        yield answer.text
    if answer.notice:
        yield f"\n{one_line(answer.notice)}"
    yield "\nSources" if answer.found else "\nNearest"
    for citation in answer.citations:
        yield _source(citation)
        if not answer.found or answer.mode == "written":
            yield f"    {one_line(citation.quote)}"


def _sentence(sentence: "Sentence") -> str:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    doubt = "" if sentence.supported else " (not confirmed by its sources)"
    return f"{one_line(sentence.text)} {marks}{doubt}"


def _source(citation: "Citation") -> str:
    about = [citation.title, citation.source, citation.published, citation.path]
    others = list(dict.fromkeys(place.name for place in citation.also_in))
    if others:
        more = f" and {len(others) - _ALSO_SHOWN} more" if len(others) > _ALSO_SHOWN else ""
        about.append(f"also in {', '.join(others[:_ALSO_SHOWN])}{more}")
    return f"[{citation.number}] " + one_line(" · ".join(part for part in about if part))


def status_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an index holds."""
    for name, value in facts.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        yield f"{name.replace('_', ' '):16} {one_line(str(shown))}"


def check_lines(checked: "Checked") -> Iterator[str]:
    """Yield what a comparison of an index with its digests found."""
    counts = (
        (checked.articles, "article"),
        (checked.passages, "passage"),
        (checked.segments, "vector segment"),
    )
    named = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in counts)
    yield f"compared {named} ({checked.seconds:.1f} s)"
    yield from (f"  {one_line(problem)}" for problem in checked.problems)
    yield from (f"  damaged {one_line(path)}" for path in checked.paths)
    if not checked.problems:
        yield "nothing is damaged"


def score_lines(figures: Mapping[str, float]) -> Iterator[str]:
    """Yield the figures of an evaluation: shares in percent, numbers as they are."""
    for name, value in figures.items():
        counted = name in {"questions", "AUROC"} or name.startswith("milliseconds")
        yield f"{name:22} {f'{value:.3g}' if counted else f'{value:.1%}'}"


def article_lines(article: "Article") -> Iterator[str]:
    """Yield an article's metadata and its canonical text."""
    for name, value in article_facts(article).items():
        if name != "text" and value:
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            yield f"{name.replace('_', ' '):14} {one_line(shown)}"
    yield f"\n{lines(article.text)}"


def article_facts(article: "Article") -> dict[str, Any]:
    """Return an article as plain values, for JSON."""
    return {
        "path": article.path,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "published_from": article.published_from,
        "source": article.source,
        "authors": list(article.authors),
        "url": article.url,
        "language": article.language,
        "tags": list(article.tags),
        "text": article.text,
    }
