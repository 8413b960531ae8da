"""What stands before a text about it: YAML, TOML, or pandoc's three lines."""

import re
from typing import Any

_YAML = re.compile(r"\A\s*---[ \t]*\n(.{0,8000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\n(.{0,8000}?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
# A title, authors and a date, each of which may go on in lines that begin with a blank.
_PANDOC = re.compile(
    r"\A((?:%(?!%)[^\n]{0,500}(?:\n[ \t]+\S[^\n]{0,500}){0,9}(?:\n|\Z)){1,3})(?=[ \t]*\n|\Z)"
)
_PAIR = re.compile(r"([^\W\d_][\w -]{0,60}):(?:\s+(.*))?\Z")


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return what the block before a text states, by its names there, and the text behind it."""
    text = text.replace("\r\n", "\n")
    for block, read in ((_YAML, _yaml), (_TOML, _toml), (_PANDOC, _pandoc)):
        if match := block.match(text):
            front = read(match[1])
            # Two rules around ordinary text look the same: it is text then, and nothing is lost.
            return (front, text[match.end() :]) if front else ({}, text)
    return {}, text


def _yaml(block: str) -> dict[str, Any]:
    import yaml

    try:
        front = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        # People write `title: War: a report`, which is not YAML, and mean what it looks like.
        front = _pairs(block)
    return {str(key): value for key, value in front.items()} if isinstance(front, dict) else {}


def _pairs(block: str) -> dict[str, Any]:
    """Return the pairs of a block that is no YAML, if all of its lines are such or values of them."""
    found: dict[str, Any] = {}
    name = ""
    for line in filter(str.strip, block.split("\n")):
        stripped = line.strip()
        if not line.startswith((" ", "\t", "-")) and (match := _PAIR.match(stripped)):
            name = match[1]
            found[name] = (match[2] or "").strip("\"'")
        elif name and (line[0] in " \t-"):
            value = stripped.removeprefix("- ").strip("\"'")
            before = found[name]
            found[name] = [*(before if isinstance(before, list) else [before] if before else []), value]
        elif not stripped.startswith("#"):
            return {}
    return found


def _toml(block: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _pandoc(block: str) -> dict[str, Any]:
    fields = [" ".join(field.split()) for field in re.split(r"(?:\A|\n)%", block)[1:]]
    title, authors, date = (*fields, "", "", "")[:3]
    return {"title": title, "author": authors, "date": date} if any(fields) else {}
