"""`bvn new`."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from bvn_asp.errors import Place, fault
from bvn_asp.files import write_text
from bvn_asp.model.library import Library
from bvn_asp.render.lint import shown_path
from bvn_asp.upkeep.new import new


@click.command("new")
@click.argument("policy")
@click.option("--effective", metavar="DATE", help="From when the first revision is in force, as 2026-01-01.")
@click.option(
    "--policies",
    "folder",
    metavar="DIR",
    envvar="BVN_POLICIES",
    default="policies",
    show_default=True,
    help="The folder of policies: it holds vocabulary.yaml.",
)
def new_command(policy: str, effective: str | None, folder: str) -> None:
    """A commented skeleton of a policy, to start from.

    \b
    bvn new example-plan
    bvn new example-plan --effective 2026-01-01 --policies my-policies
    bvn lint example-plan

    It writes policy.yaml and one file of rules, with one indication and one exclusion as examples.
    """
    try:
        date = datetime.date.fromisoformat(effective) if effective else None
    except ValueError:
        raise fault(f"`{effective}` is not a date", "write it as `2026-01-01`") from None
    if not (Path(folder) / "vocabulary.yaml").is_file():
        hint = "name one with --policies DIR, or copy vocabulary.yaml and background.lp there"
        raise fault("this is no folder of policies: it has no vocabulary.yaml", hint, Place(folder))
    skeleton = new(Library(folder), policy, date)
    for path, text in skeleton.files.items():
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            words = f"cannot make the folder: {(error.strerror or '').lower()}"
            raise fault(words, place=Place(str(path.parent))) from None
        write_text(str(path), text)
        click.echo(shown_path(str(path)))
