"""`bvn atlas`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.model.library import Library


@click.command("atlas")
@options.policy_names
@click.option("--format", "form", type=click.Choice(["html", "pdf", "text", "markdown"]), default="html",
              show_default=True, help="pdf needs a Chromium on this machine.")
@options.page_options
@options.policies_folder
def atlas_command(policies: tuple[str, ...], form: str, target: str | None, show: bool, folder: str | None) -> None:
    """What does every source ask for, who is stricter than whom, and what is contested?

    \b
    bvn atlas -o atlas.html
    bvn atlas -p cohere-ma -p lcd-l39420 -o two.html

    Exit status: 0 if the page was made, 2 if the question could not be asked.
    """
    from bvn_asp.render.atlas import page
    from bvn_asp.texts.atlas import atlas

    library = Library(folder)
    answer = atlas(library, policies)
    options.write(form, lambda: page(library, answer), dict, target, show)
