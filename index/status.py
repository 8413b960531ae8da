"""What an index holds, how it was made, and whether it is whole."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .errors import IndexUnreadableError
from .model.encoder import shown_encoder
from .reading.kept import Kept
from .settings import Settings
from .store.catalog import Catalog, Counts
from .store.integrity import health
from .store.ownership import size_of

# `status` should answer within a second, however large the index is.
_STATUS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds and how it was made. `health` is "ok" or says what is wrong and what to do.

    `folder` holds its articles; `built` is the time of the last build that changed it. `kept` counts the
    text that is kept of their files; `kept_little` has the articles that keep little of theirs, by path.
    """

    index: Path
    folder: str | None
    counts: Counts
    encoder: str
    build: int
    built: str | None
    bytes: int
    health: str
    kept: Kept
    kept_little: dict[str, str]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON, the counts among the others."""
        values = {name: getattr(self, name) for name in self.__slots__ if name not in ("index", "counts")}
        values["kept"] = self.kept.to_dict()
        return {"index": str(self.index), "folder": self.folder, **self.counts.to_dict(), **values}


def status(catalog: Catalog, settings: Settings) -> Status:
    """Return what an index holds and whether it is sound, looking for damage for half a second at most."""
    counted, little = Kept(), dict[str, str]()
    # If the table is damaged, `health` says so.
    with suppress(IndexUnreadableError):
        counted, little = catalog.kept()
    return Status(
        index=settings.index,
        folder=catalog.fact_or_none("folder"),
        counts=catalog.counts(),
        encoder=shown_encoder(catalog.fact("encoder")),
        build=catalog.number("build"),
        built=catalog.fact_or_none("built"),
        bytes=size_of(settings.index),
        health=health(catalog, settings, _STATUS_SECONDS),
        kept=counted,
        kept_little=little,
    )
