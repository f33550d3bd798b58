"""`bvn sources`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.model.library import Library
from bvn_asp.render import sources as render
from bvn_asp.render.data import data
from bvn_asp.routing.claims import claims
from bvn_asp.texts.sources import sources


@click.command("sources")
@click.option("--all", "whole", is_flag=True, help="Source by source, and what they ask for side by side.")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def sources_command(whole: bool, form: str, folder: str | None) -> None:
    """What stands behind these policies: how was each text seen, what of it is encoded, and what not?

    \b
    bvn sources
    bvn sources --all --format markdown > docs/sources.md
    """
    library = Library(folder)
    found = sources(library) if whole else None
    options.write(
        form,
        lambda: render.everything(library, found, claims(library)) if found else render.listing(library),
        lambda: data(library, "sources", found),
    )
