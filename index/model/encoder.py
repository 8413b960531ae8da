"""Texts to vectors, and pairs to scores. The only importer of sentence_transformers."""

import ctypes
import functools
import hashlib
import os
import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.errors import WeightsError
from index.redaction import shown
from index.settings import BUNDLED_ENCODER, Settings

from .arrays import Vectors
from .bundled import SOURCE_SHA256, model_folder
from .glance import Found, Glanced, GlanceModel
from .question_encoder import QuestionModel
from .reader.judge import Judged, ReaderModel, Searched
from .reader.rows import Row
from .token_vectors import TokenModel, Tokens

if TYPE_CHECKING:
    import torch
    from sentence_transformers import CrossEncoder, SentenceTransformer


# Characters that go through the model in one batch. Measured on two cores: with 1,500 to 3,000 tokens the
# activations stay in the caches; with 12,000 each token takes a third longer.
BATCH_CHARACTERS = 8_000
# A text much shorter than the longest in its batch would be mostly padding. A small batch takes it anyway.
_LEAST_RATIO, _LEAST_CHARACTERS = 0.8, 1_000
# A call with more texts than this is indexing, where memory matters and milliseconds don't.
_TRIM_FROM = 64


class Reader(Protocol):
    """Reads a question and a sentence together; the bundled encoder is one."""

    def glance(self, question: str, rows: Sequence[Row], found: Sequence[Found]) -> Glanced:
        """Return what each row promises, told in a fraction of the time of reading.

        `found` is what search says of each.
        """

    def judge(self, question: str, rows: Sequence[Row], searched: Sequence[Searched]) -> list[Judged]:
        """Return of each row whether it answers and where, `searched` being what search says of it."""


class Encoder(Reader, Protocol):
    """Turns texts into unit vectors: float32, one row a text, `dimension` columns.

    Only one that `is_taught` is asked to `glance` and to `judge`.
    """

    @property
    def dimension(self) -> int:
        """Return the number of columns of a vector."""

    @property
    def is_taught(self) -> bool:
        """Return whether it was trained to point and to judge, as the bundled encoder was."""

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        """Encode passages or sentences, or questions, which some models treat differently."""

    def point(self, questions: Sequence[str]) -> Vectors:
        """Encode questions to vectors near those of the passages that answer them."""

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        """Return the tokens of `texts` with the meaning that their context gives them."""


class PairScorer(Protocol):
    """Reads a question and a text together."""

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """Return for each text how well it answers the question, 0 to 1; of shape (texts,)."""


