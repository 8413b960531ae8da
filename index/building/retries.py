"""Which files that could not be read are tried again although their bytes are the same.

A file's hash in the catalog is followed by what went wrong: `failed` with the number of builds since its
first try, or `unequipped` if a program was missing that is not part of this one.
"""

import re
from dataclasses import dataclass

from index.reading.document import NO_OCR, PassingError, ReadError
from index.reading.formats.ocr import can_recognise

# A try may take two minutes. So the next builds try again, later ones only when their number has doubled.
_AT_ONCE = 3
_UNEQUIPPED = "unequipped"
_FORM = re.compile(r"(?P<hash>.*) failed (?P<builds>\d{1,9})")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the catalog's hash of a file says: the hash of its bytes, and how reading them went.

    `builds` is the number of builds since reading failed for a passing reason, 0 if it did not.
    """

    hash: str
    builds: int = 0
    unequipped: bool = False

    @classmethod
    def of(cls, stored: str) -> "Attempt":
        """Return what is stored."""
        if match := _FORM.fullmatch(stored):
            return cls(match["hash"], int(match["builds"]))
        unequipped = stored.endswith(f" {_UNEQUIPPED}")
        return cls(stored.removesuffix(f" {_UNEQUIPPED}"), 0, unequipped)

    def __str__(self) -> str:
        failed = f" failed {self.builds}" if self.builds else ""
        return f"{self.hash}{failed}{f' {_UNEQUIPPED}' if self.unequipped else ''}"

    @property
    def is_due(self) -> bool:
        """Return whether the next build should try again."""
        if self.unequipped:
            return can_recognise()
        return self.builds > 0 and (self.builds < _AT_ONCE or self.builds.bit_count() == 1)

    def waited(self) -> "Attempt":
        """Return the same, a build later."""
        return Attempt(self.hash, self.builds + 1) if self.builds else self

    def after(self, error: ReadError | None, skipped: dict[str, str]) -> "Attempt":
        """Return the attempt that has just ended."""
        if isinstance(error, PassingError):
            return Attempt(self.hash, self.builds + 1)
        return Attempt(self.hash, 0, NO_OCR in skipped.values())
