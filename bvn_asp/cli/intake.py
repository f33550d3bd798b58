"""Asks one question after the other at a terminal, and saves every answer at once in a case file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from bvn_asp.cases.ask import Asker, Question, Questions
from bvn_asp.cases.evaluate import Readings
from bvn_asp.cases.possible import check_possible
from bvn_asp.errors import InputError, fault
from bvn_asp.files import write_text
from bvn_asp.model.case import Case, value_data
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.values import parse_record
from bvn_asp.model.vocabulary import Fact, Slot
from bvn_asp.render import ask as pages
from bvn_asp.upkeep.case_file import CaseFile

HELP = "a value; Enter or `skip` leaves it open, `back` takes the last answer back, `?` explains, `quit` saves and ends"
SKIP, BACK, QUIT = ("", "skip", "unknown"), ("back", "undo", "b", "u"), ("quit", "q")


class Quit(Exception):
    """The person at the terminal has had enough."""


class Intake:
    """A case that is being told.

    Args:
        file: what is there already; it stays as it is.
        target: where it is saved after every answer.
    """

    def __init__(self, library: Library, file: CaseFile, target: str) -> None:
        self.library, self.file, self.target = library, file, target
        self._before: list[tuple[str, frozenset[object]]] = []
        self.skipped: frozenset[object] = frozenset()

    # -- answers -------------------------------------------------------------------------------

    def back(self) -> None:
        """Take the last answer, or the last skip, back."""
        if not self._before:
            click.echo("nothing to take back", err=True)
            return
        text, self.skipped = self._before.pop()
        self.file = CaseFile(self.library.vocabulary, text, self.file.name)
        self._save()

    def told(self, tell: Callable[[], None], topic: object) -> bool:
        """Put one answer in and save it; False if it cannot be, after saying why."""
        before = self.file.text()
        try:
            tell()
            if self.file.has("title"):
                check_possible(self.library, self.file.case())
        except InputError as error:
            for each in error.faults:
                click.echo(f"{each.message}\n  hint: {each.hint}" if each.hint else each.message, err=True)
            self.file = CaseFile(self.library.vocabulary, before, self.file.name)
            return False
        self._before.append((before, self.skipped))
        self.skipped |= {topic}
        self._save()
        return True

    def skip(self, topic: object) -> None:
        """Leave a question open."""
        self._before.append((self.file.text(), self.skipped))
        self.skipped |= {topic}

    def _save(self) -> None:
        write_text(self.target, self.file.text())

    # -- one question --------------------------------------------------------------------------

    def ask(self, topic: object, question: str, explain: Sequence[str], tell: Callable[[str], None]) -> None:
        """One question until it is answered, left open or gone back from."""
        click.echo(f"\n{question}", err=True)
        while True:
            text = click.prompt("answer", default="", show_default=False, err=True).strip()
            if text.lower() in QUIT:
                raise Quit
            if text.lower() in BACK:
                return self.back()
            if text.lower() in SKIP:
                return self.skip(topic)
            if text == "?":
                click.echo("\n".join([*explain, HELP]), err=True)
            elif self.told(lambda text=text: tell(text), topic):  # type: ignore[misc]
                return None

    def ask_about(self, question: Question, now: str) -> None:
        """One question about a slot, with a menu of its values."""
        slot, library = question.slot, self.library
        known = library.vocabulary.facts[slot.fact]
        lines = [f"[{now}]", pages.wording(library, slot)]
        if known.is_named:
            lines += [f"  {number}  {value}" for number, value in enumerate(question.answers, 1)]
        else:
            lines.append(f"  {_form(known)}; it matters whether it is {', or '.join(map(str, question.answers))}")
        lines += [f"  (usually in: {known.document})"] if known.document else []

        def tell(text: str) -> None:
            date = self.file.case().date
            if known.is_named and text.isdecimal():
                if not 1 <= int(text) <= len(question.answers):
                    raise fault(f"the menu has no `{text}`", f"1 to {len(question.answers)}, or a value in words")
                self.file.record(slot, value_data(question.answers[int(text) - 1]))
                return
            parse_record(library.vocabulary, slot, text, date)
            self.file.record(slot, _plain(text))

        meanings = [f"  {value}: {meaning}" for value, meaning in known.values.items() if known.type == "one_of"]
        self.ask(slot, "\n".join(lines), [known.about, *meanings], tell)

    # -- the request ---------------------------------------------------------------------------

    def ask_members(self) -> None:
        """Which places the request is about, if nothing says so."""
        asks = self.library.vocabulary.request
        if not asks.members or ("list", asks.many) in self.skipped:
            return
        case = self.file.case()
        if any(each.slot.fact == asks.members and not each.somewhere for each in case.records):
            return
        index = self.library.vocabulary.indexes[self.library.vocabulary.facts[asks.members].per]
        self.ask_list(asks.many, f"Which {asks.many}? For example {', '.join(list(index.members)[3:5])}", index.about)

    def ask_list(self, key: str, question: str, about: str) -> None:
        """A list of the request."""
        explain = [f"each {about} that the request names, with commas between them; what is not named is not asked for"]
        self.ask(("list", key), question, explain, lambda text: self.file.put(("request", key), _listed(text)))

    def ask_line(self, key: str, question: str, explain: str) -> None:
        """One line of the request, or one above it."""
        keys = (key,) if key == "title" else ("request", key)
        if not self.file.has(*keys) and key not in self.skipped:
            self.ask(key, question, [explain], lambda text: self.file.put(keys, text))

    # -- what policies ask ---------------------------------------------------------------------

    def walk(self, revisions: Sequence[Revision], readings: Readings, strict: bool) -> None:
        """Ask what can still change a verdict, the best question first, until nothing is left."""
        asker = Asker(self.library, list(revisions))
        while True:
            skipped = frozenset(each for each in self.skipped if isinstance(each, Slot))
            answer = asker.ask(self.file.case(), readings, strict, skipped, with_settled=False)
            if answer.next is None:
                return
            self.ask_about(answer.next, _now(answer))


def _now(answer: Questions) -> str:
    pairs = zip(answer.policies, answer.evaluations, strict=True)
    return ", ".join(f"{name}: {each.verdict.value}" for name, each in pairs) + f"; {len(answer.open)} open"


def _form(known: Fact) -> str:
    if known.type == "duration":
        return "type a time with its unit, as `9 months`, or `{since: 2025-11-02}`"
    return f"type a number ({known.unit}, {known.low.amount if known.low else ''} to {known.high})"


def _listed(text: str) -> list[str]:
    return [each for each in re.split(r"[,;\s]+", text) if each]


def _plain(text: str) -> object:
    """A value as typed, as YAML would have it: `{since: 2025-11}` is a mapping."""
    if not text.startswith("{"):
        return text
    from bvn_asp.model.yaml_text import parse_yaml

    return parse_yaml(text.encode(), "").plain()


def opened(library: Library, case: Case, text: str, target: str) -> CaseFile:
    """What to go on with: what was saved before, or else the case as it was written."""
    if Path(target).is_file():
        click.echo(f"going on from {target}", err=True)
        return CaseFile(library.vocabulary, Path(target).read_text(encoding="utf-8"), target)
    if text:
        return CaseFile(library.vocabulary, text, case.path)
    import yaml

    from bvn_asp.model.case import case_data

    written = yaml.safe_dump(case_data(case, library.vocabulary), sort_keys=False, allow_unicode=True, width=110)
    return CaseFile(library.vocabulary, written, case.path)