class SentenceEncoder:
    """A sentence-transformers model on this machine's CPU; safe to call from several threads."""

    def __init__(
        self, model: "SentenceTransformer", prompts: tuple[str, str], *, is_taught: bool = False
    ) -> None:
        self.model = model
        self._passage_prompt, self._question_prompt = prompts
        self._is_taught = is_taught
        # torch uses every core for one batch; two at once would only slow each other down.
        self._lock = threading.Lock()
        self._token_model = TokenModel(model)

    @property
    def dimension(self) -> int:
        """Return the number of columns of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    @property
    def is_taught(self) -> bool:
        """Return whether this encoder was trained to point questions at answers and to locate them."""
        return self._is_taught

    def encode(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        """Encode `texts`, each up to the model's limit: 512 tokens in the bundled one."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for batch in batches(texts):
            with self._lock:
                vectors[batch] = self.model.encode(
                    [texts[i] for i in batch],
                    prompt=self._prompt(question),
                    batch_size=len(batch),
                    show_progress_bar=False,
                )
        if len(texts) > _TRIM_FROM:
            _trim()
        # A model in bfloat16 also normalises in bfloat16, so its norms are off by up to 0.3 %.
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def point(self, questions: Sequence[str]) -> Vectors:
        """Encode questions to find what answers them, in any language."""
        if not self._is_taught or not questions:
            return self.encode(questions, question=True)
        with self._lock:
            return self.questions.encode(questions)

    def read(self, texts: Sequence[str], *, question: bool = False) -> list[Tokens]:
        """Return the tokens of `texts` with the meaning that their context gives them."""
        with self._lock:
            return self._token_model.read(texts, self._prompt(question)) if texts else []

    def glance(self, question: str, rows: Sequence[Row], found: Sequence[Found]) -> Glanced:
        """Return what each row promises at a glance. Only the bundled encoder can tell."""
        with self._lock:
            return self._glance_model.glance(question, rows, found)

    def judge(self, question: str, rows: Sequence[Row], searched: Sequence[Searched]) -> list[Judged]:
        """Return of each row whether it answers `question` and where. Only the bundled encoder can tell."""
        with self._lock:
            return self._reader_model.read(question, rows, searched)

    @functools.cached_property
    def _reader_model(self) -> ReaderModel:
        return ReaderModel(self.model)

    @functools.cached_property
    def _glance_model(self) -> GlanceModel:
        return GlanceModel(self.words, self.questions, self.model.tokenizer)

    @functools.cached_property
    def questions(self) -> QuestionModel:
        """What the bundled encoder learned for questions."""
        return QuestionModel(self.model, self._question_prompt)

    @property
    def words(self) -> "torch.Tensor":
        """The encoder's table of words: a row for each token of the vocabulary, without context."""
        table: torch.Tensor = self.model[0].auto_model.get_input_embeddings().weight.detach()
        return table

    def _prompt(self, question: bool) -> str:
        return self._question_prompt if question else self._passage_prompt

    def token_count(self, texts: Sequence[str]) -> int:
        """Count the tokens that the model reads of `texts` as passages, up to its limit for each."""
        limit = self.model.max_seq_length or 2**31
        encoded = self.model.tokenizer([self._passage_prompt + text for text in texts])["input_ids"]
        return sum(min(len(ids), limit) for ids in encoded)


class CrossEncoderScorer:
    """A cross-encoder on this machine's CPU; safe to call from several threads."""

    def __init__(self, model: "CrossEncoder") -> None:
        self.model = model
        self._lock = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """Return for each text how well it answers the question, 0 to 1; of shape (texts,)."""
        from torch.nn import Sigmoid

        if not texts:
            return np.zeros(0, np.float32)
        pairs = [(question, text) for text in texts]
        with self._lock:
            # Models differ in their last layer; the sigmoid of what it says is between 0 and 1 for all.
            found = self.model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        return np.asarray(found, np.float32).reshape(len(texts))


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield positions of texts of similar length, longest first, so that little is spent on padding."""
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
        longest = len(texts[batch[0]]) if batch else 0
        is_full = (len(batch) + 1) * longest > BATCH_CHARACTERS
        is_short = len(texts[i]) < _LEAST_RATIO * longest
        if batch and (is_full or (is_short and len(batch) * longest > _LEAST_CHARACTERS)):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _trim() -> None:
    """Return freed memory to the system.

    Otherwise the C library keeps what each shape of batch took: 400 MB after 1,000 passages of many lengths.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)


def fingerprint(settings: Settings) -> str:
    """Identify the encoder of `settings` without loading it, so that vectors of two are never mixed."""
    if settings.encoder == BUNDLED_ENCODER:
        return f"{BUNDLED_ENCODER}@{SOURCE_SHA256[:12]}"
    folder = Path(settings.encoder)
    if not folder.is_dir():
        name = shown(settings.encoder)
        told_apart = "" if name == settings.encoder else f"@{_short_hash(settings.encoder.encode())}"
        return f"{name}{told_apart}"
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}:{path.stat().st_size};".encode())
        with path.open("rb") as file:
            # A weights file begins with its tensors' names and first values, enough to tell two apart.
            digest.update(file.read(1 << 20))
    return f"{folder.name}@{digest.hexdigest()[:12]}"


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def shown_encoder(stored: str) -> str:
    """Return an index's `fingerprint` without secrets: older indexes hold what was typed."""
    made = re.fullmatch(r"(.*)(@[0-9a-f]{12})", stored, re.DOTALL)
    return f"{shown(made[1])}{made[2]}" if made else shown(stored)


