"""`bvn ask`."""

from __future__ import annotations

from pathlib import Path

import click
import yaml

from bvn_asp.cases.ask import Asker, Question, Questions
from bvn_asp.cases.evaluate import Readings
from bvn_asp.cli import options
from bvn_asp.cli.patience import patience
from bvn_asp.errors import InputError
from bvn_asp.files import write_text
from bvn_asp.model.case import Case, case_data
from bvn_asp.model.library import Library
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render import ask as pages

SEVERAL = 3


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

    With --interactive: Enter or `unknown` leaves a question open, `undo` takes the last answer back, `quit` ends. Every
    answer is saved at once.

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict.
    """
    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    asker = Asker(library, library.revisions(policies, case.date))
    if interactive:
        saved = target or f"{Path(case_path).stem if case_path != '-' else 'case'}.answered.yaml"
        case = _walk(library, asker, case, readings, strict, saved)
    with patience("looking for the best question") as stop:
        few = len(asker.revisions) <= SEVERAL
        answer = asker.ask(case, readings, strict, with_settled=settled or few, stop=stop)
    options.write(form, lambda: pages.page(library, answer), lambda: pages.data(library, answer))
    options.finish((each.verdict for each in answer.evaluations), with_code)


def _walk(library: Library, asker: Asker, case: Case, readings: Readings, strict: bool, target: str) -> Case:
    """Ask question after question until nothing is left to ask, or nobody answers; every answer is saved at once."""
    history: list[tuple[Case, frozenset[Slot]]] = []
    skipped: frozenset[Slot] = frozenset()
    try:
        while True:
            answer = asker.ask(case, readings, strict, skipped, with_settled=False)
            if answer.next is None:
                break
            _show(library, answer, answer.next)
            text = click.prompt("answer", default="unknown", err=True).strip()
            if text in ("quit", "q"):
                break
            if text in ("undo", "u"):
                if history:
                    case, skipped = history.pop()
                    _save(library, case, target)
                else:
                    click.echo("nothing to undo", err=True)
                continue
            before = case, skipped
            if text in ("unknown", "?", ""):
                skipped |= {answer.next.slot}
            else:
                try:
                    case = _told(library, case, answer.next, text)
                except InputError as error:
                    for each in error.faults:
                        click.echo(f"{each}", err=True)
                    continue
                _save(library, case, target)
            history.append(before)
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo("", err=True)
    _save(library, case, target)
    click.echo(f"saved in {target}", err=True)
    return case


def _show(library: Library, answer: Questions, question: Question) -> None:
    verdicts = zip(answer.policies, answer.evaluations, strict=True)
    now = ", ".join(f"{name}: {each.verdict.value}" for name, each in verdicts)
    left = len(answer.open)
    click.echo(f"\n[{now}; {left} open]\n{pages.wording(library, question.slot)}", err=True)
    for number, value in enumerate(question.answers, 1):
        click.echo(f"  {number}  {value}", err=True)
    known = library.vocabulary.facts[question.slot.fact]
    if known.document:
        click.echo(f"  (usually in: {known.document})", err=True)


def _told(library: Library, case: Case, question: Question, text: str) -> Case:
    """The case with one answer: the number of a listed one, or a value as a case file would write it."""
    if text.isdecimal() and 1 <= int(text) <= len(question.answers) and not _numeric(library, question):
        value = question.answers[int(text) - 1]
    else:
        value = parse_value(library.vocabulary, question.slot, text, case.date)
    told = case.with_values(library.vocabulary, {question.slot: value})
    from bvn_asp.cases.possible import check_possible

    check_possible(library, told)
    return told


def _numeric(library: Library, question: Question) -> bool:
    return library.vocabulary.facts[question.slot.fact].is_numeric


def _save(library: Library, case: Case, target: str) -> None:
    text = yaml.safe_dump(case_data(case, library.vocabulary), sort_keys=False, allow_unicode=True, width=110)
    write_text(target, text)
