"""What the command line prints, as lines that are safe for a terminal."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .wording import RECOGNISED, also_in, beyond_quotes, counted

if TYPE_CHECKING:
    from index import Article, Progress, Summary
    from index.reading.preview import Shown
    from index.store.integrity import Checked
    from qa import Answer, Citation, Sentence

_SKIPPED_SHOWN = 20
# Characters that take no space: fillers, joiners, variation selectors.
_UNSEEN = (
    ("\u034f", "\u034f"), ("\u115f", "\u1160"), ("\u17b4", "\u17b5"), ("\u180b", "\u180f"),
    ("\u3164", "\u3164"), ("\ufe00", "\ufe0f"), ("\uffa0", "\uffa0"), ("\U000e0100", "\U000e01ef"),
)  # fmt: skip


def one_line(text: str) -> str:
    """Return `text` as one line that cannot control the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def lines(text: str) -> str:
    """Return `text` so that it cannot control the terminal; line ends stay."""
    return "\n".join(map(one_line, text.split("\n")))


def json_text(value: Any, encoding: str | None = None, indent: int | None = None) -> str:
    """Return JSON that is safe for a terminal and readable for a person.

    Characters that are invisible or move others are escaped, such as control characters, direction marks and
    lone surrogates. If `encoding` cannot hold the text, everything beyond ASCII is escaped.
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
    """Return whether an encoding gives text back unchanged: Shift JIS turns a yen sign into a backslash."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False


def summary_lines(summary: "Summary") -> Iterator[str]:
    """Yield what a build did, and which files it skipped, up to a screenful."""
    yield (
        f"{summary.added} added, {summary.replaced} replaced, {summary.removed} removed, "
        f"{summary.unchanged} unchanged, {len(summary.skipped)} skipped "
        f"({counted(summary.encoded, 'passage')} encoded, {summary.seconds:.1f} s)"
    )
    copies = summary.articles - summary.stories
    if copies:
        told = f"{counted(summary.articles, 'article')} tell {counted(summary.stories, 'story', 'stories')}"
        yield f"{told}: {copies:,} {'is a copy' if copies == 1 else 'are copies'} of others"
    if summary.mended:
        was = "was" if summary.mended == 1 else "were"
        yield f"{counted(summary.mended, 'article')} {was} damaged in the index and read again"
    for path, reason in list(summary.skipped.items())[:_SKIPPED_SHOWN]:
        yield f"  skipped {one_line(path)}: {one_line(reason)}"
    if len(summary.skipped) > _SKIPPED_SHOWN:
        yield f"  and {len(summary.skipped) - _SKIPPED_SHOWN} more; --json lists them all"
    yield from _little_lines(summary.kept_little)


def _little_lines(little: Mapping[str, str]) -> Iterator[str]:
    """Yield which articles keep little of the text in their files, up to a screenful."""
    for path, how in list(little.items())[:_SKIPPED_SHOWN]:
        yield f"  {how}: {one_line(path)}"
    if len(little) > _SKIPPED_SHOWN:
        yield f"  and {len(little) - _SKIPPED_SHOWN} more; --json lists them all"
    if little:
        yield "  article-qa show --diff FILE prints what was left out"


def progress_line(progress: "Progress") -> str:
    """Return the text beside the progress bar of a build."""
    parts = []
    if progress.step == "encoding":
        parts.append(counted(progress.passages, "passage"))
    if progress.tokens_per_second:
        parts.append(f"{progress.tokens_per_second:,.0f} tokens/s")
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return "  ".join([*parts, one_line(progress.path)[-40:]])


def duration(seconds: float) -> str:
    """Return a time as people write it: `45 s`, `12 min`, `3 h 20 min`."""
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
    if answer.beyond:
        yield f"\n{beyond_quotes(answer.beyond)}"
    if answer.notice:
        yield f"\n{one_line(answer.notice)}"
    if answer.citations:
        yield "\nSources" if answer.found else "\nClosest passages"
    for citation in answer.citations:
        yield _source(citation)
        if not answer.found or answer.mode == "written":
            yield f"    {one_line(citation.quote)}"


def _sentence(sentence: "Sentence") -> str:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    doubt = "" if sentence.supported else " (not confirmed by its sources)"
    return f"{one_line(sentence.text)} {marks}{doubt}"


def _source(citation: "Citation") -> str:
    recognised = RECOGNISED if citation.recognised else None
    about = [
        citation.title,
        citation.source,
        citation.published,
        citation.path,
        recognised,
        also_in(citation),
    ]
    return f"[{citation.number}] " + one_line(" · ".join(part for part in about if part))


def status_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an index holds."""
    for name, value in facts.items():
        if name in ("kept", "kept_little"):
            continue
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        yield f"{name.replace('_', ' '):16} {one_line(str(shown))}"
    if kept := facts.get("kept"):
        shown = f"{kept['words']:,} of {kept['words_seen']:,} words in the files"
        little = counted(len(facts["kept_little"]), "article")
        yield f"{'kept':16} {shown}" + (f"; little of {little}" if facts["kept_little"] else "")


def check_lines(checked: "Checked") -> Iterator[str]:
    """Yield what a comparison of an index with its digests found."""
    parts = (
        counted(checked.articles, "article"),
        counted(checked.passages, "passage"),
        counted(checked.segments, "vector segment"),
    )
    yield f"checked {', '.join(parts)} ({checked.seconds:.1f} s)"
    yield from (f"  {one_line(problem)}" for problem in checked.problems)
    yield from (f"  damaged {one_line(path)}" for path in checked.paths)
    if not checked.problems:
        yield "no damage found"


def score_lines(figures: Mapping[str, float]) -> Iterator[str]:
    """Yield the figures of an evaluation, shares in percent."""
    for name, value in figures.items():
        is_share = name not in {"questions", "AUROC"} and not name.startswith("milliseconds")
        yield f"{name:22} {f'{value:.1%}' if is_share else f'{value:.3g}'}"


def article_lines(article: "Article") -> Iterator[str]:
    """Yield an article's metadata and its canonical text."""
    for name, value in article_facts(article).items():
        if name != "text" and value:
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            yield f"{name.replace('_', ' '):14} {one_line(shown)}"
    yield f"\n{lines(article.text)}"


def difference_lines(shown: "Shown") -> Iterator[str]:
    """Yield what an article leaves out of its file or has otherwise, as in a diff, and how much stays."""
    for line in shown.difference.dropped:
        yield f"- {_revealed(line)}"
    for seen, kept in shown.difference.changed:
        yield from (f"- {_revealed(line)}" for line in seen)
        yield from (f"+ {_revealed(line)}" for line in kept)
    if not shown.difference.dropped and not shown.difference.changed:
        yield "nothing was left out or changed"
    elif shown.difference.dropped:
        yield str(shown.kept)


def difference_facts(shown: "Shown") -> dict[str, Any]:
    """Return the same as plain values, for JSON."""
    changed = [{"seen": list(seen), "kept": list(kept)} for seen, kept in shown.difference.changed]
    return {"dropped": list(shown.difference.dropped), "changed": changed, "kept": shown.kept.to_dict()}


def _revealed(line: str) -> str:
    """Return a line with characters that cannot be seen as escapes: they may be all that was changed."""
    return "".join(c if _is_seen(c) else _escaped(c) for c in line)


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
        "recognised": article.recognised,
        "text": article.text,
    }
