"""Who may add files and build, and what such a request has to be. Nothing leaves the folder, nothing comes back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from index import Settings
from index.building.beginning import begin
from index.model.encoder import SentenceEncoder
from tests.ui.conftest import Site, serving
from tests.ui.wire import Reply, post, request
from ui.guard.access import Access

UPLOAD = "/articles/upload"
TEXT = b"A harbour raises fees\n\nThe committee met on Tuesday and agreed to raise the fee by four crowns."
CHANGES = ("/articles/build", "/articles/stop", "/articles/check")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("uploads")
    (made / "articles").mkdir()
    begin(made / "articles", Settings(index=made / "index"))
    return made


@pytest.fixture(scope="module")
def site(place: Path, encoder: SentenceEncoder) -> Iterator[Site]:
    with serving(place / "index", encoder) as served:
        yield served


def send(site: Site, data: bytes = TEXT, name: str = "story.txt", **changes: Any) -> Reply:
    """Send a file as the page does, with other headers if given; None leaves one out."""
    headers = {
        "Content-Type": "application/octet-stream",
        "X-Article-Name": name,
        "Origin": site.address,
        "Sec-Fetch-Site": "same-origin",
    }
    headers |= {key.replace("_", "-"): value for key, value in changes.items()}
    return request(site.address, "POST", UPLOAD, data, {k: v for k, v in headers.items() if v is not None})


def files(place: Path) -> list[str]:
    return sorted(
        path.relative_to(place).as_posix() for path in (place / "articles").rglob("*") if path.is_file()
    )


def test_a_file_is_stored_in_the_folder_of_uploads(site: Site, place: Path) -> None:
    reply = send(site, name="..%2F..%2Fstory.txt")
    assert (reply.status, reply.text) == (200, '{"path":"uploads/story.txt"}')
    assert send(site).text == '{"path":"uploads/story (1).txt"}'
    assert send(site, b"MZ", "tool.exe").text.startswith('{"error":".exe: not a kind of file')
    kept = ["articles/uploads/story (1).txt", "articles/uploads/story.txt"]
    assert files(place) == kept
    # Nothing of it is served.
    for path in ("/uploads/story.txt", "/articles/uploads/story.txt", "/gradio_api/file=uploads/story.txt"):
        assert request(site.address, "GET", path).status == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Host": "elsewhere.example"}, 400),
        ({"X_Forwarded_For": "192.0.2.7"}, 403),
        ({"Forwarded": "for=192.0.2.7"}, 403),
        ({"Via": "1.1 proxy"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=a"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": None}, 415),
        ({"X_Article_Name": None}, 422),
        ({"X_Article_Name": "a" * 3000}, 422),
        ({"Content_Length": "100000001"}, 413),
        ({"Content_Length": "9" * 30}, 400),
        ({"Transfer_Encoding": "chunked"}, 400),
    ],
)
def test_only_the_pages_own_upload_is_taken(
    site: Site, place: Path, changes: dict[str, Any], status: int
) -> None:
    before = files(place)
    reply = send(site, **changes)
    assert reply.status == status
    assert reply.line
    assert files(place) == before


@pytest.mark.parametrize(
    "path", ["/gradio_api/upload", "/gradio_api/upload_progress", "/gradio_api/file=/etc/passwd"]
)
def test_gradios_own_files_stay_closed(site: Site, path: str) -> None:
    for method in ("GET", "POST"):
        assert request(site.address, method, path, b"" if method == "GET" else TEXT).status == 404


@pytest.mark.parametrize("path", CHANGES)
def test_other_sites_cannot_build(site: Site, path: str) -> None:
    for headers in ({}, {"Origin": "https://elsewhere.example"}):
        assert post(site.address, path, {}, **headers).status == 403
    form: dict[str, str | list[str]] = {"Content-Type": "text/plain", "Origin": site.address}
    assert request(site.address, "POST", path, b"{}", form).status == 415
    assert request(site.address, "GET", path).status == 405


@pytest.mark.parametrize(
    ("access", "allowed"),
    [
        (Access(beyond=True, password=SecretStr("open sesame")), True),
        (Access(names=frozenset({"articles.example"})), False),
        (Access(names=frozenset({"articles.example"}), uploads=True), True),
    ],
)
def test_whoever_is_elsewhere_needs_leave(access: Access, allowed: bool) -> None:
    here = {"client": ("127.0.0.1", 1), "http_version": "1.1", "headers": [(b"host", b"localhost:7860")]}
    assert access.may_change(here) is allowed


@pytest.mark.parametrize(
    "change",
    [
        {"client": ("192.0.2.7", 1)},
        {"client": None},
        {"headers": [(b"host", b"192.0.2.1:7860")]},
        {"headers": []},
        {"headers": [(b"host", b"localhost"), (b"x-forwarded-for", b"127.0.0.1")]},
        {"headers": [(b"host", b"localhost"), (b"x-real-ip", b"192.0.2.7")]},
        {"http_version": "1.0"},
    ],
)
def test_a_request_from_elsewhere_may_change_nothing(change: dict[str, Any]) -> None:
    here = {"client": ("::1", 1), "http_version": "1.1", "headers": [(b"host", b"[::1]:7860")]}
    assert Access(beyond=True).may_change(here)
    assert not Access(beyond=True).may_change({**here, **change})
    assert Access(beyond=True, uploads=True).may_change({**here, **change})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("listing", {"order": "digest"}),
        ("listing", {"order": "title; DROP TABLE article"}),
        ("listing", {"text": "a" * 201}),
        ("listing", {"page": -1}),
        ("listing", {"page": 10**30}),
        ("listing", {"descending": "yes"}),
        ("skipped", {"page": "1"}),
    ],
)
def test_a_list_is_asked_for_as_the_page_does(site: Site, path: str, body: dict[str, Any]) -> None:
    assert post(site.address, f"/articles/{path}", body).status == 422


def test_a_reader_elsewhere_is_told_why_nothing_can_be_added(site: Site) -> None:
    assert '"aq-drop' in post(site.address, "/articles/holdings", {}).text.replace("\\", "")
    elsewhere = post(site.address, "/articles/holdings", {}, **{"X-Forwarded-For": "192.0.2.7"})
    assert "--allow-upload" in elsewhere.text.replace("&#45;", "-")
    assert "aq-drop" not in elsewhere.text
