"""Rules that stand beside the policies as a straight line: who governs, what is said of codes, who can be a patient.

Every command asks them of a case, and along a line most cases need neither grounding nor a solve. What a line does not
tell is `None`, and the solver's, as in `chart`. Besides the record such rules leave open on which day the service
is, and what a `{…}` of the engine's encodings leaves open; each of these is a slot of the line as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bvn_asp import store
from bvn_asp.engine.atoms import Atom
from bvn_asp.engine.chart import Chart
from bvn_asp.engine.lines import NO, VERDICTS, Compiled, Line, Table, Unfolding
from bvn_asp.engine.program import Program, encoding
from bvn_asp.engine.straight import Straight, decoded, encoded
from bvn_asp.errors import SolverError
from bvn_asp.model.case import Value
from bvn_asp.model.rules import Rules
from bvn_asp.model.vocabulary import Several, Slot, Vocabulary

DAY = Slot("day of service")
Told = tuple[frozenset[Atom], frozenset[Atom]]


class SideRules:
    """Some rules as a line, for any number of records.

    Args:
        blank: what is told of a record that says nothing to the rules, in the last stretch of days, if that is known.

    Attributes:
        last: the number of that stretch; None if no rule asks for days.
    """

    def __init__(self, line: Straight, blank: Told | None = None) -> None:
        self._line, self._blank = line, blank
        self.last = line.table.full[DAY].bit_length() - 1 if DAY in line.table.full else None

    def told(self, known: Mapping[Slot, Value], era: int | None = None) -> Told | None:
        """The atoms that hold in every completion of a record, and in some; None if that is not plain.

        Args:
            era: the stretch of `days.lp` in which the day of service lies, where rules ask for it.
        """
        if any(isinstance(slot, Several) for slot in known):
            return None
        allowed = self._line.allowed(known, ())
        if self._blank is not None and not allowed and era in (None, self.last):
            return self._blank
        if era is not None and DAY in self._line.table.full:
            allowed[DAY] = 1 << era
        found = Chart(self._line, allowed).settled(0)
        if found is None:
            return None
        always, sometimes = (each.get("met", set()) for each in found)
        return frozenset(map(_read, always)), frozenset(map(_read, sometimes))


def side_rules(
    vocabulary: Vocabulary,
    rules: Rules,
    encodings: Sequence[str] = (),
    more: str = "",
    facts: Sequence[str] = (),
    shown: Sequence[str] = (),
) -> SideRules | None:
    """The line of some rules, out of the store, else made and kept; None if there is no store, or no line.

    Args:
        encodings, more, facts: as the `encodings`, `rules` and `facts` of `Program`.
        shown: the names of the atoms that are asked for.
    """
    if not store.is_open():
        return None
    limits = [(each.fact, each.operator, each.term) for each in rules.limits]
    texts = [encoding(each) for each in ("world", "outline", *encodings)]
    said = repr((sorted(rules.facts), limits, facts, shown))
    name = store.named("side rules", vocabulary.digest, *texts, rules.text, more, said)
    content = store.taken(name)
    if content is not None:
        with suppress(ValueError, TypeError, KeyError, IndexError, ArithmeticError):  # not this code's: made anew
            return _decoded(json.loads(content), vocabulary)
    program = Program(vocabulary, rules, encodings=encodings, rules=more, facts=facts, solved=False)
    try:
        line = encoded(_compiled(program, shown), program)
    except SolverError:
        return None
    made = SideRules(decoded(line, vocabulary, ()))
    blank = made.told({}, made.last)
    data = [line, blank and [sorted(map(_written, each)) for each in blank]]
    store.keep(name, json.dumps(data, separators=(",", ":")).encode())
    return _decoded(data, vocabulary)


def _decoded(data: list[Any], vocabulary: Vocabulary) -> SideRules:
    line, blank = data
    told = None if blank is None else (frozenset(map(_read, blank[0])), frozenset(map(_read, blank[1])))
    return SideRules(decoded(line, vocabulary, ()), told)


def _compiled(program: Program, shown: Sequence[str]) -> Compiled:
    """A program without seats as a line that tells its shown atoms.

    Raises: SolverError: there is no straight line.
    """
    ground = program.ground_rules()
    named = {number: atom for atom, number in ground.atoms.items()}
    days = {number: int(atom.arguments[1]) for number, atom in named.items() if atom.name == "day"}
    recorded = {number: choice for choice, number in ground.choices.items()}
    own: dict[int, Slot] = {}
    for number in sorted(ground.free - recorded.keys() - days.keys()):
        if number not in named:
            raise SolverError("the program chooses what has no name")
        if named[number].name not in ("tolerated", "never"):
            own[number] = Slot("chosen", _written(named[number]))
    sizes = {slot: len(program.values(slot)) for slot in program.slots}
    table = Table(sizes | dict.fromkeys(own.values(), 2) | ({DAY: max(days.values()) + 1} if days else {}))
    known = {
        number: table.leaf(choice.slot, 1 << program.values(choice.slot).index(choice.value))
        for number, choice in recorded.items()
    }
    known |= {number: table.leaf(DAY, 1 << era) for number, era in days.items()}
    known |= {number: NO for number, atom in named.items() if atom.name in ("tolerated", "never")}
    rules = list(ground.rules)
    fresh = 1 + max([0, *named, *(abs(part) for _, _, body in rules for part, _ in body)])
    for number, slot in own.items():  # it holds where it is chosen and may be
        known[fresh] = table.leaf(slot, 2)
        for heads, need, body in ground.chosen:
            if number in heads:
                if need < sum(weight for _, weight in body):
                    raise SolverError("the program chooses on a condition that is more than a conjunction")
                rules.append((number, need + 1, (*body, (fresh, 1))))
        fresh += 1
    unfold = Unfolding(table, known, rules)
    reasons = {str(atom.arguments[1]): unfold.node(n) for n, atom in named.items() if atom.name == "impossible"}
    for constraint in unfold.constraints():
        if constraint not in (NO, table.any(reasons.values()), *reasons.values()):
            raise SolverError("a constraint of the program is no reason of the background's")
    told = {_written(atom): unfold.node(number) for number, atom in named.items() if atom.name in shown}
    verdicts = dict.fromkeys(VERDICTS, NO)
    forbidden = {reason: node for reason, node in reasons.items() if node != NO}
    return Compiled(table, (Line((), told, {}, verdicts, forbidden),), {}, {})


def _written(atom: Atom) -> str:
    return json.dumps([atom.name, *atom.arguments])


def _read(text: str) -> Atom:
    name, *arguments = json.loads(text)
    return Atom(name, tuple(arguments))
