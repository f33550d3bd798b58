"""`bvn split`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.cli.progress import progress
from bvn_asp.errors import fault
from bvn_asp.model.edition import edition
from bvn_asp.model.library import Library
from bvn_asp.render import split as render
from bvn_asp.render.data import data
from bvn_asp.texts.split import Pairs, split


@click.command("split")
@click.argument("policies", nargs=-1, metavar="POLICY...", shell_complete=options._complete_policy)
@click.option("--all", "every", is_flag=True, help="The table of all pairs, of the named policies or of all.")
@click.option("--reading", "reading_texts", metavar="POLICY:ID=OPTION", multiple=True,
              help="Read a passage in another way (repeatable).")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def split_command(
    policies: tuple[str, ...], every: bool, reading_texts: tuple[str, ...], form: str, folder: str | None
) -> None:
    """On which smallest patient do policies disagree?

    \b
    bvn split cohere-ma lcd-l39420 lcd-l39642
    bvn split --all

    Exit status: 0, or 2 if the question could not be asked.
    """
    library = Library(folder)
    readings = options.parse_readings(library, reading_texts)
    names = policies or (tuple(library.policies) if every else ())
    revisions = tuple(dict.fromkeys(edition(library, name) for name in names))
    if len(revisions) < 2:
        raise fault("a split needs two policies or more", "name them, or ask for `--all`")
    if every:
        pairs = Pairs(library, revisions, readings)
        found = tuple(progress(pairs, len(pairs.numbers), "pairs"))
        options.write(form, lambda: render.table(library, found), lambda: data(library, "split", found))
        return
    answer = split(library, revisions, readings)
    options.write(form, lambda: render.page(library, answer), lambda: data(library, "split", answer))
