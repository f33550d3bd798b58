"""Starts the server: binds an address, says where it is, serves until it is stopped."""

from __future__ import annotations

import logging
import secrets
import socket
import sys
import webbrowser
from contextlib import suppress

import uvicorn

from bvn_asp.errors import Place, fault
from bvn_asp.serve.app import application
from bvn_asp.serve.guard import LOG, LOOPBACK, Door, say
from bvn_asp.verbs import Library


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
        demo: the first page opens the library's invented case, `demo.yaml`.
        names: host names by which it may be asked besides its address.

    Raises: InputError: the address cannot be bound; a policy is at fault; the library has no case for a first look.
    """
    library.vocabulary, library.background, library.policies  # noqa: B018 - faults are told before anybody asks
    local = host in ("", "127.0.0.1", "localhost", "::1")
    shown = token or ("" if local else secrets.token_urlsafe(24))
    invented = demo_of(library) if demo else ""
    bound = _bound(host or "127.0.0.1", port)
    with bound:
        number = int(bound.getsockname()[1])
        asked = LOOPBACK if local else tuple(dict.fromkeys([_name(host), *names, *LOOPBACK]))
        door = Door((*asked, *names), number, shown, most_bytes)
        address = f"http://{'127.0.0.1' if local else _name(host)}:{number}/"
        made = application(library, door, threads, seconds=seconds, demo=invented, warm=True)
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


def demo_of(library: Library) -> str:
    """The library's invented case, checked before anybody sees it."""
    path = library.folder / "demo.yaml"
    if not path.is_file():
        raise fault("these policies have no invented case", "a `demo.yaml` in their folder is one", Place(str(path)))
    library.case(path)
    return path.read_text(encoding="utf-8")


def _name(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _bound(host: str, port: int) -> socket.socket:
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.socket(kind, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)  # whoever reads the address may ask at once
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

