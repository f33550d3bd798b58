"""`bvn lint`."""

from __future__ import annotations

from pathlib import Path

import click

from bvn_asp.classes import replace
from bvn_asp.cli import options
from bvn_asp.cli.proofs import certificate_option, write_certificates
from bvn_asp.errors import fault
from bvn_asp.files import write_text
from bvn_asp.model.library import Library
from bvn_asp.render import lint as render
from bvn_asp.render.data import data
from bvn_asp.upkeep.lint import Report, apply_fixes, lint
from bvn_asp.upkeep.lint.comments import known, read_baseline, to_baseline


@click.command("lint")
@click.argument("policies", nargs=-1, metavar="[POLICY]...")
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing what the rules say.")
@click.option("--baseline", metavar="FILE", help="Pass over the findings listed in FILE: old debts.")
@click.option("--write-baseline", metavar="FILE", help="List the present findings in FILE, and end.")
@click.option("--text-only", is_flag=True, help="Do not ask the solver.")
@click.option("--all", "every", is_flag=True, help="Show what a comment allows and what the baseline knows, too.")
@click.option("--rules", is_flag=True, help="Print the catalogue of rules, and end.")
@certificate_option
@options.output_format("text", "json", "markdown", "sarif", "github")
@options.policies_folder
def lint_command(
    policies: tuple[str, ...],
    fix: bool,
    baseline: str | None,
    write_baseline: str | None,
    text_only: bool,
    every: bool,
    rules: bool,
    proofs: str | None,
    form: str,
    folder: str | None,
) -> None:
    """What is wrong with a policy: in its text, and in what its rules mean?

    \b
    bvn lint                          every policy
    bvn lint cohere-ma                every encoded revision of one
    bvn lint policies/example-plan    the same by its folder, among the policies beside it
    bvn lint --rules                  what is looked for, what to avoid and what to prefer
    bvn lint --format github          annotations in a pull request

    A comment above a line lets a flaw stay, if it says why:
    % lint: allow duplicate because the document says it twice

    Exit status: 0 if there is nothing but notes, 1 if there is more, 2 if the question could not be asked.
    """
    if rules:
        if form == "markdown":
            click.echo(render.catalogue_markdown(), nl=False)
        else:
            options.write(
                "json" if form == "json" else "text", render.catalogue, lambda: data(None, "lint-rules", None)
            )
        return
    folder = folder or _beside(policies)
    library = Library(folder)
    report = lint(library, policies, deep=not text_only)
    while fix and _mend(report):  # a file that could not be read before may hold more
        library = Library(folder)
        report = lint(library, policies, deep=not text_only)
    if write_baseline:
        write_text(write_baseline, to_baseline(report.findings))
        click.echo(f"{len(report.open)} findings written to {write_baseline}", err=True)
        return
    if baseline:
        debts = read_baseline(Path(baseline))
        report = replace(report, findings=tuple(known(report.findings, debts)))
    if form == "github":
        click.echo(render.github(report), nl=False)
    elif form == "sarif":
        options.write("json", tuple, lambda: render.sarif(report))
    else:
        page = render.table if form == "markdown" else render.findings
        options.write(form, lambda: page(report, every), lambda: data(library, "lint", report))
    if proofs:
        from bvn_asp.certificates.answers import of_lint

        write_certificates(library, proofs, of_lint(library, report))
    raise SystemExit(1 if report.failing else 0)


def _beside(words: tuple[str, ...]) -> str | None:
    """The folder of policies in which the paths among some words stand; None if there are none.

    Raises: InputError: they stand in several.
    """
    paths = [Path(word).resolve() for word in words if (Path(word) / "policy.yaml").is_file()]
    paths += [Path(word).resolve().parent for word in words if word.endswith((".lp", ".yaml")) and Path(word).is_file()]
    found = dict.fromkeys(path.parent for path in paths if (path.parent / "vocabulary.yaml").is_file())
    if len(found) > 1:
        raise fault("these policies stand in several folders", "ask for those of one folder at a time")
    return str(next(iter(found))) if found else None


def _mend(report: Report) -> bool:
    """Write the files that can be mended; whether there were any."""
    texts = apply_fixes(report.findings)
    for path, text in texts.items():
        write_text(path, text)
        click.echo(f"mended {render.shown_path(path)}", err=True)
    return bool(texts)
