"""What a build reports while it runs and when it is done."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

# Wait this many seconds before estimating the time left.
_SOON = 3.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is. First it reads the new and changed files, then it encodes their articles.

    `loading` is the encoder, once it is needed. `files` of `files_total` have been read, or their articles
    committed. `path` is the current file. `tokens_per_second` and `seconds_left` are None until they can be
    estimated. `share` is how much of the text is encoded, 0 to 1: articles are committed many at a time.
    """

    step: Literal["reading", "loading", "encoding"]
    files: int
    files_total: int
    passages: int
    path: str
    tokens_per_second: float | None = None
    seconds_left: float | None = None
    share: float | None = None


@dataclass(slots=True)
class Summary:
    """What a build did: numbers of files, and why files, or parts of them, were skipped.

    `articles` and `stories` are what the index holds now. `passages` counts those of new articles, `encoded`
    those whose text had no vector yet. `mended` articles were damaged in the index and read again.
    `kept_little` has the articles that lose most of the text in their file, by path.
    """

    added: int = 0
    replaced: int = 0
    removed: int = 0
    unchanged: int = 0
    articles: int = 0
    stories: int = 0
    passages: int = 0
    encoded: int = 0
    mended: int = 0
    seconds: float = 0.0
    skipped: dict[str, str] = field(default_factory=dict)
    kept_little: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Pace:
    """Turns characters and tokens encoded into a speed and the time left."""

    def __init__(self, characters_total: int) -> None:
        self._total, self._done, self._tokens = characters_total, 0, 0
        self._begun = time.perf_counter()

    def add(self, characters: int, tokens: int) -> None:
        """Count what has been encoded. Text that had a vector already counts no tokens."""
        self._done += characters
        self._tokens += tokens

    def share(self) -> float:
        """Return how much of the text is done, 0 to 1."""
        return min(1.0, self._done / self._total) if self._total else 1.0

    def tokens_per_second(self) -> float | None:
        """Return the speed so far."""
        seconds = time.perf_counter() - self._begun
        return self._tokens / seconds if self._tokens and seconds else None

    def seconds_left(self) -> float | None:
        """Return the time that the rest takes at the speed so far."""
        seconds = time.perf_counter() - self._begun
        if seconds < _SOON or not self._done:
            return None
        return max(0.0, seconds * (self._total - self._done) / self._done)


Report = Callable[[Progress], None]
