"""The command line: parse, load, ask, render, exit. A command's module is imported when the command is called."""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import click

from bvn_asp import store
from bvn_asp.errors import BvnError, Fault, InputError, Place, visible

COMMANDS = {
    "compare": "Which policies approve this case, side by side, and why?",
    "explain": "Why does one policy say this of a case, criterion by criterion?",
    "repair": "What would make this approvable?",
    "ask": "Which undocumented facts can still change the verdict, and what is best asked next?",
    "request": "The request for information: everything still needed, once, document by document.",
    "checklist": "Before a submission: what is on file, what is missing, and what is it too early for?",
    "letter": "The draft of a letter: a request, an adverse decision or an appeal, criterion by criterion.",
    "case": "A case file: begun, gone on with, checked, put in order.",
    "whatif": "What would these policies say if some facts were otherwise?",
    "partial": "Which part of a request does a policy approve, and what does the rest lack?",
    "governs": "Which policy binds this request, and by what rule?",
    "claims": "Who claims what about a source, and does the text bear it out?",
    "sources": "What stands behind these policies: how was each text seen, and what of it is encoded?",
    "report": "Everything there is to say of a case, on one page to read, print or attach.",
    "atlas": "What does every source ask for, who is stricter than whom, and what is contested?",
    "policies": "Which policies are there?",
    "show": "What does a policy ask for, and how can its text be read?",
    "facts": "What can a case record?",
    "text": "Do the words of your own copy of a source still say what was encoded?",
    "diff": "What did a revision change, by meaning, and for which patients?",
    "review": "What would this change of policies bring about: one page for a pull request.",
    "stricter": "Where is a plan stricter than the Medicare policy that governs, and where looser?",
    "split": "On which smallest patient do policies disagree?",
    "lint": "What is wrong with a policy: in its text, and in what its rules mean?",
    "new": "A commented skeleton of a policy, to start from.",
    "test": "Do the policies say of each case what the case expects?",
    "coverage": "What of a policy do the cases exercise?",
    "mutate": "Which slips in writing a policy down would the cases not notice?",
    "synth": "Which smallest patients would notice what the cases do not?",
    "batch": "How does each policy decide a whole file of cases?",
    "fhir": "A chart in FHIR, read as a case; what is open, asked; what a policy says, put on the order.",
    "serve": "The worksheet in a browser, and the same answers over HTTP.",
    "certify": "Is a proof that came with an answer a proof, and of these policies?",
    "verify": "Does a recorded decision come out again?",
    "schema": "The JSON Schema of the case format, or of an output.",
}
_MODULES = {
    "mutate": "coverage",
    "synth": "coverage",
    "policies": "library",
    "show": "library",
    "facts": "library",
    "verify": "compare",
    "schema": "schema",
}
_FROM_THE_STORE = frozenset(
    ("compare", "governs", "explain", "whatif", "ask", "repair", "report", "request", "checklist", "policies", "show",
     "facts", "batch")
)
"""Questions that may use rules kept from an earlier run; what makes or checks a record, or tests, reads the sources."""


MOST_FAULTS = 50
SELDOM = 200_000
"""After so many new objects Python looks for those that nobody holds: a command makes some 100,000, lets go of few of
them, and to look after each 700 was a tenth of its time."""


class _Lazy(click.Group):
    """Knows every command's one-line help, and imports a command only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"bvn_asp.cli.{_MODULES.get(name, name)}")
        command = getattr(module, f"{name}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            from bvn_asp.errors import did_you_mean

            hint = did_you_mean(name, COMMANDS, "`bvn --help` lists the commands")
            raise click.UsageError(f"unknown command `{name}`\n  hint: {hint}", ctx)
        store.allow(name in _FROM_THE_STORE)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's; also keeps whether JSON is asked for, so that an error in a command's own options is JSON too."""
        ctx.meta["as json"] = "--format=json" in args or ("--format", "json") in pairwise(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Errors become a few lines on stderr, or JSON where JSON was asked for, and exit code 2."""
        as_json = bool(ctx.meta.get("as json"))
        try:
            with store.closed():
                return super().invoke(ctx)
        except InputError as error:
            _say(error.faults, as_json)
            ctx.exit(2)
        except BvnError as error:
            _say([Fault(Place(""), f"error: {error}")], as_json)
            ctx.exit(2)
        except click.UsageError as error:
            if not as_json:
                raise
            message, _, hint = error.format_message().partition("\n  hint: ")
            _say([Fault(Place(""), message, hint)], as_json)
            ctx.exit(2)
        except KeyboardInterrupt:
            ctx.exit(130)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click's, but that Ctrl-C is heard at once, any encoding can be printed to, and a full disk is told."""
        from bvn_asp.cli.interrupt import interruptible

        gc.set_threshold(SELDOM)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        with interruptible():
            try:
                try:
                    return super().main(*args, **kwargs)
                finally:
                    if sys.stdout is None:
                        raise OSError(0, "standard output is closed")
                    sys.stdout.flush()
            except OSError as error:
                sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - nothing more can be written there
                if isinstance(error, BrokenPipeError):  # the pipe's reader has gone
                    sys.exit(1)
                if sys.stderr is not None:
                    print(f"error: the answer could not be written: {(error.strerror or '').lower()}", file=sys.stderr)
                sys.exit(2)


def _say(faults: Sequence[Fault], as_json: bool) -> None:
    if as_json:
        from bvn_asp.render.data import data, to_json

        click.echo(to_json(data(None, "error", faults)), nl=False, err=True)
        return
    for each in faults[:MOST_FAULTS]:
        click.echo(visible(f"{each}"), err=True)
    if len(faults) > MOST_FAULTS:
        click.echo(f"… and {len(faults) - MOST_FAULTS:,} more", err=True)
    if len(faults) > 1:
        click.echo(f"{len(faults):,} faults", err=True)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"bvn-asp {version('bvn-asp')}, clingo {version('clingo')}, Python {sys.version.split()[0]}")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print versions.")
def main() -> None:
    """Coverage policies as logic programs, asked with a solver.

    \b
    bvn compare cases/founding/document-004.yaml          every policy, side by side
    bvn explain cases/founding/document-004.yaml cohere-ma
    bvn show lcd-l39642                                   what a policy asks for

    Exit status: 0 the question was answered, 2 it could not be asked. Where a verdict is asked for, --exit-code makes
    it the verdict's: 1 deny, 3 pend, 4 silent. Checks (test, lint, coverage, mutate, synth, diff, stricter, verify)
    exit with 1 if they find something.

    Shell completion: eval "$(_BVN_COMPLETE=bash_source bvn)" (or zsh_source, fish_source).
    """
