"""Settings to models. The servers here are real ones on loopback that say what they are told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from index import Settings
from index.errors import ModelError, SettingsError
from qa.generation import generated
from qa.llm import OLLAMA_URL, model_for, passed_in
from tests.fakes import EchoLLM

ASKED = [("system", "Be brief."), ("user", "Well?")]


class Served(BaseHTTPRequestHandler):
    """Answers like an OpenAI-compatible server, in three words, or with `status`."""

    requests: list[tuple[str, str | None, dict[str, Any]]]
    status = 200

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.status)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
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
def served(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str | None, dict[str, Any]]]]]:
    handler = type("Handler", (Served,), {"requests": [], "status": status})
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


def test_all_who_ask_share_one_model(tmp_path: object) -> None:
    one, other = (model_for(Settings(llm="ollama/shared")) for _ in range(2))
    assert one is other
    assert model_for(Settings(llm="ollama/another")) is not one


def test_it_is_loaded_once_and_a_failure_is_tried_again() -> None:
    from qa.llm import Model

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
