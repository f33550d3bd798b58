"""Which policy binds this request, and by what rule?

Line of business, state, insurer and date of service decide; what the case does not say of the first three is open, and
a policy then governs only perhaps. The rules are `policies/governs.lp`: whoever disagrees with them changes that file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

from bvn_asp.classes import dataclass
from bvn_asp.engine.days import Days, dates_in, number
from bvn_asp.engine.session import session
from bvn_asp.engine.side_rules import Told, side_rules
from bvn_asp.errors import Place, did_you_mean, fault
from bvn_asp.model.case import Case, Record, Value
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Policy, Revision
from bvn_asp.model.reader import read_side_rules
from bvn_asp.model.rules import Rules
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Slot, term
from bvn_asp.routing.jurisdiction import INSURER, LINE, STATE, Contractor, Jurisdiction, Rule, load_jurisdiction

ROLES = ("governs", "gives_way", "members", "later")
_SHOWN = (*ROLES, "says", "current", "in_force", "contractor")
_HEADS = {**dict.fromkeys(ROLES, 2), "says": 1}
_GIVEN = {
    **{"coverage": 1, "names_line": 2, "any_line": 1, "names_state": 2, "any_state": 1},
    **{"names_insurer": 2, "any_insurer": 1},
    **{"in_force": 1, "served_since": 1},
}


@dataclass(frozen=True)
class Standing:
    """How one policy stands to a request.

    Attributes:
        role: governs; gives_way to one that governs; members: binds those whom its publisher insures; later: not yet
            in force.
        sure: whether it does whatever the case leaves open.
        editions: the editions that can be in force on the date of service, those without a text included.
        dated: whether it is certain that the policy is in force then.
    """

    policy: str
    role: str
    rule: Rule
    sure: bool
    editions: tuple[Revision, ...]
    dated: bool

    @property
    def unread(self) -> tuple[Revision, ...]:
        """The editions in force that have no text here, so that another stands in for them."""
        return tuple(each for each in self.editions if each.path is None)


@dataclass(frozen=True)
class Governance:
    """Which policies bind a request.

    Attributes:
        line: the line of business as recorded; None if the case does not say.
        state, insurer: likewise.
        asks: the facts that the case does not say and that the answer hangs on.
        contractors: the Medicare contractors that can serve the place; one if the state is known.
        standings: policies that stand somehow to the request, those that govern first.
        says: rules that speak although no policy here follows from them, with whether they do for sure.
    """

    line: Record | None
    state: Record | None
    insurer: Record | None
    asks: tuple[str, ...]
    date: datetime.date | None
    contractors: tuple[Contractor, ...]
    standings: tuple[Standing, ...]
    says: tuple[tuple[Rule, bool], ...]

    def governing(self, sure: bool = True) -> tuple[str, ...]:
        """The policies that govern; with `sure` false, also those that may."""
        return tuple(each.policy for each in self.standings if each.role == "governs" and (each.sure or not sure))

    @property
    def missing(self) -> tuple[str, ...]:
        """What the case does not say and the question hangs on."""
        return self.asks

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the place, if the state is known."""
        named = str(self.state) if self.state is not None and self.state.value is not None else ""
        return self.contractors[0].notes_on(named) if len(self.contractors) == 1 else ()


def governs(library: Library, case: Case) -> Governance | None:
    """Which policies bind a case's request.

    Without a date of service the latest editions are asked, as everywhere.

    Returns: None if the folder of policies has no rules on it.
    Raises: InputError: `governs.lp`, `governs.yaml` or an `applies:` is at fault.
    """
    path = library.folder / "governs.lp"
    if not path.is_file() or not {LINE, STATE} <= set(library.vocabulary.facts):
        return None
    words, rules, days, declared = library.once("governs", lambda: _read(library))
    policies = {term(each): policy for each, policy in library.policies.items()}
    more = declared if case.date else f"latest.\n{declared}"
    always, sometimes = _told(library, case, rules, more, days)
    found: dict[str, list[list[int | str]]] = {}
    for atom in sorted(sometimes):
        found.setdefault(atom.name, []).append([*atom.arguments[1:], atom in always])
    in_force = {str(name) for name, sure in found.get("in_force", ()) if sure}
    current: dict[str, list[Revision]] = {}
    for name, position, _ in found.get("current", ()):
        current.setdefault(str(name), []).append(policies[str(name)].revisions[int(position)])
    standings = [
        Standing(
            policies[str(name)].id,
            role,
            _rule(words, str(rule), rules),
            bool(sure),
            tuple(current.get(str(name), ())),
            str(name) in in_force,
        )
        for role in ROLES
        for name, rule, sure in found.get(role, ())
    ]
    serving = {str(name) for name, _ in found.get("contractor", ())}
    return Governance(
        line=case.get(Slot(LINE)),
        state=case.get(Slot(STATE)),
        insurer=case.get(Slot(INSURER)),
        asks=_open(library, case, standings),
        date=case.date,
        contractors=tuple(each for name, each in words.contractors.items() if term(name) in serving),
        standings=tuple(standings),
        says=tuple((_rule(words, str(rule), rules), bool(sure)) for rule, sure in found.get("says", ())),
    )


def _told(library: Library, case: Case, rules: Rules, more: str, days: Days) -> Told:
    """What follows whatever the case leaves open, and what may follow."""
    encodings, facts, era = ("days", "governs"), _facts(library), days.era(case.date)
    line = library.once(
        f"line of governs.lp, {'dated' if case.date else 'latest'}",
        lambda: side_rules(library.vocabulary, rules, encodings, more, facts, _SHOWN),
    )
    told = line.told(_place(case), era) if line else None
    if told is not None:
        return told
    program = session(library).program(encodings=encodings, rules=more, facts=facts, beside=rules)
    assumed = [*program.assume(_place(case)), days.literal(program, era)]
    return program.in_all(assumed), program.in_some(assumed)


