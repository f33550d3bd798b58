"""`bvn ask`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from bvn_asp.cases.evaluate import Readings
from bvn_asp.cli import options
from bvn_asp.cli.patience import patience
from bvn_asp.model.case import Case
from bvn_asp.model.policy import Revision
from bvn_asp.verbs import Library


@click.command("ask")
@options.case_argument
@options.policy_names
@options.reading_options
@click.option("--settled", is_flag=True, help="Also for many policies: say what settles the facts that do not matter.")
@click.option("--interactive", "-i", is_flag=True, help="Ask one question after the other, and save the answers.")
@click.option("-o", "--output", "target", metavar="NEW.yaml", type=click.Path(),
              help="Where --interactive saves; CASE.answered.yaml here if not given.")
@options.exit_code_option
@options.output_format("text", "json", "markdown")
@options.policies_folder
def ask_command(
    case_path: str,
    policies: tuple[str, ...],
    reading_texts: tuple[str, ...],
    strict: bool,
    settled: bool,
    interactive: bool,
    target: str | None,
    with_code: bool,
    form: str,
    folder: str | None,
) -> None:
    """Which undocumented facts can still change the verdict, and what is best asked next?

    \b
    bvn ask CASE -p cohere-ma
    bvn ask CASE -p cohere-ma -p lcd-l39420 --format json
    bvn ask CASE -p cohere-ma --interactive -o answered.yaml

    With --interactive: Enter or `skip` leaves a question open, `back` takes the last answer back, `?` explains, `quit`
    ends. Every answer is saved at once, beside what the file says already; running it again goes on from there.

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict.
    """
    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    if interactive:
        revisions = library.revisions(policies, case.date)
        saved = target or f"{Path(case_path).stem if case_path != '-' else 'case'}.answered.yaml"
        case = _walk(library, revisions, case, case_path, readings, strict, saved)
    with patience("looking for the best question") as stop:
        answer = library.ask(case, policies, readings=readings, strict=strict, settled=settled, stop=stop)
    options.put(answer, form)
    options.finish((each.verdict for each in answer.evaluations), with_code)


def _walk(library: Library, revisions: Sequence[Revision], case: Case, path: str, readings: Readings, strict: bool,
          target: str) -> Case:
    """Ask question after question until nothing is left to ask, or nobody answers; every answer is saved at once."""
    from bvn_asp.cli.intake import Intake, Quit, opened

    text = Path(path).read_text(encoding="utf-8-sig") if path.endswith((".yaml", ".yml")) else ""
    intake = Intake(library, opened(library, case, text, target), target)
    try:
        intake.walk(list(intake.members()), lambda: revisions, readings, strict)
    except (click.Abort, KeyboardInterrupt, EOFError, Quit):
        click.echo("", err=True)
    intake.end()
    return intake.file.case()
