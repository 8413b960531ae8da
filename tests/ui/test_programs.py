"""What the README and docs/programs.md tell other programs is run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from mcp import Client, StdioServerParameters

from tests.conftest import ROOT
from tests.ui.conftest import Site
from tests.ui.seeing import AUSTIN

README = (ROOT / "README.md").read_text("utf-8")
PROGRAMS = (ROOT / "docs" / "programs.md").read_text("utf-8")
BIN = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
DOCUMENTED = "127.0.0.1:7860"
AUSTINS = "telefonat-austin-belousow.md"


def block(text: str, language: str) -> str:
    """Return the last block of a language."""
    found = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[-1]
    assert isinstance(found, str)
    return found


def at(site: Site, text: str) -> str:
    assert DOCUMENTED in text
    return text.replace(DOCUMENTED, urlsplit(site.address).netloc)


def printed(*arguments: str, folder: Path | None = None) -> str:
    environment = {**os.environ, "PATH": BIN}
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=True, cwd=folder, env=environment, timeout=300
    )
    return done.stdout


def test_the_readmes_requests_are_answered(site: Site) -> None:
    commands = at(site, block(README, "sh"))
    assert len(re.findall("^curl ", commands, re.MULTILINE)) == 4
    decoder, sent, results = json.JSONDecoder(), printed("bash", "-e", "-c", commands), []
    while sent := sent.lstrip():
        result, end = decoder.raw_decode(sent)
        results.append(result)
        sent = sent[end:]
    answer, *_growing, whole, found, article = results
    assert (answer["level"], answer["citations"][0]["path"]) == ("found", AUSTINS)
    assert (whole["text"], "writing" in whole) == (answer["text"], False)
    assert AUSTINS in [passage["path"] for passage in found["passages"]]
    assert (article["path"], len(article["text"])) == (AUSTINS, 500)


def test_the_documented_program_reads_an_answer_as_it_grows(site: Site) -> None:
    assert printed(sys.executable, "-c", at(site, block(PROGRAMS, "python"))) == (
        "found telefonat-austin-belousow.md\n"
    )


def test_the_addresses_that_the_readme_names_answer(site: Site) -> None:
    import httpx

    assert f"http://{DOCUMENTED}/api/v1/" in README
    assert "OpenAPI" in httpx.get(f"{site.address}/api/v1/", timeout=120).text
    named = json.loads(at(site, block(PROGRAMS, "json")))["mcpServers"]["articles"]

    async def main() -> None:
        async with Client(named["url"]) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == [
                "ask",
                "search",
                "read_article",
            ]

    anyio.run(main)


@pytest.fixture
def workplace(corpus_index: Path, tmp_path: Path) -> Path:
    """A folder with an index, where the README's commands are run."""
    (tmp_path / ".article-qa").symlink_to(corpus_index)
    return tmp_path


def test_the_readmes_configuration_starts_a_server(workplace: Path) -> None:
    named: dict[str, Any] = json.loads(block(README, "json"))["mcpServers"]["articles"]
    environment = {**os.environ, "PATH": BIN}
    server = StdioServerParameters(**named, cwd=workplace, env=environment)

    async def main() -> None:
        # Any client starts it so; this one is the protocol's own.
        with anyio.fail_after(300):
            async with Client(server) as client:
                await client.list_tools()
                answer = await client.call_tool("ask", {"question": AUSTIN})
        assert answer.structured_content
        cited = answer.structured_content["citations"][0]
        assert cited["path"] == AUSTINS

    anyio.run(main)


def test_the_readmes_client_uses_the_server_of_the_page_and_one_of_its_own(
    site: Site, workplace: Path
) -> None:
    line = f"found | {AUSTINS} | Nach langer Funkstille: Austin und Beloussow sprechen am Telefon\n"
    assert printed(sys.executable, "-c", at(site, block(README, "python")), folder=workplace) == line * 2


def test_a_server_ends_with_its_client_though_others_keep_its_input_open(workplace: Path) -> None:
    hello: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "initialize"}
    hello["params"] = {"protocolVersion": "2025-03-26", "capabilities": {}}
    hello["params"]["clientInfo"] = {"name": "test", "version": "1"}
    command, pipe = [str(Path(sys.executable).parent / "article-qa"), "mcp"], subprocess.PIPE
    with subprocess.Popen(command, cwd=workplace, text=True, stdin=pipe, stdout=pipe, stderr=pipe) as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        print(json.dumps(hello), file=server.stdin, flush=True)
        assert "serverInfo" in server.stdout.readline()
        server.stdout.close()
        assert server.wait(60) == 0
        assert "Traceback" not in server.stderr.read()
