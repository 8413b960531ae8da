"""What the fields of a list's row are: by their names in many languages, the text by what is in it."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from anyascii import anyascii

from index.lexicon import words

# What formats call their fields, the best ahead; what people call them in other languages is in the lexicon.
# Names are compared in small Latin letters without marks.
_KNOWN = {
    "body": "text body content article articlebody bodytext fulltext maintext story contenttext plaintext"
    " pagecontent paragraphs html contenthtml bodyhtml contentencoded blocks sections",
    "summary": "description summary abstract excerpt lead teaser standfirst snippet"
    " trailtext dek subtitle intro",
    "title": "title headline heading subject name",
    "published": "datepublished publishedat publicationdate publisheddate published publishdate pubdate"
    " webpublicationdate firstpublished firstpublicationdate issued date datetime created createdat createdon"
    " createddate datecreated creationdate createdutc posted postedat dateposted dateadded dategmt"
    " timestamp time",
    "updated": "updated updatedat modified modifiedat datemodified lastmodified lastupdated",
    "source": "source outlet publisher site newspaper sitename publication website feed medium media journal",
    "authors": "author authors byline creator writer by reporter dccreator",
    "url": "url link href permalink canonical canonicalurl weburl uri sourceurl",
    "language": "language lang inlanguage locale",
    "tags": "tags keywords categories topics category section sectionname",
    "id": "id guid uuid articleid docid documentid oid",
}
# In front of a name they say whose it is.
_WHOSE = re.compile(r"^(?:article|post|news|web|wp|entry|doc|page|story|artikel|item|main)(?=.{3})")
# Objects in a row that hold fields of it.
_ABOUT = {
    "meta",
    "metadata",
    "fields",
    "attributes",
    "properties",
    "info",
    "details",
    "frontmatter",
    "header",
}
# Where the words of a value are that is an object.
WORDS = (
    "rendered", "main", "text", "value", "plain", "content", "html", "raw", "body", "paragraph",
    "#text", "$t", "default", "children", "paragraphs", "blocks", "items",
)  # fmt: skip
_INLINE = {"text", "span", "link", "hyperlink", "mention", "emphasis", "strong"}
_TAG = re.compile(r"<[^<>]{1,2000}>")
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|script)\b", re.IGNORECASE)
# The largest text of a row is its body if it is at least this long; shorter ones are notes.
_LEAST_PROSE = 80
# A field of the right name that holds so much less than another one is not the text.
_FAR_LESS = 0.25
_MAX_DEPTH = 6
# Editors put an item of a list in a list five levels of objects below it.
_MAX_WORDS_DEPTH = 40
_MAX_FIELDS = 2000
_MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Fields:
    """A row's text, empty if it has none, and its other values by what they are, the best first."""

    text: str
    values: Mapping[str, Sequence[Any]]

    def first(self, field: str) -> Any:
        """Return the value that says best what `field` is, or None."""
        return next(iter(self.values.get(field, ())), None)


def fields_of(row: Mapping[Any, Any]) -> Fields:
    """Return the fields of a row, which may be in objects in it."""
    leaves = list(_leaves(row, everywhere=False))
    text = _text(leaves)
    if not text:
        leaves = list(_leaves(row, everywhere=True))
        text = _text(leaves)
    values: dict[str, list[Any]] = {}
    for leaf in sorted(leaves, key=lambda leaf: (leaf.depth, leaf.rank)):
        if leaf.field not in ("", "body", "summary"):
            values.setdefault(leaf.field, []).append(leaf.value)
    return Fields(text, values)


def text_in(value: object, depth: int = 0) -> str:
    """Return the words of a value: a text, its paragraphs in a list, or an object around either."""
    if isinstance(value, str):
        return value
    if depth > _MAX_WORDS_DEPTH:
        return ""
    if isinstance(value, list):
        parts = filter(None, (_block(item, depth + 1) for item in value))
        kinds = [
            item.get("type") or item.get("_type") or item.get("nodeType")
            for item in value
            if isinstance(item, dict)
        ]
        inline = len(kinds) == len(value) and all(isinstance(kind, str) and kind in _INLINE for kind in kinds)
        return ("" if inline else "\n\n").join(parts)
    if isinstance(value, Mapping):
        return next(filter(None, (text_in(value[key], depth + 1) for key in WORDS if key in value)), "")
    return ""


