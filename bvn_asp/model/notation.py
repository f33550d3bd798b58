"""`instead`, `besides`, `unless`: what another reading changes, put into the rules that stand plainly.

What stands plainly is the text as it is read by default. With `R` a reading and `O` one of its other options,

    instead(R, O, head) :- body.    under O the plain rules for the head do not hold, and this one does
    besides(R, O, head) :- body.    under O this rule holds as well
    unless(R, O, head) :- body.     under O the head does not hold where the body does, whatever rule speaks for it

so that the solver gets rules that ask for readings: `not reading(R, O)` in a plain rule that is replaced,
`reading(R, O)` in every exception, and `not lifted_head` in every rule for a head that an `unless` is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bvn_asp.classes import replace
from bvn_asp.model.clauses import (
    At,
    Atom,
    Clause,
    Constant,
    Function,
    Literal,
    Mark,
    Part,
    Pool,
    Term,
    Variable,
    below,
    constant,
    renamed,
    variables,
)
from bvn_asp.model.rules import INPUTS, OUTLINE

WORDS = ("instead", "besides", "unless")
LIFTED = "lifted_"
Wrong = Callable[[str, At, str, str, str], None]
"""Takes a fault: code, place, the word at fault, message, hint."""
Pattern = tuple[str, tuple[str, ...]]


def marked(clause: Clause, wrong: Wrong) -> Clause | None:
    """A rule with its mark read off its head; itself if it bears none, None if it is written wrongly."""
    head = clause.head
    if head.name not in WORDS:
        return clause
    if len(head.arguments) != 3:
        said = f"`{head.name}` takes 3 arguments, not {len(head.arguments)}"
        wrong("exception", clause.at, head.name, said, f"write `{head.name}(reading, option, met(c)) :- …`")
        return None
    reading, option, about = head.arguments
    atom = _atom(about)
    if constant(reading) is None or constant(option) is None or atom is None:
        said = f"`{head.name}` names a reading, an option and what it is about"
        wrong("exception", clause.at, head.name, said, f"write `{head.name}(reading, option, met(c)) :- …`")
        return None
    if atom.name in OUTLINE or atom.name in INPUTS or any(isinstance(each, Pool) for each in below(atom)):
        said = f"`{head.name}` is about `{atom}`, which no exception can be about"
        hint = "write one exception for each" if atom.name not in {*OUTLINE, *INPUTS} else "it is about a rule's head"
        wrong("exception", clause.at, atom.name, said, hint)
        return None
    return replace(clause, head=atom, mark=Mark(head.name, str(reading), str(option)))


def _atom(term: Term) -> Atom | None:
    if isinstance(term, Function) and term.name:
        return Atom(term.name, term.arguments, term.at)
    if isinstance(term, Constant) and term.kind == "name":
        return Atom(term.text, (), term.at)
    return None


def pattern(head: Atom) -> Pattern:
    """A head up to the names of its variables."""
    names: dict[str, str] = {}
    return head.name, tuple(_shape(each, names) for each in head.arguments)


def _shape(term: Term, names: dict[str, str]) -> str:
    if isinstance(term, Variable):
        return names.setdefault(term.name, f"?{len(names)}")
    if isinstance(term, Function):
        return f"{term.name}({','.join(_shape(each, names) for each in term.arguments)})"
    return str(term)


def check(clauses: Iterable[Clause], wrong: Wrong) -> None:
    """Exceptions that would not do what they seem to say."""
    listed = list(clauses)
    heads: dict[tuple[str, int], dict[Pattern, Clause]] = {}
    replaced: dict[Pattern, Clause] = {}
    for each in listed:
        heads.setdefault(each.head.key, {}).setdefault(pattern(each.head), each)
    told: set[Pattern] = set()
    for each in listed:
        if each.mark is None:
            continue
        own = pattern(each.head)
        for other, first in heads[each.head.key].items():
            if other != own and own not in told and _meet(each.head, first.head):
                told |= {own, other}
                said = f"`{each.head}` is an exception here, and `{first.head}` in line {first.at[0]} may be the same"
                wrong("exception", each.at, each.head.name, said, "write the head in one way in all its rules")
        if each.mark.word == "instead":
            before = replaced.setdefault(own, each)
            if before.mark and before.mark.reading != each.mark.reading:
                said = f"`{each.head}` is replaced under two readings, {before.mark.reading} and {each.mark.reading}"
                hint = "what holds under both? put one of them on a helper"
                wrong("exception", each.at, each.head.name, said, hint)
        if each.mark.word == "unless" and (lifted(each.head).key in heads):
            wrong("engine-only", each.at, lifted(each.head).name, f"`{lifted(each.head).name}` belongs to the engine",
                  "choose another name")


def _meet(one: Atom, other: Atom) -> bool:
    """Whether two heads of one name may be the same atom."""
    pairs = zip(one.arguments, other.arguments, strict=True)
    return all(str(a) == str(b) or not (_plain(a) and _plain(b)) for a, b in pairs)


def _plain(term: Term) -> bool:
    return not variables(term) and not any(isinstance(each, Pool) for each in below(term))


def lifted(head: Atom) -> Atom:
    """The atom that says that an `unless` keeps a head from holding."""
    return Atom(LIFTED + head.name, head.arguments, head.at)


def plain(clauses: Iterable[Clause], names: Mapping[str, str]) -> tuple[Clause, ...]:
    """The rules as the solver gets them.

    Args:
        names: readings as rules may write them, to the terms by which the engine knows them.
    """
    listed = list(clauses)
    replaces: dict[Pattern, dict[tuple[str, str], None]] = {}
    softened = set()
    for each in listed:
        if each.mark and each.mark.word == "instead":
            replaces.setdefault(pattern(each.head), {})[each.mark.reading, each.mark.option] = None
        elif each.mark and each.mark.word == "unless":
            softened.add(pattern(each.head))

    def canonical(atom: Atom) -> Atom:
        if atom.name != "reading" or len(atom.arguments) != 2:
            return atom
        name = constant(atom.arguments[0])
        return replace(atom, arguments=(Constant(names.get(str(name), str(name))), atom.arguments[1]))

    def reading(name: str, option: str, sign: int, at: At) -> Part:
        return Literal(Atom("reading", (Constant(names.get(name, name)), Constant(option)), at), sign, at)

    found = []
    for each in listed:
        own = pattern(each.head)
        added: list[Part] = []
        head = each.head
        if each.mark:
            added.append(reading(each.mark.reading, each.mark.option, 0, each.at))
            if each.mark.word == "unless":
                head = lifted(head)
        else:
            added += [reading(name, option, 1, each.at) for name, option in replaces.get(own, ())]
        if own in softened and (each.mark is None or each.mark.word != "unless"):
            added.append(Literal(lifted(each.head), 1, each.at))
        body = tuple(renamed(part, canonical) for part in each.body) if names else each.body
        found.append(replace(each, head=head, body=(*body, *added), implied=len(added)))
    return tuple(found)
