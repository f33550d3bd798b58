"""`bvn request`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.verbs import Library


@click.command("request")
@options.case_argument
@click.argument("policy", required=False, shell_complete=options._complete_policy)
@options.reading_options
@options.output_format("text", "json", "markdown", "html")
@options.page_options
@options.policies_folder
def request_command(
    case_path: str,
    policy: str | None,
    reading_texts: tuple[str, ...],
    strict: bool,
    form: str,
    target: str | None,
    show: bool,
    folder: str | None,
) -> None:
    """The request for information: everything that is still needed, once, document by document.

    \b
    bvn request CASE                           for the policy that governs the request
    bvn request CASE lcd-l39642 --format html -o request.html

    Only what can still change the verdict is asked for, sensitive facts last.

    Exit status: 0, or 2 if the question could not be asked.
    """
    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    options.put(library.request(case, policy, readings=readings, strict=strict), form, target, show)
