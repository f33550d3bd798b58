"""`bvn checklist`."""

from __future__ import annotations

from pathlib import Path

import click

from bvn_asp.cli import options
from bvn_asp.model.library import Library
from bvn_asp.papers.checklist import checklist
from bvn_asp.papers.checklist import form as blank_form
from bvn_asp.render import checklist as render


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
        blank = blank_form(library, what)
        options.write(
            form, lambda: render.blank(library, blank), lambda: render.blank_data(library, blank), target, show
        )
        return
    case = options.load_case_argument(library, what)
    readings = options.parse_readings(library, reading_texts)
    answer = checklist(library, case, policy or options.governing(library, case), readings, strict)
    options.write(form, lambda: render.page(library, answer), lambda: render.data(library, answer), target, show)
