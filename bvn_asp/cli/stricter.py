"""`bvn stricter`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.cli.proofs import certificate_option, write_certificates
from bvn_asp.model.edition import editions
from bvn_asp.model.library import Library
from bvn_asp.render import stricter as render
from bvn_asp.render.data import data
from bvn_asp.texts.stricter import MOST, stricter


@click.command("stricter")
@click.argument("plan", shell_complete=options._complete_policy)
@click.argument("governing", metavar="LCD", shell_complete=options._complete_policy)
@click.option("--reading", "reading_texts", metavar="POLICY:ID=OPTION", multiple=True,
              help="Read a passage in another way (repeatable).")
@click.option("--most", type=click.IntRange(1), default=MOST, show_default=True, help="Stop after so many ways each.")
@certificate_option
@options.output_format("text", "json", "markdown", "html")
@options.page_options
@options.policies_folder
def stricter_command(
    plan: str, governing: str, reading_texts: tuple[str, ...], most: int, proofs: str | None, form: str,
    target: str | None, show: bool, folder: str | None,
) -> None:
    """Where is a plan stricter than the Medicare policy that governs, and where looser?

    \b
    bvn stricter cohere-ma lcd-l39420
    bvn stricter policies/cohere-ma/draft.lp lcd-l39642 --format json

    Every smallest way is given, each with a patient whom one approves and the other refuses.

    Exit status: 0 if the plan is nowhere stricter, 1 if it is, 2 if the question could not be asked.
    """
    library = Library(folder)
    one, other = editions(library, plan, governing)
    answer = stricter(library, one, other, options.parse_readings(library, reading_texts), most)
    options.write(form, lambda: render.page(library, answer), lambda: data(library, "stricter", answer), target, show)
    if proofs:
        from bvn_asp.certificates.answers import of_stricter

        write_certificates(library, proofs, of_stricter(library, answer))
    raise SystemExit(1 if answer.stricter.ways else 0)
