"""The command `trust`, and what commands say about where settings come from."""

import json
from pathlib import Path

import pytest

from index.trust import store
from tests.qa.llm.test_model import served
from ui.cli import main

SET = 'index = "{index}"\nllm = "openai/m"\nllm_url = "{url}"\nllm_key = "k-secret"\n'


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_folder_that_brings_settings_sends_nothing_until_it_is_trusted(
    corpus_index: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All the way: refused, trusted, reported and used, changed and refused again."""
    question = "When did Austin last speak to Shoigu?"
    path = tmp_path / "article-qa.toml"
    with served() as (url, requests):
        address = f"{url.replace('//', '//us-secret:p-secret@')}/v1?api_key=q-secret"
        path.write_text(SET.format(index=corpus_index, url=address))
        monkeypatch.setenv("ARTICLE_QA_LLM_KEY", "env-secret")
        for command in (
            ["index", "."],
            ["ask", question],
            ["chat"],
            ["eval", "a"],
            ["status"],
            ["status", "--json"],
        ):
            (tmp_path / "a").touch()
            status, out, err = run(capsys, *command)
            assert (status, out, err.count("\n")) == (1, "", 1)
            assert err.startswith(
                f"article-qa: {path} sets index, llm, llm_url and is not trusted: run article-qa trust"
            )
        assert main(["show", str(path)]) == 0
        assert not requests
        assert not store().exists()
        capsys.readouterr()

        status, out, err = run(capsys, "trust")
        assert (status, err) == (0, "")
        assert f"llm url          {url}/v1\n" in out
        assert out.endswith(f"{path} is trusted until it changes\n")
        assert "secret" not in out

        status, out, err = run(capsys, "ask", question, "--json")
        assert json.loads(out)["found"]
        assert err.splitlines()[0] == f"article-qa: using index, llm, llm_url from {path}"
        assert "the llm_key of the environment is not sent" in err
        assert "secret" not in out + err
        assert "env-secret" not in str(requests)
        assert "k-secret" not in str(requests)
        assert requests[0][1] == "Basic dXMtc2VjcmV0OnAtc2VjcmV0"

        # A command reports only the settings that it uses.
        assert run(capsys, "status", "--json")[2] == f"article-qa: using index from {path}\n"
        assert run(capsys, "ask", question, "--llm", "none")[2] == f"article-qa: using index from {path}\n"
        assert run(capsys, "status", "--index", str(corpus_index))[2] == ""

        assert run(capsys, "trust", "--remove")[1] == "article-qa.toml is no longer trusted\n"
        assert run(capsys, "trust", "--remove", str(path))[1] == f"{path} was not trusted\n"
        assert run(capsys, "status")[0] == 1


def test_trust_takes_a_file_or_its_folder_and_refuses_what_is_wrong(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    path = tmp_path / "there" / "article-qa.toml"
    assert "there is no file article-qa.toml: give" in run(capsys, "trust")[2]
    path.write_text('llm_url = "http://us:p-secret@host:a/v1"')
    for argument in (str(path), str(path.parent)):
        status, out, err = run(capsys, "trust", argument)
        assert (status, out) == (1, "")
        assert err.startswith("article-qa: setting llm_url is not valid")
        assert "secret" not in err
    assert not store().exists()
    path.write_text("port = 8000\n")
    store().parent.mkdir(parents=True)
    store().write_text("{")
    status, out, err = run(capsys, "trust", str(path.parent))
    assert (status, out) == (0, f"port             8000\n{path} is trusted until it changes\n")
    assert err.startswith(f"article-qa: {store()} was damaged and will be replaced")
