"""Which questions stand behind an answer of the engine, each to be certified by itself; with a name for its folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from bvn_asp.certificates.make import asked
from bvn_asp.certificates.question import Question
from bvn_asp.classes import replace
from bvn_asp.engine.facts import line_of
from bvn_asp.errors import fault
from bvn_asp.model.case import case_data, value_data
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_advice, is_exclusion
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Line
from bvn_asp.model.vocabulary import Slot
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.repair import Repairer
from bvn_asp.texts.diff import Diff
from bvn_asp.texts.stricter import Strictness, Ways
from bvn_asp.upkeep.lint import Finding, Report
from bvn_asp.upkeep.lint.meaning_rules import exceptions, plain
from bvn_asp.upkeep.mutate import Mutation

Named: TypeAlias = tuple[str, Question]


def of_diff(library: Library, answer: Diff) -> Iterator[Named]:
    """That no verdict differs, or one does; that no entry does that is said to mean the same, and each that does. Of
    rows by topics: in each direction, that nobody, or somebody, fails what one side asks and nothing of the other's."""
    texts = [(answer.old, answer.readings[0]), (answer.new, answer.readings[1])]
    yield "verdict", asked(library, "verdicts", answer.equivalent, texts)
    if answer.by != "outline":
        for number, row in enumerate(answer.rows, 1):
            sides = [list(row.old), list(row.new)]
            for word, by, parting in (("tightened", 0, row.tightened), ("loosened", 1, row.loosened)):
                if sides[1 - by]:  # else nothing is asked there that somebody could fail
                    detail = {"by": by, "sides": sides}
                    yield f"row-{number}-{word}", asked(library, "parts", parting is None, texts, detail)
        return
    same = []
    for row in answer.rows:
        if len(row.old) != 1 or len(row.new) != 1:
            continue
        pair = row.old[0], row.new[0]
        if is_exclusion(answer.old, pair[0]) is not is_exclusion(answer.new, pair[1]):
            continue
        if is_advice(answer.old, pair[0]) is not is_advice(answer.new, pair[1]):
            continue
        if row.tightened is None and row.loosened is None:
            same.append(pair)
        else:
            yield f"entry-{pair[1]}", asked(library, "entries", False, texts, {"pairs": [list(pair)]})
    if same:
        yield "same-entries", asked(library, "entries", True, texts, {"pairs": [list(each) for each in same]})


def of_stricter(library: Library, answer: Strictness) -> Iterator[Named]:
    """In each direction: that there is nobody, or somebody and, where the list of ways is complete, nobody else."""
    texts = [(answer.plan, answer.readings[0]), (answer.governing, answer.readings[1])]
    lines = _lines(library, (answer.plan, answer.governing))
    for name, by, ways in (("stricter", 0, answer.stricter), ("looser", 1, answer.looser)):
        plain = {"by": by, "ways": [], "base": {}}
        yield name, asked(library, "refused", not ways.ways, texts, plain)
        if ways.ways and ways.complete:
            listed = [{"units": list(each.units), "facts": list(each.facts)} for each in ways.ways]
            detail = {"by": by, "ways": listed, "base": _base(ways, lines)}
            yield f"{name}-no-other-way", asked(library, "refused", True, texts, detail)


def _base(ways: Ways, lines: Mapping[str, Line]) -> dict[str, str]:
    assert ways.base is not None
    values = ways.base.values.items()
    return {str(slot): str(lines[slot.fact].cells[int(v)]) if slot.fact in lines else v for slot, v in values}


