import threading
from pathlib import Path

import pytest

from index import Settings
from index.model import shared
from tests.fakes import HashEncoder


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the encoders that were loaded, each slowly."""
    names: list[str] = []

    def load(settings: Settings) -> HashEncoder:
        names.append(settings.encoder)
        threading.Event().wait(0.05)
        return HashEncoder()

    monkeypatch.setattr(shared, "load_encoder", load)
    return names


def test_indexes_of_one_encoder_share_it(loaded: list[str], tmp_path: Path) -> None:
    one, other = (Settings(index=tmp_path / name, encoder=f"{tmp_path.name}/a") for name in "ab")
    encoder = shared.shared_encoder(one)
    assert all(shared.shared_encoder(settings) is encoder for settings in (other, one, other))
    assert len(loaded) == 1


def test_encoders_in_turn_are_each_loaded_once_while_they_are_in_use(
    loaded: list[str], tmp_path: Path
) -> None:
    settings = [Settings(encoder=f"{tmp_path.name}/{name}") for name in "ab"]
    in_use = [shared.shared_encoder(each) for each in settings]
    for _ in range(3):
        assert [shared.shared_encoder(each) for each in settings] == in_use
    assert len(loaded) == 2
    del in_use
    # Only the last one is kept now.
    shared.shared_encoder(settings[1])
    assert len(loaded) == 2
    shared.shared_encoder(settings[0])
    assert len(loaded) == 3


def test_threads_that_ask_at_once_load_it_once(loaded: list[str], tmp_path: Path) -> None:
    settings = Settings(encoder=f"{tmp_path.name}/a")
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(shared.shared_encoder(settings))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 1
    assert len(set(map(id, found))) == 1


def test_an_encoder_that_could_not_be_loaded_is_tried_again(
    loaded: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(encoder=f"{tmp_path.name}/a")
    with monkeypatch.context() as then:
        then.setattr(shared, "load_encoder", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shared.shared_encoder(settings)
    assert shared.shared_encoder(settings)
    assert len(loaded) == 1
