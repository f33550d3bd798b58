"""`bvn fhir`."""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING

import click

from bvn_asp.cli import options
from bvn_asp.errors import fault
from bvn_asp.files import write_text
from bvn_asp.model.library import Library

if TYPE_CHECKING:
    from bvn_asp.fhir.documents import Json


@click.group("fhir", context_settings={"help_option_names": ["-h", "--help"]})
def fhir_command() -> None:
    """A chart in FHIR read as a case, what is open asked as a questionnaire, what a policy says put on an order.

    \b
    bvn fhir read BUNDLE.json -o case.yaml     what of a case the record says, and where
    """


def document(path: str) -> tuple[str, Json]:
    """The JSON that an argument names, with the name that stands for it in faults; `-` reads standard input."""
    from bvn_asp.fhir import need_libraries
    from bvn_asp.fhir.documents import parse_json, read_bytes

    need_libraries()
    name = "<stdin>" if path == "-" else path
    return name, parse_json(sys.stdin.buffer.read() if path == "-" else read_bytes(path), name)


def a_day(text: str | None) -> datetime.date | None:
    """`--date` as a day."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise fault(f"`{text}` is not a date", "write it as `2026-12-03`") from None


@fhir_command.command("read")
@click.argument("paths", metavar="BUNDLE...", nargs=-1, required=True, type=click.Path())
@click.option("--date", "day", metavar="DAY", help="The date of service, where no order says it.")
@click.option("-o", "--output", "target", metavar="CASE.yaml", type=click.Path(), help="Write the case here.")
@click.option("--explain-mapping", "explain", is_flag=True, help="Say what became of every part of the record.")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def read_command(
    paths: tuple[str, ...], day: str | None, target: str | None, explain: bool, form: str, folder: str | None
) -> None:
    """What of a case does a record in FHIR R4 say?

    Without -o the case is printed. Nothing becomes false because no code says it: what the record does not say is left
    out, and what it speaks of without saying what is left open.

    \b
    bvn fhir read chart.json -o case.yaml
    bvn fhir read chart.json --date 2026-12-03 --explain-mapping

    Exit status: 0 read, 2 it could not be read.
    """
    documents = [document(path) for path in paths]
    from bvn_asp.fhir.read import case_text, read
    from bvn_asp.render import fhir as pages

    library = Library(folder)
    reading = read(library, documents, a_day(day))
    if target:
        write_text(target, case_text(reading))
    if explain or target or form != "text":
        options.write(form, lambda: pages.page(library, reading, explain), lambda: pages.data(library, reading))
    else:
        click.echo(case_text(reading), nl=False)