def of_repair(library: Library, repairer: Repairer, answer: Repairs, others: bool = False) -> Iterator[Named]:
    """Without a repair, that nobody whom moves can lead to is approved; else that each listed repair suffices, and,
    where all are known, that every set of moves which leads to approval contains one that is smallest.

    Args:
        others: as the answer was asked for: evidence may be about members that the request does not ask for.

    Raises: InputError: some but not all policies are to approve.
    """
    seats = [(each.revision, each.readings) for each in answer.evaluations]
    if answer.need != len(seats):
        raise fault("no certificate where only some of the policies are to approve", "ask for one policy, or --all")
    case = replace(answer.case, expectations=(), hypothetical="")
    chart = {"chart": case_data(case, library.vocabulary, with_evidence=False), "strict": False}
    if not answer.repairs:
        if not answer.complete:
            raise fault("no certificate: the search was stopped", "give it more time")
        spoken = [lit for i, (_, read) in enumerate(seats) for lit in repairer.program.read(i, read)]
        goals = [repairer.program.literal("verdict", i, "approve") for i in range(len(seats))]
        if not repairer.program.possible([*spoken, *goals]):
            yield "approves-nobody", asked(library, "approved", True, seats)
            return
        if answer.blocks and not answer.elsewhere:
            yield "no-repair", asked(library, "stuck", True, seats, {**chart, "others": True})
            return
    for number, made in enumerate(answer.repairs, 1):
        moves = {str(each.slot): value_data(each.new) for each in (*made.moves, *made.ruled_out)}
        detail = {**chart, "strict": answer.strict, "moves": moves}
        yield f"repair-{number}-suffices", asked(library, "mended", True, seats, detail)
    if answer.complete:
        name = "no-further-set" if answer.repairs else "no-repair"
        yield name, asked(library, "sets", True, seats, {**chart, **_sets(repairer, answer, others)})


def _sets(repairer: Repairer, answer: Repairs, others: bool) -> dict[str, object]:
    """The smallest sets of moves, also those that wait longer than another does, and what shows that these are all."""
    program, found = repairer.program, repairer.implicates(answer, others)
    lines = program.lines

    def said(slot: Slot, values: Iterable[str]) -> list[str]:
        if slot.fact not in lines:
            return [each for each in program.values(slot) if each in set(values)]
        return [str(lines[slot.fact].cells[int(each)]) for each in program.values(slot) if each in set(values)]

    return {
        "others": others,
        "loose": [str(each) for each in found.loose],
        "boxes": [[{str(slot): said(slot, vs) for slot, vs in box.items()} for box in mine] for mine in found.boxes],
        "nobody": [{str(slot): said(slot, vs) for slot, vs in each.items()} for each in found.contradictions],
        "choices": [
            [[[str(slot), kind, said(slot, left)] for slot, kind, left in one] for one in part] for part in found.parts
        ],
    }


def of_mutation(library: Library, answer: Mutation) -> Iterator[Named]:
    """Every slip that is said to change nothing: that nobody, under no reading, tells it from the policy."""
    for number, each in enumerate(answer.outcomes):
        if each.equivalent:
            slip = each.mutant
            texts: Sequence[tuple[Revision, None]] = [(answer.revision, None), (answer.revision, None)]
            change = slip.line, str(replace(slip.changed, mark=None)) if slip.changed else ""
            yield f"slip-{number}", asked(library, "apart", True, texts, changed=change)


APPROVES_NOBODY = ("approves-nobody", "contradiction", "swallowed")


def of_lint(library: Library, answer: Report) -> Iterator[Named]:
    """Findings that say that something is so for nobody or for everybody."""
    for number, each in enumerate(answer.findings):
        for revision in _revisions(library, answer.policies, each.place.path):
            name = f"{number}-{each.rule}"
            if each.rule in ("never-met", "always-met"):
                met = "met" if each.rule == "never-met" else "not met"
                detail = {"entry": each.subject, "is": met}
                yield name, asked(library, "entry", True, [(revision, None)], detail)
            elif each.rule in APPROVES_NOBODY:
                chosen = library.chosen_readings(revision, {})
                reading, _, option = each.subject.partition("=")
                if option and reading in chosen:
                    chosen[reading] = option
                yield name, asked(library, "entry", True, [(revision, chosen)], {"entry": "root", "is": "met"})
            elif (question := _of_rules(library, answer, each, revision)) is not None:
                yield name, question


