"""What took long to make of a source, kept between runs: only what says of itself that it is whole, and what made it.

An entry is named by the hash of everything it was made of, the code and clingo included, and begins with a hash of that
name and of its own content; it is plain text, never code. Whatever is wrong with it (a byte, its owner, its mode, a
folder that others can write to) it is as if it were not there, and the sources are read. Nobody takes from the store
unless `allow` says so: the command line does for questions, never for records and `verify`. `BVN_CACHE=off` keeps
nothing; `BVN_CACHE=FOLDER` keeps it there.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

MOST_ENTRIES = 400
_MARK = b"bvn-asp kept 1\n"
_on = False
_numbers = count()


@contextmanager
def closed() -> Iterator[None]:
    """A block that begins and ends with the store closed; `allow` may open it in between."""
    allow(False)
    try:
        yield
    finally:
        allow(False)


def allow(on: bool) -> None:
    """Whether this process may take from the store, and keep there, from now on."""
    global _on
    _on = on


def is_open() -> bool:
    """Whether anything can be kept and taken: this process may, and there is a folder for it."""
    return _on and _folder(make=True) is not None


def scratch() -> str | None:
    """A path in the folder where nothing stands, for what reads and writes files only; it is to be removed."""
    folder = _folder(make=True) if _on else None
    return None if folder is None else str(folder / f".{os.getpid()}.{next(_numbers)}")


def named(*made_of: str | bytes) -> str:
    """The name of what is made of these; they are told apart from each other, so that none runs into the next."""
    found = hashlib.sha256(_code())
    for each in made_of:
        data = each.encode("utf-8", "surrogatepass") if isinstance(each, str) else each
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()


def taken(name: str) -> bytes | None:
    """The content kept under a name; None if there is none, or if anything about it is doubtful."""
    folder = _folder() if _on else None
    if folder is None:
        return None
    try:
        descriptor = os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode) or not _is_own(state):
                return None
            data = file.read()
    except OSError:
        return None
    head = len(_MARK) + 65
    content = data[head:]
    return content if data[:head] == _head(name, content) else None


def keep(name: str, content: bytes) -> None:
    """Keep some content, whole or not at all; a store that cannot be written to is no fault."""
    folder = _folder(make=True) if _on else None
    if folder is None:
        return
    temporary = folder / f".{name}.{os.getpid()}"
    try:
        _prune(folder)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_head(name, content) + content)
            os.replace(temporary, folder / name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError:
        return


def _head(name: str, content: bytes) -> bytes:
    return _MARK + hashlib.sha256(name.encode() + b"\n" + content).hexdigest().encode() + b"\n"


def _prune(folder: Path) -> None:
    kept = list(folder.iterdir())
    if len(kept) >= MOST_ENTRIES:
        kept.sort(key=lambda each: each.stat().st_mtime)
        for old in kept[: MOST_ENTRIES // 2]:
            old.unlink(missing_ok=True)


def _folder(make: bool = False) -> Path | None:
    """The folder, if it is the user's alone; None if there is none, or if nobody can tell whose it is."""
    chosen = os.environ.get("BVN_CACHE", "")
    if chosen == "off" or not hasattr(os, "geteuid"):
        return None
    if not chosen:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):
            home = os.environ.get("HOME", "")
            if not os.path.isabs(home):
                return None
            base = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")
        chosen = os.path.join(base, "bvn-asp")
    folder = Path(chosen)
    try:
        if make and not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        state = os.lstat(folder)
    except OSError:
        return None
    return folder if stat.S_ISDIR(state.st_mode) and _is_own(state) and not state.st_mode & 0o077 else None


def _is_own(state: os.stat_result) -> bool:
    """Whether this user owns it, and nobody else can write to it."""
    return state.st_uid == os.geteuid() and not state.st_mode & 0o022


@cache
def _code() -> bytes:
    """The hash of the code that makes what is kept, and of the versions it runs on."""
    package = Path(__file__).parent
    files: Iterable[Path] = (
        *(package / f"{name}.py" for name in ("store", "errors", "classes")),
        *sorted((package / "model").rglob("*.py")),
        *sorted((package / "engine").rglob("*.py")),
    )
    found = hashlib.sha256(f"{sys.version} {_installed('clingo')} {_installed('yaml')}".encode())
    for each in files:
        data = each.read_bytes()
        found.update(b"%s:%d:" % (each.name.encode(), len(data)) + data)
    return found.digest()


def _installed(name: str) -> list[tuple[str, int, int]]:
    """The files of an installed package with their sizes and times: which version it is, without importing it."""
    try:
        spec = find_spec(name)
    except ImportError:  # whoever does without it may have it refused: then it is not there
        spec = None
    folders = spec.submodule_search_locations if spec else None
    files = [each for folder in folders or () for each in os.scandir(folder) if each.is_file()]
    return sorted((each.path, (state := each.stat()).st_size, state.st_mtime_ns) for each in files)
