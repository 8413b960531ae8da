"""In which kind a request wants its answer: its Accept header, as RFC 9110 (12.5.1) reads it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import HTTPException, Request

JSON = "application/json"
# No program sends more.
_LONGEST = 2000
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_RANGES = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_PARTS = re.compile(rf'(?:[^;"]|{_QUOTED})+')
_RANGE = re.compile(r"(\*)/\*|([\w!#$&^.+-]+)/(\*|[\w!#$&^.+-]+)", re.ASCII)
_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A range of kinds that a header names: how much it is wanted, how exact it is, where it stands."""

    kind: str
    weight: float
    exactness: int
    place: int

    def holds(self, kind: str) -> bool:
        """Return whether a kind is in the range."""
        main = kind.partition("/")[0]
        return self.kind in (kind, f"{main}/*", "*/*")


def accepted(request: Request, *offered: str) -> str:
    """Return the kind of `offered` that a request wants most. Raises HTTPException if it wants none."""
    kind = best(",".join(request.headers.getlist("accept")), offered)
    if kind is None:
        raise HTTPException(406, f"This comes as {' or '.join(offered)} only: accept that.")
    return kind


def accepts_json(request: Request) -> None:
    """Let pass what may be answered with JSON. Raises HTTPException."""
    accepted(request, JSON)


def best(header: str, offered: Sequence[str]) -> str | None:
    """Return the kind of `offered` that an Accept header wants most, None if it wants none.

    Of kinds that it wants as much, it is the one that it names most exactly, then the one that it names
    first, then the one that is offered first. A header that names nothing wants everything.
    """
    wanted = list(_wanted(header[:_LONGEST])) or [_Wanted("*/*", 1, 0, 0)]
    found: list[tuple[float, int, int, int, str]] = []
    for number, kind in enumerate(offered):
        fitting = [one for one in wanted if one.holds(kind)]
        if fitting:
            # What is said of text/html counts for it, not what is said of text/*.
            one = max(fitting, key=lambda one: (one.exactness, one.weight, -one.place))
            found.append((one.weight, one.exactness, -one.place, -number, kind))
    return max((one for one in found if one[0]), default=(None,))[-1]


def _wanted(header: str) -> Iterator[_Wanted]:
    for place, text in enumerate(_RANGES.findall(header)):
        kind, *parameters = (part.strip() for part in _PARTS.findall(text) or [""])
        weights = [
            value for name, _, value in (each.partition("=") for each in parameters) if name.lower() == "q"
        ]
        if _RANGE.fullmatch(kind) and all(map(_WEIGHT.fullmatch, weights)):
            weight = float(weights[0]) if weights else 1.0
            kind = kind.lower()
            yield _Wanted(kind, weight, 2 - kind.count("*"), place)
