"""What a file among articles may set, where settings come from, and which server a key is for."""

import json
import os
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from index import Settings, open_index
from index.errors import IndexMissingError, SettingsError
from index.settings import HARMLESS, Loaded, load, read
from index.trust import distrust, read_file, store, trust, trusted, user_file
from qa import Engine, query

VALUES = {
    "index": "elsewhere",
    "encoder": "someone/model",
    "cross_encoder": "someone/model",
    "cache": "elsewhere",
    "chroma": "http://host:8000",
    "llm": "local",
    "llm_url": "http://host/v1",
    "llm_key": "k-secret",
    "host": "0.0.0.0",
}
ONE, TWO = "http://one/v1", "http://two/v1"


def written(path: Path, **values: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))
    return path


def trust_at(path: Path) -> None:
    file = read_file(path)
    assert file
    trust(file)


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - HARMLESS))
def test_a_file_among_articles_counts_only_once_it_is_trusted(name: str, tmp_path: Path) -> None:
    """For every setting that is not listed as harmless, and so for each that is added."""
    path = written(tmp_path / "article-qa.toml", port=8000, **{name: VALUES.get(name, "anything")})
    with pytest.raises(
        SettingsError, match=f"{path} sets {name} and is not trusted: run article-qa trust if"
    ):
        load()
    for call in (Engine, open_index, lambda: query("Why?")):
        with pytest.raises(SettingsError, match="is not trusted"):
            call()
    if name in VALUES:
        trust_at(path)
        loaded = read(environment={})
        assert (loaded.guarded, loaded.file) == ((name,), path.resolve())
        path.write_text(path.read_text() + "\n")
        with pytest.raises(SettingsError, match="is not trusted"):
            load()


def test_harmless_settings_count_at_once(tmp_path: Path) -> None:
    written(tmp_path / "article-qa.toml", port=8000, llm_seconds=5, examples=["a?"])
    loaded = read()
    assert (loaded.settings.port, loaded.settings.llm_seconds, loaded.settings.examples) == (8000, 5, ("a?",))
    assert (loaded.guarded, loaded.held_back) == ((), None)
    assert not store().exists()


def test_what_is_overridden_need_not_be_trusted(tmp_path: Path) -> None:
    written(tmp_path / "article-qa.toml", index="theirs", llm="local")
    settings = load(environment={"ARTICLE_QA_LLM": "none"}, given={"index": Path("mine")})
    assert (settings.index, settings.llm) == (Path("mine"), "none")
    with pytest.raises(SettingsError, match="sets llm and"):
        load(environment={"ARTICLE_QA_LLM": ""}, given={"index": Path("mine")})
    with pytest.raises(SettingsError, match="sets llm and"):
        open_index("mine")
    written(tmp_path / "article-qa.toml", index="theirs")
    with pytest.raises(IndexMissingError, match="no index in mine"):
        open_index("mine")


def test_the_weakest_is_the_users_own_file(tmp_path: Path) -> None:
    assert user_file() == tmp_path / "config" / "article-qa" / "article-qa.toml"
    written(user_file(), index="a", encoder="a", host="a", port=1)
    assert read().guarded == ()
    trust_at(written(tmp_path / "article-qa.toml", encoder="b", host="b", port=2))
    environment = {"ARTICLE_QA_HOST": "c", "ARTICLE_QA_PORT": "3"}
    loaded = read(environment=environment, given={"port": 4, "index": None})
    found = loaded.settings
    assert (found.index, found.encoder, found.host, found.port) == (Path("a"), "b", "c", 4)
    assert loaded.guarded == ("encoder",)
    written(user_file(), llm_kye="k-secret")
    with pytest.raises(
        SettingsError, match=rf"unknown setting llm_kye in {user_file()}: did you mean llm_key"
    ):
        load()