def _read(library: Library) -> tuple[Jurisdiction, Rules, Days, str]:
    """The words, the rules, the days on which the answer can change, and what a program is told of the policies."""
    words = load_jurisdiction(library.folder / "governs.yaml", library.vocabulary, library.policies)
    rules = read_side_rules(library.folder / "governs.lp", library.vocabulary, _HEADS, _GIVEN)
    policies = {term(each): policy for each, policy in library.policies.items()}
    days = Days([*dates_in(rules), *_dates(library.policies.values())])
    return words, rules, days, "\n".join([days.rules, *_declare(policies, words)])


def the_one(library: Library, case: Case) -> str:
    """The one policy that governs a request.

    Raises: InputError: none governs for sure, or several do.
    """
    answer = governs(library, case)
    found = list(dict.fromkeys(answer.governing())) if answer else []
    if len(found) == 1:
        return found[0]
    if found:
        raise fault(f"several policies govern this request: {', '.join(found)}", "name one of them")
    missing = " and the ".join(each.replace("_", " ") for each in answer.missing) if answer else ""
    unsaid = f"the case does not say the {missing}" if missing else "`bvn policies` lists them"
    raise fault("no policy governs this request for sure", f"name a policy; {unsaid}")


def asked(
    library: Library,
    line: str | None = None,
    state: str | None = None,
    date: datetime.date | None = None,
    insurer: str | None = None,
) -> Case:
    """A case that says nothing but line of business, state, insurer and date.

    Args:
        line, state, insurer: as people write them: `medicare-advantage`, `GA`, `Georgia`, `Aetna`.

    Raises: InputError: no such line of business, state or insurer.
    """
    records = []
    for name, text in ((LINE, line), (STATE, state), (INSURER, insurer)):
        if text is None:
            continue
        if name not in library.vocabulary.facts:
            raise fault(f"the vocabulary has no fact `{name}`", place=Place(library.vocabulary.path))
        values = library.vocabulary.facts[name].values
        spelt = {term(says): value for value, says in values.items()}
        value = spelt.get(term(text), term(text))
        if value not in values:
            raise fault(f"unknown {name.replace('_', ' ')} `{text}`", did_you_mean(value, values) or _one_of(values))
        records.append(Record(Slot(name), parse_value(library.vocabulary, Slot(name), value)))
    return Case(title="a request", records=tuple(records), date=date)


def _one_of(values: Mapping[str, str]) -> str:
    return "one of " + ", ".join(values)


def _place(case: Case) -> dict[Slot, Value]:
    return {slot: value for slot, value in case.recorded.items() if slot.fact in (LINE, STATE, INSURER)}


def _facts(library: Library) -> list[str]:
    return [name for name in (LINE, STATE, INSURER) if name in library.vocabulary.facts]


def _open(library: Library, case: Case, standings: Iterable[Standing]) -> tuple[str, ...]:
    """Line and state where they are not recorded; the insurer only where with it a policy governs, or does not."""
    unsure = (each.policy for each in standings if not each.sure and each.role != "gives_way")
    named = (library.policies[each].applies for each in unsure)
    matters = any(each is not None and each.insurers for each in named)
    asked = [name for name in _facts(library) if name != INSURER or matters]
    return tuple(name for name in asked if Slot(name) not in case.recorded)


def _rule(words: Jurisdiction, name: str, rules: Rules) -> Rule:
    if name not in words.rules:
        hint = did_you_mean(name, words.rules, "put it into words under `rules:` of governs.yaml")
        raise fault(f"the rule `{name}` has no words", hint, Place(rules.path))
    return words.rules[name]


def _dates(policies: Iterable[Policy]) -> Iterator[datetime.date]:
    """Every date on which the answer can change."""
    for policy in policies:
        for each in policy.revisions:
            yield from (date for date in (each.earliest, each.at_latest) if date is not None)
            if each.until is not None:
                yield each.until + datetime.timedelta(days=1)


def _declare(policies: Mapping[str, Policy], words: Jurisdiction) -> Iterator[str]:
    """What the library says of its policies, as facts of world 1."""
    for name, policy in policies.items():
        if policy.kind == "coverage":
            yield f"coverage(1,{name})."
        lines = policy.applies.lines if policy.applies else ()
        states = policy.applies.states if policy.applies else ()
        insurers = policy.applies.insurers if policy.applies else ()
        yield from (f"names_line(1,{name},{term(each)})." for each in lines)
        yield from (f"names_state(1,{name},{term(each)})." for each in states)
        if not lines:
            yield f"any_line(1,{name})."
        if not states:
            yield f"any_state(1,{name})."
        yield from (f"names_insurer(1,{name},{term(each)})." for each in insurers)
        if not insurers:
            yield f"any_insurer(1,{name})."
        for i, each in enumerate(policy.revisions):
            yield f"edition({name},{i})."
            yield f"undated({name},{i})." if each.earliest is None else f"earliest({name},{i},{number(each.earliest)})."
            if each.at_latest is not None:
                yield f"at_latest({name},{i},{number(each.at_latest)})."
            if each.until is not None:
                yield f"ends({name},{i},{number(each.until + datetime.timedelta(days=1))})."
    for name, contractor in words.contractors.items():
        yield from (f"serves({term(name)},{state})." for state in contractor.states)
