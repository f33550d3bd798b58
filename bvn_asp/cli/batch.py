"""`bvn batch`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click

from bvn_asp.cli import options
from bvn_asp.errors import did_you_mean, fault
from bvn_asp.model.library import Library
from bvn_asp.render.blocks import Block
from bvn_asp.render.data import data

PARTS = ("verdict", "blamed", "open", "statuses")


@click.command("batch")
@click.argument("cases", type=click.Path(path_type=Path))
@options.policy_names
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
              help="Write the answers here: .parquet, .csv or .ndjson; rejected rows go to FILE.rejects.csv beside it.")
@click.option("--against", metavar="POLICY", help="Also ask this policy or revision, and count the verdicts that flip.")
@click.option("--summary", "wants_summary", is_flag=True, help="Print counts, as without -o.")
@click.option("--parts", default=",".join(PARTS), show_default=True, help="What to answer for each case.")
@click.option("--keep", metavar="COLUMN", multiple=True, help="Hand on a column that is no fact (repeatable).")
@click.option("--raw-csv", is_flag=True, help="Write ids and titles as they are, also those that look like formulas.")
@options.reading_options
@options.output_format("text", "json", "markdown")
@options.policies_folder
def batch_command(
    cases: Path,
    policies: tuple[str, ...],
    output: Path | None,
    against: str | None,
    wants_summary: bool,
    parts: str,
    keep: tuple[str, ...],
    raw_csv: bool,
    reading_texts: tuple[str, ...],
    strict: bool,
    form: str,
    folder: str | None,
) -> None:
    """How does each policy decide a whole file of cases?

    CASES is a Parquet, CSV or NDJSON file, or a folder of YAML cases. A column bears the name of a fact: age, modic.L4,
    "pain_duration [months]". An empty value is not recorded. A column `date` is the date of service.

    \b
    bvn batch cases.parquet -p cohere-ma -o answers.parquet --summary
    bvn batch cases.csv -p lcd-l39642 --against cohere-ma --summary
    bvn batch cases/ -o answers.csv --parts verdict,blamed

    Exit status: 0 every row is answered, 1 some were rejected, 2 the question could not be asked.
    """
    try:
        from bvn_asp.batch.decide import asked_by_default
        from bvn_asp.batch.files import rejects_path
        from bvn_asp.batch.run import batch, missing_columns
    except ImportError as error:
        raise fault(f"batch needs {error.name}, which is not installed", "pip install 'bvn-asp[batch]'") from None
    from bvn_asp.render import batch as page

    wants_summary = wants_summary or output is None
    wanted = tuple(each.strip() for each in parts.split(",") if each.strip())
    for each in wanted:
        if each not in PARTS:
            raise fault(f"unknown part `{each}`", did_you_mean(each, PARTS, "the parts are " + ", ".join(PARTS)))
    library = Library(folder)
    readings = options.parse_readings(library, reading_texts)
    with _progress() as progress:
        tally = batch(
            library, cases, output, policies, against, readings, strict, keep,
            tuple(part for part in PARTS if part in wanted), escape=not raw_csv, progress=progress,
        )
    if not policies:
        for name in sorted(set(library.policies) - set(asked_by_default(library))):
            click.echo(f"not asked: {name} has documented what others presume absent; `-p {name}` asks it", err=True)
    for said in missing_columns(library, tally):
        click.echo(said, err=True)
    beside = str(rejects_path(output)) if output else ""

    def blocks() -> list[Block]:
        return page.summary(tally, against, beside) if wants_summary else [page.rows(tally, beside)]

    options.write(form, blocks, lambda: data(library, "batch", tally, against=against))
    raise SystemExit(1 if tally.rejected else 0)


def _progress() -> AbstractContextManager[Callable[[Any], None] | None]:
    """A bar with rate and time left on a terminal's standard error; nothing anywhere else."""
    return _Bar() if sys.stderr.isatty() else nullcontext(None)


class _Bar:
    def __init__(self) -> None:
        self.begun = time.monotonic()

    def __enter__(self) -> Callable[[Any], None]:
        return self.show

    def show(self, source: Any) -> None:
        spent = time.monotonic() - self.begun
        share = min(1.0, source.done / source.total) if source.total else 0.0
        left = spent / share - spent if share else 0.0
        filled = "#" * int(share * 30)
        rate = f"{source.done / max(spent, 1e-6):,.0f}/s"
        sys.stderr.write(f"\r[{filled:<30}] {share:4.0%}  {rate}  {left:,.0f} s left ")
        sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        sys.stderr.write("\r\x1b[K")
