"""Those who may read can; other people, and other sites in the reader's browser, cannot."""

import signal
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from starlette.exceptions import HTTPException

from index import Settings
from index.errors import SettingsError
from index.model.encoder import SentenceEncoder
from index.settings import load
from tests.conftest import Start
from tests.ui.conftest import Site, serving
from tests.ui.wire import JOIN, PANEL, await_page, place, post, question, request
from ui.guard.access import Access, client_of, granted

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

BEYOND = Access(frozenset({"articles.example", "192.0.2.9", "2001:db8::9"}), beyond=True)


def check(access: Access, server: str, method: str = "GET", **headers: str | list[str]) -> int:
    """Return the status of a refusal, 200 if there is none."""
    raw = [
        (name.replace("_", "-").encode(), value.encode())
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    scope = {"type": "http", "method": method, "server": (server, 7860), "headers": raw}
    try:
        access.check(scope)
    except HTTPException as refused:
        return refused.status_code
    return 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:7860",
        "localhost.",
        "localhost:",
        "127.0.0.1:1",
        "127.5.5.5",
        "[::1]:7860",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::FFFF:7f00:1]",
    ],
)
def test_this_machines_own_names_are_answered_to(host: str) -> None:
    assert check(Access(), "127.0.0.1", host=host) == 200
    assert check(BEYOND, "192.0.2.1", host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":7860",
        ".",
        "articles.example.org",
        "localhost.articles.org",
        "localhost..",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "[::]",
        "::1",
        "[::1",
        "[127.0.0.1]",
        "[localhost]",
        "[::ffff:192.0.2.1]",
        "localhost:99999",
        "localhost:x",
        "localhost:7860:1",
        "user@localhost",
        "localhost/",
        "localhost localhost",
        "localhost, articles.example",
        "localhost\x00",
        "lócalhost",
        ["localhost", "localhost"],
        ["localhost", "articles.example.org"],
        [],
    ],
)
def test_no_other_name_is(host: str | list[str]) -> None:
    assert check(Access(), "127.0.0.1", host=host) == 400
    assert check(Access(frozenset({"articles.example"})), "127.0.0.1", host=host) == 400


def test_beyond_this_machine_its_address_and_the_names_allowed_are_names_too() -> None:
    for host in ("ARTICLES.example:80", "articles.example.", "192.0.2.9", "[2001:DB8:0::9]", "192.0.2.1"):
        assert (host, check(BEYOND, "192.0.2.1", host=host)) == (host, 200)
    assert check(BEYOND, "::ffff:192.0.2.1", host="192.0.2.1") == 200
    assert check(BEYOND, "fe80::1%eth0", host="[fe80::1]") == 200
    assert check(BEYOND, "192.0.2.2", host="192.0.2.1") == 400
    assert check(Access(), "127.0.0.1", host="192.0.2.1") == 400


def test_what_is_for_this_machine_alone_does_not_answer_at_another_address() -> None:
    for server in ("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"):
        assert check(Access(), server, host="localhost") == 403
    for server in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"):
        assert check(Access(), server, host="localhost") == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:7860", "http://localhost:7860"),
        ("LocalHost:7860", "HTTP://LOCALHOST:7860"),
        ("localhost", "http://localhost"),
        ("localhost:80", "http://localhost"),
        ("localhost", "http://localhost:80"),
        ("articles.example", "https://articles.example"),
        ("articles.example:443", "https://articles.example"),
        ("[::1]:7860", "http://[0:0::1]:7860"),
    ],
)
def test_our_own_page_may_call(host: str, origin: str) -> None:
    assert check(BEYOND, "192.0.2.1", "POST", host=host, origin=origin, sec_fetch_site="same-origin") == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://articles.example",
        "http://articles.example:7861",
        "https://articles.example:7860x",
        "http://articles.example.org:7860",
        "http://127.0.0.1:7860",
        "http://localhost:7860",
        "http://user@articles.example:7860",
        "http://articles.example:7860/",
        "articles.example:7860",
        "ftp://articles.example:7860",
        "chrome-extension://articles.example:7860",
        "http://articles.example:7860 http://articles.example:7860",
        ["http://articles.example:7860", "http://articles.example:7860"],
    ],
)
def test_no_other_page_may(origin: str | list[str]) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        host = "articles.example:7860"
        assert check(BEYOND, "192.0.2.1", method, host=host, origin=origin) == 403