@functools.lru_cache(4096)
def field_named(name: str) -> tuple[str, int]:
    """Return what a name of a field means and how well it says so, the empty text if it is not known."""
    folded = _folded(name)
    return _meant().get(folded) or _meant().get(_WHOSE.sub("", folded)) or ("", 0)


@functools.cache
def _meant() -> dict[str, tuple[str, int]]:
    """Return what each known name means, with its rank."""
    meant: dict[str, tuple[str, int]] = {}
    for field, known in _KNOWN.items():
        others = words(lambda language, field=field: getattr(language.columns, field, ()))  # type: ignore[misc]
        for rank, name in enumerate([*known.split(), *others]):
            meant.setdefault(_folded(name), (field, rank))
    return meant


@dataclass(frozen=True, slots=True)
class _Leaf:
    field: str
    depth: int
    rank: int
    value: Any


def _leaves(row: Mapping[Any, Any], *, everywhere: bool) -> Iterator[_Leaf]:
    """Yield the fields of a row and of objects in it: of those that hold its fields, or of all."""
    layers: list[Mapping[Any, Any]] = [row]
    left = _MAX_FIELDS
    for depth in range(_MAX_DEPTH):
        inner: list[Mapping[Any, Any]] = []
        for layer in layers:
            for key, value in islice(layer.items(), left):
                left -= 1
                if value in (None, "", [], {}) or (isinstance(value, float) and value != value):
                    continue
                field, rank = field_named(str(key)[:_MAX_NAME])
                if isinstance(value, Mapping) and (everywhere or _holds_fields(str(key), value)):
                    inner.append(value)
                if not (isinstance(value, Mapping) and inner and inner[-1] is value and field == "source"):
                    yield _Leaf(field, depth, rank, value)
        layers = inner


def _holds_fields(key: str, value: Mapping[Any, Any], depth: int = 2) -> bool:
    if _folded(key[:_MAX_NAME]) in _ABOUT:
        return True
    inside = [(field_named(str(name)[:_MAX_NAME])[0], found) for name, found in islice(value.items(), 50)]
    # Of a value that is an object its words are all there is.
    stated = {field for field, _ in inside}
    if "body" in stated and stated & {"title", "published", "url", "authors", "id"}:
        return True
    return depth > 0 and any(
        isinstance(found, Mapping) and _holds_fields("", found, depth - 1) for _, found in inside
    )


def _text(leaves: Sequence[_Leaf]) -> str:
    """Choose the text of a row: by the names of its fields, unless another holds far more."""
    found: list[tuple[str, int, int, str]] = []
    for leaf in leaves:
        said = text_in(leaf.value) if leaf.field in ("body", "summary") else leaf.value
        if leaf.field not in ("body", "summary", "") or not isinstance(said, str) or not said.strip():
            continue
        if leaf.field or (len(said) >= _LEAST_PROSE and _is_prose(said)):
            found.append((leaf.field, leaf.depth, leaf.rank, said))
    sizes = [_size(said) for *_, said in found]
    longest = max(sizes, default=0)
    for kind in ("body", "summary"):
        known = sorted(
            (depth, rank, place) for place, (field, depth, rank, _) in enumerate(found) if field == kind
        )
        for *_, place in known:
            if sizes[place] >= _FAR_LESS * longest:
                return found[place][3]
    return found[sizes.index(longest)][3] if found else ""


def _block(value: object, depth: int) -> str:
    said = text_in(value, depth)
    heading = value.get("heading") or value.get("title") if isinstance(value, Mapping) else None
    return f"{heading}\n\n{said}" if said and isinstance(heading, str) and heading != said else said


def _is_prose(said: str) -> bool:
    start = said[:2000].strip()
    return (" " in start or any(character >= "\u2e80" for character in start)) and not _WHOLE_PAGE.search(
        start
    )


def _size(said: str) -> int:
    return len(_TAG.sub("", said) if "<" in said else said)


def _folded(name: str) -> str:
    return "".join(character for character in anyascii(name).lower() if character.isalnum())
