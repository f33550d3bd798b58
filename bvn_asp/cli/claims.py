"""`bvn claims`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.model.library import Library
from bvn_asp.render import claims as render
from bvn_asp.render.data import data
from bvn_asp.routing.claims import claims


@click.command("claims")
@click.argument("source", required=False)
@options.output_format("text", "json", "markdown")
@options.policies_folder
def claims_command(source: str | None, form: str, folder: str | None) -> None:
    """Who claims what about a source, and does the text bear it out? With SOURCE, by it or about it.

    \b
    bvn claims
    bvn claims 000
    bvn claims bmj-2025

    What the world would look like: bvn compare CASE --as-claimed-by 000
    """
    library = Library(folder)
    found = claims(library, source)
    options.write(form, lambda: render.ledger(library, found, source), lambda: data(library, "claims", found))
