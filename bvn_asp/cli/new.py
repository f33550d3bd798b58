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

SHARED = ("vocabulary.yaml", "background.lp")


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
    help="The folder of policies; where it has no vocabulary, it gets a copy of the shipped one.",
)
def new_command(policy: str, effective: str | None, folder: str) -> None:
    """A commented skeleton of a policy, to start from.

    \b
    bvn new example-plan
    bvn lint policies/example-plan
    bvn new other-plan --effective 2026-01-01 --policies my-policies

    It writes policy.yaml and one file of rules, with one indication and one exclusion as examples; in a folder without
    policies also copies of the shipped vocabulary.yaml (what a record can say) and background.lp (what no patient is).
    """
    try:
        date = datetime.date.fromisoformat(effective) if effective else None
    except ValueError:
        raise fault(f"`{effective}` is not a date", "write it as `2026-01-01`") from None
    place = Path(folder)
    begun = (place / "vocabulary.yaml").is_file()
    shared = {} if begun else _shared(place)
    skeleton = new(Library(folder) if begun else Library(), policy, date, place)
    for path, text in {**shared, **skeleton.files}.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            words = f"cannot make the folder: {(error.strerror or '').lower()}"
            raise fault(words, place=Place(str(path.parent))) from None
        write_text(str(path), text)
        click.echo(shown_path(str(path)))
    click.echo(f"next: bvn lint {shown_path(str(place / policy))}", err=True)


def _shared(place: Path) -> dict[Path, str]:
    """What the policies of a new folder share: copies of the shipped files.

    Raises: InputError: one of them is there without the other, or policies are, whose vocabulary this may not be.
    """
    found = [place / name for name in SHARED if (place / name).exists()] + sorted(place.glob("*/policy.yaml"))
    if found:
        said = f"this folder has no vocabulary.yaml, but it has {shown_path(str(found[0]))}"
        raise fault(said, "put the vocabulary there for which that was written", Place(str(place)))
    return {place / name: (Library().folder / name).read_text(encoding="utf-8") for name in SHARED}
