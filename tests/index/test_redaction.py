import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from index import Settings
from index.errors import SettingsError
from index.redaction import Address, scrubbed, shown
from index.settings import load

WHOLE = "https://us%40er:p%3Aw%20d@host.example:8443/v1?api_key=q%2Fsecret&bare-secret#frag-secret"
# As typed, decoded, and as a header.
PARTS = [
    "us%40er",
    "us@er",
    "p%3Aw",
    "p:w",
    "q%2Fsecret",
    "q/secret",
    "bare-secret",
    "frag-secret",
    "api_key",
]


def test_an_address_is_shown_without_its_secrets_and_asked_for_by_name() -> None:
    settings = Settings(llm_url=WHOLE, chroma="http://us%40er:p%3Aw@host:8000", llm_key="k-secret")
    address = settings.llm_url
    assert address
    shown = [repr(address), f"{address}", repr(settings), str(settings), repr(settings.model_dump())]
    shown += [settings.model_dump_json(), json.dumps(settings.model_dump(mode="json"))]
    for text in shown:
        assert not [part for part in [*PARTS, "k-secret"] if part in text]
    assert str(address) == "https://host.example:8443/v1"
    assert address.get_secret_value() == WHOLE
    assert address.authorization == "Basic dXNAZXI6cDp3IGQ="


@pytest.mark.parametrize(
    "typed",
    [
        "http://user:pa/secret@host/v1",
        "http://user:1234/secret@host/v1",
        "http://user:pa?secret@host/v1",
        "http://user:12#secret@host/v1",
        "http://user:sec[ret@host/v1",
        "http://user:secret@host:port/v1",
        "http://user:secret@/v1",
        "http://user:sec ret@host",
        "http://user:sec\\ret@host",
        "http://user:secret\n@host",
        "user:secret@host:8000",
        "ftp://user:secret@host",
        "http//user:secret@host",
        "http://host&key=secret/v1",
        "secret",
        "",
    ],
)
@pytest.mark.parametrize("name", ["llm_url", "chroma"])
def test_what_cannot_be_an_address_is_refused_and_not_repeated(typed: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as raw:
        Settings(**{name: typed})
    assert "sec" not in str(raw.value)
    file = tmp_path / "article-qa.toml"
    calls: list[Callable[[], Settings]] = [lambda: Settings().replaced(**{name: typed})]
    if typed:
        calls.append(lambda: load(tmp_path, {f"ARTICLE_QA_{name.upper()}": typed}))
    for call in calls:
        with pytest.raises(SettingsError, match=f"setting {name} is not valid: write http://") as caught:
            call()
        assert "sec" not in str(caught.value)
        assert "\n" not in str(caught.value)
        # What Python shows or a logger walks: neither cause nor context holds what was typed.
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
    assert not file.exists()
    assert "sec" not in repr(Address(typed))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("llm_key", ["k-secret"]),
        ("llm_key", {"a": "k-secret"}),
        ("llm_key", 20240531),
        ("llm_key", "k-secret with blanks"),
        ("llm_key", "k-secret\n"),
        ("llm_url", ["http://user:k-secret@host"]),
        ("llm_url", {"url": "http://k-secret"}),
        ("llm", {"key": "k-secret"}),
        ("llm", "http://user:k-secret@host"),
        ("llm", "k-secret-0123456789-0123456789"),
        ("host", ["k-secret"]),
        ("port", "http://k-secret@host"),
        ("port", ["k-secret"]),
        ("index", ["k-secret"]),
        ("examples", {"a": "k-secret"}),
        ("examples", [["k-secret"]]),
        ("unheard_of", "k-secret"),
    ],
)
def test_nothing_that_may_be_a_secret_is_repeated(name: str, value: object) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings().replaced(**{name: value})
    assert "secret" not in str(caught.value)
    assert "2024" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "llm_key = k-secret",
        "llm_key = 'k-secret",
        "llm_key = 'a'\nllm_key = 'k-secret'",
        "['k-secret']\n['k-secret']",
        "\"http://user:k-secret@host\" = 1",
        "'k-secret 1' = 2",
        "llm_key = \"k-secret\\q\"",
        "llm_kye = 'k-secret'",
        "[llm]\nkey = 'k-secret'",
        "llm_key = 'k-secret\xff'",
    ],
)  # fmt: skip
def test_a_broken_file_is_told_by_its_place_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "article-qa.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"article-qa\.toml") as caught:
        load(tmp_path, {})
    assert "secret" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Incorrect API key provided: sk-proj-0123456789abcdef.", "Incorrect API key provided: ***."),
        ("key sk-proj-********cdef is unknown", "key *** is unknown"),
        ("sk-proj-0123456", "***"),
        ("GET /v1?api_key=q%2fSecret failed", "GET /v1?api_key=*** failed"),
        ("GET /v1?api_key=q%2FSecret&x=1 failed", "GET /v1?api_key=***&x=*** failed"),
        ("q/Secret 'p\\'w' \"p'w\" p&#x27;w", "*** '***' \"***\" ***"),
        ("error 401 after 10 s", "error 401 after 10 s"),
        ("v/o: x=1", "v/o: x=***"),
    ],
)
def test_secrets_are_scrubbed_in_any_form(text: str, left: str) -> None:
    assert scrubbed(text, ["sk-proj-0123456789abcdef", "q/Secret", "p'w", "1"]) == left


def test_another_address_leaves_the_key_behind(caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(llm="openai/m", llm_url="http://one/v1?q=q-secret", llm_key="k-secret")
    same = settings.replaced(port=1, llm_url="http://one/v1?q=q-secret")
    assert same.llm_key == SecretStr("k-secret")
    both = settings.replaced(llm_url="http://two/v1", llm_key="k-other")
    assert both.llm_key == SecretStr("k-other")
    assert not caplog.records
    with caplog.at_level(logging.WARNING):
        for address in ("http://two/v1", "http://one/v1", Address("http://one:81/v1?q=q-secret")):
            assert settings.replaced(llm_url=address).llm_key is None
    assert "the llm_key is not sent to http://two/v1: give it together with that llm_url" in caplog.messages
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("http://u:pwSECRET@h/?k=SECRET", "http://h/"),
        ("https://user:SECRET@host/x?k=SECRET", "https://host/x"),
        ("user:SECRET@host", "***"),
        ("user:SECRET", "***"),
        ("host/?key=SECRET", "***"),
        ("http%3A%2F%2Fu%3ASECRET%40h", "***"),
        ("org/model", "org/model"),
        ("articles.example:8080", "articles.example:8080"),
        ("::1", "::1"),
        ("[fe80::1]", "[fe80::1]"),
    ],
)
def test_a_setting_is_shown_without_what_is_secret(typed: str, seen: str) -> None:
    assert shown(typed) == seen
