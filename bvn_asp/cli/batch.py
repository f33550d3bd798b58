"""`bvn batch`."""

from __future__ import annotations

import sys
import threading
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

PARTS = ("verdict", "blamed", "open", "statuses")  # as in batch.decide, which would import NumPy: a test compares them
FAST = "verdict,blamed"
TICK = 0.2


@click.command("batch")
@click.argument("cases", type=click.Path(path_type=Path))
@options.policy_names
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
              help="Write the answers here: .parquet, .csv or .ndjson; rejected rows go to FILE.rejects.csv beside it.")
@click.option("--against", metavar="POLICY", help="Also ask this policy or revision, and count the verdicts that flip.")
@click.option("--summary", "wants_summary", is_flag=True, help="Print counts, as without -o.")
@click.option("--parts", default=FAST, show_default=True,
              help="What to answer for each case; open and statuses are more work.")
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
    bvn batch cases/ -p cohere-ma -p lcd-l39642
    bvn batch cases/ -o answers.csv --parts verdict,blamed,open,statuses

    Of a folder of cases, without -o and --summary, a table of verdicts is printed before the counts.

    Exit status: 0 every row is answered, 1 some were rejected, 2 the question could not be asked.
    """
    try:
        from bvn_asp.batch.files import rejects_path
        from bvn_asp.batch.run import batch, missing_columns
    except ImportError as error:
        raise fault(f"batch needs {error.name}, which is not installed", "pip install 'bvn-asp[batch]'") from None
    from bvn_asp.render import batch as page

    table = output is None and not wants_summary and cases.is_dir()
    wants_summary = wants_summary or output is None
    wanted = tuple(each.strip() for each in parts.split(",") if each.strip())
    for each in wanted:
        if each not in PARTS:
            raise fault(f"unknown part `{each}`", did_you_mean(each, PARTS, "the parts are " + ", ".join(PARTS)))
    if table and "verdict" not in wanted:
        raise fault("the table is of verdicts, which --parts leaves out", "give -o FILE for the other parts")
    library = Library(folder)
    readings = options.parse_readings(library, reading_texts)
    answers: list[dict[str, Any]] = []
    with _progress() as progress:
        tally = batch(
            library, cases, output, policies, against, readings, strict, keep,
            tuple(part for part in PARTS if part in wanted), escape=not raw_csv, progress=progress,
            each=(lambda found: answers.extend(found.to_pylist())) if table else None,
        )
    for said in missing_columns(library, tally):
        click.echo(said, err=True)
    beside = str(rejects_path(output)) if output else ""

    def blocks() -> list[Block]:
        if table:
            return [page.table(tally, answers), *page.summary(tally, against, beside)]
        return page.summary(tally, against, beside) if wants_summary else [page.rows(tally, beside)]

    options.write(form, blocks, lambda: data(library, "batch", tally, against=against))
    raise SystemExit(1 if tally.rejected else 0)


def _progress() -> AbstractContextManager[Callable[[Any], None] | None]:
    """A bar with rate and time left on a terminal's standard error; nothing anywhere else."""
    return _Bar() if sys.stderr.isatty() else nullcontext(None)


class _Bar:
    """A bar that moves while the first batch is still being decided: a thread draws it, whatever is going on."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.done, self.total, self.turn = 0, 0, 0
        self.over = threading.Event()
        self.drawer = threading.Thread(target=self._keep_drawing, daemon=True)

    def __enter__(self) -> Callable[[Any], None]:
        self.drawer.start()
        return self.show

    def show(self, source: Any) -> None:
        self.done, self.total = source.done, source.total

    def _keep_drawing(self) -> None:
        while True:
            sys.stderr.write(self.line())
            sys.stderr.flush()
            if self.over.wait(TICK):
                return

    def line(self) -> str:
        """The bar as it stands; it says nothing of what is in the cases."""
        spent = time.monotonic() - self.begun
        self.turn += 1
        share = min(1.0, self.done / self.total) if self.total else 0.0
        filled = "#" * int(share * 30) + "|/-\\"[self.turn % 4]
        if not share:
            return f"\r[{filled:<31}] {spent:,.0f} s "
        rate, left = f"{self.done / max(spent, 1e-6):,.0f}/s", spent / share - spent
        return f"\r[{filled:<31}] {share:4.0%}  {rate}  {left:,.0f} s left "

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.drawer.join()
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
