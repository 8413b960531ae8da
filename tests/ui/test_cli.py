import json
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT, Start
from ui.cli import main
from ui.terminal import one_line


@pytest.fixture
def indexed(corpus_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARTICLE_QA_INDEX", str(corpus_index))
    return corpus_index


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_ask_prints_quotes_with_numbered_sources(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "ask", "when did Austin last speak to Shoigu")
    assert (status, err) == (0, "")
    first, *_ = out.splitlines()
    assert "Mai 2023" in first
    assert first.endswith("[1]")
    assert "[1] Nach langer Funkstille" in out
    assert "Elbwarte · 2024-05-27 · telefonat-austin-belousow.md" in out


def test_ask_json_is_the_documented_object(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "ask", "when did Austin last speak to Shoigu", "--json", "--lang", "de")
    answer = json.loads(out)
    assert status == 0
    assert list(answer) == [
        "question", "text", "found", "confidence", "mode", "sentences", "citations", "timings", "level",
    ]  # fmt: skip
    assert answer["found"] is True
    assert 0 <= answer["confidence"] <= 1
    assert list(answer["sentences"][0]) == ["text", "citations", "supported"]
    assert list(answer["citations"][0]) == [
        "number", "quote", "article_id", "path", "title", "url", "source", "published", "language",
        "start", "end", "score", "words_start", "words_end",
    ]  # fmt: skip
    assert list(answer["timings"]) == ["search_ms", "evidence_ms", "write_ms", "total_ms"]


def test_ask_that_finds_nothing_says_so_and_is_no_failure(
    indexed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "ask", "Who won the chess championship in 1998?")
    assert status == 0
    assert out.startswith("That is not in these articles.\n\nClosest passages\n[1] ")
    status, out, _ = run(capsys, "ask", "Who won the chess championship in 1998?", "--json")
    assert (status, json.loads(out)["found"]) == (0, False)


def test_status_tells_what_there_is(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "status", "--json")
    facts = json.loads(out)
    assert status == 0
    assert (facts["articles"], facts["stories"]) == (13, 12)
    assert facts["languages"] == {"de": 3, "en": 4, "es": 2, "fr": 2, "ru": 1, "tr": 1}
    assert (facts["first_published"], facts["last_published"]) == ("2024-05-27", "2025-11-27")
    assert facts["health"] == "ok"
    status, out, _ = run(capsys, "status")
    assert "languages" in out
    assert "en 4, de 3" in out


def test_check_compares_all_and_says_what_is_damaged(
    corpus_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index"
    shutil.copytree(corpus_index, index)
    status, out, err = run(capsys, "check", "--index", str(index))
    assert (status, err) == (0, "")
    assert out.startswith("checked 13 articles, ")
    assert out.endswith("no damage found\n")
    with closing(sqlite3.connect(index / "catalog.sqlite")) as catalog:
        catalog.execute("UPDATE article SET text = replace(text, 'Mai 2023', 'Mai 2022')")
        catalog.commit()
    status, out, err = run(capsys, "check", "--index", str(index), "--json")
    assert status == 1
    assert json.loads(out)["paths"] == ["telefonat-austin-belousow.md"]
    remedy = "telefonat-austin-belousow.md is damaged and not quoted: run article-qa index FOLDER"
    assert err == f"article-qa: {remedy}\n"
    status, out, _ = run(capsys, "status", "--index", str(index), "--json")
    assert json.loads(out)["health"] == remedy


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["index", "nowhere"], "there is no folder nowhere: give the folder"),
        (["index", "."], "no articles in .: article-qa reads .txt"),
        (["ask", "why?"], "there is no index in .article-qa: make one with article-qa index FOLDER"),
        (["ask", " "], "the question is empty"),
        (["ask", "why " * 25_000], "the question has 99,999 characters"),
        (["status"], "there is no index"),
        (["chat"], "there is no index"),
        (["chat", "--port", "99999"], "setting port = 99999 is not valid"),
        (
            ["ask", "why?", "--llm", "gpt"],
            "setting llm is not valid: write none, local, ollama/NAME or openai/NAME",
        ),
    ],
)
def test_mistakes_are_one_line_with_the_remedy_and_status_1(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (1, "")
    assert err.startswith("article-qa: ")
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["fly"], ["ask"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "usage: article-qa" in capsys.readouterr().err


def test_index_reports_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], corpus_index: Path, command: list[str]
) -> None:
    """In its own process, from an empty folder, as a first-time user runs it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_bytes((CORPUS / "harbour-bridge-reopens.md").read_bytes())
    (folder / "b\n.txt").write_bytes(b"\x00")
    (folder / "c.png").write_bytes(b"\x00")
    index = str(tmp_path / "index")
    done = subprocess.run(
        [*command, "index", str(folder), "--index", index],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith(
        "1 added, 0 replaced, 0 removed, 0 unchanged, 2 skipped (2 passages encoded, "
    )
    assert "skipped b .txt: not text: it holds zero bytes" in done.stdout
    assert "skipped c.png: .png: not a kind of file that is read" in done.stdout
    assert "\x1b" not in done.stderr
    status, out, _ = run(capsys, "index", str(folder), "--index", index, "--json")
    assert status == 0
    assert json.loads(out)["unchanged"] == 1


def test_nothing_in_a_file_commands_the_terminal() -> None:
    assert one_line("a\x1b[2Jb\nc\u202ed") == "a [2Jb c d"


def test_show_prints_what_the_index_takes_and_what_it_drops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "2024-05-27 bridge.html"
    body = "<p>The bridge opens in spring, the harbour board said on Tuesday evening.</p>"
    page.write_text(
        f"<html lang=en><title>Bridge</title><nav>Home Sport</nav><article><h1>Bridge</h1>{body}"
        "<p>Buses will cross from the first day, lorries must wait until June.</p><p>Share on Facebook</p></article>"
    )
    assert main(["show", str(page)]) == 0
    shown = capsys.readouterr().out
    assert "published      2024-05-27\npublished from file name\n" in shown
    assert "Buses will cross" in shown
    assert "Home Sport" not in shown
    assert main(["show", str(page), "--diff"]) == 0
    *dropped, kept = capsys.readouterr().out.splitlines()
    assert set(dropped) == {"- Home Sport", "- Share on Facebook"}
    assert kept == "kept 25 of 30 words"
    assert main(["show", str(page), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dropped"] == ["Home Sport", "Share on Facebook"]
    assert (told["changed"], told["recognised"]) == ([], False)
    text = tmp_path / "wrapped.txt"
    text.write_text(
        "It opened in May.\n\n"
        + "The harbour board said on Tuesday that the old bridge would open\n" * 2
        + "a\u00adgain."
    )
    assert main(["show", str(text), "--diff"]) == 0
    shown = capsys.readouterr().out
    assert "open\n- a\\u00adgain.\n+ The harbour board" in shown
    assert main(["show", str(tmp_path / "gone.txt")]) == 1
    assert "there is no file" in capsys.readouterr().err


def test_a_followed_folder_is_indexed_again_when_it_changes(
    command: list[str], start: Start, tmp_path: Path
) -> None:
    folder, index = tmp_path / "articles", tmp_path / "articles" / ".index"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge opens in spring.")
    process = start([*command, "index", str(folder), "--index", str(index), "--watch"])
    assert process.stdout
    assert process.stdout.readline().startswith("1 added")
    assert process.stdout.readline() == f"watching {folder}; press Ctrl+C to stop\n"
    time.sleep(1)
    (folder / "b.txt").write_text("Buses will cross first.")
    assert process.stdout.readline().startswith(
        "1 added, 0 replaced, 0 removed, 1 unchanged, 0 skipped (1 passage "
    )
    (folder / "a.txt").rename(folder / "c.txt")
    line = process.stdout.readline()
    assert line.startswith("1 added, 0 replaced, 1 removed, 1 unchanged")
    for path in folder.glob("*.txt"):
        path.unlink()
    assert process.stderr
    assert "no articles in" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 0


def test_eval_scores_the_users_own_questions(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(
        '{"question": "When did Austin last speak to Shoigu?", "answers": ["Mai 2023"]}\n'
        '{"question": "Who won the chess championship in 1998?", "answers": []}\n'
    )
    status, out, err = run(capsys, "eval", str(path))
    assert (status, err) == (0, "")
    assert re.search(r"^sentence first +100.0%$", out, re.MULTILINE)
    assert re.search(r"^refused +100.0%$", out, re.MULTILINE)
    status, out, _ = run(capsys, "eval", str(path), "--json")
    plain = json.loads(out)
    assert plain["scores"]["questions"] == 2
    assert [question["found"] for question in plain["questions"]] == [True, False]
    path.write_text("nonsense")
    status, out, err = run(capsys, "eval", str(path))
    assert (status, out) == (1, "")
    assert "mine.jsonl:1: write" in err


def test_ask_takes_a_path_and_a_tag(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "When does the night train leave?"
    for limit in (("--path", "train-*"), ("--path", "train-de-nuit-lyon-hambourg.txt")):
        _, out, _ = run(capsys, "ask", question, *limit, "--json")
        assert {c["path"] for c in json.loads(out)["citations"]} == {"train-de-nuit-lyon-hambourg.txt"}
    status, out, err = run(capsys, "ask", question, "--path", "no-such.txt", "--json")
    assert (status, out) == (1, "")
    assert "no article has the path 'no-such.txt': choose among" in err