@pytest.mark.parametrize(
    "site", ["cross-site", "same-site", "Cross-Site", "new-kind", ["none", "cross-site"]]
)
def test_another_site_can_only_link_to_the_page(site: str | list[str]) -> None:
    asked: dict[str, Any] = {"host": "localhost", "sec_fetch_site": site}
    assert check(Access(), "127.0.0.1", **asked) == 403
    for mode in ("cors", "no-cors", "websocket"):
        assert check(Access(), "127.0.0.1", **asked, sec_fetch_mode=mode) == 403
    asked |= {"sec_fetch_mode": "navigate"}
    assert check(Access(), "127.0.0.1", **asked) == 200
    assert check(Access(), "127.0.0.1", **asked, sec_fetch_dest="document") == 200
    assert check(Access(), "127.0.0.1", **asked, sec_fetch_dest="iframe") == 403
    assert check(Access(), "127.0.0.1", "POST", **asked) == 403


def test_no_site_can_ask_or_read_whatever_the_address(site: Site) -> None:
    port = urlsplit(site.address).port
    foreign = {"Origin": "http://articles.example"}
    for host in (f"127.0.0.1:{port}", f"[::1]:{port}", f"127.0.0.2:{port}"):
        for path, body in ((JOIN, question("When?")), (PANEL, place(site.address, "abc"))):
            reply = post(site.address, path, body, Host=host, **foreign)
            assert (reply.status, reply.line) == (403, "Other sites may not call this page.")
        own = post(site.address, PANEL, place(site.address, "abc"), Host=host, Origin=f"http://{host}")
        asked = {"Host": host, "Access-Control-Request-Method": "POST", **foreign}
        preflight = request(site.address, "OPTIONS", JOIN, headers=dict(asked))
        assert (own.status, preflight.status) == (200, 403)
        for reply in (own, preflight, request(site.address, "GET", "/", headers={"Host": host, **foreign})):
            assert not [name for name in reply.headers if name.lower().startswith("access-control-")]


def test_a_websocket_is_refused(site: Site) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    assert request(site.address, "GET", "/gradio_api/queue/join", headers={**upgrade, **key}).status >= 400


