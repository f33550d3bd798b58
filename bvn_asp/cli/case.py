"""`bvn case`: a case file begun, gone on with, checked and put in order."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from bvn_asp.cli import options
from bvn_asp.errors import InputError, Place, fault
from bvn_asp.files import write_text
from bvn_asp.model.case import REQUEST
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Fact
from bvn_asp.upkeep.case_file import CaseFile


@click.group("case")
def case_command() -> None:
    """A case file: begun, gone on with, checked, put in order.

    \b
    bvn case new my-case.yaml
    bvn case check my-case.yaml
    """


@case_command.command("new")
@click.argument("path", metavar="[FILE]", type=click.Path(), required=False)
@options.policy_names
@click.option("--template", is_flag=True, help="Print a commented file to fill in, and ask nothing.")
@options.policies_folder
def new_command(path: str | None, policies: tuple[str, ...], template: bool, folder: str | None) -> None:
    """A new case: asked for in the order of a chart, or as a file to fill in.

    \b
    bvn case new my-case.yaml
    bvn case new my-case.yaml -p cohere-ma
    bvn case new --template -p cohere-ma > my-case.yaml

    It asks for the request first, then for what the policy that governs asks for, or the ones named by -p. Every answer
    is checked and saved at once; Enter leaves a question open, `back` takes the last answer back, `?` explains, `quit`
    ends. With a file that is there it goes on where that ends. The template holds every fact that the policies read.
    """
    library = Library(folder)
    if template or (path is None and not sys.stdin.isatty()):
        if path is not None and Path(path).exists():
            raise fault(f"`{path}` is there already", "`--template` writes a new file")
        text = "\n".join(_template(library, library.revisions(policies) if policies else ())) + "\n"
        if path is None:
            click.echo(text, nl=False)
        else:
            write_text(path, text)
        return
    if path is None:
        raise fault("where is the case to be saved?", "name a file: bvn case new my-case.yaml")
    _intake(library, path, policies)


def _intake(library: Library, path: str, policies: Sequence[str]) -> None:
    from bvn_asp.cli.intake import Intake, Quit
    from bvn_asp.routing.jurisdiction import INSURER, LINE, STATE

    text = Path(path).read_text(encoding="utf-8-sig") if Path(path).is_file() else ""
    begun = bool(text.strip())  # an empty file is a new case, too
    intake = Intake(library, CaseFile(library.vocabulary, text if begun else "title: a new case\n", path), path)
    vocabulary = library.vocabulary
    asks = vocabulary.request
    lines = [intake.line("date", "Date of service, as 2026-12-03", "durations are counted to it")]
    for name in (STATE, LINE, INSURER):
        fact = vocabulary.facts.get(name)
        if fact is not None:
            lines.append(intake.line(name, fact.ask, f"{fact.about}: {', '.join(fact.values)}"))
    lines += intake.members()
    for key, fact_name in asks.keys.items():
        if key != asks.many:
            index = vocabulary.indexes[vocabulary.facts[fact_name].per]
            lines.append(intake.listing(key, f"Which {key}? ({index.many}, with commas between them)", index.about))
    lines = [each for each in lines if not intake.file.has(*each.topic)]
    if not begun:
        lines.insert(0, intake.line("title", "Title: one sentence about the person, no names", "it heads every page"))
    try:
        intake.walk(lines, lambda: _governing(library, intake.file, policies), {}, False)
    except (click.Abort, KeyboardInterrupt, EOFError, Quit):
        click.echo("", err=True)
    intake.end()


def _governing(library: Library, file: CaseFile, policies: Sequence[str]) -> tuple[Revision, ...]:
    """The policies named, or those that govern the request."""
    case = file.case()
    if policies:
        return library.revisions(policies, case.date)
    from bvn_asp.routing.governs import governs

    found = governs(library, case)
    names = [each.policy for each in found.standings if each.sure] if found else []
    if not names:
        click.echo("no policy surely governs this request: name one with -p", err=True)
        return ()
    click.echo(f"\nasked for by {', '.join(names)}:", err=True)
    return library.revisions(names, case.date)


@case_command.command("check")
@click.argument("paths", metavar="CASE...", type=click.Path(), nargs=-1, required=True)
@options.policies_folder
def check_command(paths: tuple[str, ...], folder: str | None) -> None:
    """Can these cases be read, and can a patient be so? Every fault with its place.

    \b
    bvn case check my-case.yaml
    bvn case check cases/*.yaml

    Exit status: 0, or 2 if one has a fault.
    """
    library = Library(folder)
    faults = []
    for path in paths:
        try:
            case = options.load_case_argument(library, path)
        except InputError as error:
            faults += list(error.faults)
            continue
        click.echo(f"{path}: {len(case.records)} records, no fault")
    if faults:
        raise InputError(faults)


@case_command.command("format")
@click.argument("path", metavar="CASE", type=click.Path())
@click.option("--write", "in_place", is_flag=True, help="Write it back instead of printing it.")
@options.policies_folder
def format_command(path: str, in_place: bool, folder: str | None) -> None:
    """The same case, evenly indented; comments, order and every value stay. Nothing is sorted or spelled anew.

    \b
    bvn case format my-case.yaml
    bvn case format my-case.yaml --write

    What stands in brackets goes on one line, and a comment between them on a line above. A file of which a comment
    could not be kept is not written.
    """
    library = Library(folder)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        options.load_case_argument(library, path)  # says why, in its own words
        raise
    file = CaseFile(library.vocabulary, text, path)
    lost = file.lost()
    if lost:
        raise fault(f"the comment `{lost[0]}` would be lost", "put it on a line of its own", Place(path))
    if in_place:
        write_text(path, file.text())
    else:
        click.echo(file.text(), nl=False)


# -- a template --------------------------------------------------------------------------------


def _template(library: Library, revisions: Sequence[Revision]) -> Iterator[str]:
    """A case to fill in: every fact that some policies read, or all there are, each as a comment."""
    vocabulary = library.vocabulary
    read = set().union(*(each.rules.facts for each in revisions)) if revisions else set(vocabulary.facts)
    asks = vocabulary.request
    yield "# Take the # away where the chart says something. What is not recorded is unknown, not no."
    yield "title: one sentence about the person, no names"
    yield "request:"
    yield "  # date: 2026-12-03          # date of service"
    for key, name in asks.keys.items():
        index = vocabulary.indexes[vocabulary.facts[name].per]
        some = ", ".join(list(index.members)[:2])
        yield f"  # {key}: [{some}]".ljust(29) + f" # the whole list: {index.about}"
    section = ""
    for fact in vocabulary.facts.values():
        if fact.name not in read or fact.type == "count" or fact.name in asks.keys.values():
            continue
        if fact.section == REQUEST and not fact.per:
            yield from _offered(library, fact)
        elif fact.section != section:
            if not section:
                yield "facts:"
            section = fact.section
            yield f"  # -- {section} --"
        if fact.section != REQUEST or fact.per:
            yield from _offered(library, fact)
    for event in vocabulary.events.values():
        told = [name for name in event.facts if name in read]
        if told and section:
            at, known = " and ".join(list(vocabulary.indexes[event.per].members)[:2]), vocabulary.facts[told[0]]
            value = next(each for each in known.values if each != known.absent) if known.is_named else "9 months"
            yield f"  # -- {event.about} --"
            yield f"  # {event.name}: [{{at: {at}, {told[0]}: {value}}}]"


def _offered(library: Library, fact: Fact) -> Iterator[str]:
    yield f"  # {fact.ask or fact.about}" + (f" ({fact.document})" if fact.document else "")
    if fact.is_named:
        value = " | ".join(fact.values)
    else:
        value = "9 months" if fact.type == "duration" else f"0 {fact.unit}" if fact.unit != "score" else "-1.0"
    if fact.per:
        member = next(iter(library.vocabulary.indexes[fact.per].members))
        value = f"{{{member}: {value}}}"
    yield f"  # {fact.name}: {value}"
