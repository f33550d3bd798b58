"""Files that are written whole or not at all, where the user points."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bvn_asp.errors import Place, fault


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, in place of `path` once the block ends without an error.

    A link is followed, and stays a link. A device or a pipe is written to as it is, never replaced. A new file has the
    mode that the user's umask gives it; one that is there keeps its own.

    Raises: InputError: the folder is not there, or nothing can be written.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _mode(target)
        if mode is not None and not stat.S_ISREG(mode):
            if stat.S_ISDIR(mode):
                raise fault("cannot write the file: it is a folder", place=Place(str(path)))
            with open(target, "wb") as there:
                yield there
            return
        temporary, file = _beside(target)
        _unfinished.add(temporary)
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            _unfinished.discard(temporary)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise fault(f"cannot write the file: {(error.strerror or '').lower()}", place=Place(str(path))) from None


def write_text(path: str | Path, text: str) -> None:
    """Write a text as `written` writes.

    Raises: InputError: as `written`.
    """
    with written(Path(path)) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


_unfinished: set[Path] = set()


def forget_unfinished() -> None:
    """Take away what is being written, for a process that ends at once."""
    for path in list(_unfinished):
        path.unlink(missing_ok=True)


def _mode(path: Path) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _beside(target: Path) -> tuple[Path, BinaryIO]:
    """A new file in the target's folder, with the mode of the umask, and unlike every other."""
    number = 0
    while True:
        temporary = target.with_name(f".{target.name[:200]}.{os.getpid()}.{number}.tmp")
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            number += 1
            continue
        return temporary, os.fdopen(handle, "wb")
