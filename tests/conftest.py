"""What all tests share: the real encoder, loaded once, and a real index of the sample articles."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from index import Settings, build, load_encoder
from index.model.encoder import SentenceEncoder

# Time tells a busy machine from an idle one, not a right answer from a wrong one.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
Start = Callable[[list[str]], "subprocess.Popen[str]"]


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
    # For commands that are started as processes, too.
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # Save the cache: the bundled model may have been unpacked elsewhere.
    for name in Settings.model_fields.keys() - {"cache"}:
        monkeypatch.delenv(f"ARTICLE_QA_{name.upper()}", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell starts what runs in its background deaf to Ctrl+C, and so would be all that a test starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def command() -> list[str]:
    return [sys.executable, "-m", "ui.cli"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start commands that run until they are stopped; a test that fails leaves none behind."""
    started: list[subprocess.Popen[str]] = []

    def start(arguments: list[str]) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(arguments, stdout=pipe, stderr=pipe, text=True, cwd=ROOT))
        return started[-1]

    yield start
    for process in started:
        with process:
            process.kill()
