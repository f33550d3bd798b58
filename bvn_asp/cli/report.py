"""`bvn report`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.cli.progress import progress
from bvn_asp.model.library import Library


@click.command("report")
@options.case_argument
@options.policy_names
@options.reading_options
@click.option("--format", "form", type=click.Choice(["html", "pdf", "text", "markdown"]), default="html",
              show_default=True, help="pdf needs a Chromium on this machine.")
@options.page_options
@options.exit_code_option
@options.policies_folder
def report_command(
    case_path: str,
    policies: tuple[str, ...],
    reading_texts: tuple[str, ...],
    strict: bool,
    form: str,
    target: str | None,
    show: bool,
    with_code: bool,
    folder: str | None,
) -> None:
    """Everything there is to say of a case, on one page to read, print or attach.

    \b
    bvn report cases/founding/document-004.yaml -o case.html
    bvn report CASE -p cohere-ma -p lcd-l39420 --format pdf -o case.pdf
    bvn report CASE --open

    The page is one file: it carries its own style, and asks the network for nothing.

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict.
    """
    from bvn_asp.papers.report import report
    from bvn_asp.render.report import page

    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    answer = report(
        library, case, policies, readings, strict, watch=lambda listed: progress(listed, len(listed), "policies")
    )
    options.write(form, lambda: page(library, answer), dict, target, show)
    options.finish((each.verdict.value for each in answer.comparison.evaluations), with_code)
