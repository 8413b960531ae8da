"""The HTTP endpoint, asked by programs: what it answers, how an answer grows, and what it refuses."""

import base64
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect
from pydantic import SecretStr

from index import Limits
from index.model.encoder import SentenceEncoder
from tests.fakes import EchoLLM
from tests.ui.conftest import Site, serving
from tests.ui.seeing import AUSTIN, PHONE
from tests.ui.wire import JOIN, post, question, undescribed
from ui.api.requests import Limited, Question
from ui.guard.access import Access
from ui.guard.listeners import Bounds

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

EVENTS, LINES = "text/event-stream", "application/x-ndjson"
PASSWORD = 'öffne <dich> & "42"'


@pytest.fixture(scope="module")
def api(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{site.address}/api/v1", timeout=120) as client:
        yield client


@pytest.fixture(scope="module")
def written(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[Site]:
    """A site whose language model writes slowly: twenty words a second."""
    with serving(corpus_index, encoder, llm=EchoLLM(pause=0.05)) as served:
        yield served


@pytest.fixture(scope="module")
def endless(corpus_index: Path, encoder: SentenceEncoder) -> Iterator[tuple[Site, EchoLLM]]:
    """A site whose language model does not come to an end, with room for three questions, two from one address."""
    model = EchoLLM(answer=lambda prompt: "word " * 10_000, pause=0.05)
    bounds = Bounds(questions=3, questions_of_client=2)
    with serving(corpus_index, encoder, llm=model, bounds=bounds) as served:
        yield served, model


def conforms(document: dict[str, Any], name: str, value: Any) -> None:
    """Check a value against a schema of the OpenAPI document."""
    jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", **document}).validate(value)


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings"}


def refused(reply: httpx.Response, status: int) -> str:
    """Return the one line of a problem."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    told = reply.json()
    assert told["status"] == status
    assert told["title"]
    detail = told["detail"]
    assert isinstance(detail, str)
    assert len(detail.splitlines()) == 1
    return detail


def grown(reply: httpx.Response) -> list[dict[str, Any]]:
    """Return the answers of a stream."""
    if reply.headers["content-type"].startswith(LINES):
        return [json.loads(line) for line in reply.text.splitlines()]
    events = [event.splitlines() for event in reply.text.strip().split("\n\n")]
    assert {name for name, _ in events} == {"event: answer"}
    return [json.loads(data.removeprefix("data: ")) for _, data in events]


def test_an_answer_is_what_the_engine_answers_and_what_is_described(site: Site, api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    for asked in (AUSTIN, "What is Shoigu's favourite dish?"):
        reply = api.post("/ask", json={"question": asked})
        assert reply.status_code == 200
        conforms(document, "Answer", reply.json())
        assert timeless(reply.json()) == timeless(json.loads(json.dumps(site.engine.query(asked).to_dict())))
    assert reply.json()["level"] == "not found"


def test_a_follow_up_is_read_with_the_conversation(api: httpx.Client) -> None:
    turns = [{"question": AUSTIN, "answer": api.post("/ask", json={"question": AUSTIN}).json()["text"]}]
    alone = api.post("/ask", json={"question": "And with Belousov?"}).json()
    reply = api.post("/ask", json={"question": "And with Belousov?", "history": turns}).json()
    assert "searched" not in alone
    assert "Austin" in reply["searched"] or "Shoigu" in reply["searched"]


def test_limits_limit(api: httpx.Client) -> None:
    assert set(Limits.__annotations__) == set(Limited.model_fields)
    for limits, languages in (
        ({"language": "fr"}, {"fr"}),
        ({"language": "de", "until": "2024-12-31"}, {"de"}),
    ):
        found = api.post("/search", json={"question": AUSTIN, **limits}).json()["passages"]
        assert {passage["language"] for passage in found} == languages
        answer = api.post("/ask", json={"question": AUSTIN, **limits}).json()
        assert {cited["language"] for cited in answer["citations"]} <= languages
    told = refused(api.post("/ask", json={"question": AUSTIN, "source": "Nowhere Times"}), 422)
    assert told.startswith("no article is from the source 'Nowhere Times': choose among ")


def test_passages_and_articles_have_exact_offsets(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    found = api.post("/search", json={"question": AUSTIN, "count": 3}).json()
    conforms(document, "Found", found)
    assert len(found["passages"]) == 3
    for passage in found["passages"]:
        article = api.get(f"/articles/{passage['article_id']}").json()
        conforms(document, "ReadArticle", article)
        start, end = passage["start"], passage["end"]
        assert article["text"][start:end] == passage["text"]
        assert (article["start"], article["end"]) == (0, article["length"])
        place = {"start": start, "length": end - start}
        assert api.get(f"/articles/{passage['article_id']}", params=place).json()["text"] == passage["text"]
    beyond = api.get(f"/articles/{passage['article_id']}", params={"start": 10**9}).json()
    assert (beyond["text"], beyond["start"], beyond["end"]) == ("", beyond["length"], beyond["length"])
    assert "abc" in refused(api.get("/articles/abc"), 404)


def test_the_state_says_what_the_index_holds(site: Site, api: httpx.Client) -> None:
    state = api.get("/status").json()
    conforms(api.get("/openapi.json").json(), "State", state)
    counts = site.engine.index.counts()
    assert (state["articles"], state["passages"]) == (counts.articles, counts.passages)
    assert (state["health"], state["written_by"]) == ("ok", None)
    # Where things lie on this machine is nobody's business.
    assert str(site.engine.settings.index) not in json.dumps(state)


def test_an_index_that_is_gone_is_a_problem_that_names_the_remedy(
    corpus_index: Path, encoder: SentenceEncoder, tmp_path: Path
) -> None:
    place = tmp_path / "index"
    place.symlink_to(corpus_index)
    with serving(place, encoder) as served:
        place.unlink()
        for reply in (
            httpx.post(f"{served.address}/api/v1/ask", json={"question": AUSTIN}, timeout=120),
            httpx.post(
                f"{served.address}/api/v1/ask",
                json={"question": AUSTIN},
                headers={"Accept": LINES},
                timeout=120,
            ),
            httpx.get(f"{served.address}/api/v1/status", timeout=120),
        ):
            assert "rebuild it with article-qa index FOLDER" in refused(reply, 503)


@pytest.mark.parametrize("kind", [EVENTS, LINES, f"text/html, {LINES}; q=0.5"])
def test_a_written_answer_grows_from_its_quotes(written: Site, kind: str) -> None:
    asked = {"question": AUSTIN}
    whole = httpx.post(f"{written.address}/api/v1/ask", json=asked, timeout=120).json()
    reply = httpx.post(f"{written.address}/api/v1/ask", json=asked, headers={"Accept": kind}, timeout=120)
    answers = grown(reply)
    document = httpx.get(f"{written.address}/api/v1/openapi.json").json()
    for answer in answers:
        conforms(document, "Answer", answer)
    assert len(answers) > 3
    assert all("writing" in answer for answer in answers[:-1])
    assert answers[0]["citations"]
    assert max(len(answer["writing"]["draft"]) for answer in answers[:-1]) > 10
    assert timeless(answers[-1]) == timeless(whole)
    assert whole["mode"] == "written"
    assert "writing" not in whole


def test_whoever_leaves_stops_the_language_model(
    endless: tuple[Site, EchoLLM], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    served, model = endless
    for kind in ("application/json", EVENTS, LINES):
        model.started.clear()
        model.stopped.clear()
        with asking(served.address, kind):
            assert model.started.wait(60)
            assert not model.stopped.is_set()
        assert model.stopped.wait(60)
    # That is no news for the terminal.
    assert (capfd.readouterr().err, caplog.text) == ("", "")


@contextmanager
def asking(address: str, kind: str, client: str = "192.0.2.1") -> Iterator[HTTPConnection]:
    """Ask, wait for nothing, and leave."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=120)) as connection:
        headers = {"Content-Type": "application/json", "Accept": kind, "X-Forwarded-For": client}
        connection.request("POST", "/api/v1/ask", json.dumps({"question": AUSTIN}), headers)
        yield connection


@pytest.mark.parametrize(
    ("path", "sent", "told"),
    [
        ("/ask", {}, "question is missing"),
        ("/ask", {"question": 7}, "question is not valid: input should be a valid string"),
        ("/ask", {"question": " ?! "}, "the question is empty: say in a few words what you want to know"),
        ("/ask", {"question": "a" * 2001}, "the question has 2,001 characters: shorten it to 2,000 or fewer"),
        ("/ask", {"question": AUSTIN, "qestion": 1}, "there is no field qestion"),
        ("/ask", {"question": AUSTIN, "since": "May"}, "since = 'May' is not a date: write it as 2024-05-31"),
        ("/ask", {"question": AUSTIN, "history": [["a", "b"]]}, "history.0 is not valid"),
        (
            "/ask",
            {"question": AUSTIN, "history": [{"question": "a", "answer": "b"}] * 51},
            "history is not valid",
        ),
        ("/ask", {"question": AUSTIN, "tag": "a" * 1001}, "tag is not valid"),
        ("/ask", [], "the request is not valid"),
        ("/search", {"question": AUSTIN, "count": 51}, "count is not valid"),
        ("/search", {"question": AUSTIN, "count": "many"}, "count is not valid"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", f"{EVENTS}, */*;q=0.1"])
def test_a_mistake_is_one_line_that_names_the_remedy(
    api: httpx.Client, path: str, sent: Any, told: str, accept: str
) -> None:
    assert refused(api.post(path, json=sent, headers={"Accept": accept}), 422).startswith(told)


def test_the_kind_that_is_wanted_most_is_sent(api: httpx.Client) -> None:
    asked = {"question": AUSTIN}
    for accept, kind in (
        (f"application/json;q=0.5, {EVENTS}", EVENTS),
        (f"{EVENTS};q=0.5, application/json", "application/json"),
        (f"application/json;q=0, {LINES};q=0.1", LINES),
    ):
        reply = api.post("/ask", json=asked, headers={"Accept": accept})
        assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (200, kind)
    two = [("Accept", "application/json;q=0.2"), ("Accept", f"{LINES};q=0.3")]
    assert api.post("/ask", json=asked, headers=two).headers["content-type"].startswith(LINES)


def test_what_accepts_nothing_that_there_is_is_told_what_there_is(api: httpx.Client) -> None:
    asked, html = {"question": AUSTIN}, {"Accept": "text/html"}
    told = refused(api.post("/ask", json=asked, headers=html), 406)
    assert told == f"This comes as application/json or {EVENTS} or {LINES} only: accept that."
    for reply in (
        api.post("/search", json=asked, headers=html),
        api.get("/status", headers=html),
        api.get("/articles/abc", headers={"Accept": f"{EVENTS}, application/json;q=0"}),
    ):
        assert refused(reply, 406) == "This comes as application/json only: accept that."


def test_what_is_no_request_is_a_problem(api: httpx.Client) -> None:
    kind = {"Content-Type": "application/json"}
    for body in (b"", b"{", b"\xff", b"NaN", b"[" * 100_000):
        refused(api.post("/ask", content=body, headers=kind), 400)
    refused(api.post("/ask", data={"question": AUSTIN}), 415)
    refused(api.post("/ask", content=b'"' + b"a" * 1_000_000 + b'"', headers=kind), 413)
    assert "describes" in refused(api.get("/nothing"), 404)
    refused(api.get("/articles/a%2fb"), 404)
    refused(api.get("/articles/abc", params={"start": "-1"}), 422)
    refused(api.get("/articles/abc", params={"session_hash": "1"}), 422)
    for method, path, allowed in (
        ("GET", "/ask", "POST"),
        ("POST", "/status", "GET"),
        ("OPTIONS", "/ask", "POST"),
    ):
        reply = api.request(method, path)
        assert refused(reply, 405) == f"This path takes {allowed} only."
        assert reply.headers["allow"] == allowed


def test_half_a_character_costs_that_character_only(site: Site, api: httpx.Client) -> None:
    body = json.dumps({"question": f"{AUSTIN} \ud83d"}).encode()
    reply = api.post("/ask", content=body, headers={"Content-Type": "application/json"})
    assert reply.json()["question"] == f"{AUSTIN} ?"


def test_a_failure_says_where_the_details_are(site: Site, api: httpx.Client) -> None:
    for accept in ("*/*", EVENTS):
        reply = api.post("/ask", json={"question": "Who went haywire?"}, headers={"Accept": accept})
        told = refused(reply, 500)
        assert told == "Something went wrong: the terminal that runs article-qa has the details."


def test_no_other_site_can_ask_and_every_answer_has_the_pages_headers(api: httpx.Client) -> None:
    page = httpx.get(str(api.base_url).removesuffix("api/v1/"))
    for headers in ({"Origin": "http://articles.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused(api.post("/ask", json={"question": AUSTIN}, headers=headers), 403)
    preflight = {"Origin": "http://articles.example", "Access-Control-Request-Method": "POST"}
    refused(api.options("/ask", headers=preflight), 403)
    refused(api.get("/status", headers={"Host": "articles.example"}), 400)
    for reply in (api.get("/status"), api.get("/"), api.get("/nothing"), api.post("/ask", json={})):
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
            assert reply.headers[name] == page.headers[name]
        assert reply.headers["cache-control"] == "no-store"
        assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_only_so_many_questions_are_answered_at_once_and_the_page_shares_them(
    endless: tuple[Site, EchoLLM],
) -> None:
    served, _ = endless
    with httpx.Client(base_url=served.address, timeout=120) as client, ExitStack() as asked:
        for address in ("192.0.2.1", "192.0.2.1"):
            assert asked.enter_context(asking(served.address, LINES, address)).getresponse().status == 200
        full = client.post("/api/v1/ask", json={"question": AUSTIN}, headers={"X-Forwarded-For": "192.0.2.1"})
        assert refused(full, 429) == "Too many questions are waiting right now: ask again in a minute."
        assert full.headers["retry-after"] == "60"
        other = {"X-Forwarded-For": "192.0.2.3"}
        assert asked.enter_context(asking(served.address, LINES, "192.0.2.2")).getresponse().status == 200
        # Now there is no room for anybody, not even for the page.
        assert post(served.address, JOIN, question(AUSTIN), **other).status == 429
        refused(client.post("/mcp", json={}, headers=other), 429)
        assert client.get("/api/v1/status", headers=other).status_code == 200


def basic(password: str, name: str = "anybody") -> dict[bytes, bytes]:
    return {b"Authorization": b"Basic " + base64.b64encode(f"{name}:{password}".encode())}


def bearer(password: str) -> dict[bytes, bytes]:
    return {b"Authorization": b"bearer " + password.encode()}


def test_a_program_states_the_password(corpus_index: Path, encoder: SentenceEncoder) -> None:
    access = Access(password=SecretStr(PASSWORD))
    with (
        serving(corpus_index, encoder, access=access) as served,
        httpx.Client(base_url=served.address, timeout=120) as client,
    ):
        for path in (
            "/api/v1/status",
            "/api/v1/",
            "/api/v1/openapi.json",
            "/api/v1/nothing",
            "/api/v1/articles/a",
        ):
            reply = client.get(path)
            assert "HTTP Basic" in refused(reply, 401)
            assert reply.headers["www-authenticate"].startswith("Basic realm=")
        for path in ("/api/v1/ask", "/api/v1/search", "/mcp"):
            refused(client.post(path, json={"question": AUSTIN}), 401)
        for headers in (basic(PASSWORD), basic(PASSWORD, ""), bearer(PASSWORD)):
            assert client.get("/api/v1/status", headers=headers).status_code == 200
            assert client.post("/api/v1/ask", json={"question": AUSTIN}, headers=headers).json()["found"]
            # The page itself has its own form.
            assert client.get("/theme.css", headers=headers).status_code == 401
        asked = [entry for entry in served.encoder.asked if entry == AUSTIN]
        assert len(asked) == 3
        guesses = (
            basic("wrong"),
            bearer("x"),
            {b"Authorization": b"Basic !"},
            {b"Authorization": b"Basic " + base64.b64encode(PASSWORD.encode())},
            bearer(f"{PASSWORD}x"),
        )
        guesser = {b"X-Forwarded-For": b"192.0.2.1"}
        for guess in guesses:
            assert (
                refused(client.get("/api/v1/status", headers={**guess, **guesser}), 401) == "Wrong password."
            )
        reply = client.get("/api/v1/status", headers={**bearer(PASSWORD), **guesser})
        assert refused(reply, 429) == "Too many wrong passwords. Try again in 5 minutes."
        # The form counts the same tries.
        form = client.post("/", data={"password": PASSWORD}, headers=guesser)
        assert form.status_code == 429
        assert client.get("/api/v1/status", headers=bearer(PASSWORD)).status_code == 200


def test_a_browser_that_has_given_the_password_may_read_the_description(
    corpus_index: Path, encoder: SentenceEncoder
) -> None:
    access = Access(password=SecretStr("open"))
    with (
        serving(corpus_index, encoder, access=access) as served,
        httpx.Client(base_url=served.address, timeout=120) as client,
    ):
        assert client.post("/", data={"password": "open"}).status_code == 303
        assert client.get("/api/v1/").status_code == 200


def test_the_description_is_whole(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    calls = {(method, path) for path, made in document["paths"].items() for method in made}
    assert calls == {
        ("post", "/ask"),
        ("post", "/search"),
        ("get", "/articles/{article_id}"),
        ("get", "/status"),
    }
    for path, made in document["paths"].items():
        for operation in made.values():
            assert operation["summary"], path
            assert operation["description"]
    assert {"Answer", "Question"} <= set(document["components"]["schemas"])
    assert "level" in document["components"]["schemas"]["Answer"]["required"]
    named = set(json.dumps(document).split('"#/components/schemas/')[1:])
    assert {name.partition('"')[0] for name in named} <= set(document["components"]["schemas"])
    conforms(document, "Question", json.loads(Question(question=AUSTIN).model_dump_json(exclude_none=True)))
    conforms(document, "Problem", api.get("/nothing").json())


def test_nothing_in_the_description_is_without_one(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    assert list(undescribed(document)) == []
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"].strip(), name
    bounded = document["components"]["schemas"]["Answer"]["properties"]["confidence"]
    assert (bounded["minimum"], bounded["maximum"]) == (0, 1)
    for path, made in document["paths"].items():
        for method, operation in made.items():
            for part in (*operation.get("parameters", ()), *operation["responses"].values()):
                assert part["description"].strip(), (method, path, part)
                assert part["description"] != "Successful Response"
            if method == "post":
                assert operation["requestBody"]["description"].strip()


def test_every_refusal_is_described_with_its_body(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    for made in document["paths"].values():
        for method, operation in made.items():
            refusals = {status: told for status, told in operation["responses"].items() if status != "200"}
            expected = {"400", "401", "403", "406", "429", "500", "503", "default"}
            expected |= {"408", "413", "415", "422"} if method == "post" else set()
            expected |= {"404", "422"} if "parameters" in operation else set()
            assert set(refusals) == expected
            for status, told in refusals.items():
                ((kind, content),) = told["content"].items()
                assert kind == "application/problem+json"
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                if status != "default":
                    conforms(document, "Problem", content["example"])
                    assert content["example"]["status"] == int(status)


def test_the_description_for_people_reads_well_and_requests_nothing(
    site: Site, profile: BrowserContext
) -> None:
    for scheme in ("light", "dark"):
        other = profile.browser.new_context(viewport=PHONE, color_scheme=scheme)
        page = other.new_page()
        requested: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request, requested=requested: requested.append(request.url))
        page.on("console", lambda message, complaints=complaints: complaints.append(message.text))
        page.goto(f"{site.address}/api/v1")
        assert set(requested) == {f"{site.address}/api/v1", f"{site.address}/api/v1/"}
        assert complaints == []
        expect(page.get_by_role("heading", name="Ask a question")).to_be_visible()
        expect(page.get_by_text("POST /api/v1/ask", exact=True)).to_be_visible()
        expect(page.get_by_text("Too many questions are waiting").first).to_be_visible()
        expect(page.get_by_text("From 0 to 1.")).to_be_visible()
        expect(page.get_by_text(f"curl -s {site.address}/api/v1/ask")).to_be_visible()
        anchors = page.evaluate(
            """() => [...document.querySelectorAll('a[href^="#"]')]
                .filter((link) => !document.querySelector(link.getAttribute("href"))).map((link) => link.href)"""
        )
        assert anchors == []
        named = page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
        assert len(set(named)) == len(named)
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]
        other.close()
