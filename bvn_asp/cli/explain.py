"""`bvn explain`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.verbs import Library


@click.command("explain")
@options.case_argument
@click.argument("policy", required=False, shell_complete=options._complete_policy)
@options.reading_options
@options.texts_option
@click.option("--unmet-first", is_flag=True, help="What stands in the way first, then what is open, then the rest.")
@options.rules_option
@options.exit_code_option
@options.output_format("text", "json", "markdown")
@options.policies_folder
def explain_command(
    case_path: str,
    policy: str | None,
    reading_texts: tuple[str, ...],
    strict: bool,
    texts: str | None,
    unmet_first: bool,
    rules: bool,
    with_code: bool,
    form: str,
    folder: str | None,
) -> None:
    """Why does one policy say this of a case, criterion by criterion?

    \b
    bvn explain cases/founding/document-004.yaml cohere-ma
    bvn explain CASE lcd-l39420 --unmet-first
    bvn explain CASE cohere-ma --rules
    bvn explain CASE                           the policy that governs the request

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict.
    """
    library = Library(folder, texts)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    answer = library.explain(case, policy, readings=readings, strict=strict, unmet_first=unmet_first, rules=rules)
    options.put(answer, form)
    options.finish([answer.evaluation.verdict], with_code)
