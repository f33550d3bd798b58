"""`bvn governs`."""

from __future__ import annotations

import datetime

import click

from bvn_asp.classes import replace
from bvn_asp.cli import options
from bvn_asp.errors import fault
from bvn_asp.model.library import Library
from bvn_asp.render import governs as render
from bvn_asp.render.data import data
from bvn_asp.routing.governs import asked, governs


@click.command("governs")
@click.argument("case_path", metavar="[CASE]", type=click.Path(), required=False)
@click.option("--state", metavar="STATE", help="Where the procedure is to be done: GA, or Georgia.")
@click.option("--lob", "line", metavar="LINE", help="Line of business: medicare-advantage, commercial, …")
@click.option("--insurer", metavar="INSURER", help="Who insures: aetna, kaiser-wa, other, …")
@click.option("--date", "date_text", metavar="DATE", help="Date of service, as 2025-12-01.")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def governs_command(
    case_path: str | None,
    state: str | None,
    line: str | None,
    insurer: str | None,
    date_text: str | None,
    form: str,
    folder: str | None,
) -> None:
    """Which policy binds this request, and by what rule?

    \b
    bvn governs --state GA --lob medicare-advantage --date 2025-12-01
    bvn governs --lob commercial --insurer aetna --state WY
    bvn governs cases/founding/document-004.yaml

    Options put in what the case does not say, and go before what it says.

    Exit status: 0, or 2 if the question could not be asked.
    """
    library = Library(folder)
    case = asked(library, line, state, _date(date_text), insurer)
    if case_path is not None:
        found = options.load_case_argument(library, case_path)
        given = {record.slot: record.value for record in case.records}
        case = replace(found.with_values(library.vocabulary, given), date=case.date or found.date)
    answer = governs(library, case)
    if answer is None:
        raise fault("these policies do not say which of them governs", "they say so in governs.lp and governs.yaml")
    options.write(form, lambda: render.governance(library, answer), lambda: data(library, "governs", answer))


def _date(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise fault(f"`{text}` is not a date", "write it as `2025-12-01`") from None
