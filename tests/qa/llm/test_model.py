"""Settings to models. The servers are real ones on loopback that say what a test wants."""

import json
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from pydantic import SecretStr

from index import Settings
from index.errors import ModelError, SettingsError
from qa.llm.model import OLLAMA_URL, Model, model_for, passed_in
from qa.llm.stream import generated, loaded
from tests.fakes import EchoLLM

ASKED = [("system", "Be brief."), ("user", "Well?")]


class Served(BaseHTTPRequestHandler):
    """Answers like an OpenAI-compatible server, in three words, or with `status`.

    One that refuses repeats all that it was sent, as some do.
    """

    requests: list[tuple[str, str | None, dict[str, Any]]]
    headers_sent: list[dict[str, str]]
    status = 200
    location = ""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append((self.path, self.headers["Authorization"], body))
        self.headers_sent.append(dict(self.headers.items()))
        self.send_response(self.status)
        self.send_header("Content-Type", "text/event-stream" if self.status == 200 else "application/json")
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()
        if self.status != 200:
            said = f"refused {self.path} {unquote_plus(self.path)} {dict(self.headers.items())}"
            self.wfile.write(json.dumps({"error": {"message": said, "type": "refused"}}).encode())
        if self.status == 200:
            for word in ("It ", "rained", "."):
                choice = {"index": 0, "delta": {"role": "assistant", "content": word}, "finish_reason": None}
                event = {
                    "id": "1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": "m",
                    "choices": [choice],
                }
                self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(
    status: int = 200, location: str = "", headers: list[dict[str, str]] | None = None
) -> Iterator[tuple[str, list[tuple[str, str | None, dict[str, Any]]]]]:
    facts = {"requests": [], "status": status, "location": location}
    handler = type("Handler", (Served,), {**facts, "headers_sent": [] if headers is None else headers})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler.requests  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def said_by(settings: Settings) -> str:
    model = model_for(settings)
    assert model is not None
    return "".join(word.text for word in generated(model, ASKED, 20))


def test_none_is_no_model() -> None:
    assert model_for(Settings()) is None


def test_an_openai_compatible_server_gets_the_name_the_key_and_the_messages() -> None:
    with served() as (url, requests):
        settings = Settings(llm="openai/some-model", llm_url=f"{url}/v1", llm_key=SecretStr("a-key"))
        assert said_by(settings) == "It rained."
    ((path, authorization, body),) = requests
    assert (path, authorization) == ("/v1/chat/completions", "Bearer a-key")
    assert (body["model"], body["temperature"], body["stream"]) == ("some-model", 0.0, True)
    assert [(m["role"], m["content"]) for m in body["messages"]] == ASKED


def test_ollama_is_asked_as_such_a_server() -> None:
    with served() as (url, requests):
        assert said_by(Settings(llm="ollama/gemma3:4b", llm_url=url)) == "It rained."
    assert (requests[0][0], requests[0][2]["model"]) == ("/v1/chat/completions", "gemma3:4b")


def test_ollama_is_on_this_machine_unless_it_is_named() -> None:
    model = model_for(Settings(llm="ollama/gemma3:4b"))
    assert model is not None
    assert model.name == f"gemma3:4b at {OLLAMA_URL}"


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_server_that_refuses_is_an_error_and_is_asked_once(status: int) -> None:
    with served(status) as (url, requests):
        settings = Settings(llm="openai/m", llm_url=f"{url}/v1", llm_key=SecretStr("a-secret"))
        with pytest.raises(ModelError, match="the language model failed") as raised:
            said_by(settings)
    assert len(requests) == 1
    assert "a-secret" not in str(raised.value)


def test_a_server_that_is_not_there_is_an_error() -> None:
    with served() as (url, _):
        pass
    with pytest.raises(ModelError, match="the language model failed"):
        said_by(Settings(llm="openai/m", llm_url=f"{url}/v1"))


def test_a_server_must_be_named() -> None:
    with pytest.raises(SettingsError, match="ARTICLE_QA_LLM_URL"):
        model_for(Settings(llm="openai/m"))


def test_the_key_is_in_no_representation() -> None:
    settings = Settings(llm="openai/m", llm_key=SecretStr("a-secret"))
    assert "a-secret" not in repr(settings)
    assert "a-secret" not in str(settings.model_dump())


def test_all_who_ask_share_one_model() -> None:
    one, other = (model_for(Settings(llm="ollama/shared")) for _ in range(2))
    assert one is other
    assert model_for(Settings(llm="ollama/another")) is not one


@pytest.mark.parametrize(
    "change",
    [
        {"llm_seconds": 7},
        {"llm_url": "http://127.0.0.1:2"},
        {"llm_key": SecretStr("another")},
        {"llm": "ollama/m"},
    ],
    ids=str,
)
def test_what_changes_a_servers_model_makes_another(change: dict[str, Any]) -> None:
    given = {"llm": "openai/m", "llm_url": "http://127.0.0.1:1", "llm_key": SecretStr("a-key")}
    one = model_for(Settings(**given))
    assert model_for(Settings(**given)) is one
    assert model_for(Settings(**{**given, **change})) is not one


def test_the_local_model_is_loaded_once_whatever_else_is_set(tmp_path: Path) -> None:
    one = model_for(Settings(llm="local", cache=tmp_path))
    assert model_for(Settings(llm="local", cache=tmp_path, llm_seconds=7)) is one
    assert model_for(Settings(llm="local", cache=tmp_path / "other")) is not one


