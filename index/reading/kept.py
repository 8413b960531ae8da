"""How much of a file's text its articles keep."""

from dataclasses import asdict, astuple, dataclass

# Lines of fewer characters are menus and captions as often as text.
_LEAST_PROSE = 80
# Less than this, lost, is furniture in the worst case.
_LEAST_LOST = 200
# Of everything in view, furniture and all, an article is at least this share.
_LEAST_SHARE = 0.05
# Scripts without blanks have far longer "words".
_LONGEST_WORDS = 15


@dataclass(frozen=True, slots=True)
class Kept:
    """How many characters and words are kept of those seen; blanks are not counted.

    `prose` counts the characters seen in longer paragraphs, which are rarely furniture.
    """

    characters: int = 0
    characters_seen: int = 0
    words: int = 0
    words_seen: int = 0
    prose: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def is_little(self) -> bool:
        """Return whether most of the text is lost."""
        lost = max(self.prose, self.characters_seen * _LEAST_SHARE) - self.characters
        return max(self.prose, self.characters_seen) >= _LEAST_LOST and (
            (lost >= _LEAST_LOST and self.characters * 2 < self.prose)
            or self.characters < self.characters_seen * _LEAST_SHARE
        )

    def to_dict(self) -> dict[str, int]:
        """Return the figures that mean something to a person."""
        return {name: value for name, value in asdict(self).items() if name != "prose"}

    def __str__(self) -> str:
        if self.characters_seen > _LONGEST_WORDS * self.words_seen:
            return f"kept {self.characters:,} of {self.characters_seen:,} characters"
        return f"kept {self.words:,} of {self.words_seen:,} words"


def kept(text: str, seen: str) -> Kept:
    """Return how much of what is `seen` in a file an article's canonical `text` keeps."""
    words, characters = _counted(text)
    words_seen, characters_seen = _counted(seen)
    prose = sum(_counted(part)[1] for part in seen.split("\n\n") if len(part) >= _LEAST_PROSE)
    return Kept(min(characters, characters_seen), characters_seen, min(words, words_seen), words_seen, prose)


def _counted(text: str) -> tuple[int, int]:
    words = text.split()
    return len(words), sum(map(len, words))
