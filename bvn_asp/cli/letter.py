"""`bvn letter`."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.errors import fault
from bvn_asp.verbs import Library


@click.command("letter")
@options.case_argument
@options.policy_argument
@click.option("--for", "purpose", type=click.Choice(["request", "adverse", "appeal"]), required=True,
              help="More information, an adverse decision, or an appeal against one.")
@click.option("--plain", is_flag=True, help="In plain language, for the person it is about.")
@options.reading_options
@options.texts_option
@options.output_format("markdown", "text", "html", "docx", "json")
@options.page_options
@options.policies_folder
def letter_command(
    case_path: str,
    policy: str,
    purpose: str,
    plain: bool,
    reading_texts: tuple[str, ...],
    strict: bool,
    texts: str | None,
    form: str,
    target: str | None,
    show: bool,
    folder: str | None,
) -> None:
    """The draft of a letter: five slots a criterion, filled from data; what a person decides is left blank.

    \b
    bvn letter CASE cohere-ma --for adverse
    bvn letter CASE cohere-ma --for appeal --format docx -o appeal.docx
    bvn letter CASE cohere-ma --for adverse --plain

    A draft, and never a decision: an adverse decision is a clinician's.

    Exit status: 0, or 2 if the question could not be asked.
    """
    if form == "docx" and target is None:
        raise fault("a DOCX needs a file to be written to", "add `-o FILE.docx`")
    library = Library(folder, texts)
    case = options.load_case_argument(library, case_path)
    readings = options.parse_readings(library, reading_texts)
    answer = library.letter(case, purpose, policy, plain=plain, readings=readings, strict=strict)
    if form == "docx" and target is not None:
        answer.docx(target)
        options.written(target)
        if show:
            click.launch(target)
        return
    options.put(answer, form, target, show)
