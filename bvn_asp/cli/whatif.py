"""`bvn whatif`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.verbs import Library


@click.command("whatif")
@options.case_argument
@click.argument("suppositions", metavar="FACT=VALUE...", nargs=-1, required=True)
@options.policy_names
@options.reading_options
@options.exit_code_option
@options.output_format("text", "json", "markdown")
@options.policies_folder
def whatif_command(
    case_path: str,
    suppositions: tuple[str, ...],
    policies: tuple[str, ...],
    reading_texts: tuple[str, ...],
    strict: bool,
    with_code: bool,
    form: str,
    folder: str | None,
) -> None:
    """What would these policies say if some facts were otherwise?

    \b
    bvn whatif CASE bmi=39
    bvn whatif CASE modic.L4-L5=type_1 "pain_duration=>= 6 months" -p cohere-ma
    bvn whatif CASE date=2027-01-04                 what goes on is counted to that day
    bvn whatif CASE "bodies=L4 L5"                  another request, its units brought in line
    bvn whatif CASE bodies=2                        so many, not named
    bvn whatif CASE modic.L4=not_reported           the report on file does not say
    bvn whatif CASE pregnant=unknown                nobody knows: open, and not presumed
    bvn whatif CASE pregnant=unrecorded             as if nothing were on record: presumed, if that is presumed

    The case file is not touched.

    Exit status: 0, or 2 if the question could not be asked; with --exit-code also the verdict there would be.
    """
    library = Library(folder)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    answer = library.whatif(case, suppositions, policies, readings=readings, strict=strict)
    options.put(answer, form)
    options.finish((each.new.verdict for each in answer.differences), with_code)
