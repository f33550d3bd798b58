"""`bvn report`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.cli.progress import progress
from bvn_asp.errors import fault
from bvn_asp.verbs import Library


@click.command("report")
@options.case_argument
@options.policy_names
@options.reading_options
@options.texts_option
@click.option("--format", "form", type=click.Choice(["html", "pdf", "text", "markdown"]), default="html",
              show_default=True, help="pdf needs a Chromium on this machine.")
@click.option("--one-page", is_flag=True, help="One policy on two sheets at most: the one that governs, or -p.")
@options.page_options
@options.exit_code_option
@options.policies_folder
def report_command(
    case_path: str,
    policies: tuple[str, ...],
    reading_texts: tuple[str, ...],
    strict: bool,
    texts: str | None,
    form: str,
    one_page: bool,
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
    bvn report CASE --one-page --open          before a call: unmet first, and what would change it

    The page is one file: it carries its own style, and asks the network for nothing.

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict.
    """
    if one_page:
        _one_page(case_path, policies, reading_texts, strict, texts, form, target, show, with_code, folder)
        return
    library = Library(folder, texts)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    answer = library.report(
        case, policies, readings=readings, strict=strict,
        watch=lambda listed: progress(listed, len(listed), "policies"),
    )
    options.put(answer, form, target, show)
    options.finish((each.verdict.value for each in answer.comparison.evaluations), with_code)


def _one_page(
    case_path: str,
    policies: tuple[str, ...],
    reading_texts: tuple[str, ...],
    strict: bool,
    texts: str | None,
    form: str,
    target: str | None,
    show: bool,
    with_code: bool,
    folder: str | None,
) -> None:
    if len(policies) > 1:
        raise fault("one page is about one policy", "name one, or none for the one that governs")
    library = Library(folder, texts)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    answer = library.one_page(case, policies[0] if policies else None, readings=readings, strict=strict)
    options.put(answer, form, target, show)
    options.finish([answer.draft.request.evaluation.verdict], with_code)