def test_it_is_loaded_once_and_a_failure_is_tried_again() -> None:
    loads: list[int] = []

    def load() -> EchoLLM:
        loads.append(1)
        if len(loads) == 1:
            raise ModelError("not yet")
        return EchoLLM()

    model = Model("echo", load)
    with pytest.raises(ModelError):
        model.load()
    assert model.load() is model.load()
    assert len(loads) == 2


def test_llamaindex_settings_are_left_alone() -> None:
    from llama_index.core import Settings as Global

    before = Global._llm
    with served() as (url, _):
        said_by(Settings(llm="openai/m", llm_url=f"{url}/v1"))
    assert Global._llm is before
    assert passed_in(EchoLLM()).name == "echo"


USER, PASSWORD, VALUE, KEY = "us%40er-secret", "p%3Aw+secret", "q%2Fsecret+x", "k-secret-0123456789"
DECODED = ["us@er-secret", "p:w+secret", "q/secret x", "q/secret+x"]
BASIC = "Basic dXNAZXItc2VjcmV0OnA6dytzZWNyZXQ="


def with_secrets(url: str) -> str:
    return url.replace("http://", f"http://{USER}:{PASSWORD}@") + f"/v1?api_key={VALUE}&version=2#frag-secret"


def assert_secret(text: str) -> None:
    assert not [s for s in [USER, PASSWORD, VALUE, KEY, *DECODED, BASIC[6:], "secret"] if s in text]


def test_an_addresss_user_password_and_query_reach_the_server(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with served() as (url, requests):
        settings = Settings(llm="openai/m", llm_url=with_secrets(url))
        model = model_for(settings)
        assert said_by(settings) == "It rained."
    assert model
    assert model.name == f"m at {url}/v1"
    ((path, authorization, _),) = requests
    assert (path, authorization) == (f"/v1/chat/completions?api_key={VALUE}&version=2", BASIC)
    assert "chat/completions" in caplog.text
    assert_secret(caplog.text)


def test_an_ollama_behind_a_password_is_asked_below_v1() -> None:
    with served() as (url, requests):
        said_by(Settings(llm="ollama/m", llm_url=f"{url.replace('//', '//me:too@')}/?v1=a"))
    assert requests[0][:2] == ("/v1/chat/completions?v1=a", "Basic bWU6dG9v")


@pytest.mark.parametrize("status", [301, 400, 401, 500])
@pytest.mark.parametrize("key", [None, KEY])
def test_what_a_server_repeats_is_shown_without_secrets(
    status: int, key: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with served(status) as (url, _):
        address = f"{url}/v1?api_key={VALUE}" if key else with_secrets(url)
        settings = Settings(llm="openai/m", llm_url=address, llm_key=key)
        with pytest.raises(ModelError, match=f"the language model failed .m at {url}/v1.: ") as raised:
            said_by(settings)
    assert_secret("".join(traceback.format_exception(raised.value)[-1:]))
    assert_secret(caplog.text)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_a_server_that_is_not_there_is_told_without_secrets() -> None:
    with served() as (url, _):
        pass
    with pytest.raises(ModelError, match="the language model failed") as raised:
        said_by(Settings(llm="openai/m", llm_url=with_secrets(url)))
    assert_secret(str(raised.value))


def test_no_server_is_asked_to_which_the_named_one_points() -> None:
    with (
        served() as (elsewhere, asked),
        served(307, f"{elsewhere}/v1/chat/completions") as (url, requests),
        pytest.raises(ModelError, match="the language model failed"),
    ):
        said_by(Settings(llm="openai/m", llm_url=with_secrets(url)))
    assert (len(requests), asked) == (1, [])


def test_nothing_of_openais_variables_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", "env-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer env-secret\nX-Other: env-secret")
    headers: list[dict[str, str]] = []
    with served(headers=headers) as (url, _):
        said_by(Settings(llm="openai/m", llm_url=f"{url}/v1"))
    assert headers
    assert "secret" not in str(headers)


def test_ollamas_usual_server_gets_no_key(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served() as (url, requests):
        monkeypatch.setattr("qa.llm.model.OLLAMA_URL", url)
        assert said_by(Settings(llm="ollama/keyless", llm_key=KEY)) == "It rained."
    assert requests[0][1] == "Bearer none"
    assert (
        f"the llm_key is not sent to {url}: set llm_url to that address if the key is for it"
        in caplog.messages
    )


def test_a_user_in_the_address_stands_before_a_key(caplog: pytest.LogCaptureFixture) -> None:
    with served() as (url, requests):
        said_by(Settings(llm="openai/m", llm_url=with_secrets(url), llm_key=KEY))
    assert requests[0][1] == BASIC
    assert f"the llm_key is not sent to {url}/v1, whose address holds a user and password" in caplog.text
    assert_secret(caplog.text)


def test_the_key_of_a_callers_own_model_is_in_no_error() -> None:
    from llama_index.llms.openai_like import OpenAILike

    with served(401) as (url, _):
        base = f"{url}/v1"
        llm = OpenAILike(model="m", api_base=base, api_key=KEY, is_chat_model=True, max_retries=0)
        with pytest.raises(ModelError, match="refused") as raised:
            list(generated(passed_in(llm), ASKED, 20))
    assert_secret(str(raised.value))
    assert raised.value.__cause__ is None


def test_a_model_that_cannot_be_made_is_an_error_without_secrets() -> None:
    def fail() -> EchoLLM:
        raise ValueError(f"no model with {KEY}")

    with pytest.raises(
        ModelError, match=r"^the language model failed \(m\): no model with \*\*\*$"
    ) as raised:
        loaded(Model("m", fail, secrets=[KEY]))
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
