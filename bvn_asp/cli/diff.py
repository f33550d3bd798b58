"""`bvn diff`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.cli.proofs import certificate_option, write_certificates
from bvn_asp.model.edition import editions
from bvn_asp.model.library import Library
from bvn_asp.render import diff as render
from bvn_asp.render.data import data
from bvn_asp.texts.diff import announced, diff
from bvn_asp.upkeep.flips import flips


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--reading", "reading_texts", metavar="POLICY:ID=OPTION", multiple=True,
              help="Read a passage in another way (repeatable).")
@click.option("--under-readings", is_flag=True, help="Also compare under every other reading.")
@click.option("--expect", "ids", metavar="ID[,ID]", multiple=True,
              help="These entries are to change, and nothing else: exit 1 if something else does (repeatable).")
@click.option("--cases", "paths", metavar="PATH", multiple=True, type=click.Path(),
              help="Also say which cases of this file or folder get another verdict (repeatable).")
@options.rules_option
@certificate_option
@options.output_format("text", "json", "markdown", "html")
@options.page_options
@options.policies_folder
def diff_command(
    old: str,
    new: str,
    reading_texts: tuple[str, ...],
    under_readings: bool,
    ids: tuple[str, ...],
    paths: tuple[str, ...],
    rules: bool,
    proofs: str | None,
    form: str,
    target: str | None,
    show: bool,
    folder: str | None,
) -> None:
    """What did a revision change, by meaning, and for which patients?

    \b
    bvn diff cohere-ma policies/cohere-ma/draft.lp
    bvn diff git:HEAD:policies/cohere-ma/2025-05-29.lp policies/cohere-ma/2025-05-29.lp
    bvn diff lcd-l39420 lcd-l40302
    bvn diff cohere-ma@2025-05-29 draft.lp --cases cases --under-readings
    bvn diff cohere-ma@2025-05-29 draft.lp --expect care_length,age_18

    Exit status: 0 if no patient gets another verdict, 1 if one does, 2 if the question could not be asked. With
    --expect: 0 if nothing changed but what was announced (a rewording is a change), 1 if something else did.
    """
    library = Library(folder)
    before, after = editions(library, old, new)
    readings = options.parse_readings(library, reading_texts)
    answer = diff(library, before, after, readings, under_readings)
    cases = flips(library, before, after, paths, readings) if paths else None
    expected = [word.strip() for each in ids for word in each.split(",") if word.strip()]
    held = announced(answer, expected) if ids else None
    options.write(
        form,
        lambda: render.page(library, answer, cases, held, rules),
        lambda: data(library, "diff", answer, cases=cases, held=held),
        target,
        show,
    )
    if proofs:
        from bvn_asp.certificates.answers import of_diff

        write_certificates(library, proofs, of_diff(library, answer))
    raise SystemExit(0 if (held.passes if held is not None else answer.equivalent) else 1)
