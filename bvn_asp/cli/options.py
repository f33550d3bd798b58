"""Options that commands share, and the way they write."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from bvn_asp.errors import did_you_mean, fault
from bvn_asp.files import write_text
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.render.blocks import Block, Page

if TYPE_CHECKING:
    from bvn_asp.verbs import Answer

F = TypeVar("F", bound=Callable[..., Any])


def _complete_policy(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    try:
        return [each for each in Library(ctx.params.get("folder")).policies if each.startswith(incomplete)]
    except Exception:  # completion never fails loudly
        return []


def policies_folder(function: F) -> F:
    """`--policies DIR`, handed on as `folder`."""
    return click.option(
        "--policies",
        "folder",
        metavar="DIR",
        envvar="BVN_POLICIES",
        help="Use the policies of this folder instead of the shipped ones.",
    )(function)


def policy_names(function: F) -> F:
    """`--policy P`, repeatable, handed on as `policies`."""
    return click.option(
        "-p",
        "--policy",
        "policies",
        metavar="POLICY",
        multiple=True,
        shell_complete=_complete_policy,
        help="Ask this policy only (repeatable); POLICY@REVISION names an edition.",
    )(function)


def policy_argument(function: F) -> F:
    """One policy as an argument."""
    return click.argument("policy", shell_complete=_complete_policy)(function)


def case_argument(function: F) -> F:
    """One case file as an argument; `-` reads standard input."""
    return click.argument("case_path", metavar="CASE", type=click.Path())(function)


def reading_options(function: F) -> F:
    """`--reading` and `--strict`."""
    function = click.option(
        "--reading",
        "reading_texts",
        metavar="POLICY:ID=OPTION",
        multiple=True,
        help="Read a passage in another way (repeatable), e.g. cohere-ma:O29=each-treated-body.",
    )(function)
    return click.option("--strict", is_flag=True, help="Presume nothing absent that nobody documents.")(function)


def texts_option(function: F) -> F:
    """`--texts`, a folder with the user's own copies of the sources."""
    return click.option(
        "--texts",
        metavar="FOLDER",
        envvar="BVN_TEXTS",
        help="Your own copies of the sources, POLICY@EDITION.pdf or the like: their words beside ours.",
    )(function)


def rules_option(function: F) -> F:
    """`--rules`."""
    said = "Print each criterion's rules as they are written, exceptions after what they change."
    return click.option("--rules", is_flag=True, help=said)(function)