def test_the_users_own_file_needs_no_trust_from_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(user_file(), index="a")
    monkeypatch.chdir(user_file().parent)
    assert read() == Loaded(Settings(index="a"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article-qa.toml").symlink_to(user_file())
    assert load().index == Path("a")


def test_links_count_as_what_they_lead_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = written(tmp_path / "real" / "settings.toml", index="a")
    (tmp_path / "real" / "article-qa.toml").symlink_to("settings.toml")
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    trust_at(tmp_path / "link" / "article-qa.toml")
    assert list(trusted().digests) == [str(real)]
    for folder in ("real", "link"):
        monkeypatch.chdir(tmp_path / folder)
        assert load().index == Path("a")
    # The same bytes elsewhere are another file.
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "article-qa.toml").write_bytes(real.read_bytes())
    with pytest.raises(SettingsError, match="is not trusted"):
        load(tmp_path / "copy")
    # As is another one behind the same link.
    other = written(tmp_path / "other.toml", index="b")
    (tmp_path / "real" / "article-qa.toml").unlink()
    (tmp_path / "real" / "article-qa.toml").symlink_to(other)
    with pytest.raises(SettingsError, match="is not trusted"):
        load(tmp_path / "real")


def test_trust_is_kept_for_the_user_alone_and_taken_back(tmp_path: Path) -> None:
    one, two = (written(tmp_path / name / "article-qa.toml", index="a") for name in ("one", "two\udcff"))
    trust_at(one)
    trust_at(two)
    assert stat.S_IMODE(store().stat().st_mode) == 0o600
    assert {path.name for path in store().parent.iterdir()} <= {"trusted.json", "trusted.lock"}
    assert load(one.parent).index == load(two.parent).index == Path("a")
    two.unlink()
    assert distrust(two)
    assert not distrust(two)
    assert list(trusted().digests) == [str(one)]


@pytest.mark.parametrize(
    "damage", ["", "[]", "{", "null", '{"trusted": []}', '{"trusted": {"a": 1}}', "[" * 10_000, "\udcff"]
)
def test_when_what_is_kept_is_damaged_nothing_is_trusted(tmp_path: Path, damage: str) -> None:
    path = written(tmp_path / "article-qa.toml", index="a")
    trust_at(path)
    store().write_bytes(os.fsencode(damage))
    with pytest.raises(SettingsError, match=r"is not trusted \(.*trusted\.json is damaged, so no file is"):
        load()
    trust_at(path)
    assert load().index == Path("a")


def sent(folder: Path, environment: dict[str, str], **given: object) -> tuple[str | None, str | None]:
    loaded = read(folder, {f"ARTICLE_QA_{name}": value for name, value in environment.items()}, given)
    key = loaded.settings.llm_key
    return key.get_secret_value() if key else None, loaded.held_back


def test_a_key_is_for_the_server_that_its_own_place_names(tmp_path: Path) -> None:
    llm = {"LLM": "openai/m"}
    # All in one place.
    assert sent(tmp_path, {**llm, "LLM_URL": ONE, "LLM_KEY": "env"}) == ("env", None)
    # The user's file names the server, the environment the key.
    written(user_file(), llm_url=ONE)
    key, line = sent(tmp_path, {**llm, "LLM_KEY": "env-secret"})
    assert key is None
    assert line == (
        f"the llm_key of the environment is not sent to the llm_url that {user_file()} names: name the key "
        "and its server in the same place"
    )
    # The other way round.
    written(user_file(), llm_url=ONE, llm_key="own")
    assert sent(tmp_path, llm) == ("own", None)
    assert sent(tmp_path, {**llm, "LLM_URL": TWO})[0] is None
    assert sent(tmp_path, {**llm, "LLM_URL": TWO, "LLM_KEY": "env"}) == ("env", None)
    assert sent(tmp_path, llm, llm_url=TWO)[0] is None
    # The server is the same, whoever names it.
    assert sent(tmp_path, {**llm, "LLM_URL": ONE}) == ("own", None)
    # A key of the environment does not replace one that was named with its server, and it is said.
    key, line = sent(tmp_path, {**llm, "LLM_KEY": "env"})
    assert key == "own"
    assert line
    # The folder's file, trusted, names a server: no other place's key goes there.
    trust_at(written(tmp_path / "article-qa.toml", llm_url=TWO))
    assert sent(tmp_path, {**llm, "LLM_KEY": "env"})[0] is None
    assert sent(tmp_path, llm)[0] is None
    # Or a key alone: it goes nowhere.
    trust_at(written(tmp_path / "article-qa.toml", llm_key="theirs"))
    key, line = sent(tmp_path, llm)
    assert key == "own"
    assert line


def test_no_key_without_a_server_that_is_named(tmp_path: Path) -> None:
    key, line = sent(tmp_path, {"LLM": "ollama/m", "LLM_KEY": "env"})
    assert key is None
    assert line
    assert "a server that no llm_url names" in line
    # Nothing is sent, and so nothing held back.
    assert sent(tmp_path, {"LLM_KEY": "env"})[1] is None


def test_python_is_told_of_a_key_that_is_held_back(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    written(user_file(), llm_url=ONE)
    settings = load(environment={"ARTICLE_QA_LLM": "openai/m", "ARTICLE_QA_LLM_KEY": "env-secret"})
    assert settings.llm_key is None
    assert "the llm_key of the environment is not sent" in caplog.text
    assert "secret" not in caplog.text
    assert load(environment={}, given={"llm_key": SecretStr("k"), "llm_url": TWO}).llm_key == SecretStr("k")
