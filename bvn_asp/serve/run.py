"""Starts the server: binds an address, says where it is, serves until it is stopped."""

from __future__ import annotations

import logging
import secrets
import socket
import sys
import webbrowser
from contextlib import suppress

import uvicorn

from bvn_asp.errors import fault
from bvn_asp.serve.app import application
from bvn_asp.serve.guard import LOG, LOOPBACK, Door, say
from bvn_asp.verbs import Library

DEMO = """\
title: A 47-year-old with two years of axial back pain asks for L4 and L5; part of the chart has not come yet.
about: Invented, for a first look.
request:
  date: 2026-12-03
  line_of_business: medicare_advantage
  state: ga
  bodies: [L4, L5]
  procedures: {64628: 1}
  diagnoses: [M54.51]
facts:
  age: {value: 47, evidence: {document: eligibility record, date: 2026-11-20}}
  bmi: {value: 31.2, evidence: {document: vital signs, date: 2026-11-10}}
  pain_duration: {since: 2024-11-15, evidence: {document: history and physical, date: 2026-11-10}}
  back_pain_dominant: {value: yes, evidence: {document: history and physical, date: 2026-11-10}}
  care_duration: {value: 5 months, evidence: {document: therapy discharge note, date: 2026-11-02}}
  care:
    physical_therapy: {value: tried, evidence: {document: therapy discharge note, date: 2026-11-02}}
    pharmacotherapy: {value: tried, evidence: {document: medication list, date: 2026-11-10}}
    avoid_aggravating: {value: tried, evidence: {document: therapy discharge note, date: 2026-11-02}}
  mri_interpreted: {value: yes, evidence: {document: MRI report, date: 2026-10-05}}
  modic:
    L4: {value: type_1, evidence: {document: MRI report, date: 2026-10-05}}
"""


def serve(
    library: Library,
    host: str = "",
    port: int = 8765,
    names: tuple[str, ...] = (),
    token: str = "",
    demo: bool = False,
    show: bool = False,
    threads: int = 4,
    seconds: float = 30.0,
    most_bytes: int = 2 * 1024 * 1024,
) -> None:
    """Serve until Ctrl-C.

    Args:
        host: the address to bind; the loopback one if empty. Any other asks for a token: `token`, or one made here.
        port: 0 takes a free one.
        names: host names by which it may be asked besides its address.

    Raises: InputError: the address cannot be bound; a policy is at fault.
    """
    library.vocabulary, library.background, library.policies  # noqa: B018 - faults are told before anybody asks
    local = host in ("", "127.0.0.1", "localhost", "::1")
    shown = token or ("" if local else secrets.token_urlsafe(24))
    bound = _bound(host or "127.0.0.1", port)
    with bound:
        number = int(bound.getsockname()[1])
        asked = LOOPBACK if local else tuple(dict.fromkeys([_name(host), *names, *LOOPBACK]))
        door = Door((*asked, *names), number, shown, most_bytes)
        address = f"http://{'127.0.0.1' if local else _name(host)}:{number}/"
        made = application(library, door, threads, seconds=seconds, demo=DEMO if demo else "", warm=True)
        say([f"serving {address}", *([f"token {shown}"] if shown else []), "Ctrl-C ends it"])
        _quiet()
        config = uvicorn.Config(
            made,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            timeout_keep_alive=15,
            timeout_graceful_shutdown=2,
            limit_concurrency=256,
        )
        if show:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[bound])


def _name(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _bound(host: str, port: int) -> socket.socket:
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.socket(kind, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise fault(f"{host}:{port} cannot be served: {why}", "another `--port`; 0 takes a free one") from None
    return made


def _quiet() -> None:
    """Only our own word of a fault is logged; what a server's library says may repeat what was sent."""
    logging.disable(logging.NOTSET)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "asyncio", "starlette"):
        logging.getLogger(name).handlers = [logging.NullHandler()]
        logging.getLogger(name).propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    LOG.handlers = [handler]
    LOG.propagate = False