def load_encoder(settings: Settings) -> SentenceEncoder:
    """Load the encoder named in `settings`.

    Raises WeightsError if it cannot be had, StorageError if its unpacked form cannot be written.
    """
    bundled = settings.encoder == BUNDLED_ENCODER
    name = str(model_folder(settings.cache)) if bundled else settings.encoder
    remedy = "set ARTICLE_QA_ENCODER to the folder of a sentence-transformers model, or unset it"
    _refuse_address("encoder", name, remedy)
    _prepare(local=Path(name).is_dir())
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            name,
            device="cpu",
            trust_remote_code=False,
            model_kwargs={"dtype": _dtype()},
        )
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"cannot load the encoder {settings.encoder!r}: {remedy} ({_first_line(error)})"
        ) from error
    return SentenceEncoder(model, _prompts(model, settings.encoder), is_taught=bundled)


def load_cross_encoder(name: str) -> CrossEncoderScorer:
    """Load the cross-encoder of this name or folder, one that gives a single score for a pair.

    Raises WeightsError if it cannot be had.
    """
    remedy = "set ARTICLE_QA_CROSS_ENCODER to one that scores pairs with one number, or unset it"
    _refuse_address("cross-encoder", name, remedy)
    _prepare(local=Path(name).is_dir())
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(name, device="cpu", trust_remote_code=False)
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"cannot load the cross-encoder {name!r}: {remedy} ({_first_line(error)})"
        ) from error
    if model.num_labels != 1:
        raise WeightsError(
            f"the cross-encoder {name!r} gives {model.num_labels} numbers for a pair: {remedy}"
        )
    return CrossEncoderScorer(model)


def _refuse_address(what: str, name: str, remedy: str) -> None:
    """Raise WeightsError unless it is a folder or a model's name: the libraries would print anything else."""
    if shown(name) != name and not Path(name).is_dir():
        raise WeightsError(f"cannot load the {what} {shown(name)!r}, which is not a folder: {remedy}")


def _prepare(*, local: bool) -> None:
    """Set up the model libraries: no network for a local model, no chatter."""
    if local:
        # The hub's client asks the network even for a local folder. For a model named on the hub it may.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _dtype() -> "torch.dtype":
    """Choose the faster of float32 and bfloat16 by trying both on a product of the model's shape.

    A CPU's flags don't tell: of two with the same flags, one multiplies bfloat16 2.5 times as fast as float32
    and the other half as fast. The vectors agree to a cosine of 0.9999, so one index may hold both kinds.
    """
    import torch

    if not torch.cpu.get_capabilities().get("avx512_bf16"):
        return torch.float32
    seconds = {dtype: _product_seconds(dtype) for dtype in (torch.float32, torch.bfloat16)}
    return min(seconds, key=lambda dtype: seconds[dtype])


def _product_seconds(dtype: "torch.dtype") -> float:
    import torch

    activations, weights = torch.ones(2048, 384, dtype=dtype), torch.ones(1536, 384, dtype=dtype)
    times = []
    for _ in range(4):
        begun = time.perf_counter()
        torch.nn.functional.linear(activations, weights)
        times.append(time.perf_counter() - begun)
    return min(times)


def _prompts(model: "SentenceTransformer", name: str) -> tuple[str, str]:
    known = {key: value for key, value in (model.prompts or {}).items() if value}
    passage = next((known[key] for key in ("passage", "document", "corpus") if key in known), "")
    question = known.get("query", "")
    if not known and re.search(r"(^|[-_/])e5([-_/]|$)", name, re.IGNORECASE):
        # The E5 models were trained with these prefixes, but most of their folders don't say so.
        return "passage: ", "query: "
    return passage, question


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