def output_format(*formats: str) -> Callable[[F], F]:
    """`--format`, the first named being the default."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help="What to print."
    )


EXIT_CODES = {"deny": 1, "pend": 3, "silent": 4, "approve": 0}  # the worst first


def exit_code_option(function: F) -> F:
    """`--exit-code`, handed on as `with_code`."""
    return click.option(
        "--exit-code",
        "with_code",
        is_flag=True,
        help="Exit with the verdict: 0 approve, 1 deny, 3 pend, 4 silent; of several, the worst in the order 1 3 4 0.",
    )(function)


def finish(verdicts: Iterable[str], with_code: bool) -> NoReturn:
    """End a command whose question was answered: 0, or the worst verdict if asked for."""
    found = set(verdicts)
    raise SystemExit(next((code for each, code in EXIT_CODES.items() if each in found), 0) if with_code else 0)


def load_case_argument(library: Library, path: str) -> Any:
    """The case that an argument names: a file, or `-` for standard input; a record in FHIR is read as a case."""
    if path == "-":
        if sys.stdin is None:
            raise fault("standard input is closed, and the case is to come from there")
        data = sys.stdin.buffer.read()
        if data.lstrip()[:1] in (b"{", b"<") and (case := _of_fhir(library, data, "<stdin>")) is not None:
            return case
        from bvn_asp.cases.possible import parse_case

        return parse_case(library, data, "<stdin>")
    if _may_be_fhir(path):
        from bvn_asp.fhir.documents import read_bytes

        case = _of_fhir(library, read_bytes(path), path)
        if case is not None:
            return case
    from bvn_asp.cases.possible import load_case

    return load_case(library, path)


def _may_be_fhir(path: str) -> bool:
    """Whether a file begins as JSON or XML does; most case files do not, and are not read twice."""
    try:
        with open(path, "rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"<")
    except (OSError, ValueError):
        return False


def _of_fhir(library: Library, data: bytes, name: str) -> Any:
    """The case of a record in FHIR; None if it is none. Where each fact stands, `bvn fhir read` says."""
    from bvn_asp.fhir.documents import looks_like_fhir

    if not looks_like_fhir(data):
        return None
    from bvn_asp.fhir.read import read_case

    case = read_case(library, data, name)
    click.echo(f"{name}: read from FHIR; `bvn fhir read {name} --explain-mapping` says from where", err=True)
    return case


def governing(library: Library, case: Case) -> str:
    """The one policy that governs a request; as `the_one`."""
    from bvn_asp.routing.governs import the_one

    return the_one(library, case)


def parse_readings(library: Library, texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """`cohere-ma:O29=each-treated-body` as policy to reading to option, each checked to exist."""
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        policy_name, colon, rest = text.partition(":")
        name, equals, option = rest.partition("=")
        if not colon or not equals:
            raise fault(f"`{text}` names no reading", "write POLICY:ID=OPTION, e.g. cohere-ma:O29=each-treated-body")
        policy = library.policies.get(policy_name)
        if policy is None:
            raise fault(f"unknown policy `{policy_name}`", did_you_mean(policy_name, library.policies))
        reading = policy.reading(name)
        if reading is None:
            hint = did_you_mean(name, policy.readings, f"`bvn show {policy_name}` lists its readings")
            raise fault(f"{policy_name} has no reading `{name}`", hint)
        chosen = reading.option(option)
        if chosen is None:
            names = [each.name for each in reading.options]
            hint = did_you_mean(option, names) or "one of " + ", ".join(names)
            raise fault(f"`{option}` is not an option of the reading {reading.id}", hint)
        before = found.setdefault(policy_name, {}).setdefault(reading.id, chosen.name)
        if before != chosen.name:
            both = f"`{before}` and `{chosen.name}`"
            said = f"two options are chosen for the reading {reading.id} of {policy_name}: {both}"
            raise fault(said, "a reading has one option at a time")
    return found


def write(
    form: str,
    blocks: Callable[[], Iterable[Block]],
    data: Callable[[], Mapping[str, Any]],
    target: str | None = None,
    show: bool = False,
) -> None:
    """Print an answer in the form asked for, or write it where it is to go.

    Raises: InputError: nowhere to write to, or no browser to print a PDF.
    """
    if form in ("html", "pdf"):
        from bvn_asp.render.html import to_html

        made = blocks()
        assert isinstance(made, Page), "this answer is no page"
        deliver(to_html(made), form, target, show)
    elif target is not None or show:
        _printed(_written(form, blocks, data, 80, False), target, show)
    else:
        from bvn_asp.render.text import terminal_width, wants_colour

        click.echo(_written(form, blocks, data, terminal_width(), wants_colour()), nl=False, color=wants_colour())


def _printed(text: str, target: str | None, show: bool) -> None:
    if target is not None or show:
        deliver(text, "txt", target, show)
    else:
        click.echo(text, nl=False)


def put(answer: Answer[Any], form: str, target: str | None = None, show: bool = False) -> None:
    """As `write`, of what a verb found: the server sends the same JSON, made by the same function.

    Raises: as `write`.
    """
    if form == "json":
        _printed(answer.json(), target, show)
    else:
        write(form, answer.blocks, answer.data, target, show)


def _written(
    form: str, blocks: Callable[[], Iterable[Block]], data: Callable[[], Mapping[str, Any]], width: int, colour: bool
) -> str:
    if form == "json":
        from bvn_asp.render.data import to_json

        return to_json(data())
    if form == "markdown":
        from bvn_asp.render.markdown import to_markdown

        return to_markdown(blocks())
    from bvn_asp.render.text import to_text

    return to_text(blocks(), width, colour)


def page_options(function: F) -> F:
    """`-o` and `--open` of a command that makes a page, handed on as `target` and `show`."""
    opened = click.option("--open", "show", is_flag=True, help="Show the page in the browser of this machine.")
    target = click.option("-o", "--output", "target", metavar="FILE", type=click.Path(), help="Write the page here.")
    return target(opened(function))


def deliver(text: str, form: str, target: str | None, show: bool) -> None:
    """Write a page where it was asked for, and say so; without a file it goes into a pipe, never into a terminal.

    Raises: InputError: nowhere to write to, or no browser to print a PDF.
    """
    if target is None and show:
        import tempfile  # slow to import, and only a page to look at needs it

        target = os.path.join(tempfile.mkdtemp(prefix="bvn-"), f"page.{form}")
    if target is None:
        if form == "pdf":
            raise fault("a PDF needs a file to be written to", "add `-o FILE.pdf`")
        if sys.stdout.isatty():
            raise fault("a page is not for a terminal", "add `-o FILE.html` or `--open`")
        click.echo(text, nl=False)
        return
    if form == "pdf":
        from bvn_asp.render.browser import write_pdf

        write_pdf(text, target)
    else:
        write_text(target, text)
    written(target)
    if show:
        click.launch(target)


def written(path: str) -> None:
    """Say that a file was written, and how large it is."""
    size = os.path.getsize(path)
    click.echo(f"wrote {path} ({f'{size / 1000:.0f} kB' if size >= 1000 else f'{size} bytes'})", err=True)
