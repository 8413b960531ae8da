"""Second half of a build: unsettled stories to batches with passages and vectors."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.article import Passage
from index.model.arrays import Vectors
from index.model.encoder import Encoder, SentenceEncoder
from index.store.catalog_writer import CatalogWriter
from index.store.rows import passage_digest
from index.text.passages import split

from .progress import Pace, Progress, Report
from .stories import Story

# Passages in one commit. A killed build loses at most this much work: a minute or two.
BATCH_PASSAGES = 2048
# Stories in one commit: most may need no encoding, because only their metadata changed.
_BATCH_STORIES = 4096
# Passages encoded between two progress reports.
_STEP = 64


@dataclass(slots=True)
class Batch:
    """A story on its way into the catalog; `vectors` has a row for each passage."""

    story: Story
    passages: tuple[Passage, ...]
    vectors: Vectors


class Encoding:
    """Splits and encodes stories. A text that has a vector in the index is not encoded again.

    Vectors of all generations in `same_encoder` serve, since another splitter needs no new ones, and so do
    `vectors`, by the digest of their text.
    """

    def __init__(
        self,
        catalog: CatalogWriter,
        same_encoder: Iterable[int],
        unsettled: Sequence[Story],
        encoder: Callable[[], Encoder],
        report: Report,
        vectors: Mapping[bytes, Vectors] | None = None,
    ) -> None:
        self._catalog, self._stories = catalog, unsettled
        self._same_encoder = tuple(same_encoder)
        self._encoder, self._report = encoder, report
        self._vectors = vectors or {}
        self._pace = Pace(sum(s.own.length for s in unsettled if not s.own.has_passages))
        self._files = {article.file for story in unsettled for article in story.articles}
        self._files_done: set[int] = set()
        self.passages = 0
        self.encoded = 0

    def batches(self) -> Iterator[list[Batch]]:
        """Yield batches with their vectors, each fit for one transaction."""
        batch: list[Batch] = []
        size = 0
        for story in self._stories:
            passages = self._split(story)
            batch.append(Batch(story, passages, np.empty((0, 0), np.float32)))
            size += len(passages)
            if size >= BATCH_PASSAGES or len(batch) >= _BATCH_STORIES:
                yield self._encode(batch)
                batch, size = [], 0
        if batch:
            yield self._encode(batch)

    def _split(self, story: Story) -> tuple[Passage, ...]:
        return () if story.own.has_passages else tuple(split(*self._catalog.staged(story.own.key)))

    def _encode(self, batch: list[Batch]) -> list[Batch]:
        """Encode a batch's passages, longest first, since texts of similar length need little padding."""
        owners = [item for item in batch for _ in item.passages]
        texts = [passage.embedded_text for item in batch for passage in item.passages]
        known = self._known(texts)
        order = sorted((i for i in range(len(texts)) if i not in known), key=lambda i: -len(texts[i]))
        vectors = np.empty((len(texts), self._dimension(known, order)), np.float32)
        for i, vector in known.items():
            vectors[i] = vector
        self._pace.add(sum(len(texts[i]) for i in known), 0)
        for at in range(0, len(order), _STEP):
            part = order[at : at + _STEP]
            self._tell(owners[part[0]].story.own.path)
            encoder = self._encoder()
            vectors[part] = encoder.encode([texts[i] for i in part])
            self._pace.add(sum(len(texts[i]) for i in part), self._tokens(encoder, [texts[i] for i in part]))
            self.encoded += len(part)
        at = 0
        for item in batch:
            item.vectors = vectors[at : at + len(item.passages)]
            at += len(item.passages)
        self.passages += len(texts)
        self._files_done.update(article.file for item in batch for article in item.story.articles)
        self._tell("")
        return batch

    def _known(self, texts: Sequence[str]) -> dict[int, Vectors]:
        """Return the vectors that are there already, by the position of their text."""
        known = self._catalog.known_vectors(self._same_encoder, texts)
        if self._vectors:
            for position, text in enumerate(texts):
                vector = self._vectors.get(passage_digest(text))
                if vector is not None:
                    known.setdefault(position, vector)
        return known

    def _dimension(self, known: dict[int, Vectors], order: list[int]) -> int:
        if known:
            return len(next(iter(known.values())))
        return self._encoder().dimension if order else 0

    @staticmethod
    def _tokens(encoder: Encoder, texts: list[str]) -> int:
        return encoder.token_count(texts) if isinstance(encoder, SentenceEncoder) else 0

    def _tell(self, path: str) -> None:
        self._report(
            Progress(
                step="encoding",
                files=len(self._files_done),
                files_total=len(self._files),
                passages=self.encoded,
                path=path,
                tokens_per_second=self._pace.tokens_per_second(),
                seconds_left=self._pace.seconds_left(),
                share=self._pace.share(),
            )
        )