def _of_rules(library: Library, report: Report, finding: Finding, revision: Revision) -> Question | None:
    """What stands behind a finding about one rule, limit or condition; None where it says nothing of nobody."""
    texts: list[tuple[Revision, Mapping[str, str] | None]] = [(revision, None)]
    if finding.rule == "idle-limit":
        operator, fact, limit = finding.subject.split(" ", 2)
        holds = finding.message.endswith("nobody")
        slot = library.vocabulary.slots_of(fact)[0].term
        return asked(library, "limit", True, texts, {"operator": operator, "slot": slot, "term": limit, "holds": holds})
    if finding.rule in ("duplicate", "redundant"):
        names = finding.subject.split()
        chosen = library.chosen_readings(revision, {})
        dropped = {each.subject.split()[0] for each in report.findings
                   if each.rule in ("duplicate", "redundant") and each.place.path == finding.place.path}
        order = list(revision.entries)
        units = conditions(revision)
        by = names[1:] or [
            each for each in units
            if each != names[0] and not (each in dropped and order.index(each) > order.index(names[0]))
        ]
        if names[0] not in units and len(names) < 2:
            return None  # of two alternatives one implies the other; which, its message says
        detail = {"entry": names[0], "by": by, "both": len(names) > 1}
        return asked(library, "needless", True, [(revision, chosen)], detail)
    if finding.rule in ("dead-rule", "idle-exception"):
        for number, clause in enumerate(revision.rules.clauses):
            if not clause.body or clause.at != (finding.place.line, finding.place.column):
                continue
            if finding.rule == "dead-rule":
                detail = {"rule": number, "exception": None, "approved": False}
                return asked(library, "applies", True, texts, detail)
            for place, denied in exceptions(clause):
                reading, _, option = finding.subject.rpartition(" ")[2].partition("=")
                if f"{plain(denied)}" not in finding.subject:
                    continue
                approved = finding.message.startswith("whoever")
                if approved:
                    chosen = library.chosen_readings(revision, {})
                    chosen |= {reading: option} if option and reading in chosen else {}
                    texts = [(revision, chosen)]
                detail = {"rule": number, "exception": place, "approved": approved}
                return asked(library, "applies", True, texts, detail)
    return None


def _revisions(library: Library, policies: Iterable[str], path: str) -> Iterator[Revision]:
    """The revision that a finding in a file is about; none where a file is about several."""
    for name in policies:
        policy = library.policies[name]
        mine = [each for each in policy.encoded if str(each.path) == path or each.rules.path == path]
        if not mine and policy.path == path and len(policy.encoded) == 1:
            mine = [*policy.encoded]
        yield from mine[:1]


def conditions(revision: Revision) -> tuple[str, ...]:
    """The entries that the verdict is made of, in the order of the document: `certificates.translate` has them too."""
    found: list[str] = []

    def wanted(name: str, sign: int) -> None:
        kind = revision.entries[name].kind
        if (sign > 0 and kind in ("all_of", "none_of")) or (sign < 0 and kind == "any_of"):
            for each in revision.parts.get(name, ()):
                wanted(each.id, -1 if kind == "none_of" else sign)
        else:
            found.append(name)

    for each in revision.parts.get("root", ()):
        wanted(each.id, 1)
    return tuple(each for each in revision.entries if each in found)


def _facts(library: Library, revisions: Sequence[Revision]) -> frozenset[str]:
    parts = [each.rules for each in revisions] + ([library.background] if library.background else [])
    return frozenset[str]().union(*(each.facts for each in parts))


def _lines(library: Library, revisions: Sequence[Revision]) -> dict[str, Line]:
    """The number lines as a question about some revisions cuts them."""
    parts = [each.rules for each in revisions] + ([library.background] if library.background else [])
    limits = [limit for each in parts for limit in each.limits]
    facts = (library.vocabulary.facts[each] for each in _facts(library, revisions))
    return {each.name: line_of(each, limits) for each in facts if each.is_numeric}


__all__ = ["Named", "of_diff", "of_lint", "of_mutation", "of_repair", "of_stricter"]
