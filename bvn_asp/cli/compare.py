"""`bvn compare` and `bvn verify`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import click

from bvn_asp import store
from bvn_asp.classes import replace
from bvn_asp.cli import options
from bvn_asp.errors import fault
from bvn_asp.files import write_text
from bvn_asp.render.blocks import Block, Bullets, Paragraph, Styled
from bvn_asp.render.data import data, to_json
from bvn_asp.verbs import Library


@click.command("compare")
@options.case_argument
@options.policy_names
@options.reading_options
@options.output_format("text", "json", "markdown")
@click.option("--readings", "readings_mode", type=click.Choice(["all", "chosen"]), default="all", show_default=True,
              help="all: also say on which readings each verdict hangs; chosen: do not look.")
@click.option("--as-claimed-by", "document", metavar="DOCUMENT",
              help="Read every source as this document claims, beside what the texts say: 000, 001, 002, 004.")
@click.option("--record", "record_path", metavar="FILE", type=click.Path(), help="Write a record that can be re-run.")
@options.exit_code_option
@click.option("--seal", "key", metavar="KEY", type=click.Path(path_type=Path),
              help="Seal the record with this private key (Ed25519, PEM).")
@options.policies_folder
def compare_command(
    case_path: str,
    policies: tuple[str, ...],
    reading_texts: tuple[str, ...],
    strict: bool,
    form: str,
    readings_mode: str,
    document: str | None,
    record_path: str | None,
    with_code: bool,
    key: Path | None,
    folder: str | None,
) -> None:
    """Which policies approve this case, side by side, and why?

    \b
    bvn compare cases/founding/document-004.yaml
    bvn compare CASE -p cohere-ma -p lcd-l39420 --strict
    bvn compare CASE --reading cohere-ma:O29=each-treated-body --format json
    bvn compare CASE --as-claimed-by 000

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict.
    """
    if key and not record_path:
        raise fault("--seal seals a record, and none is written", "give --record FILE as well")
    if record_path:
        store.allow(False)
    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    if document is not None:
        if readings or record_path:
            raise fault("--as-claimed-by sets the readings by itself, and keeps no record")
        side = library.compare_as_claimed(case, document, policies, strict=strict)
        options.put(side, form)
        options.finish((each.verdict for one in side.sides for each in one.evaluations), with_code)
    look = readings_mode == "all" or record_path is not None  # a record always says what a verdict hangs on
    answer = library.compare(case, policies, readings=readings, strict=strict, under_readings=look)
    if record_path:
        from bvn_asp.cases.record import make_record

        record = make_record(library, answer.found)
        write_text(record_path, to_json(_seal().sealed(record, key) if key else record))
        options.written(record_path)
    options.put(answer, form)
    options.finish((each.verdict for each in answer.evaluations), with_code)


def _seal() -> ModuleType:
    try:
        import cryptography  # noqa: F401 - only to see that it is there
    except ImportError:
        raise fault("a seal needs cryptography, which is not installed", "pip install 'bvn-asp[seal]'") from None
    from bvn_asp.cases import seal

    return seal


@click.command("verify")
@click.argument("record_path", metavar="RECORD", type=click.Path())
@click.option("--seal", "key", metavar="KEY", type=click.Path(path_type=Path),
              help="Also see that it bears the seal of this public key (Ed25519, PEM).")
@options.output_format("text", "json")
@options.policies_folder
def verify_command(record_path: str, key: Path | None, form: str, folder: str | None) -> None:
    """Does a recorded decision come out again?

    \b
    bvn compare CASE --record decision.json
    bvn verify decision.json

    Exit status: 0 the same, 1 something moved, 2 the record could not be read.
    """
    from bvn_asp.cases.record import read_record, verify

    library = Library(folder)
    record = read_record(Path(record_path))
    answer = verify(library, record)
    if key and not _seal().is_sealed(record, key):
        answer = replace(answer, moved=("it does not bear the seal of this key over what it holds", *answer.moved))

    def blocks() -> list[Block]:
        word = Styled("same", "good") if answer.same else Styled("not the same", "bad")
        return [
            *([Bullets(answer.moved)] if answer.moved else []),
            Paragraph(Styled(f"record {answer.id[:12]}: {word}", word.style)),
        ]

    options.write(form, blocks, lambda: data(library, "verify", answer))
    raise SystemExit(0 if answer.same else 1)
