"""The pages: the chart, the policies, the description of the API, and the door where a token is asked for."""

from __future__ import annotations

import hmac
import importlib.util
import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bvn_asp.render.html import TEMPLATES as OURS
from bvn_asp.render.words import KIND_TITLES, NOTICE
from bvn_asp.serve.api import JSON, answered, whole
from bvn_asp.serve.bodies import Question, read_question
from bvn_asp.serve.form import groups, head
from bvn_asp.serve.guard import COOKIE, Door
from bvn_asp.serve.live import OPTIONS, Chart, Live
from bvn_asp.serve.openapi import openapi
from bvn_asp.serve.papers import DOCX, PAPERS, Papers, marked
from bvn_asp.serve.pool import Pool
from bvn_asp.serve.questions import Clock
from bvn_asp.serve.texts import Texts
from bvn_asp.verbs import Library

TEMPLATES = Path(__file__).parent / "templates"
Made = dict[str, Any] | str | bytes


def environment() -> Environment:
    """Templates in which every text is escaped; no style and no script stands in a page."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["notice"] = NOTICE
    return made


TABS = (
    ("sheet", "Worksheet"),
    ("open", "Open, presumed"),
    ("ways", "Ways to approval"),
    ("readings", "Readings"),
    ("matrix", "Side by side"),
)


class Pages:
    """The pages of one library."""

    def __init__(self, library: Library, pool: Pool, door: Door, demo: str = "") -> None:
        self.library, self.pool, self.door, self.demo = library, pool, door, demo
        self.environment = environment()
        self.live = Live(library, self.html)
        self.texts = Texts(library, self.html)
        self.papers = Papers(library)

    def routes(self) -> list[Route]:
        """What is served."""
        # A piece of a page says by itself that its search was stopped; what is no piece is a file, and never run.
        asked: dict[str, Callable[[Chart, Question, Clock], Made]] = {
            "verdicts": lambda chart, asked, clock: self.live.verdicts(chart),
            "sheet": lambda chart, asked, clock: self.live.sheet(chart),
            "matrix": lambda chart, asked, clock: self.live.matrix(chart),
            "ways": lambda chart, asked, clock: self.live.ways(chart, clock),
            "ask": lambda chart, asked, clock: self.live.ask(chart, asked.options["skipped"], clock),
            "tries": lambda chart, asked, clock: self.live.tries(chart, asked.options["tries"]),
            "policies": lambda chart, asked, clock: _text(self.texts.policies()),
            "policy/{name}": lambda chart, asked, clock: _text(
                self.texts.policy(asked.path["name"], chart.case, chart.readings)
            ),
            "diff/{old}/{new}": lambda chart, asked, clock: _text(self.texts.diff(**asked.path)),
            "stricter/{old}/{new}": lambda chart, asked, clock: _text(self.texts.stricter(**asked.path)),
            "atlas": lambda chart, asked, clock: _text(self.texts.atlas()),
            "find": lambda chart, asked, clock: self.live.found(asked.options["words"]),
            "save": lambda chart, asked, clock: self.live.saved(chart.recorded, asked.options["origin"] or ""),
            "report": lambda chart, asked, clock: self.live.report(chart, marked(chart)),
            "paper": lambda chart, asked, clock: self.papers.made(
                chart, self.live.looked_at(chart), asked.options["paper"] or "", asked.options["form"]
            ),
            "record": lambda chart, asked, clock: self.live.record(chart),
        }
        return [
            Route("/", self.chart, methods=["GET"]),
            Route("/page.css", self.style, methods=["GET"]),
            Route("/docs", self.docs, methods=["GET"]),
            Route("/enter", self.enter, methods=["GET", "POST"]),
            Route("/app/open", self.open, methods=["POST"]),
            *(Route(f"/app/{path}", self._asked(what), methods=["POST"]) for path, what in asked.items()),
        ]

    def warm(self) -> None:
        """Ground in this thread what the first questions ask."""
        self.live.warm()

    def html(self, template: str, **values: Any) -> str:
        """A page, or a piece of one."""
        return self.environment.get_template(template).render(values)

    def _asked(self, what: Callable[[Chart, Question, Clock], Made]) -> Callable[[Request], Any]:
        async def asked(request: Request) -> Response:
            body = await whole(request)
            clock = Clock(self.pool.seconds)

            def answer() -> Response:
                clock.restart()
                question = read_question(self.library, body, OPTIONS)
                question.path.update(request.path_params)
                found = what(self.live.chart(question), question, clock)
                if isinstance(found, bytes):
                    return Response(found, media_type="application/octet-stream")
                if isinstance(found, str):
                    return Response(found, media_type="text/plain")
                return Response(json.dumps(found, ensure_ascii=False), media_type=JSON)

            return await answered(self.pool, answer, clock, request)

        return asked

    @cached_property
    def shell(self) -> str:
        """The page of the chart, before anything is recorded."""
        vocabulary = self.library.vocabulary
        asked = vocabulary.request
        index = vocabulary.asked
        fhir = importlib.util.find_spec("fhirkit") is not None
        return self.html(
            "chart.html.j2",
            procedure=asked.procedure,
            many=asked.many,
            asked=asked.members,
            bodies=list(index.members),
            optional=list(index.optional),
            drawn=any(each.between == vocabulary.facts[asked.members].per for each in vocabulary.indexes.values()),
            code=asked.first or "code",
            pairs={name: each.neighbours for name, each in vocabulary.indexes.items() if each.neighbours},
            head=head(self.library),
            groups=groups(self.library),
            tabs=TABS,
            papers=PAPERS,
            docx=DOCX,
            kinds=[
                {"title": title, "names": [e.id for e in self.library.policies.values() if e.kind == k and e.encoded]}
                for k, title in KIND_TITLES.items()
            ],
            fhir=fhir,
            demo=self.demo,
        )

    async def chart(self, request: Request) -> Response:
        return HTMLResponse(self.shell)

    async def open(self, request: Request) -> Response:
        body = await whole(request)
        clock = Clock(self.pool.seconds)

        def answer() -> str:
            return json.dumps(self.live.opened(read_question(self.library, body, {}).case, body), ensure_ascii=False)

        return await answered(self.pool, answer, clock, request)

    async def style(self, request: Request) -> Response:
        return Response((OURS / "page.css").read_text(encoding="utf-8"), media_type="text/css")

    @cached_property
    def described(self) -> str:
        """The page that describes the API."""
        made = openapi(self.library)
        return self.html("docs.html.j2", api=made, text=lambda each: json.dumps(each, indent=2, ensure_ascii=False))

    async def docs(self, request: Request) -> Response:
        return HTMLResponse(self.described)

    async def enter(self, request: Request) -> Response:
        wrong = False
        if request.method == "POST":
            given = parse_qs((await whole(request)).decode("utf-8", "replace")).get("token", [""])[0].strip()
            if hmac.compare_digest(given.encode("utf-8", "replace"), self.door.token.encode()):
                answer = RedirectResponse("/", 303)
                answer.set_cookie(COOKIE, self.door.token, httponly=True, samesite="strict", path="/")
                return answer
            wrong = True
        return HTMLResponse(self.html("enter.html.j2", wrong=wrong), 401 if wrong else 200)


def _text(html: str) -> dict[str, Any]:
    return {"html": {"texts": html}}
