"""`bvn coverage`, `bvn mutate` and `bvn synth`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from bvn_asp.cases.possible import parse_case
from bvn_asp.cli import options
from bvn_asp.cli.progress import Bar
from bvn_asp.cli.proofs import certificate_option, write_certificates
from bvn_asp.errors import InputError, SolverError, fault
from bvn_asp.files import write_text
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import coverage as render
from bvn_asp.render import words
from bvn_asp.render.data import data
from bvn_asp.upkeep.coverage import coverage
from bvn_asp.upkeep.mutate import mutate
from bvn_asp.upkeep.testing import Check, Collection, Runner, collect, make_check


def _checks(library: Library, paths: Iterable[str]) -> tuple[Check, ...]:
    """The checks of some files; where one is at fault, or there is none, nothing can be said of what they exercise."""
    found = _read(library, paths)
    if not found.checks:
        read = words.count(found.files, "file")
        raise fault(f"there is no check in them: {read} read", "a case says under `expect:` what a policy should say")
    return found.checks


def _read(library: Library, paths: Iterable[str]) -> Collection:
    found = collect(library, tuple(paths) or ("cases",))
    if found.faults:
        raise InputError(found.faults)
    return found


def _revisions(library: Library, policies: Iterable[str], checks: Iterable[Check]) -> tuple[Revision, ...]:
    """The revisions asked for; those that some check is about, if none is."""
    named = tuple(policies)
    if named:
        return library.revisions(named)
    found = {each.revision.name: each.revision for each in checks}
    return tuple(r for p in library.policies.values() for r in p.encoded if r.name in found)


@click.command("coverage")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@options.policy_names
@click.option("--outline", is_flag=True, help="Show the policy's outline, coloured by what the cases show of it.")
@click.option("--fail-under", metavar="PERCENT", type=float, default=0.0, help="Exit 1 if a policy is covered less.")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def coverage_command(
    paths: tuple[str, ...], policies: tuple[str, ...], outline: bool, fail_under: float, form: str, folder: str | None
) -> None:
    """What of a policy do the cases exercise? PATH: files and folders of cases, `cases` by default.

    \b
    bvn coverage
    bvn coverage -p lcd-l39420
    bvn coverage -p cohere-ma --outline --fail-under 95

    A check that fails shows nothing, and is named.

    Exit status: 0, 1 if a policy is covered less than asked for or a check fails, 2 if the question could not be asked.
    """
    library = Library(folder)
    checks = _checks(library, paths)
    revisions = _revisions(library, policies, checks)
    with Bar("checks") as bar:
        answers = [coverage(library, each, checks, bar.named(each.policy.id)) for each in revisions]
    shape = render.outline if outline else render.table
    options.write(
        form,
        lambda: (
            [block for each in answers for block in shape(each)]
            if policies or outline or len(answers) == 1
            else render.summary(answers)
        ),
        lambda: data(library, "coverage", answers),
    )
    raise SystemExit(1 if any(each.share < fail_under or each.failing for each in answers) else 0)


@click.command("mutate")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@options.policy_names
@click.option("--most", metavar="N", default=20, show_default=True, help="List so many slips that nobody notices.")
@certificate_option
@options.output_format("text", "json", "markdown")
@options.policies_folder
def mutate_command(
    paths: tuple[str, ...], policies: tuple[str, ...], most: int, proofs: str | None, form: str, folder: str | None
) -> None:
    """Which slips in writing a policy down would the cases not notice? PATH: as for `bvn coverage`.

    \b
    bvn mutate -p lcd-l39420
    bvn mutate cases/limits -p cohere-ma --most 100

    A check that fails already notices nothing, and is named.

    Exit status: 0 every slip is noticed or proved equivalent, 1 some survive or a check fails, 2 the question could not
    be asked.
    """
    library = Library(folder)
    checks = _checks(library, paths)
    with Bar("checks") as bar:
        answers = [
            mutate(library, each, checks, bar.named(each.policy.id))
            for each in _revisions(library, policies, checks)
        ]
    options.write(
        form,
        lambda: [block for each in answers for block in render.mutation(each, most)],
        lambda: data(library, "mutate", answers),
    )
    if proofs:
        from bvn_asp.certificates.answers import of_mutation

        several = len(answers) > 1
        listed = ((each.revision.policy.id, q) for each in answers for q in of_mutation(library, each))
        named = ((f"{policy}-{name}" if several else name, question) for policy, (name, question) in listed)
        write_certificates(library, proofs, named)
    raise SystemExit(1 if any(each.survivors or each.failing for each in answers) else 0)


@click.command("synth")
@options.policy_argument
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option("--write", "target", metavar="DIR", type=click.Path(file_okay=False), help="Write the cases to DIR.")
@click.option("--fresh", is_flag=True, help="Count on no case there is; cover everything anew.")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def synth_command(
    policy: str, paths: tuple[str, ...], target: str | None, fresh: bool, form: str, folder: str | None
) -> None:
    """Which smallest patients would notice what the cases do not? PATH: as for `bvn coverage`.

    \b
    bvn synth lcd-l39420
    bvn synth lcd-l39420 --write cases/synth/lcd-l39420

    The cases are proposals: each states what the policy says *now*. Read them before you keep them.

    Exit status: 0 everything is covered then, 1 something is left, 2 the question could not be asked.
    """
    from bvn_asp.render import synth as pages
    from bvn_asp.upkeep.synth import synth

    library = Library(folder)
    revision = library.revision(policy)
    checks = () if fresh else _read(library, paths).checks
    with Bar("slips") as bar:
        answer = synth(library, revision, checks, bar.named(revision.policy.id))
    if target:
        place, runner = Path(target), Runner(library)
        place.mkdir(parents=True, exist_ok=True)
        first = 1 + max((int(p.name[:3]) for p in place.glob("[0-9][0-9][0-9]-*.yaml")), default=0)
        for number, each in enumerate(answer.written, first):
            text = pages.to_yaml(library, each, revision.policy.id)
            case = parse_case(library, text, pages.file_name(number, each))
            if not runner.run(make_check(library, case, case.expectations[0])).passed:
                raise SolverError(f"the case {case.path} does not say on reading what it says on writing")
            write_text(str(place / pages.file_name(number, each)), text)
    options.write(form, lambda: pages.page(library, answer), lambda: data(library, "synth", answer))
    raise SystemExit(1 if answer.unnoticed or answer.unshown else 0)
