"""`bvn policies`, `bvn show` and `bvn facts`: what there is, without a case."""

from __future__ import annotations

import click

from bvn_asp.cli import options
from bvn_asp.render import library as pages
from bvn_asp.render.data import data
from bvn_asp.verbs import Library


@click.command("policies")
@options.output_format("text", "json", "markdown")
@options.policies_folder
def policies_command(form: str, folder: str | None) -> None:
    """Which policies are there?

    \b
    bvn policies
    """
    options.put(Library(folder).listing(), form)


@click.command("show")
@options.policy_argument
@options.rules_option
@options.texts_option
@options.output_format("text", "json", "markdown")
@options.policies_folder
def show_command(policy: str, rules: bool, texts: str | None, form: str, folder: str | None) -> None:
    """What does a policy ask for, and how can its text be read?

    \b
    bvn show cohere-ma
    bvn show cohere-ma --rules
    bvn show lcd-l39642@11 --format markdown
    """
    library = Library(folder, texts)
    revision = library.revision(policy)
    options.write(form, lambda: pages.outline(library, revision, rules), lambda: data(library, "show", revision))


@click.command("facts")
@click.argument("word", nargs=-1)
@options.output_format("text", "json", "markdown")
@options.policies_folder
def facts_command(word: tuple[str, ...], form: str, folder: str | None) -> None:
    """What can a case record? With words, the facts about them.

    The words are those of charts: PT, ESI, sciatica, DEXA, a code, a value.

    \b
    bvn facts
    bvn facts modic
    bvn facts sciatica
    """
    options.put(Library(folder).facts(word), form)
