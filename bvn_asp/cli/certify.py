"""`bvn certify`: runs without clingo, so it shares no option with commands that need it."""

from __future__ import annotations

from pathlib import Path

import click

from bvn_asp.certificates.certify import Certified, certify, folders
from bvn_asp.certificates.question import asks
from bvn_asp.errors import Place, fault

_PACKAGE = Path(__file__).parent.parent


@click.command("certify")
@click.argument("target", metavar="DIR", type=click.Path())
@click.option("--policies", "folder", metavar="DIR", envvar="BVN_POLICIES",
              help="The folder of policies that the certificates are about, instead of the shipped one.")
def certify_command(target: str, folder: str | None) -> None:
    """Is a proof that was written with --certificate a proof, and of these policies?

    \b
    bvn diff cohere-ma policies/cohere-ma/draft.lp --certificate proof
    bvn certify proof

    Checked without clingo, by translating the policies anew: the hashes of all files, the formula, the map, each step
    of the proof, and the worlds that show that the question is not empty. DIR may hold many certificates.

    Exit status: 0 if all of it holds, 2 if something does not, with the reason.
    """
    shipped = _PACKAGE / "policies"
    policies = Path(folder) if folder else shipped if shipped.is_dir() else _PACKAGE.parent / "policies"
    if not (policies / "vocabulary.yaml").is_file():
        raise fault("this is no folder of policies: it has no vocabulary.yaml", place=Place(str(policies)))
    for each in folders(Path(target)):
        click.echo("\n".join(_said(certify(each, policies))))
    click.echo(LIMITS)


LIMITS = """\
Not checked: that the rules say what the document says, that a chart is what `detail` gives of it, and the vocabulary's
reader, the cells of numbers and what exceptions mean, which the engine shares."""


def _said(found: Certified) -> list[str]:
    question = found.question
    answer = "Proved: nobody is so." if question.answer == "none" else "Shown: somebody is so."
    size = f"{found.variables:,} variables, {found.clauses:,} clauses"
    size += f", {found.steps:,} steps checked" if found.steps else ""
    files = [each.rules.name for each in question.texts]
    return [
        f"{found.folder.name}: is it so that {asks(question)}?",
        f"  {answer} ({size})",
        f"  of {', '.join(dict.fromkeys(files))}",
        *(f"  {each}" for each in found.readings),
        *(f"  not empty: a world shows that {each}" for each in found.worlds if question.answer == "none"),
    ]
