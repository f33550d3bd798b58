"""The command line's answers over HTTP: `/v1/…`, byte for byte."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bvn_asp.engine.stopping import Stop, Stopped
from bvn_asp.errors import BvnError, Fault, InputError, Place, fault
from bvn_asp.render.data import to_json
from bvn_asp.render.schema import schema, schema_names
from bvn_asp.serve.bodies import TEXTS, YES_NO, Option, read_question
from bvn_asp.serve.openapi import openapi
from bvn_asp.serve.pool import Pool, TooLate
from bvn_asp.serve.problems import Refused, problem
from bvn_asp.serve.questions import VERBS, Clock, Verb
from bvn_asp.verbs import Library

JSON = "application/json"
NDJSON = "application/x-ndjson"
BATCH = {
    "policies": Option("ask these policies only", TEXTS, ()),
    "strict": Option("presume nothing absent that nobody documents", YES_NO, False),
    "parts": Option("what to answer for each case: verdict, blamed (both, unless said), open, statuses", TEXTS, ()),
    "keep": Option("hand on a column that is no fact", TEXTS, ()),
}
ROWS = 256  # so many cases are decided before their answers go out
BATCH_TIMES = 10  # a batch may take so many times as long as a question


class Api:
    """The routes of one library."""

    def __init__(self, library: Library, pool: Pool) -> None:
        self.library, self.pool = library, pool

    @cached_property
    def description(self) -> str:
        """The OpenAPI description as JSON."""
        return to_json(openapi(self.library))

    def routes(self) -> list[Route]:
        """What is served."""
        return [
            *(Route(f"/v1/{name}", self._asked(verb), methods=["POST"]) for name, verb in VERBS.items()),
            Route("/v1/batch", self.batch, methods=["POST"]),
            Route("/v1/policies", self.policies, methods=["GET"]),
            Route("/v1/facts", self.facts, methods=["GET"]),
            Route("/v1/schemas", self.schemas, methods=["GET"]),
            Route("/v1/schemas/{name:path}", self.schema, methods=["GET"]),
            Route("/openapi.json", self.described, methods=["GET"]),
            Route("/healthz", self.healthz, methods=["GET"]),
        ]

    def _asked(self, verb: Verb) -> Callable[[Request], Any]:
        async def asked(request: Request) -> Response:
            body = await whole(request)
            address = request.query_params.multi_items()
            clock = Clock(self.pool.seconds)

            def answer() -> str:
                clock.restart()
                return verb.answer(self.library, read_question(self.library, body, verb.options, address), clock)

            return await answered(self.pool, answer, clock, request)

        return asked

    async def policies(self, request: Request) -> Response:
        return Response(self.library.listing().json(), media_type=JSON)

    async def facts(self, request: Request) -> Response:
        words = [word for each in request.query_params.getlist("words") for word in each.split()]
        try:
            return Response(self.library.facts(words).json(), media_type=JSON)
        except InputError as error:
            return problem(422, error.faults)

    async def schemas(self, request: Request) -> Response:
        return _json(list(schema_names()))

    async def schema(self, request: Request) -> Response:
        try:
            return _json(schema(self.library, request.path_params["name"]))
        except InputError as error:
            return problem(404, error.faults)

    async def described(self, request: Request) -> Response:
        return Response(self.description, media_type=JSON)

    async def healthz(self, request: Request) -> Response:
        return _json({"status": "ok", "policies": len(self.library.policies)})

    async def batch(self, request: Request) -> Response:
        try:
            from bvn_asp.batch.decide import FAST, PARTS
            from bvn_asp.batch.run import batch_lines
        except ImportError as error:
            missing = fault(f"batch needs {error.name}, which is not installed", "pip install 'bvn-asp[batch]'")
            return problem(422, missing.faults)
        body = await whole(request)
        for name in request.query_params:
            if name not in BATCH:
                return problem(422, fault(f"unknown option `{name[:60]}`", "there are " + ", ".join(BATCH)).faults)
        options = {name: request.query_params.getlist(name) for name in BATCH}
        if any(each not in PARTS for each in options["parts"]):
            return problem(422, fault("unknown part", "the parts are " + ", ".join(PARTS)).faults)
        lines = batch_lines(
            self.library,
            body,
            options["policies"],
            strict=options["strict"] == ["true"],
            keep=options["keep"],
            parts=options["parts"] or FAST,
            rows=ROWS,
        )
        stream = Stream(lines, self.pool)
        try:
            first = await stream.first()
        except InputError as error:
            return problem(422, error.faults)
        except TooLate:
            return too_late()
        return StreamingResponse(stream.rest(first), media_type=NDJSON)


class Stream:
    """Lines that a thread makes while they are sent; it stops where nobody reads on, or when its time is over."""

    def __init__(self, lines: Iterator[bytes], pool: Pool) -> None:
        self._lines, self._pool, self._stop = lines, pool, Stop()
        self._queue: queue.Queue[bytes | BaseException] = queue.Queue(maxsize=4)
        self._gone = threading.Event()
        self._row = 0  # the last row that was handed on
        self._last: list[bytes | BaseException | None] = []  # what ends it, once nothing is to come

    def _work(self) -> None:
        held: list[bytes] = []
        try:
            for line in self._lines:
                held.append(line)
                if len(held) >= ROWS:
                    self._put(held)
                    held = []
            self._put(held)
            self._last = [None]
        except _Gone:
            self._last = [None]
        except Stopped:
            self._last = [self._unanswered(), None] if self._row else [TooLate()]
            raise
        except Exception as error:  # it is told where the lines are read
            self._last = [error]

    def _put(self, held: list[bytes]) -> None:
        while not self._gone.is_set():
            if self._stop.asked:
                raise Stopped("its time is over")
            try:
                self._queue.put(b"".join(held), timeout=0.2)
            except queue.Full:
                continue
            self._row = max([self._row, *(json.loads(line)["row"] for line in held[-1:])])
            return
        raise _Gone

    def _unanswered(self) -> bytes:
        """The line that says where the time was over, in the form of a fault of a row."""
        seconds = f"{self._pool.seconds * BATCH_TIMES:.0f} s"
        said = f"stopped after {seconds}: this row and the rows after it are not answered"
        line = {"row": self._row + 1, "column": "", "value": "", "fault": said, "hint": "ask them in smaller pieces"}
        return json.dumps(line, ensure_ascii=False).encode() + b"\n"

    async def _get(self) -> bytes | None:
        while True:
            try:
                found: bytes | BaseException | None = self._queue.get_nowait()
            except queue.Empty:
                if not self._last or not self._queue.empty():
                    await asyncio.sleep(0.01)
                    continue
                found = self._last.pop(0)
            if isinstance(found, BaseException):
                raise found
            return found

    async def first(self) -> bytes | None:
        """The first lines; raises what hinders them."""
        running = self._pool.run(self._work, self._pool.seconds * BATCH_TIMES, stop=self._stop)
        self._task = asyncio.ensure_future(running)
        get = asyncio.ensure_future(self._get())
        await asyncio.wait({self._task, get}, return_when=asyncio.FIRST_COMPLETED)
        if not get.done() and self._task.done() and (error := self._task.exception()):
            get.cancel()
            raise error
        self._task.add_done_callback(lambda each: each.exception())  # it is told by the lines
        return await get

    async def rest(self, found: bytes | None) -> AsyncIterator[bytes]:
        """The first lines and all others."""
        try:
            while found is not None:
                yield found
                found = await self._get()
        finally:
            self._gone.set()


class _Gone(Exception):
    """Nobody reads on."""


async def whole(request: Request) -> bytes:
    """The body of a request, read in a time.

    Raises: Refused: it comes too slowly.
    """
    try:
        return await asyncio.wait_for(request.body(), 20)
    except TimeoutError:
        raise Refused(400, "the body did not come in time") from None


async def answered(pool: Pool, work: Callable[[], str | Response], clock: Clock, request: Request) -> Response:
    """What some work answers: 422 for what cannot be asked, 503 with what was found for what took too long."""
    try:
        found = await pool.run(work, gone=request.is_disconnected)
    except TooLate:
        return too_late()
    except InputError as error:
        return problem(422, error.faults)
    except BvnError:
        return problem(500, [Fault(Place(""), "the solver could not answer; this is a fault here")])
    if isinstance(found, Response):
        return found
    if clock.late:
        said = Fault(Place(""), "the question took too long; `found` is what was found until then, not all there is")
        return problem(503, [said], {"retry-after": "1"}, found=json.loads(found))
    return Response(found, media_type=JSON)


def too_late() -> Response:
    """The answer to a question of which nothing was found in time."""
    said = Fault(Place(""), "the question took too long, and nothing is known of its answer", "ask one policy")
    return problem(503, [said], {"retry-after": "1"}, found=None)


def _json(found: Any) -> Response:
    return Response(to_json(found), media_type=JSON)

