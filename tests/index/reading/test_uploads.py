"""Files that are added: whatever they are called and hold, they stay in their folder and replace nothing."""

import io
import zipfile
from pathlib import Path

import pytest

from index import marks
from index.errors import SourceError
from index.reading import uploads
from index.reading.uploads import FOLDER, Upload, safe_name

TEXT = b"A harbour raises fees\n\nThe committee met on Tuesday and agreed to raise the fee by four crowns."


def add(folder: Path, name: str, data: bytes = TEXT) -> str:
    with Upload(folder, name, len(data)) as upload:
        upload.write(data[:7])
        upload.write(data[7:])
        return upload.finish()


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("story.txt", "story.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("/etc/cron.d/story.txt", "story.txt"),
        ("..\\..\\Windows\\story.txt", "story.txt"),
        ("C:\\story.txt", "story.txt"),
        ("C:story.txt", "C_story.txt"),
        (".hidden.txt", "hidden.txt"),
        ("....txt", "txt"),
        ("a\x00b\n\r\tc.txt", "a_b___c.txt"),
        ("  spaced   out .txt", "spaced out.txt"),
        ("gpj.\u202etxt.md", "gpj._txt.md"),
        ("zero\u200bwidth.txt", "zero_width.txt"),
        ("half\ud800.txt", "half_.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("concert.txt", "concert.txt"),
        ('a<b>c:"|?*.txt', "a_b_c_____.txt"),
        ("Straße – Café.txt", "Straße – Café.txt"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("news.tar.gz", "news.tar.gz"),
    ],
)
def test_a_name_is_one_part_of_a_path(given: str, stored: str) -> None:
    assert safe_name(given) == stored


@pytest.mark.parametrize("given", ["", ".", "..", "/", "a/", "...", "  ", "\x00", "?", "\u202e\u202d"])
def test_a_name_of_nothing_is_refused(given: str) -> None:
    with pytest.raises(SourceError, match="no name"):
        safe_name(given)


@pytest.mark.parametrize("letter", ["a", "ж", "語", "😀"])
def test_a_long_name_keeps_its_ending(letter: str) -> None:
    name = safe_name(f"{letter * 4000}.tar.gz")
    assert name.endswith(f"{letter}.tar.gz")
    assert len(name.encode()) <= 200


def test_a_file_never_replaces_another(tmp_path: Path) -> None:
    assert add(tmp_path, "story.txt") == f"{FOLDER}/story.txt"
    assert add(tmp_path, "story.txt", TEXT + b" Again.") == f"{FOLDER}/story (1).txt"
    assert add(tmp_path, "../story.txt") == f"{FOLDER}/story (2).txt"
    assert (tmp_path / FOLDER / "story.txt").read_bytes() == TEXT
    assert everything(tmp_path) == [
        f"{FOLDER}/story (1).txt",
        f"{FOLDER}/story (2).txt",
        f"{FOLDER}/story.txt",
    ]


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "articles"
    (folder / FOLDER).mkdir(parents=True)
    outside.mkdir()
    (folder / FOLDER / "story.txt").symlink_to(outside / "stolen.txt")
    assert add(folder, "story.txt") == f"{FOLDER}/story (1).txt"
    other = tmp_path / "other"
    other.mkdir()
    (other / FOLDER).symlink_to(outside)
    with pytest.raises(SourceError, match="not a folder for articles"):
        add(other, "story.txt")
    assert list(outside.iterdir()) == []


def test_an_index_takes_no_files(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    marks.mark(tmp_path / FOLDER, marks.INDEX)
    with pytest.raises(SourceError, match="not a folder for articles"):
        add(tmp_path, "story.txt")


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.bin", b"\0" * 300_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("tool.exe", b"MZ", ".exe: not a kind of file that is read"),
        ("photo.txt.jpg", b"\xff\xd8\xff", ".jpg: not a kind of file that is read"),
        ("noname", b"plain text", "not a kind of file that is read"),
        ("broken.pdf", b"%PDF-1.4 nothing", "damaged|no text"),
        ("picture.docx", b"\x89PNG\r\n", "damaged|not"),
        ("empty.txt", b"", "empty"),
        ("blank.txt", b"  \n ", "empty|no text"),
        ("pictures.zip", bomb(), "no article in it|not a kind|larger|no text"),
    ],
)
def test_what_no_reader_reads_is_refused_and_leaves_nothing(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        add(tmp_path, name, data)
    assert everything(tmp_path) == []


def test_a_page_without_an_ending_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    page = (
        b"<!doctype html><html><body><article><h1>Fees</h1><p>" + TEXT * 3 + b"</p></article></body></html>"
    )
    assert add(tmp_path, "index.php?id=7", page).startswith(FOLDER)


@pytest.mark.parametrize("got", [5, len(TEXT) + 1])
def test_a_file_of_another_length_is_refused(tmp_path: Path, got: int) -> None:
    def send() -> None:
        with Upload(tmp_path, "story.txt", len(TEXT)) as upload:
            upload.write((TEXT + b"more")[:got])
            upload.finish()

    with pytest.raises(SourceError, match="add it again"):
        send()
    assert everything(tmp_path) == []


def test_size_and_number_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="larger than 100 MB"):
        Upload(tmp_path, "story.txt", 100_000_001)
    monkeypatch.setattr(uploads, "MAX_FILES", 2)
    add(tmp_path, "story.txt")
    add(tmp_path, "story.txt")
    with pytest.raises(SourceError, match="is full"):
        add(tmp_path, "story.txt")
    monkeypatch.setattr(uploads, "MAX_FILES", 9)
    monkeypatch.setattr(uploads, "MAX_BYTES", 3 * len(TEXT) - 1)
    with pytest.raises(SourceError, match="is full"):
        add(tmp_path, "story.txt")
    assert len(everything(tmp_path)) == 2


def test_what_was_given_up_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Upload(tmp_path, "story.txt", len(TEXT))
    begun.write(b"half")
    (tmp_path / FOLDER / ".arriving-by-somebody-else").mkdir()
    monkeypatch.setattr(uploads, "_GIVEN_UP", -1)
    add(tmp_path, "other.txt")
    kept = [path.name for path in (tmp_path / FOLDER).iterdir()]
    assert sorted(kept) == [".arriving-by-somebody-else", "other.txt"]
