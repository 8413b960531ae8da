import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def test_the_wheel_holds_our_packages_and_nothing_else(tmp_path: Path) -> None:
    # What an earlier build has left in `build/` would go into the wheel.
    source, unused = tmp_path / "source", shutil.ignore_patterns("__pycache__")
    for part in ("index", "qa", "ui"):
        shutil.copytree(ROOT / part, source / part, ignore=unused)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(n for n in names if n.endswith("METADATA"))).decode()
    parts = ("index", "qa", "ui")
    files = [path for part in parts for path in (ROOT / part).rglob("*") if path.is_file()]
    ours = {str(path.relative_to(ROOT)) for path in files if path.suffix != ".pyc"}
    assert "index/model/reader/judge.py" in ours
    assert {name for name in names if ".dist-info/" not in name} == ours
    assert "Classifier: Private :: Do Not Upload" in metadata
