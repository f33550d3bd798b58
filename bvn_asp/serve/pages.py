"""The pages: the chart, the policies, the description of the API, and the door where a token is asked for."""

from __future__ import annotations

import hmac
import json
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bvn_asp.render.html import TEMPLATES as OURS
from bvn_asp.render.words import NOTICE
from bvn_asp.serve.api import whole
from bvn_asp.serve.guard import COOKIE, Door
from bvn_asp.serve.openapi import openapi
from bvn_asp.serve.pool import Pool
from bvn_asp.verbs import Library

TEMPLATES = Path(__file__).parent / "templates"


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


class Pages:
    """The pages of one library."""

    def __init__(self, library: Library, pool: Pool, door: Door, demo: str = "") -> None:
        self.library, self.pool, self.door, self.demo = library, pool, door, demo
        self.environment = environment()

    def routes(self) -> list[Route]:
        """What is served."""
        return [
            Route("/page.css", self.style, methods=["GET"]),
            Route("/docs", self.docs, methods=["GET"]),
            Route("/enter", self.enter, methods=["GET", "POST"]),
        ]

    def warm(self) -> None:
        """Ground in this thread what the first questions ask."""
        self.library.case({"title": "nobody"})

    def html(self, template: str, **values: Any) -> str:
        """A page."""
        return self.environment.get_template(template).render(values)

    @cached_property
    def described(self) -> str:
        """The page that describes the API."""
        made = openapi(self.library)
        return self.html("docs.html.j2", api=made, text=lambda each: json.dumps(each, indent=2, ensure_ascii=False))

    async def style(self, request: Request) -> Response:
        return Response((OURS / "page.css").read_text(encoding="utf-8"), media_type="text/css")

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
