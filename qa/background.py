"""How like a question is to ordinary news of a language: what a likeness has to be compared with.

A multilingual encoder finds texts of one language alike whatever they say, and some questions like any
text. Less this background, likenesses mean the same for every question and language (in the manner of
the cohorts that speaker verification normalises its scores with: Auckenthaler et al. 2000).
"""

import functools
import json
from importlib import resources

from index import Encoder
from index.encoder import Vectors

# Sentences that are encoded as one text. Three are about a passage, and their mean likeness is that of the
# passages of a collection on other matters; single ones are less like any question, and unevenly so.
_TOGETHER = 3


class Background:
    """The mean likeness of a question to ordinary passages, by language; each is encoded once, when met."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._mean = functools.lru_cache(maxsize=None)(self._encoded)

    def likeness(self, vector: Vectors, language: str | None) -> float:
        """Return the mean cosine of `vector`, of shape (dimension,), to ordinary passages.

        For a language that is not known, to those of all languages.
        """
        code = (language or "").lower().split("-")[0]
        return float(self._mean(code if code in sentences() else None) @ vector)

    def _encoded(self, language: str | None) -> Vectors:
        if language is None:
            mean: Vectors = sum(map(self._mean, sentences())) / len(sentences())  # type: ignore[assignment]
            return mean
        said = sentences()[language]
        texts = [" ".join(said[i : i + _TOGETHER]) for i in range(0, len(said), _TOGETHER)]
        encoded: Vectors = self._encoder.encode(texts).mean(axis=0)
        return encoded


@functools.cache
def sentences() -> dict[str, list[str]]:
    """Return the same ordinary sentences in each language, by its ISO 639-1 code."""
    loaded: dict[str, list[str]] = json.loads(
        resources.files(__package__).joinpath("background.json").read_text("utf-8")
    )
    return loaded