@pytest.mark.parametrize("bound", ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_alone_needs_no_password(bound: str) -> None:
    assert granted(Settings(), bound) == Access()


@pytest.mark.parametrize("bound", ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"])
def test_beyond_it_a_password_is_made_unless_one_is_set_or_none_is_wanted(bound: str) -> None:
    made, again = granted(Settings(), bound), granted(Settings(), bound)
    assert made.beyond
    assert made.password
    assert made.password != again.password
    first, second = made.lines("http://here:7860")
    who = "everybody who can reach this machine at http://here:7860"
    assert first == f"{who} and knows the password can ask questions and read the articles"
    assert made.password.get_secret_value() in second
    own = granted(Settings(password=SecretStr("own")), bound)
    assert own.password == SecretStr("own")
    assert own.lines("http://here:7860") == [first]
    everybody = granted(Settings(), bound, everybody=True)
    assert everybody.password is None
    assert everybody.lines("http://here:7860") == [
        f"{who} can ask questions and read the articles, without a password"
    ]
    with pytest.raises(SettingsError, match="--open lets everybody in without a password, but one is set"):
        granted(Settings(password=SecretStr("own")), bound, everybody=True)


def test_names_are_allowed_in_any_spelling_and_what_is_none_is_a_mistake() -> None:
    settings = Settings(hosts=("Articles.Example.", "bücher.example", "2001:DB8::1", "[::2]"))
    assert granted(settings, "127.0.0.1").names == {
        "articles.example",
        "xn--bcher-kva.example",
        "2001:db8::1",
        "::2",
    }
    for name in ("http://a.example", "a.example:80", "*", "", "a b", "a.example/x"):
        with pytest.raises(SettingsError, match="is not valid: write it like"):
            granted(Settings(hosts=(name,)), "127.0.0.1")


def test_a_name_that_is_an_address_is_not_shown_with_its_secrets() -> None:
    for name in ("http://u:SECRET@h/?k=SECRET", "u:SECRET@h", "u:SECRET", "h/?k=SECRET"):
        with pytest.raises(SettingsError, match="is not valid: write it like") as caught:
            granted(Settings(hosts=(name,)), "127.0.0.1")
        assert "SECRET" not in str(caught.value)


def test_names_and_password_can_stand_in_the_environment(tmp_path: Path) -> None:
    settings = load(tmp_path, {"ARTICLE_QA_HOSTS": "a.example, b.example,", "ARTICLE_QA_PASSWORD": "s3cret"})
    assert settings.hosts == ("a.example", "b.example")
    assert settings.password == SecretStr("s3cret")
    assert "s3cret" not in repr(settings)


def test_a_user_of_ipv6_is_one_client_whatever_the_address() -> None:
    clients = {"2001:db8:1:2::1": "2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64"}
    clients |= {"::ffff:192.0.2.1": "192.0.2.1", "192.0.2.1": "192.0.2.1", "somebody": "somebody"}
    assert {name: client_of({"client": (name, 1)}) for name in clients} == clients


def test_the_name_that_was_allowed_is_answered_to(corpus_index: Path, encoder: SentenceEncoder) -> None:
    access = granted(Settings(hosts=("articles.example",)), "127.0.0.1")
    with serving(corpus_index, encoder, access=access) as served:
        for host, status in (("articles.example", 200), ("Articles.example:8080", 200), ("b.example", 400)):
            assert request(served.address, "GET", "/", headers={"Host": host}).status == status


def port_to_take() -> int:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port: int = unused.getsockname()[1]
        return port


@pytest.mark.parametrize("options", [[], ["--open"], ["--allow-host", "articles.example"]])
def test_the_command_says_who_can_read(
    corpus_index: Path, command: list[str], start: Start, options: list[str]
) -> None:
    port = port_to_take()
    address, name = f"http://127.0.0.1:{port}", f"http://{socket.gethostname()}:{port}"
    chat = [*command, "chat", "--index", str(corpus_index), "--host", "0.0.0.0", "--port", str(port)]
    process = start([*chat, *options])
    assert process.stdout
    assert process.stdout.readline() == f"article-qa: open {name} in a browser; press Ctrl+C to stop\n"
    who = process.stdout.readline()
    assert who.startswith(f"article-qa: everybody who can reach this machine at {name} ")
    assert who.endswith("without a password\n") == ("--open" in options)
    if "--open" not in options:
        assert process.stdout.readline().startswith("article-qa: the password is ")
    await_page(address)
    open_to_all = "--open" in options
    assert request(address, "GET", "/").status == (200 if open_to_all else 401)
    allowed = request(address, "GET", "/", headers={"Host": "articles.example"}).status
    assert allowed == (401 if "--allow-host" in options else 400)
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 0


@pytest.mark.parametrize(
    "name", ["a..b", "a" * 70, "no\x00name", "http://u:SECRET@h/?k=SECRET", "u:SECRET@h"]
)
def test_an_address_that_is_none_is_one_line(site: Site, name: str) -> None:
    from ui.server import serve

    with pytest.raises(
        SettingsError, match=r"^cannot serve on .*; choose another with --port or --host$"
    ) as caught:
        serve(lambda: site.engine, site.engine.settings.replaced(host=name, port=7860))
    assert "SECRET" not in str(caught.value)
