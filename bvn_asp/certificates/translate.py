"""Policies as clauses: the completion of their rules over the facts of the vocabulary, made from the files alone.

A world gives every slot one value, every number one cell of its line. An atom of a policy is true exactly where one of
its rules' bodies is; that is all there is to say as long as no atom hangs on itself, so a text where one does is
refused (Clark, 1978; Fages, 1994). clingo is not used, nor any encoding of the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import combinations_with_replacement, product
from pathlib import Path

from bvn_asp.certificates.chart import Doubts
from bvn_asp.certificates.formula import TRUE, Formula
from bvn_asp.certificates.ground import FALSE, Ground, Holds, ground
from bvn_asp.certificates.parse import parse
from bvn_asp.classes import dataclass
from bvn_asp.engine.facts import line_of
from bvn_asp.errors import fault
from bvn_asp.model import notation
from bvn_asp.model.clauses import (
    Clause,
    Constant,
    Function,
    Term,
    atoms,
    functor,
    unpooled,
)
from bvn_asp.model.quantity import DURATION_UNITS, Line, Quantity
from bvn_asp.model.rules import COMPARISONS, OUTLINE, SHARED, Limit
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary, decimal, term

_Atom = tuple[Ground, ...]


@dataclass(frozen=True)
class Text:
    """One text of rules as it is asked about.

    Attributes:
        name: what it is called in the map.
        clauses: its rules, exceptions put into the rules that they are about.
        options: each reading that may be asked for with its options, all as rules write them.
        chosen: reading to the option in force; None leaves all of them open.
        space: texts that leave readings open in one space are read alike.
        default: reading to the option that the policy reads by default.
        never: the entries marked `presume: never`.
    """

    name: str
    clauses: tuple[Clause, ...]
    options: Mapping[str, tuple[str, ...]]
    chosen: Mapping[str, str] | None
    space: str = ""
    default: Mapping[str, str] | None = None
    never: tuple[str, ...] = ()

    @property
    def read_otherwise(self) -> tuple[str, ...]:
        """The readings in force that are not the default, in words."""
        if self.chosen is None:
            return ("every reading is left open",) if self.options else ()
        usual = self.default or {}
        return tuple(f"{each} is read as {o}" for each, o in self.chosen.items() if usual.get(each) != o)


def read_text(path: Path | str, source: str, names: Mapping[str, str]) -> tuple[Clause, ...]:
    """The rules of a policy's text, as the engine numbers them.

    Args:
        names: readings as rules may write them, to the terms by which they are known.
    """
    def wrong(code: str, at: tuple[int, int], about: str, message: str, hint: str) -> None:
        raise fault(message, hint)

    marked = [notation.marked(each, wrong) for each in parse(path, source)]
    written = [each for each in marked if each]
    notation.check(written, wrong)
    kept = [each for each in written if each.head.name not in OUTLINE or each.head.name in SHARED]
    return notation.plain(kept, names)


@dataclass(frozen=True)
class Entry:
    """An entry of an outline."""

    parent: str
    kind: str
    need: int
    words: str


class Translation:
    """Texts over the same worlds, in one formula.

    Args:
        background: the rules that say what no patient can be.
        presuming: worlds are also over the facts that raise or take away doubts about what the rules read, and numbers
            are cut where that asks.
        everybody: worlds may be no patient's; `patient` says which are.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        texts: Sequence[Text],
        background: Sequence[Clause],
        presuming: bool = False,
        everybody: bool = False,
    ) -> None:
        self.vocabulary, self.texts, self.formula = vocabulary, tuple(texts), Formula()
        every = [*(clause for text in texts for clause in text.clauses), *background]
        names, found = self._used(every)
        self.limits = tuple(dict.fromkeys(found))
        self.doubts = Doubts(vocabulary, names if presuming else ())
        names |= self.doubts.facts
        cuts = self.doubts.cuts
        self.facts = tuple(fact for name, fact in vocabulary.facts.items() if name in names)
        self.lines = {
            each.name: line_of(each, self.limits, cuts.get(each.name, ())) for each in self.facts if each.is_numeric
        }
        self.slots = tuple(s for each in self.facts if each.type != "count" for s in vocabulary.slots_of(each.name))
        self._inputs: dict[_Atom, int] = {}
        self.choices: dict[tuple[Slot, str], int] = {}
        self._worlds()
        self.seats: list[_Seat] = []
        for i, text in enumerate(texts):
            self.seats.append(_Seat(self, i, text))
        self.patient = self._background(background, everybody)

    # -- what a world is -----------------------------------------------------------------------

    def _used(self, clauses: Sequence[Clause]) -> tuple[set[str], list[Limit]]:
        """The names of the facts that rules read, and the limits against which they hold numbers."""
        facts, names, limits = self.vocabulary.facts, set[str](), list[Limit]()
        for clause in clauses:
            for written, _ in atoms(clause.body):
                if written.name == self.vocabulary.request.members:
                    names.add(written.name)
                if written.name != "is" and written.name not in COMPARISONS:
                    continue
                for atom in unpooled(written):
                    name = functor(atom.arguments[0])[0] or ""
                    if name not in facts:
                        raise fault(f"no certificate: `{atom}` reads no fact of the vocabulary")
                    names |= {name, *(counted for counted, _ in facts[name].counts)}
                    if atom.name in COMPARISONS:
                        quantity = _quantity(atom.arguments[1], facts[name])
                        limits.append(Limit(name, atom.name, quantity, str(atom.arguments[1])))
        return names, limits

    def _worlds(self) -> None:
        formula, vocabulary = self.formula, self.vocabulary
        for slot in self.slots:
            fact = vocabulary.facts[slot.fact]
            if fact.is_named:
                values = {value: f"{slot} is {value}" for value in fact.values}
            else:
                values = {str(i): f"{slot}: {cell}" for i, cell in enumerate(self.lines[slot.fact].cells)}
            for value, words in values.items():
                self.choices[slot, value] = formula.new(words)
                if fact.is_named:
                    self._inputs["is", _slot(slot), _label(value)] = self.choices[slot, value]
            formula.one_of([self.choices[slot, value] for value in values])
        for slot in self.slots:
            if vocabulary.facts[slot.fact].is_numeric:
                self._compare(slot, self.lines[slot.fact])
            if slot.fact == vocabulary.request.members:
                self._inputs[slot.fact, _label(term(slot.member))] = self.choices[slot, "yes"]
        for fact in self.facts:
            if fact.type == "count":
                self._count(fact)

    def _compare(self, slot: Slot, line: Line) -> None:
        for each in self.limits:
            if each.fact == slot.fact:
                cells = line.holds(each.operator, each.quantity)
                literal = self.formula.any_of(self.choices[slot, str(i)] for i in cells)
                self._inputs[each.operator, _slot(slot), slot_term(each.term)] = literal

    def _count(self, fact: Fact) -> None:
        """A count's comparisons: each member of the index counts once, by whichever of the facts counted."""
        by_member: dict[str, list[int]] = {}
        for counted, value in fact.counts:
            for slot in self.vocabulary.slots_of(counted):
                by_member.setdefault(slot.member, []).append(self.choices[slot, value])
        members = [self.formula.any_of(each) for each in by_member.values()]
        for each in self.limits:
            if each.fact == fact.name:
                number = int(each.quantity.amount)
                above = each.operator in ("more_than", "at_most")
                literal = self.formula.at_least(number + above, members) if number + above > 0 else TRUE
                literal = -literal if each.operator in ("at_most", "less_than") else literal
                self._inputs[each.operator, fact.name, slot_term(each.term)] = literal

    @cached_property
    def static(self) -> dict[_Atom, int]:
        """Which members an index has, and how they lie."""
        found: dict[_Atom, int] = {}
        for index in self.vocabulary.indexes.values():
            found |= {(index.name, _label(each)): TRUE for each in index.terms}
        for relation in self.vocabulary.relations.values():
            index = self.vocabulary.indexes[relation.index]
            base = list(self.vocabulary.indexes.get(index.between, index).members)
            terms = [_label(term(each)) for each in base]
            if relation.kind == "order":
                for i, j in combinations_with_replacement(range(len(terms)), 2):
                    found |= {(relation.name, terms[k], terms[i], terms[j]): TRUE for k in range(i, j + 1)}
            elif relation.kind == "neighbours":
                for one, other in index.neighbours:
                    pair = _label(term(one)), _label(term(other))
                    found |= {(relation.name, *pair): TRUE, (relation.name, *reversed(pair)): TRUE}
            else:
                for label in index.members:
                    ends = sorted(base.index(each) for each in index.ends(label))
                    own = _label(term(label))
                    if relation.kind == "ends":
                        found |= {(relation.name, own, terms[each]): TRUE for each in ends}
                    else:
                        spans = product(range(ends[0] + 1), range(ends[-1], len(terms)))
                        found |= {(relation.name, own, terms[i], terms[j]): TRUE for i, j in spans}
        return found

    @property
    def given(self) -> dict[_Atom, int]:
        """What rules may ask of a world, with its literal."""
        return {**self.static, **self._inputs}

    def _background(self, clauses: Sequence[Clause], everybody: bool) -> int:
        """The literal that somebody is a patient; where nobody else is spoken of, it always holds."""
        self.formula.room = "background"
        rules = _Atoms(self.formula, self.given, ground(clauses, self.given))
        broken = []
        for atom in rules.bodies:
            if atom[0] == "impossible":
                literal = rules.literal(atom)
                self.formula.says.append((literal, f"no patient: {str(atom[1])[1:-1]}"))
                broken.append(literal)
        if not everybody:
            for literal in broken:
                self.formula.add([-literal])
        return self.formula.all_of(-each for each in broken) if everybody else TRUE

    def allowed(self, slot: Slot, values: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """The clauses that keep a slot to some of its values."""
        unknown = [each for each in values if (slot, each) not in self.choices]
        if unknown:
            raise fault(f"`{slot}` has no value `{unknown[0]}` in this question")
        yield tuple(self.choices[slot, each] for each in values)


class _Atoms:
    """Atoms of one text as literals: each is made where it is first asked for."""

    def __init__(self, formula: Formula, given: Mapping[_Atom, int], bodies: dict[_Atom, list[Holds]]) -> None:
        self.formula, self.given, self.bodies = formula, given, bodies
        self._made: dict[_Atom, int | None] = {}

    def literal(self, atom: _Atom) -> int:
        """Raises: InputError: the atom hangs on itself."""
        if atom in self.given:
            return self.given[atom]
        if atom not in self._made:
            self._made[atom] = None
            self._made[atom] = self.formula.any_of([self.holds(each) for each in self.bodies.get(atom, ())])
        found = self._made[atom]
        if found is None:
            said = "`" + shown(atom) + "`"
            raise fault(f"no certificate: {said} hangs on itself, and the completion says too little of it")
        return found

    def holds(self, part: Holds) -> int:
        """The literal of a condition."""
        if part.kind == "atom":
            return self.literal(part.atom)
        inner = [self.holds(each) for each in part.parts]
        if part.kind == "and":
            return self.formula.all_of(inner)
        if part.kind == "or":
            return self.formula.any_of(inner)
        return -inner[0] if part.kind == "not" else self.formula.at_least(part.least, inner)


class _Seat:
    """One text: its outline, and the literals of its entries and verdicts."""

    def __init__(self, whole: Translation, number: int, text: Text) -> None:
        self.formula, self.text = whole.formula, text
        self.formula.room = f"text {number}"
        self.entries = dict(self._outline(text.clauses))
        self.parts: dict[str, list[str]] = {}
        for name, each in self.entries.items():
            self.parts.setdefault(each.parent, []).append(name)
        self.readings = self._read(whole)
        given = {**whole.given, **self.readings}
        rules = [each for each in text.clauses if each.head.name not in OUTLINE]
        bodies = ground(self._grounded(rules, given), {**given, **{("met", name): TRUE for name in self.entries}})
        for name, each in self.entries.items():
            if each.kind != "criterion":
                bodies.setdefault(("met", name), []).append(self._group(name, each))
        self.atoms = _Atoms(self.formula, given, bodies)
        self.met = {name: self.atoms.literal(("met", name)) for name in self.entries}
        self.fulfilled = self.formula.all_of(self.met[each] for each in self.parts.get("root", ()))
        self.silent = self.formula.any_of(self.atoms.literal(each) for each in bodies if each[0] == "silent")
        self.approve = self.formula.all_of([self.fulfilled, -self.silent])
        says = [(self.met[name], f"{text.name}: {name}: {each.words}") for name, each in self.entries.items()]
        says += [(self.approve, f"{text.name}: approves"), (self.silent, f"{text.name}: does not address it")]
        self.formula.says += says

    @staticmethod
    def _grounded(rules: Sequence[Clause], given: Mapping[_Atom, int]) -> tuple[Clause, ...]:
        """The rules; an atom of the text's own must not be one that is given."""
        taken = {str(atom[0]) for atom in given}
        for each in rules:
            if each.head.name in taken:
                raise fault(f"no certificate: a rule derives `{each.head}`, which is given")
        return tuple(rules)

    @staticmethod
    def _outline(clauses: Sequence[Clause]) -> Iterator[tuple[str, Entry]]:
        for each in clauses:
            if each.head.name in ("group", "criterion"):
                name, parent, *rest = map(_plain, each.head.arguments)
                if each.body:
                    raise fault(f"no certificate: `{each.head}` stands under a condition")
                if each.head.name == "criterion":
                    yield name, Entry(parent, "criterion", 0, rest[-1])
                else:
                    kind, inside = functor(each.head.arguments[2])
                    yield name, Entry(parent, str(kind), int(str(inside[0])) if inside else 0, rest[-1])

    def _group(self, name: str, entry: Entry) -> Holds:
        parts = tuple(Holds("atom", atom=("met", each)) for each in self.parts.get(name, ()))
        if entry.kind == "at_least":
            return Holds("count", parts, least=entry.need) if entry.need <= len(parts) else FALSE
        if entry.kind == "none_of":
            return Holds("and", tuple(Holds("not", (each,)) for each in parts))
        return Holds({"all_of": "and", "any_of": "or"}[entry.kind], parts)

    def _read(self, whole: Translation) -> dict[_Atom, int]:
        """The literals of the readings that the rules ask for."""
        asked = {
            str(atom.arguments[0]): None
            for clause in self.text.clauses
            for atom, _ in atoms(clause.body)
            if atom.name == "reading"
        }
        found: dict[_Atom, int] = {}
        for name in asked:
            if name not in self.text.options:
                raise fault(f"no certificate: `{name}` is no reading of {self.text.name}")
            for option in self.text.options[name]:
                if self.text.chosen is not None:
                    found["reading", name, _label(option)] = TRUE if self.text.chosen.get(name) == option else -TRUE
            if self.text.chosen is None:
                found |= self._open(whole, name)
            elif self.text.chosen.get(name) not in self.text.options[name]:
                raise fault(f"`{name}` of {self.text.name} is read in no way that it can be")
        return found

    def _open(self, whole: Translation, name: str) -> dict[_Atom, int]:
        """A reading left open: one literal an option, the same for every text of one space."""
        for other in whole.seats:
            same = {key: value for key, value in other.readings.items() if key[1] == name}
            if other.text.space == self.text.space and other.text.chosen is None and same:
                return same
        new = {option: self.formula.new(f"{name} is read as {option}") for option in self.text.options[name]}
        self.formula.one_of(list(new.values()))
        return {("reading", name, _label(option)): literal for option, literal in new.items()}

    @cached_property
    def fails(self) -> dict[str, int]:
        """The conditions that the verdict is made of, each with the literal of its failing: groups that ask for all or
        none are read through, as is a group of alternatives that are all excluded."""
        found: dict[str, int] = {}

        def wanted(name: str, sign: int) -> None:
            kind = self.entries[name].kind
            if (sign > 0 and kind in ("all_of", "none_of")) or (sign < 0 and kind == "any_of"):
                for each in self.parts.get(name, ()):
                    wanted(each, -1 if kind == "none_of" else sign)
            else:
                found[name] = -sign * self.met[name]

        for each in self.parts.get("root", ()):
            wanted(each, 1)
        return found


# -- terms ---------------------------------------------------------------------------------------


def _label(text: str) -> Ground:
    """A value or a member as rules write it."""
    return int(text) if text.isdecimal() else text


def _slot(slot: Slot) -> Ground:
    return (slot.fact, _label(term(slot.member))) if slot.member else slot.fact


def slot_term(text: str) -> Ground:
    """A slot or a limit as a rule writes it."""
    clause = parse("", f"x({text}).")[0]
    return _of(clause.head.arguments[0])


def _of(given: Term) -> Ground:
    if isinstance(given, Function):
        return (given.name, *map(_of, given.arguments))
    if isinstance(given, Constant):
        return int(given.text) if given.kind == "number" else str(given)
    raise fault(f"no certificate: the limit `{given}` is not written out")


def _plain(given: Term) -> str:
    return given.text if isinstance(given, Constant) else str(given)


def shown(atom: Ground) -> str:
    """A ground term as rules write it."""
    if not isinstance(atom, tuple):
        return str(atom)
    return f"{atom[0]}({','.join(map(shown, atom[1:]))})" if len(atom) > 1 else str(atom[0])


def _quantity(given: Term, fact: Fact) -> Quantity:
    """A limit in the fact's unit, or in the unit of time that it names."""
    name, inside = functor(given)
    if name and inside and name.removesuffix("s") in DURATION_UNITS:
        return Quantity(_number(inside[0]), name)
    return Quantity(_number(given), fact.unit)


def _number(given: Term) -> Decimal:
    found = decimal(given.text) if isinstance(given, Constant) else None
    if found is None:
        raise fault(f"no certificate: `{given}` is no number")
    return found


