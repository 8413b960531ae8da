"""How much disk an index takes, part by part: `python -m bench.disk FOLDER`.

The vectors are random, because their values do not change the size. Prints bytes a passage.
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from bench.filters import RandomEncoder
from index import Settings, build
from index.store.catalog import FILE_NAME
from index.store.segments import FOLDER
from index.store.vectors import DATABASE


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(index=Path(place) / "index")
        summary = build(given.folder, settings, encoder=RandomEncoder())
        passages = summary.passages
        print(f"{summary.articles:,} articles, {passages:,} passages")
        total = 0
        for name, size in parts(settings.index):
            print(f"{name:44} {size:14,} {size / passages:8,.0f} a passage")
            total += size
        print(f"{'all':44} {total:14,} {total / passages:8,.0f} a passage")


def parts(index: Path) -> Iterator[tuple[str, int]]:
    """Yield the parts of an index with their bytes: tables of the catalog and of Chroma, vector files."""
    yield from ((f"catalog: {name}", size) for name, size in tables([index / FILE_NAME]).items())
    folders = [path for path in (index / FOLDER).iterdir() if path.is_dir()]
    yield from (
        (f"Chroma: {name}", size) for name, size in tables([folder / DATABASE for folder in folders]).items()
    )
    yield "Chroma: vector files", sum(_bytes(path) for folder in folders for path in folder.glob("*/*"))
    known = {FILE_NAME, DATABASE}
    others = [path for path in index.rglob("*") if path.is_file() and path.name not in known]
    yield "other files", sum(_bytes(path) for path in others if path.parent.parent.parent.name != FOLDER)


def _bytes(path: Path) -> int:
    return path.stat().st_size


def tables(databases: Sequence[Path]) -> dict[str, int]:
    """Return the bytes of each table and index in SQLite files, largest first, small ones together."""
    sizes: dict[str, int] = {}
    for database in databases:
        with closing(sqlite3.connect(database)) as connection:
            for name, size in connection.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name"):
                sizes[name] = sizes.get(name, 0) + size
            pages, free, page = (
                connection.execute(f"PRAGMA {fact}").fetchone()[0]
                for fact in ("page_count", "freelist_count", "page_size")
            )
            sizes["freed pages"] = sizes.get("freed pages", 0) + free * page
            sizes["rest"] = sizes.get("rest", 0) + pages * page
    sizes["rest"] -= sum(size for name, size in sizes.items() if name != "rest")
    total = sum(sizes.values())
    small = {name for name, size in sizes.items() if size < 0.01 * total}
    large = {
        name: size for name, size in sorted(sizes.items(), key=lambda item: -item[1]) if name not in small
    }
    return {**large, "all smaller ones": sum(sizes[name] for name in small)}


if __name__ == "__main__":
    main()
