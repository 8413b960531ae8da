"""The documentation is run and followed: its commands, the files that it names, its links, its settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CORPUS, ROOT
from tests.test_layers import ORDER

README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = sorted(
    path
    for folder in ("index", "qa", "ui", "bench", "train", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
NAMED = re.compile(
    r"\b(?:index|qa|ui|tests|bench|train|docs)/[\w./-]+\.(?:py|md|png|jsonl|txt|safetensors)\b"
)


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
    assert asked == 3
    # The other one speaks to a server: tests/ui/test_programs.py runs it.
    (python, _client), (shown,) = blocks("python"), blocks("text")
    assert run([sys.executable, "-c", python], workplace) == shown


def test_the_makefiles_targets_are_those_the_docs_name() -> None:
    texts = README + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for target in set(re.findall(r"(?:`|^    )make ([\w-]+)", texts, re.MULTILINE)):
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


def test_files_that_the_docs_name_exist() -> None:
    assert not [(page.name, name) for page in PAGES for name in named(page) if not (ROOT / name).exists()]


def test_pages_that_the_code_names_exist() -> None:
    pages = [(path.name, name) for path in SOURCES for name in named(path) if name.startswith("docs/")]
    assert pages
    assert not [(source, name) for source, name in pages if not (ROOT / name).exists()]


def named(path: Path) -> list[str]:
    """Return the files of this repository that a text names."""
    return NAMED.findall(path.read_text("utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^()\s]+)\)", path.read_text("utf-8")):
        name, _, heading = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        assert page.exists(), target
        if heading:
            assert heading in anchors(page), target


def anchors(page: Path) -> set[str]:
    """Return the headings of a page as links name them."""
    headings = re.findall(r"^#+ (.*)", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_map_has_every_room_and_every_page_of_decisions() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = [room for order in ORDER.values() for room in order]
    assert not [room for room in rooms if not re.search(rf"`{room}/?`", text)]
    decisions = (ROOT / "docs" / "decisions").glob("*.md")
    assert not [page.name for page in decisions if f"(decisions/{page.name})" not in text]


def test_commands_of_bench_and_train_that_the_docs_name_exist() -> None:
    named = {
        name
        for page in PAGES
        for name in re.findall(r"python -m ((?:bench|train)\.\w+)", page.read_text("utf-8"))
    }
    assert named
    places = {name: ROOT / name.replace(".", "/") for name in named}
    assert not [
        name
        for name, place in places.items()
        if not place.with_suffix(".py").exists() and not (place / "__main__.py").exists()
    ]


def test_every_setting_is_documented() -> None:
    from index import Settings

    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) - {"article"} == set(Settings.model_fields)


def test_every_command_is_documented() -> None:
    from ui.cli import parser

    helped = parser().format_help()
    for command in ("index", "ask", "chat", "status", "check", "eval", "feedback", "show", "trust", "mcp"):
        assert f"article-qa {command}" in README
        assert command in helped
