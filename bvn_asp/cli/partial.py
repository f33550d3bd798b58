"""`bvn partial`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.verbs import Library


@click.command("partial")
@options.case_argument
@options.policy_argument
@options.reading_options
@click.option("--limit", type=click.IntRange(1, 1000), default=3, show_default=True, help="So many ways for each body.")
@options.output_format("text", "json", "markdown")
@options.exit_code_option
@options.policies_folder
def partial_command(
    case_path: str,
    policy: str,
    reading_texts: tuple[str, ...],
    strict: bool,
    limit: int,
    form: str,
    with_code: bool,
    folder: str | None,
) -> None:
    """Which part of a request does a policy approve, and what does the rest lack?

    \b
    bvn partial CASE lcd-l39642

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict there is now.
    """
    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    answer = library.partial(case, policy, readings=readings, strict=strict, limit=limit)
    options.put(answer, form)
    options.finish([answer.evaluation.verdict.value], with_code)
