"""Asks one question after the other at a terminal, and saves every answer at once in a case file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from bvn_asp.cases.ask import Asker, Question, Questions
from bvn_asp.cases.evaluate import Readings, Verdict
from bvn_asp.cases.possible import check_possible
from bvn_asp.errors import InputError, Place, fault
from bvn_asp.files import write_text
from bvn_asp.model.case import Case, value_data
from bvn_asp.model.library import Library
from bvn_asp.model.members import apart
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Fact, Slot
from bvn_asp.model.yaml_text import typed
from bvn_asp.render import ask as pages
from bvn_asp.upkeep.case_file import CaseFile

Keys = tuple[str, ...]  # where something stands in a case file, one key below the other
TAKE = "take"
HELP = "a value; Enter or `skip` leaves it open, `back` takes the last answer back, `?` explains, `quit` saves and ends"
BEGIN = "Enter leaves a question open, `back` goes back, `?` explains, `quit` saves and ends."
SKIP, BACK, QUIT = ("", "skip", "unknown"), ("back", "undo", "b", "u"), ("quit", "q")


class Quit(Exception):
    """The person at the terminal has had enough."""


class Line(NamedTuple):
    """A question about the request: it is asked before what policies ask, and again when its answer is taken back."""

    topic: Keys
    ask: Callable[[], None]


class Intake:
    """A case that is being told.

    Args:
        file: what is there already; it stays as it is.
        target: where it is saved after every answer.
    """

    def __init__(self, library: Library, file: CaseFile, target: str) -> None:
        self.library, self.file, self.target = library, file, target
        self._before: list[tuple[str, frozenset[object], dict[Keys, object]]] = []
        self.skipped: frozenset[object] = frozenset()
        self._accepted: dict[Keys, object] = {}
        self._offered = ""
        for comment in file.lost():
            click.echo(f"the comment `{comment}` cannot be kept where it stands: put it on a line of its own", err=True)

    # -- answers -------------------------------------------------------------------------------

    def back(self) -> None:
        """Take the last answer, or the last skip, back."""
        if not self._before:
            click.echo("nothing to take back", err=True)
            return
        text, self.skipped, self._accepted = self._before.pop()
        self.file = CaseFile(self.library.vocabulary, text, self.file.name)
        self._save()

    def told(self, tell: Callable[[], None], topic: object, keys: Keys) -> bool:
        """Put one answer in, under some keys, and save it; False if it cannot be, after saying why."""
        before = self.file.text()
        try:
            tell()
            if self.file.has("title"):
                check_possible(self.library, self.file.case())
        except InputError as error:
            self._offered = _offer(error.faults[0].hint) if len(error.faults) == 1 else ""
            for each in error.faults:
                more = f"\n  `{TAKE}` writes that" if self._offered else ""
                click.echo(f"{each.message}\n  hint: {each.hint}{more}" if each.hint else each.message, err=True)
            self.file = CaseFile(self.library.vocabulary, before, self.file.name)
            return False
        self._before.append((before, self.skipped, self._accepted))
        self._accepted = {**self._accepted, keys: self.file.at(*keys)}
        self.skipped |= {topic}
        self._save()
        return True

    def skip(self, topic: object) -> None:
        """Leave a question open."""
        self._before.append((self.file.text(), self.skipped, self._accepted))
        self.skipped |= {topic}

    def end(self) -> None:
        """Save what is told, and read it again: every answer that was accepted must stand in the file.

        Raises: InputError: one does not.
        """
        self._save()
        saved = CaseFile(self.library.vocabulary, Path(self.target).read_text(encoding="utf-8"), self.target)
        for keys, value in self._accepted.items():
            if saved.at(*keys) != value:
                raise fault(f"what was typed for `{'.'.join(keys)}` does not stand in the file", f"add it: {value}",
                            Place(self.target))
        number = len(self._accepted)
        answers = "answer" if number == 1 else "answers"
        click.echo(f"saved in {self.target}: {number} {answers} of this sitting", err=True)

    def _save(self) -> None:
        write_text(self.target, self.file.text())

    # -- one question --------------------------------------------------------------------------

    def ask(
        self, topic: object, keys: Keys, question: str, explain: Sequence[str], tell: Callable[[str], None]
    ) -> None:
        """One question until it is answered, left open or gone back from."""
        click.echo(f"\n{question}", err=True)
        self._offered = ""
        while True:
            text = click.prompt("answer", default="", show_default=False, err=True).strip()
            text = self._offered if text.lower() == TAKE and self._offered else text
            if text.lower() in QUIT:
                raise Quit
            if text.lower() in BACK:
                return self.back()
            if text.lower() in SKIP:
                return self.skip(topic)
            if text == "?":
                click.echo("\n".join([*explain, HELP]), err=True)
            elif self.told(lambda text=text: tell(text), topic, keys):  # type: ignore[misc]
                return None

    def ask_about(self, question: Question, answer: Questions) -> None:
        """One question about a slot, with what raised it and a menu of its values."""
        slot, library = question.slot, self.library
        known = library.vocabulary.facts[slot.fact]
        lines = [f"[{_now(answer)}]", pages.wording(library, slot, answer)]
        if known.is_named:
            lines += [f"  {number}  {value}" for number, value in enumerate(question.answers, 1)]
            lines += [f"  or in words: {word.replace('_', ' ')}, {each.about}" for word, each in known.between.items()]
        else:
            lines.append(f"  {_form(known)}; it matters whether it is {', or '.join(map(str, question.answers))}")
        lines += [f"  (usually in: {known.document})"] if known.document else []

        def tell(text: str) -> None:
            if known.is_named and text.isdecimal():
                if not 1 <= int(text) <= len(question.answers):
                    raise fault(f"the menu has no `{text}`", f"1 to {len(question.answers)}, or a value in words")
                self.file.answer(slot, value_data(question.answers[int(text) - 1]))
                return
            self.file.answer(slot, typed(text).plain())

        meanings = [f"  {value}: {meaning}" for value, meaning in known.values.items() if known.type == "one_of"]
        self.ask(slot, self.file.keys(slot), "\n".join(lines), [known.about, *meanings], tell)

    # -- the request ---------------------------------------------------------------------------

    def ask_lines(self, lines: Sequence[Line]) -> None:
        """What is not answered yet, in this order; what is taken back is asked again."""
        while (line := self._open(lines)) is not None:
            line.ask()

    def _open(self, lines: Sequence[Line]) -> Line | None:
        return next((each for each in lines if each.topic not in self.skipped), None)

    def members(self) -> Iterator[Line]:
        """Which places the request is about, if nothing says so."""
        asks = self.library.vocabulary.request
        if not asks.members:
            return
        if any(each.slot.fact == asks.members and not each.somewhere for each in self.file.case().records):
            return
        index = self.library.vocabulary.indexes[self.library.vocabulary.facts[asks.members].per]
        some = ", ".join(list(index.members)[3:5])
        yield self.listing(asks.many, f"Which {asks.many}? For example {some}", index.about)

    def listing(self, key: str, question: str, about: str) -> Line:
        """A list of the request."""
        explain = f"each {about} that the request names, with commas between them; what is not named is not asked for"
        return self._line(("request", key), question, [explain], _listed)

    def line(self, key: str, question: str, explain: str) -> Line:
        """One line of the request, or the title above it."""
        keys = (key,) if key == "title" else ("request", key)
        return self._line(keys, question, [explain], str)

    def _line(self, keys: Keys, question: str, explain: Sequence[str], read: Callable[[str], object]) -> Line:
        def tell(text: str) -> None:
            self.file.put(keys, read(text))

        return Line(keys, lambda: self.ask(keys, keys, question, explain, tell))

    # -- what policies ask ---------------------------------------------------------------------

    def walk(
        self,
        lines: Sequence[Line],
        revisions: Callable[[], Sequence[Revision]],
        readings: Readings,
        strict: bool,
    ) -> None:
        """Ask for lines of the request, then what can still change a verdict, the best question first, to the end."""
        click.echo(BEGIN, err=True)
        while True:
            self.ask_lines(lines)
            asker = Asker(self.library, list(revisions()))
            while self._open(lines) is None:
                skipped = frozenset(each for each in self.skipped if isinstance(each, Slot))
                answer = asker.ask(self.file.case(), readings, strict, skipped, with_settled=False)
                if answer.next is None:
                    click.echo(f"\n{_end(answer, skipped)}", err=True)
                    return
                self.ask_about(answer.next, answer)


def _now(answer: Questions) -> str:
    return f"{_verdicts(answer)}; {len(answer.open)} open"


def _verdicts(answer: Questions) -> str:
    pairs = zip(answer.policies, answer.evaluations, strict=True)
    return ", ".join(f"{name}: {each.verdict.value}" for name, each in pairs)


def _end(answer: Questions, skipped: frozenset[Slot]) -> str:
    """Why nothing more is asked."""
    if skipped and any(each.verdict is Verdict.PEND for each in answer.evaluations):
        return f"[{_now(answer)}]\nOnly what was left open is left; run it again to be asked for that."
    return f"[{_verdicts(answer)}]\nNo answer can change that any more."


def _form(known: Fact) -> str:
    if known.type == "duration":
        return "type a time with its unit, as `9 months`, or `{since: 2025-11-02}`"
    return f"type a number, {known.low.amount if known.low else ''} to {known.high}"


def _offer(hint: str) -> str:
    """What a hint says to write, if that is one thing and on no condition."""
    match = re.match(r"write `([^`…]+)`(?!,? (?:if|or)\b)", hint)
    return match[1] if match else ""


def _listed(text: str) -> list[str]:
    whole = re.sub(r"\s*([-–/])\s*", r"\1", text)  # `L4 - L5` is one word
    return [word for each in apart(whole) for word in each.split()]


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
