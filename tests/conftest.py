"""What all tests share: the real encoder, loaded once, and a real index of the sample articles."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Settings, build, load_encoder
from index.encoder import SentenceEncoder

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return load_encoder(Settings())


@pytest.fixture(scope="session")
def corpus_index(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "index"
    build(CORPUS, Settings(index=path), encoder=encoder)
    return path


@pytest.fixture(scope="session")
def settings_for() -> Callable[[Path], Settings]:
    return lambda index: Settings(index=index)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    monkeypatch.chdir(tmp_path)
    for name in ("INDEX", "ENCODER", "CHROMA", "LLM", "HOST", "PORT", "EXAMPLES"):
        monkeypatch.delenv(f"ARTICLE_QA_{name}", raising=False)


@pytest.fixture
def command() -> list[str]:
    return [sys.executable, "-m", "ui.cli"]
