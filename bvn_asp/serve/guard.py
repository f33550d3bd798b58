"""Lets nobody in: who may ask, what may be sent, and what a browser may do with an answer.

A page in another tab can send requests to this machine, and can make its own name point here (DNS rebinding). So the
name that was asked must be ours, a request that says where it comes from must come from our own page, and what a form
of another site can send without asking first is not read. Nothing that was sent is ever written to a log.
"""

from __future__ import annotations

import hmac
import json
import logging
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse

from bvn_asp.serve.problems import Refused, broken, refused

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOG = logging.getLogger("bvn.serve")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
COOKIE = "bvn-token"
OPEN_PATHS = ("/enter", "/healthz", "/static/", "/page.css")  # reached without a token: nothing of a chart is there
READ = ("application/json", "application/yaml", "application/x-yaml", "text/yaml", "application/x-ndjson",
        "application/fhir+json", "application/fhir+xml", "application/ndjson")
WALL = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": WALL,
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class Door:
    """Who may come in.

    Attributes:
        names: the hosts by which we are asked, without a port; any port will do if `port` is None.
        token: what must be shown; nothing if empty.
        most_bytes: how large a body may be.
    """

    names: tuple[str, ...] = LOOPBACK
    port: int | None = None
    token: str = ""
    most_bytes: int = 2 * 1024 * 1024
    hosts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        ports = [""] if self.port is None else [f":{self.port}", *([""] if self.port in (80, 443) else [])]
        object.__setattr__(self, "hosts", frozenset(f"{name.lower()}{port}" for name in self.names for port in ports))

    def knows(self, host: str) -> bool:
        """Whether a `Host` is ours."""
        asked = host.lower()
        if self.port is None:
            asked = asked.rpartition(":")[0] if asked.rpartition(":")[2].isdecimal() else asked
        return asked in self.hosts

    def holds(self, headers: Headers) -> bool:
        """Whether a request shows the token."""
        if not self.token:
            return True
        shown = headers.get("authorization", "").removeprefix("Bearer ").strip()
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            morsel = None
        return any(
            hmac.compare_digest(each.encode(), self.token.encode()) for each in (shown, morsel.value if morsel else "")
        )


class Guard:
    """An application behind a door."""

    def __init__(self, app: App, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no other protocol is spoken here
        started = False
        read = 0

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > self.door.most_bytes:
                    raise self._too_large()
            return message

        try:
            self._check(scope)
            await self.app(scope, limited, guarded)
        except Refused as error:
            if error.status == 401 and scope["path"] == "/" and scope["method"] == "GET":
                await RedirectResponse("/enter", 303)(scope, receive, guarded)
            elif not started:
                extra = {"retry-after": "1"} if error.status == 503 else None
                await refused(error, extra)(scope, receive, guarded)
        except Exception as error:  # whatever it says may be of a chart: only its kind and its place are told
            _log(error)
            if not started:
                await broken()(scope, receive, guarded)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or not self.door.knows(headers["host"]):
            raise Refused(421, "this host name is not served here", "ask by the address that `bvn serve` printed")
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in (f"http://{headers['host'].lower()}", self._tls(headers)):
            raise Refused(403, "a page of another origin asks")
        site = headers.get("sec-fetch-site", "none")
        reads = scope["method"] in ("GET", "HEAD")
        if site not in ("same-origin", "none") and not (
            reads and headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        ):
            raise Refused(403, "a page of another site asks")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.door.most_bytes:
            raise self._too_large()
        path = scope["path"]
        free = any(path == each or (each.endswith("/") and path.startswith(each)) for each in OPEN_PATHS)
        if not free and not self.door.holds(headers):
            raise Refused(401, "a token is asked for", "send `Authorization: Bearer TOKEN`, or open /enter")
        if not reads and path != "/enter":
            media = headers.get("content-type", "").partition(";")[0].strip().lower()
            if media not in READ:
                raise Refused(415, "the body has no media type that is read here", "one of " + ", ".join(READ[:5]))

    def _tls(self, headers: Headers) -> str:
        return f"https://{headers['host'].lower()}"

    def _too_large(self) -> Refused:
        return Refused(413, f"the body is over {self.door.most_bytes // 1024} kB", "ask of one case at a time")


def _log(error: Exception) -> None:
    """The kind of an error and the line of our code that it came from: nothing of what was asked."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    LOG.error("%s in %s:%s", type(error).__name__, last.name if last else "?", last.lineno if last else 0)


def say(lines: Iterable[str]) -> None:
    """Print where the server is."""
    for each in lines:
        print(each, file=sys.stderr, flush=True)


def plain(data: Any) -> str:
    """Data as JSON that can stand in a page of ours."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
