import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def test_the_wheel_holds_our_packages_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(n for n in names if n.endswith("METADATA"))).decode()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"index", "qa", "ui"}
    assert {"ui/assets/page.css", "ui/assets/page.js"} <= set(names)
    assert {f"index/model/{name}.safetensors" for name in ("answers", "means", "questions")} <= set(names)
    assert "qa/evidence/likeness.json" in names
    assert "Classifier: Private :: Do Not Upload" in metadata
