"""The verbs over HTTP: JSON in, JSON out, by the server that the app runs on (starlette, uvicorn).

    GET  /            the verbs, with the schema of their arguments
    GET  /v1/VERB?…   an answer; POST takes the arguments as an object of JSON
    GET  /health      ok

Errors are `{"fact": …, "lever": …}`. A name that is not the server's, or a page of another one, is refused with 403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isogloss import __version__
from isogloss.cli.verbs.verb import VERBS, Busy
from isogloss.errors import InvalidValue, IsoglossError, NotFound, StoreError
from isogloss.text.nested import read_json
from isogloss.workspace.access import host_names
from isogloss.workspace.origins import is_own
from isogloss.workspace.store import Workspace

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request

LARGEST = 16_384  # bytes of a question
_STATUS: tuple[tuple[type[IsoglossError], int], ...] = ((Busy, 503), (NotFound, 404), (StoreError, 500))


def application(workspace: Workspace) -> Starlette:
    """An ASGI application that answers for one workspace."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.exceptions import HTTPException
    from starlette.responses import JSONResponse, PlainTextResponse
    from starlette.routing import Route

    def refused(error: IsoglossError, status: int) -> JSONResponse:
        return JSONResponse({"fact": error.fact, "lever": error.lever}, status)

    async def listed(request: Request) -> JSONResponse:
        verbs = [{"name": name, "help": VERBS[name].help, "arguments": VERBS[name].schema()} for name in VERBS]
        return JSONResponse({"isogloss": __version__, "read_only": True, "verbs": verbs})

    async def asked(request: Request) -> JSONResponse:
        name = request.path_params["verb"]
        if name not in VERBS:
            return refused(NotFound(f"there is no verb {name[:40]!r}", lever=f"choose from {', '.join(VERBS)}"), 404)
        try:
            given = await arguments(request)
            return JSONResponse(await run_in_threadpool(VERBS[name].ask, given, workspace))
        except IsoglossError as error:
            return refused(error, next((status for kind, status in _STATUS if isinstance(error, kind)), 400))

    async def health(request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    async def wrong(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        told = {404: "there is nothing at this address", 405: "this address does not take that method"}
        return refused(InvalidValue(told.get(status, "the question failed"), "see GET /"), status)

    routes = [
        Route("/", listed),
        Route("/health", health),
        Route("/v1/{verb}", asked, methods=["GET", "POST"]),
    ]
    made = Starlette(routes=routes, exception_handlers={HTTPException: wrong, 500: wrong})
    made.add_middleware(Own)
    return made


async def arguments(request: Request) -> dict[str, Any]:
    """What a question gives: the keys of its address, or the object of JSON that it brings. Raises InvalidValue."""
    if request.method != "POST":
        told = dict(request.query_params)
        if len(told) != len(request.query_params.multi_items()):
            raise InvalidValue("an argument is given twice", "give each once")
        if len(str(request.query_params)) > LARGEST:
            raise InvalidValue("the address is too long", f"give at most {LARGEST:,} bytes")
        return told
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InvalidValue("the question is no JSON", "send Content-Type: application/json")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise InvalidValue(f"the question has more than {LARGEST:,} bytes", "ask less at once")
    try:
        told = read_json(body.decode("utf-8"))
    except ValueError as error:
        raise InvalidValue("the question is no JSON", "send an object of arguments") from error
    if not isinstance(told, dict):
        raise InvalidValue(f"the question is {str(told)[:40]!r}", "send an object of arguments")
    return told


class Own:
    """Before everything: only the server's own names, only from its own pages or from no page."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from starlette.responses import JSONResponse

        if scope["type"] == "http":
            hosts, origins = (
                [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]
                for name in (b"host", b"origin")
            )
            if not is_own(hosts, origins, scope.get("scheme", "http"), host_names()):
                lever = "start it with serve-api --host-name NAME"
                told = {"fact": "this name or this origin is not one of the server's", "lever": lever}
                await JSONResponse(told, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)
