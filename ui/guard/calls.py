"""What the page and other programs may call on the server, and how. Everything else is refused."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Literal, NoReturn

from pydantic import BaseModel, BeforeValidator, Field, StrictBool, StrictInt, StrictStr, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Scope

from index.reading.files import MAX_FILE_BYTES
from ui.links import CONVERSATION

# The most bytes in a request. A question that is too long still fits, and comes back to be shortened.
MOST_BYTES = 1_000_000
# A request has to arrive within this many seconds.
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the page that Gradio calls, through its queue or at once."""

    queued: bool
    # Whether Gradio keeps each input itself; the page then sends nothing for it.
    kept: tuple[bool, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Call:
    """Something that the page may call."""

    method: Literal["GET", "POST"]
    path: re.Pattern[str]
    body: "type[_Body] | None" = None
    # The largest body in bytes.
    limit: int = 0
    # Whether a query after the path names the session. The page sends no other query.
    query: bool = False
    # Whether it changes the articles, which not every reader may do.
    changes: bool = False
    # Whether it is for programs, which say more in a query and send any JSON: their parts check it.
    free: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What the server gets to see of a request."""

    body: bytes = b""
    query: bytes = b""
    # The open page that it comes from, if it says so.
    session: str = ""


def _whole(value: object) -> object:
    """Replace lone surrogates, which a browser's string may hold and no text that leaves here may."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


_NAME = re.compile("[A-Za-z0-9_-]{1,64}")
_Text = Annotated[StrictStr, BeforeValidator(_whole)]
_Name = Annotated[StrictStr, Field(pattern=f"^{_NAME.pattern}$")]
_Offset = Annotated[StrictInt, Field(ge=0, le=2**53)]


class _Body(BaseModel):
    """The useful part of what the page sends."""

    def fits(self, functions: Mapping[int, Function], panel: int) -> bool:
        """Return whether it calls a function that exists, with the inputs of that function."""
        return True


class _Choice(BaseModel):
    text: _Text


class _Event(BaseModel):
    index: StrictInt | list[StrictInt] | None = None
    value: _Choice


class _Run(_Body):
    """A call of a function that runs at once."""

    session_hash: _Name
    data: Annotated[list[_Text | None], Field(max_length=8)]
    fn_index: StrictInt
    trigger_id: _Offset | None = None
    # The scripts of the page's own parts say nothing about their events.
    event_data: Annotated[_Event | None, BeforeValidator(lambda said: None if said == {} else said)] = None

    queued: ClassVar[bool] = False

    def fits(self, functions: Mapping[int, Function], panel: int) -> bool:
        function = functions.get(self.fn_index)
        if function is None or function.queued != self.queued or function.chosen != bool(self.event_data):
            return False
        return [value is None for value in self.data] == list(function.kept)


class _Ask(_Run):
    """A question for the queue."""

    queued: ClassVar[bool] = True


# A quote in an article, and its words that answer, where they are known.
_Quote = tuple[_Offset, _Offset] | tuple[_Offset, _Offset, _Offset, _Offset]
_Quotes = Annotated[list[_Quote], Field(max_length=50)]
_Article = Annotated[StrictStr, Field(max_length=200)]


class _Panel(_Body):
    """The panel's request for an article, a place and the answer's quotes in it, or for what is beside it."""

    session_hash: _Name
    component_id: StrictInt
    fn_name: Literal["article", "beside"]
    data: tuple[_Article, _Offset, _Offset, _Quotes] | tuple[_Article]

    def fits(self, functions: Mapping[int, Function], panel: int) -> bool:
        return self.component_id == panel and (len(self.data) == 1) == (self.fn_name == "beside")


class Filtering(_Body):
    """Filters as a link has them; of what else can be chosen of a kind, what holds some letters."""

    filters: Annotated[_Text, Field(max_length=20_000)] = ""
    kind: Literal["", "source", "language", "path", "tag"] = ""
    typed: Annotated[_Text, Field(max_length=200)] = ""


class Suggesting(_Body):
    """What may be asked after a question with its answer's articles, or first, from a place of a list on."""

    question: Annotated[_Text, Field(max_length=2000)] = ""
    articles: Annotated[list[_Article], Field(max_length=10)] = []
    found: StrictBool = False
    filters: Annotated[_Text, Field(max_length=20_000)] = ""
    place: Annotated[StrictInt, Field(ge=0, le=100)] = 0


class Listing(_Body):
    """Part of the list of conversations: those that hold some words, older than the ones before."""

    search: Annotated[_Text, Field(max_length=200)] = ""
    older: Annotated[_Text, Field(max_length=80)] = ""


class Looking(_Body):
    """A conversation."""

    id: _Name


class Renaming(Looking):
    """A new title for one."""

    title: Annotated[_Text, Field(min_length=1, max_length=300, pattern=r"\S")]


class Deleting(_Body):
    """Conversations to delete; all of the reader's if none is named."""

    ids: Annotated[list[_Name], Field(min_length=1, max_length=1000)] | None


class Rating(_Body):
    """What a reader thinks of an answer; nothing any more if it is neither good nor bad."""

    turn: _Offset
    good: StrictBool | None
    reason: Annotated[_Text, Field(max_length=2000)] = ""
    right_answer: Annotated[_Text, Field(max_length=500)] | None = None


class Nothing(_Body):
    """A call that says it all by its path."""


class Turning(_Body):
    """A page of the list of articles: those that hold some words, in an order."""

    text: Annotated[_Text, Field(max_length=200)] = ""
    order: Literal["title", "source", "published", "language", "words", "path", "places"] = "published"
    descending: StrictBool = True
    page: _Offset = 0


class Leafing(_Body):
    """A page of what was skipped."""

    page: _Offset = 0


class Building(_Body):
    """A build of the index, of everything or of what has changed."""

    everything: StrictBool = False


class _Cancel(_Body):
    session_hash: _Name
    event_id: _Name
    fn_index: StrictInt

    def fits(self, functions: Mapping[int, Function], panel: int) -> bool:
        return self.fn_index in functions and functions[self.fn_index].queued


class _Reset(_Body):
    event_id: _Name


def _get(path: str, *, query: bool = False) -> Call:
    return Call("GET", re.compile(path), query=query)


def _post(path: str, body: type[_Body]) -> Call:
    return Call("POST", re.compile(re.escape(path)), body, MOST_BYTES)


# The header that holds an uploaded file's name, percent-encoded.
NAME_HEADER = "x-article-name"
# A file for the folder of articles, whose bytes are stored as they arrive.
UPLOAD = Call("POST", re.compile("/articles/upload"), limit=MAX_FILE_BYTES, changes=True)
_FILE = r"(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+"
ASK = _post("/gradio_api/queue/join", _Ask)
LISTEN = _get("/gradio_api/queue/data", query=True)
STAY = _get(f"/gradio_api/heartbeat/{_NAME.pattern}")
_CALLS = (
    _get("/"),
    _get(rf"/assets{_FILE}"),
    _get(rf"/static/(?:fonts|img|js){_FILE}"),
    _get(r"/theme\.css"),
    _get(r"/favicon\.ico"),
    # The file of an article, by the article's id alone.
    _get(r"/original/[0-9a-f]{16}"),
    # After losing its connection, the page asks whether this is still the server that it came from.
    _get("/gradio_api/app_id"),
    STAY,
    LISTEN,
    ASK,
    _post("/gradio_api/run/predict", _Run),
    _post("/gradio_api/component_server/", _Panel),
    _post("/filters", Filtering),
    _post("/suggestions", Suggesting),
    _post("/conversations/listing", Listing),
    _post("/conversations/about", Looking),
    _post("/conversations/rename", Renaming),
    _post("/conversations/delete", Deleting),
    _post("/conversations/rate", Rating),
    _get(rf"/conversations/{CONVERSATION.pattern}/(?:md|html|print)"),
    _post("/articles/holdings", Nothing),
    _post("/articles/listing", Turning),
    _post("/articles/skipped", Leafing),
    _post("/articles/progress", Nothing),
    replace(_post("/articles/check", Nothing), changes=True),
    replace(_post("/articles/build", Building), changes=True),
    replace(_post("/articles/stop", Nothing), changes=True),
    UPLOAD,
    _post("/gradio_api/cancel", _Cancel),
    _post("/gradio_api/reset", _Reset),
)


# What programs call: the HTTP endpoint, and the MCP server.
_PROGRAMS = re.compile(r"/api/v1(?:/.*)?|/mcp")
_NO_SUCH_PATH = "There is no such path: GET /api/v1/ describes those there are."
_CALLS_OF_PROGRAMS = (
    ANSWER := Call("POST", re.compile(r"/api/v1/(?:ask|search)|/mcp"), limit=MOST_BYTES, free=True),
    Call("GET", re.compile(r"/api/v1(?:/|/openapi\.json|/status|/articles/[^/]{1,200})?"), free=True),
)


def is_for_programs(scope: Scope) -> bool:
    """Return whether a request is for what serves programs, not for the page."""
    return bool(_PROGRAMS.fullmatch(scope["path"]))


def called(scope: Scope) -> Call:
    """Return which of the known calls a request is. Raises HTTPException if it is none of them."""
    path = scope["path"]
    # The page spells each path in one way only.
    if scope.get("raw_path", path.encode()) == path.encode():
        calls = [call for call in (*_CALLS, *_CALLS_OF_PROGRAMS) if call.path.fullmatch(path)]
        if any(_method(scope) == call.method for call in calls):
            return calls[0]
        if calls:
            allowed = calls[0].method
            told = f"This path takes {allowed} only." if calls[0].free else "Method Not Allowed"
            raise HTTPException(405, told, {"Allow": allowed})
    raise HTTPException(404, _NO_SUCH_PATH if is_for_programs(scope) else "Not Found")


def _method(scope: Scope) -> str:
    return "GET" if scope["method"] == "HEAD" else str(scope["method"])


@dataclass(frozen=True, slots=True)
class Forms:
    """Checks requests against the functions of a page and its panel."""

    functions: Mapping[int, Function]
    panel: int

    async def read(self, call: Call, request: Request) -> Read:
        """Read a request. Raises HTTPException if the page would not send it."""
        raw = await whole_body(request, call.limit)
        if call.query:
            return _query(request)
        if call.method == "GET":
            return Read(query=request.scope["query_string"] if call.free else b"")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise HTTPException(415, "The request is not JSON.")
        sent = _json(raw)
        if call.body is None:
            return Read(raw)
        try:
            body = call.body.model_validate(sent)
        except ValidationError as error:
            place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "all of it"
            raise HTTPException(422, f"The page does not send such a request: check {place[:80]}.") from None
        if not body.fits(self.functions, self.panel):
            raise HTTPException(422, "The request calls a function that the page does not have.")
        return Read(body.model_dump_json().encode(), session=getattr(body, "session_hash", ""))


def _query(request: Request) -> Read:
    match request.query_params.multi_items():
        case [("session_hash", session)] if _NAME.fullmatch(session):
            return Read(query=f"session_hash={session}".encode(), session=session)
    raise HTTPException(422, "The page does not send such a request: check session_hash.")


def _json(raw: bytes) -> Any:
    def refuse(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        return json.loads(raw.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise HTTPException(400, "The request is not valid JSON.") from None


def check_upload(request: Request) -> None:
    """Refuse an upload that the page would not send. Raises HTTPException.

    No form of another site can send one: its kind and header make browsers ask first, and nothing answers.
    """
    if request.headers.get("content-type", "") != "application/octet-stream":
        raise HTTPException(415, "An upload is application/octet-stream.")
    if "origin" not in request.headers:
        raise HTTPException(403, "An upload names the page that it comes from.")
    if not re.fullmatch(r"[!-~]{1,2000}", request.headers.get(NAME_HEADER, "")):
        raise HTTPException(422, f"The page does not send such a request: check {NAME_HEADER}.")
    if "content-length" not in request.headers:
        raise HTTPException(411, "The request does not state its length.")
    declared_length(request, UPLOAD.limit, is_needed=True)


def declared_length(request: Request, limit: int, *, is_needed: bool) -> int:
    """Return the length that a request states. Raises HTTPException if it exceeds `limit` bytes."""
    declared = request.headers.get("content-length", "0")
    unbounded = is_needed and "transfer-encoding" in request.headers
    if not (declared.isascii() and declared.isdecimal()):
        raise HTTPException(400, "The request does not state its length.")
    if unbounded or len(declared) > 15 or int(declared) > limit:
        raise HTTPException(413, _too_long(limit))
    return int(declared)


async def whole_body(request: Request, limit: int) -> bytes:
    """Return a request's body. Raises HTTPException if it exceeds `limit` bytes or does not arrive."""
    declared_length(request, limit, is_needed=not limit)
    body = bytearray()
    if not limit:
        return b""
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise HTTPException(413, _too_long(limit))
    except TimeoutError:
        raise HTTPException(408, "The request took too long to arrive.") from None
    return bytes(body)


def _too_long(limit: int) -> str:
    return f"The request is too long: at most {limit:,} bytes are allowed."
