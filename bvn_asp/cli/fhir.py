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
from bvn_asp.render.data import data

if TYPE_CHECKING:
    from bvn_asp.fhir.documents import Json
    from bvn_asp.fhir.merge import Note
    from bvn_asp.model.case import Case


@click.group("fhir", context_settings={"help_option_names": ["-h", "--help"]})
def fhir_command() -> None:
    """A chart in FHIR read as a case, what is open asked as a questionnaire, what a policy says put on an order.

    \b
    bvn fhir read BUNDLE.json -o case.yaml     what of a case the record says, and where
    bvn fhir mapping                           which code says what of which fact
    bvn fhir ask CASE -p POLICY                a form of what can still change the verdict
    bvn fhir answer CASE RESPONSE.json         the case with the answers put in
    bvn fhir next RESPONSE.json                the next questions, turn by turn
    bvn fhir reply HOOK.json                   what the policy says of the order
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
    from bvn_asp.fhir import page as pages
    from bvn_asp.fhir.read import case_text, read

    library = Library(folder)
    reading = read(library, documents, a_day(day))
    if target:
        write_text(target, case_text(reading))
    if explain or target or form != "text":
        options.write(form, lambda: pages.page(library, reading, explain), lambda: data(library, "fhir-read", reading))
    else:
        click.echo(case_text(reading), nl=False)


@fhir_command.command("mapping")
@options.policies_folder
def mapping_command(folder: str | None) -> None:
    """Which codes say what of which fact, and what of it nothing here could check.

    Exit status: 0, 2 the mapping is at fault.
    """
    from bvn_asp.fhir import need_libraries
    from bvn_asp.fhir.mapping import load_mapping
    from bvn_asp.fhir.page import mapping_page

    need_libraries()
    library = Library(folder)
    mapping = load_mapping(library.folder, library.vocabulary)
    options.write("text", lambda: mapping_page(library, mapping), dict)


@fhir_command.command("ask")
@options.case_argument
@options.policy_names
@click.option("--turns", is_flag=True, help="A response to be filled in turn by turn, by `bvn fhir next`.")
@click.option("--one", is_flag=True, help="With --turns: one question a turn, the best first.")
@click.option("-o", "--output", "target", metavar="FILE.json", type=click.Path(), help="Write the form here.")
@options.policies_folder
def ask_command(
    case_path: str, policies: tuple[str, ...], turns: bool, one: bool, target: str | None, folder: str | None
) -> None:
    """A Questionnaire of what can still change the verdict.

    \b
    bvn fhir ask chart.json -p cohere-ma -o form.json
    bvn fhir ask case.yaml -p cohere-ma --turns -o response.json

    Exit status: 0, 2 the question could not be asked.
    """
    from bvn_asp.fhir.ask import Desk

    library = Library(folder)
    if not policies:
        raise fault("name the policy that asks", "add -p POLICY; `bvn policies` lists them")
    case, notes = _case_and_notes(library, case_path)
    revisions = library.revisions(policies, case.date)
    desk = Desk(library)
    _put(desk.start(revisions, case, notes, one) if turns else desk.ask(revisions, case, notes), target)


@fhir_command.command("answer")
@options.case_argument
@click.argument("response_path", metavar="RESPONSE", type=click.Path())
@click.option("-o", "--output", "target", metavar="CASE.yaml", type=click.Path(), help="Write the case here.")
@options.policies_folder
def answer_command(case_path: str, response_path: str, target: str | None, folder: str | None) -> None:
    """The case with the answers of a QuestionnaireResponse put in, each with where it came from.

    \b
    bvn fhir answer case.yaml response.json -o answered.yaml

    Exit status: 0, 2 the answers could not be read.
    """
    from bvn_asp.cases.possible import parse_case
    from bvn_asp.fhir.ask import answer
    from bvn_asp.fhir.read import yaml_text

    library = Library(folder)
    case, _ = _case_and_notes(library, case_path)
    name, given = document(response_path)
    data, notes = answer(library, case, given, name)
    text = yaml_text(data)
    parse_case(library, text, name)
    if target:
        write_text(target, text)
        for each in notes:
            click.echo(f"{each.fact}: {each.kind}, {each.text}", err=True)
    else:
        click.echo(text, nl=False)


@fhir_command.command("next")
@click.argument("path", metavar="PARAMETERS", type=click.Path())
@click.option("-o", "--output", "target", metavar="FILE.json", type=click.Path(), help="Write the response here.")
@options.policies_folder
def next_command(path: str, target: str | None, folder: str | None) -> None:
    """The next questions of a response that is being filled in, as $next-question gives them.

    PARAMETERS is what $next-question takes, or the QuestionnaireResponse itself. Exit status: 0, 2 it is neither.
    """
    from bvn_asp.fhir.ask import Desk

    name, given = document(path)
    _put(Desk(Library(folder)).next(given, name), target)


@fhir_command.command("reply")
@click.argument("path", metavar="HOOK", type=click.Path())
@options.policy_names
@click.option("--as", "shape", type=click.Choice(["hook", "guidance", "coverage", "claim"]), default="hook",
              show_default=True, help="Cards and system actions, or one of the resources by itself.")
@click.option("--covered", type=click.Choice(["covered", "conditional"]), default="conditional", show_default=True,
              help="The benefit, if you know it.")
@click.option("--asserted", "day", metavar="DAY", help="The day on which it is said; else when the order was written.")
@click.option("-o", "--output", "target", metavar="FILE.json", type=click.Path(), help="Write the answer here.")
@options.policies_folder
def reply_command(
    path: str, policies: tuple[str, ...], shape: str, covered: str, day: str | None, target: str | None,
    folder: str | None,
) -> None:
    """What a policy says of an order, as the workflow takes it; never a denial, a benefit or a payment.

    HOOK is a CDS Hooks request (order-sign or order-select, with its prefetch); with --as also a Bundle with an order.
    Without -p the policy that governs for sure is asked. Shaped after Da Vinci's guides, not conformance-tested.

    \b
    bvn fhir reply hook.json
    bvn fhir reply chart.json -p cohere-ma --as guidance

    Exit status: 0, 2 it could not be read.
    """
    from bvn_asp.fhir.ask import Desk
    from bvn_asp.fhir.read import read
    from bvn_asp.fhir.reply import claim_response, coverage_information, guidance_response, hook_reply, says

    name, given = document(path)
    library = Library(folder)
    desk = Desk(library)
    asserted = a_day(day)
    if shape == "hook":
        _put(hook_reply(desk, given, name, policies, covered, asserted), target)
        return
    said, asks = says(desk, read(library, [(name, given)]), policies, asserted)
    if not said:
        hint = f"document {', '.join(asks)}, or name it with -p" if asks else "name it with -p"
        raise fault("which policy governs is open", hint)
    if len(said) > 1:
        raise fault("several policies govern", "name one with -p")
    if shape == "coverage":
        _put({"extension": coverage_information(library, said[0], covered)}, target)
    else:
        _put((guidance_response if shape == "guidance" else claim_response)(library, said[0]), target)


def _case_and_notes(library: Library, path: str) -> tuple[Case, tuple[Note, ...]]:
    """The case that an argument names, and what a record in FHIR says beside it."""
    from bvn_asp.fhir import need_libraries
    from bvn_asp.fhir.documents import looks_like_fhir, read_bytes

    need_libraries()
    data = read_bytes(path) if path != "-" else b""
    if path == "-" or not looks_like_fhir(data):
        case: Case = options.load_case_argument(library, path)
        return case, ()
    from bvn_asp.fhir.documents import parse_json
    from bvn_asp.fhir.read import read

    reading = read(library, [(path, parse_json(data, path))])
    return reading.case, reading.notes


def _put(answer: Json, target: str | None) -> None:
    """An answer as JSON, in a file or on standard output."""
    from bvn_asp.fhir.documents import to_json

    if target:
        write_text(target, to_json(answer))
    else:
        click.echo(to_json(answer), nl=False)
