"""`bvn checklist`."""

from __future__ import annotations

from pathlib import Path

import click

from bvn_asp.cli import options
from bvn_asp.verbs import Library


@click.command("checklist")
@click.argument("what", metavar="CASE|POLICY", shell_complete=options._complete_policy)
@click.argument("policy", required=False, shell_complete=options._complete_policy)
@options.reading_options
@options.output_format("text", "json", "markdown", "html")
@options.page_options
@options.policies_folder
def checklist_command(
    what: str,
    policy: str | None,
    reading_texts: tuple[str, ...],
    strict: bool,
    form: str,
    target: str | None,
    show: bool,
    folder: str | None,
) -> None:
    """Before a submission: what is on file, what is missing, and what it is too early for.

    \b
    bvn checklist CASE                         for the policy that governs the request
    bvn checklist CASE lcd-l39642
    bvn checklist cohere-ma                    the blank form of a policy

    Exit status: 0, or 2 if the question could not be asked.
    """
    library = Library(folder)
    if policy is None and what.partition("@")[0] in library.policies and not Path(what).exists():
        options.put(library.form(what), form, target, show)
        return
    case = options.load_case_argument(library, what)
    readings = options.parse_readings(library, reading_texts)
    options.put(library.checklist(case, policy, readings=readings, strict=strict), form, target, show)
