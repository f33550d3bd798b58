"""`bvn review`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bvn_asp.cli import options
from bvn_asp.errors import fault
from bvn_asp.model import git
from bvn_asp.model.library import Library
from bvn_asp.render import review as render
from bvn_asp.upkeep.review import Side, review


@click.command("review")
@click.argument("between", metavar="BASE..HEAD")
@click.option("--cases", "cases", metavar="DIR", default="cases", show_default=True, help="The folder of cases.")
@click.option("--expect", "ids", metavar="POLICY:ID", multiple=True,
              help="This entry is to change, and nothing else of its policy (repeatable).")
@click.option("--brief", is_flag=True, help="Leave out coverage, and of lint what the solver is asked.")
@click.option(
    "--policies", "folder", metavar="DIR", envvar="BVN_POLICIES", default="policies", show_default=True,
    help="The folder of policies, in a checkout of git.",
)
@options.output_format("markdown", "text")
@click.option("-o", "--output", "target", metavar="FILE", type=click.Path(), help="Write the page here.")
def review_command(
    between: str, cases: str, ids: tuple[str, ...], brief: bool, folder: str, form: str, target: str | None
) -> None:
    """What would this change of policies bring about: one page for a pull request.

    \b
    bvn review main..HEAD
    bvn review origin/main...HEAD -o review.md      since the two parted, as a pull request shows it
    bvn review HEAD                                 what is not committed yet
    bvn review main..HEAD --expect cohere-ma:care_length

    It reads both states from git and touches no file: which texts changed by meaning, with patients; policies,
    editions, facts and cases that are new or gone; which cases get another verdict; tests, coverage, lint.

    Exit status: 0 if nothing stands in the way, 1 if a check fails, a text cannot be read, a finding of lint is new, or
    something changed unannounced, 2 if the question could not be asked.
    """
    expect = []
    for each in ids:
        policy, colon, entries = each.partition(":")
        if not colon or not policy or not entries:
            raise fault(f"`{each}` announces no entry", "write POLICY:ID, e.g. cohere-ma:care_length")
        expect += [(policy, entry.strip()) for entry in entries.split(",")]
    with _sides(between, folder, cases) as (base, head):
        answer = review(base, head, expect, brief)
        assert head.policies is not None
        library = Library(head.policies)
        options.write(form, lambda: render.page(library, answer), dict, target)
    raise SystemExit(0 if answer.good else 1)


@contextmanager
def _sides(between: str, policies: str, cases: str) -> Iterator[tuple[Side, Side]]:
    """The two states that a range names, each as folders; what git keeps is written to a temporary folder.

    Raises: InputError: no such state, or the folder of policies stands in no checkout.
    """
    if not Path(policies).is_dir():
        raise fault(f"there is no folder `{policies}`", "name the folder of policies with --policies DIR")
    checkout = git.top(Path(policies))
    inside = [_inside(checkout, each) for each in (policies, cases)]
    dots = "..." if "..." in between else ".."
    first, _, last = between.partition(dots)
    old = git.state(first)
    if dots == "...":
        asked = (git.state(last or "HEAD"), old)
        old = git.git("-C", str(checkout), "merge-base", *asked, name=between).decode().strip()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch).resolve()
        base = _unpacked(checkout, old, first, inside, root / "base")
        head = _unpacked(checkout, git.state(last), last, inside, root / "head") if last else None
        if head is None:
            there = [Path(checkout, each) if Path(checkout, each).is_dir() else None for each in inside]
            head = Side("", there[0], there[1], checkout)
        yield base, head


def _inside(checkout: Path, folder: str) -> str:
    path = Path(folder).resolve()
    if not path.is_relative_to(checkout):
        raise fault(f"`{folder}` stands outside of the checkout", "a state in git holds both folders")
    return path.relative_to(checkout).as_posix()


def _unpacked(checkout: Path, commit: str, name: str, inside: list[str], target: Path) -> Side:
    target.mkdir()
    git.unpack(checkout, commit, inside, target)
    there = [target / each if (target / each).is_dir() else None for each in inside]
    return Side(f"{name} ({commit[:10]})" if not commit.startswith(name) else name, there[0], there[1], target)
