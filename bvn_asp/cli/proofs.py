"""`--certificate DIR`: what commands share that hand out certificates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bvn_asp.certificates.answers import Named
    from bvn_asp.model.library import Library

F = TypeVar("F", bound=Callable[..., Any])


def certificate_option(function: F) -> F:
    """`--certificate DIR`, handed on as `proofs`."""
    return click.option("--certificate", "proofs", metavar="DIR", type=click.Path(file_okay=False),
                        help="Write proofs to DIR that `bvn certify` checks.")(function)


def write_certificates(library: Library, target: str, questions: Iterable[Named]) -> None:
    """A certificate for each question, in a folder of its name.

    Raises: InputError: a text cannot be translated, or the folder holds certificates already.
    """
    from bvn_asp.certificates.make import certificate, write
    from bvn_asp.errors import Place, fault

    folder = Path(target)
    if any(folder.rglob("question.json")):
        raise fault("there are certificates in this folder already", "name another", Place(target))
    count = 0
    for name, question in questions:
        write(folder / re.sub(r"[^a-z0-9_.-]+", "_", name.lower()), certificate(library, question))
        count += 1
    if not count:
        raise fault("this answer says of nobody that there is none: nothing to certify")
    click.echo(f"{count} {'certificate' if count == 1 else 'certificates'} written to {target}", err=True)
