"""`bvn test`."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from bvn_asp.cli import options
from bvn_asp.cli.progress import progress
from bvn_asp.errors import Fault, InputError, fault
from bvn_asp.files import write_text
from bvn_asp.model.library import Library
from bvn_asp.render import testing as render
from bvn_asp.render import words
from bvn_asp.render.data import data, to_json
from bvn_asp.render.text import terminal_width, to_text, wants_colour
from bvn_asp.upkeep.testing import Check, Result, collect, run_checks

CACHE = Path(".bvn_cache") / "last-failed.json"
PASSED, FAILED, BROKEN, USAGE, NONE = 0, 1, 2, 4, 5


@click.command("test")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option("-k", "expression", metavar="WORDS",
              help="Run checks whose file, title or policy has these words; `and`, `or`, `not` and brackets join them.")
@options.policy_names
@click.option("--last-failed", is_flag=True, help="Run only what failed last time; everything, if nothing did.")
@click.option("--update", is_flag=True, help="Show what the policies say now, then write it as what is expected.")
@click.option("--yes", is_flag=True, help="With --update: do not ask before writing.")
@click.option("--junit", "junit_path", metavar="FILE", type=click.Path(), help="Write JUnit's XML to a file.")
@options.output_format("text", "json", "tap")
@options.policies_folder
def test_command(
    paths: tuple[str, ...],
    expression: str | None,
    policies: tuple[str, ...],
    last_failed: bool,
    update: bool,
    yes: bool,
    junit_path: str | None,
    form: str,
    folder: str | None,
) -> None:
    """Do the policies say of each case what the case expects? PATH: files and folders, `cases` by default.

    \b
    bvn test
    bvn test cases/limits -p cohere-ma -k "pain and not worklist"
    bvn test --last-failed
    bvn test cases/limits --update

    Exit status, as pytest's: 0 every check passed, 1 some failed, 2 a file could not be read or a case is no possible
    patient, 4 a path is not there, 5 no check ran.
    """
    started = time.monotonic()
    library = Library(folder)
    try:
        found = collect(library, paths or ("cases",))
    except InputError as error:
        click.echo(str(error), err=True)
        raise SystemExit(USAGE) from None
    checks = _chosen(library, found.checks, expression, policies, last_failed)
    results: list[Result] = []
    faults = list(found.faults)
    for each in progress(run_checks(library, checks), len(checks), "checks"):
        if isinstance(each, Fault):
            faults.append(each)
        else:
            results.append(each)
    faults = list(dict.fromkeys(faults))
    failed = [each for each in results if not each.passed]
    _remember(checks, failed)
    if junit_path:
        write_text(junit_path, render.junit(library, results, faults))
        options.written(junit_path)
    seconds = time.monotonic() - started
    _print(library, form, results, failed, faults, found.files, seconds)
    if update and failed and not _update(failed, yes):
        raise SystemExit(FAILED)
    broken = BROKEN if faults else PASSED if update else FAILED if failed else PASSED
    raise SystemExit(broken if results or faults else NONE)


def _print(
    library: Library,
    form: str,
    results: Sequence[Result],
    failed: Sequence[Result],
    faults: Sequence[Fault],
    files: int,
    seconds: float,
) -> None:
    if form == "json":
        click.echo(to_json(data(library, "test", results, faults=faults, files=files)), nl=False)
        return
    if form == "tap":
        click.echo("\n".join(render.tap(results, faults)))
        return
    colour, width = wants_colour(), terminal_width()
    for each in failed:
        click.echo(to_text(render.failure(library, each), width, colour), color=colour)
    for wrong in faults:
        click.echo(str(wrong), err=True)
    from bvn_asp.render.blocks import Paragraph

    line = render.summary(len(results) - len(failed), len(failed), len(faults), files, seconds)
    click.echo(to_text([Paragraph(line)], width, colour), nl=False, color=colour)


def _chosen(
    library: Library, checks: Sequence[Check], expression: str | None, policies: Sequence[str], last_failed: bool
) -> list[Check]:
    wanted = {library.revision(each).policy.id for each in policies}
    editions = {library.revision(each).name for each in policies if "@" in each}
    matches = matcher(expression) if expression else None
    chosen = [
        check
        for check in checks
        if (not wanted or check.revision.policy.id in wanted)
        and (not editions or check.revision.name in editions)
        and (matches is None or matches(f"{check.id} {check.case.title}".lower()))
    ]
    before = _remembered() if last_failed else frozenset()
    return [check for check in chosen if check.id in before] if any(c.id in before for c in chosen) else chosen


def matcher(expression: str) -> Callable[[str], bool]:
    """Whether a text has the words of an expression: `pain and not (worklist or limits)`.

    Words that stand side by side are joined by `and`.

    Raises: InputError: the expression makes no sense.
    """
    tokens = re.findall(r"[()]|[^\s()]+", expression.lower())
    wrong = fault(f"`-k {expression}` cannot be read", "join words with `and`, `or`, `not` and brackets")

    def either(at: int) -> tuple[Callable[[str], bool], int]:
        left, at = both(at)
        if at < len(tokens) and tokens[at] == "or":
            right, at = either(at + 1)
            return (lambda text: left(text) or right(text)), at
        return left, at

    def both(at: int) -> tuple[Callable[[str], bool], int]:
        left, at = one(at)
        if at < len(tokens) and tokens[at] not in ("or", ")"):
            right, at = both(at + (tokens[at] == "and"))
            return (lambda text: left(text) and right(text)), at
        return left, at

    def one(at: int) -> tuple[Callable[[str], bool], int]:
        if at >= len(tokens) or tokens[at] in (")", "and", "or"):
            raise wrong
        if tokens[at] == "not":
            inner, at = one(at + 1)
            return (lambda text: not inner(text)), at
        if tokens[at] == "(":
            inner, at = either(at + 1)
            if at >= len(tokens) or tokens[at] != ")":
                raise wrong
            return inner, at + 1
        word = tokens[at]
        return (lambda text: word in text), at + 1

    found, end = either(0)
    if end != len(tokens):
        raise wrong
    return found


def _remembered() -> frozenset[str]:
    try:
        return frozenset(json.loads(CACHE.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return frozenset()


def _remember(checks: Sequence[Check], failed: Sequence[Result]) -> None:
    """Keep the ids of what failed; what was not run this time stays as it was."""
    ran = {each.id for each in checks}
    now = sorted((_remembered() - ran) | {each.check.id for each in failed})
    if not now and not CACHE.exists():
        return
    try:
        CACHE.parent.mkdir(exist_ok=True)
        (CACHE.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        write_text(CACHE, json.dumps(now, indent=0))
    except OSError:
        return  # a folder that cannot be written to has no last time


def _update(failed: Sequence[Result], yes: bool) -> bool:
    """Show and write new expectations; whether they were written."""
    from bvn_asp.upkeep.expectations import edits

    changes = edits(failed)
    for path, change in changes.items():
        click.echo(f"{path}", err=True)
        for line in change.shown:
            click.echo(f"  {line}", err=True)
    if not yes:
        if not sys.stdin.isatty():
            raise fault("--update asks before it writes, and there is nobody to ask", "add --yes to write at once")
        if not click.confirm(f"write these to {words.count(len(changes), 'file')}?", err=True):
            return False
    for path, change in changes.items():
        write_text(path, change.text)
    click.echo(f"{words.count(len(changes), 'file')} written", err=True)
    return True
