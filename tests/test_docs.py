"""The README's commands do what it says: each is run, and what it shows is compared."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT

README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    (tmp_path / "corpus").symlink_to(CORPUS)
    return tmp_path


def run(arguments: list[str], folder: Path) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, "PATH": path}
    )
    return done.stdout


def test_the_readmes_commands_and_python_print_what_it_shows(workplace: Path) -> None:
    (console,) = blocks("console")
    steps = re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]
    asked = 0
    for step in steps:
        command, _, shown = step.partition("\n")
        if command.startswith("article-qa") and command != "article-qa chat":
            printed = run(["bash", "-c", command], workplace)
            assert printed.startswith(shown.strip())
            asked += bool(shown.strip())
    assert asked == 2
    (python,), (shown,) = blocks("python"), blocks("text")
    assert run([sys.executable, "-c", python], workplace) == shown


def test_the_makefiles_targets_are_those_the_readme_names() -> None:
    for target in re.findall(r"`?make (\w+)", README):
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("path", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))])
def test_files_that_the_docs_name_exist(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    named = re.findall(r"\b(?:index|qa|ui|tests|bench|docs)/[\w./-]+\.(?:py|md|png)\b", text)
    for name in named:
        assert (ROOT / name).exists(), name


def test_every_setting_is_documented() -> None:
    from index import Settings

    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) - {"article"} == set(Settings.model_fields)


def test_every_command_is_documented() -> None:
    from ui.cli import parser

    helped = parser().format_help()
    for command in ("index", "ask", "chat", "status"):
        assert f"article-qa {command}" in README
        assert command in helped
