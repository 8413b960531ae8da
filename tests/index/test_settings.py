from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import Settings, load


def test_the_environment_is_read_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "article-qa.toml").write_text('index = "from-file"\nport = 8000\nexamples = ["a?", "b?"]\n')
    settings = load(tmp_path, {"ARTICLE_QA_INDEX": "from-env", "ARTICLE_QA_HOST": "", "OTHER": "x"})
    assert settings.index == Path("from-env")
    assert settings.port == 8000
    assert settings.host == "127.0.0.1"
    assert settings.examples == ("a?", "b?")


@pytest.mark.parametrize(
    ("file", "environment", "message"),
    [
        ("indx = 'a'", {}, r"unknown setting indx in .*article-qa.toml: did you mean index\?"),
        ("", {"ARTICLE_QA_ENCODRE": "x"}, r"unknown setting ARTICLE_QA_ENCODRE .*mean ARTICLE_QA_ENCODER\?"),
        ("", {"ARTICLE_QA_ZZZZ": "x"}, "known are ARTICLE_QA_INDEX, "),
        ("port = 70000", {}, "setting port = 70000 is not valid"),
        ("", {"ARTICLE_QA_PORT": "-1"}, "setting port = '-1' is not valid"),
        ("", {"ARTICLE_QA_PORT": "many"}, "setting port is not valid"),
        ("", {"ARTICLE_QA_CHROMA": "localhost"}, "setting chroma is not valid: write http"),
        (
            "",
            {"ARTICLE_QA_CHROMA": "http://a:b@h/c?d"},
            "setting chroma = http://h/c is not valid: write http",
        ),
        ("port = ", {}, "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, file: str, environment: dict[str, str], message: str) -> None:
    (tmp_path / "article-qa.toml").write_text(file)
    with pytest.raises(SettingsError, match=message) as caught:
        load(tmp_path, environment)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("port", "sk-SECRET"),
        ("port", "SECRET1234"),
        ("llm_seconds", "sk-SECRET"),
        ("llm", "sk-SECRET"),
        ("llm", "openai/http://u:SECRET@h/m"),
        ("llm", "ollama/u:SECRET@h"),
        ("host", ["sk-SECRET"]),
    ],
)
def test_what_was_typed_in_the_wrong_place_is_not_shown(tmp_path: Path, name: str, typed: object) -> None:
    with pytest.raises(SettingsError, match=f"setting {name} is not valid") as caught:
        load(tmp_path, {}, {name: typed})
    assert "SECRET" not in str(caught.value)


def test_replaced_checks_like_all_others() -> None:
    assert Settings().replaced(port=None, index="x").index == Path("x")
    with pytest.raises(SettingsError):
        Settings().replaced(port=0)
