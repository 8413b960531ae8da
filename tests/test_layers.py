"""`ui -> qa -> index`: nothing imports upward, and heavy libraries have one importer each."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_IMPORT = {"index": {"index"}, "qa": {"index", "qa"}, "ui": {"index", "qa", "ui"}}
# The rooms and modules of each package: a later one may import an earlier one, for types too.
ORDER = {
    "index": [
        "errors",
        "article",
        "redaction",
        "marks",
        "trust",
        "settings",
        "lexicon",
        "text",
        "reading",
        "model",
        "store",
        "building",
        "status",
        "search",
    ],
    "qa": [
        "fields",
        "sentences",
        "answer",
        "conversation",
        "names",
        "evidence",
        "check",
        "llm",
        "write",
        "quote",
        "beyond",
        "suggestions",
        "disagreement",
        "llamaindex",
        "engine",
        "evaluation",
    ],
    "ui": [
        "assets",
        "translation",
        "links",
        "wording",
        "remarks",
        "terminal",
        "output",
        "render",
        "api",
        "mcp",
        "blocks",
        "reading",
        "originals",
        "interpreter",
        "filters",
        "guard",
        "facets",
        "suggesting",
        "programs",
        "conversations",
        "articles",
        "tabs",
        "app",
        "waiting",
        "server",
        "commands",
        "cli",
    ],
}
ONLY_IMPORTER = {
    "sentence_transformers": ("index/model/encoder.py",),
    "chromadb": ("index/store/vectors.py",),
    "gradio": ("ui/app.py", "ui/tabs/"),
    "llama_index": ("qa/llamaindex.py", "qa/llm/model.py", "qa/llm/server.py"),
    "xllamacpp": ("qa/llm/local.py",),
    "mcp": ("ui/mcp/",),
    "sqlite3": ("index/", "ui/conversations/"),
}
MODULES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(
                (node.module or "").split(".")[0] if node.level == 0 else path.relative_to(ROOT).parts[0]
            )
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_downward(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert imports(path) & (set(MAY_IMPORT) | {"tests", "bench", "train"}) <= MAY_IMPORT[package]


@pytest.mark.parametrize("package", ORDER)
def test_the_order_names_every_room(package: str) -> None:
    rooms = {_room(path) for path in MODULES if path.relative_to(ROOT).parts[0] == package}
    assert rooms - {"__init__"} == set(ORDER[package])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_imports_only_earlier_ones(path: Path) -> None:
    package, room = path.relative_to(ROOT).parts[:2]
    order = ORDER[package]
    if room == "__init__.py":
        return
    allowed = order[: order.index(room.removesuffix(".py")) + 1]
    assert _rooms_imported(path, package) <= set(allowed)


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[1].removesuffix(".py")


def _rooms_imported(path: Path, package: str) -> set[str]:
    """Return what `path` imports of its own package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named = [alias.name.split(".") for alias in node.names]
            found |= {room for top, *rooms in named if top == package for room in rooms[:1]}
        elif isinstance(node, ast.ImportFrom):
            base = [*parts[: -node.level], node.module or ""] if node.level else [node.module or ""]
            for alias in node.names:
                _, *rooms = ".".join([*filter(None, base), alias.name]).split(".")
                if base[0].split(".")[0] == package:
                    found.add(rooms[0])
    return found


@pytest.mark.parametrize(("library", "places"), ONLY_IMPORTER.items())
def test_a_heavy_library_has_one_place(library: str, places: tuple[str, ...]) -> None:
    importers = [p.relative_to(ROOT).as_posix() for p in MODULES if library in _run_time_imports(p)]
    assert importers
    assert all(importer.startswith(places) for importer in importers)


def _run_time_imports(path: Path) -> set[str]:
    """Return imports outside of `if TYPE_CHECKING`, which only a type checker sees."""
    tree = ast.parse(path.read_text("utf-8"))
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    ]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import ui.cli", ["numpy", "pydantic", "torch", "gradio", "chromadb"]),
        ("import index", ["torch", "sentence_transformers", "chromadb"]),
        ("import qa", ["torch", "sentence_transformers", "chromadb", "llama_index"]),
    ],
)
def test_importing_does_not_load_what_is_not_needed_yet(statement: str, absent: list[str]) -> None:
    code = f"{statement}; import sys; print([m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_and_functions_stay_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < 60, node.name
