"""The application: the API, the chart page, the policies, and FHIR where it is installed, behind one door."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bvn_asp.errors import Fault, InputError, Place
from bvn_asp.serve.api import Api, too_late, whole
from bvn_asp.serve.guard import Door, Guard
from bvn_asp.serve.pages import Pages
from bvn_asp.serve.pool import Pool, TooLate
from bvn_asp.serve.problems import Refused, broken, problem, refused
from bvn_asp.verbs import Library

STATIC = Path(__file__).parent / "static"


def application(
    library: Library,
    door: Door | None = None,
    threads: int = 4,
    waiting: int = 64,
    seconds: float = 30.0,
    demo: str = "",
    warm: bool = False,
) -> Guard:
    """The server as an ASGI application.

    Args:
        door: who may come in; the loopback names, at any port, if None.
        threads: how many questions are answered at once; `waiting` so many more may wait.
        seconds: how long a question may take.
        demo: the text of a case that the first page opens.
        warm: ground the policies at the start, before anybody asks.
    """
    door = door or Door()
    pool = Pool(threads, waiting, seconds)
    api, pages = Api(library, pool), Pages(library, pool, door, demo)
    pool.forgets.append(pages.live.forget)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if warm:
            pool.warm(pages.warm)
        yield
        pool.close()

    made = Starlette(
        routes=[
            *api.routes(),
            *pages.routes(),
            *_fhir(library, pool),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        exception_handlers={HTTPException: _http, InputError: _input, Refused: _refused, Exception: _broken},
        lifespan=lifespan,
    )
    made.state.pool, made.state.live = pool, pages.live
    return Guard(made, door)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {404: "nothing is served here", 405: "this is asked in another way"}
    status = error.status_code if error.status_code in (404, 405) else 400
    message = said.get(status, "this is no request that can be read")
    return problem(status, [Fault(Place(""), message, "/docs says what is served")], error.headers)


async def _input(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    return problem(422, error.faults)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return refused(error, {"retry-after": "1"} if error.status == 503 else None)


async def _broken(request: Request, error: Exception) -> Response:
    return broken()  # the guard logs its kind and its place


def _fhir(library: Library, pool: Pool) -> list[Route]:
    """The FHIR and CDS Hooks services; none where FHIR is not installed."""
    try:
        from bvn_asp.fhir.services import Services

        paths = dict.fromkeys(path for _, path in Services(library).routes)
    except InputError:
        return []
    own = threading.local()  # what a service grounds is for one thread

    def forget(programs: bool) -> None:
        if hasattr(own, "services"):
            own.services.desk.forget()
            if programs:
                del own.services

    pool.forgets.append(forget)

    async def served(request: Request) -> Response:
        body = await whole(request)
        method, path = request.method, request.url.path

        def answer() -> Response:
            if not hasattr(own, "services"):
                own.services = Services(library)
            found = own.services(method, path, body)
            return Response(found.text, found.status, media_type=found.media)

        try:
            return await pool.run(answer, gone=request.is_disconnected)
        except TooLate:
            return too_late()

    return [Route(path, served, methods=["GET", "POST"]) for path in paths]
