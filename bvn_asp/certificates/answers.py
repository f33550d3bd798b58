"""Which questions stand behind an answer of the engine, each to be certified by itself; with a name for its folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from bvn_asp.certificates.make import asked
from bvn_asp.certificates.question import Question
from bvn_asp.classes import replace
from bvn_asp.engine.facts import line_of
from bvn_asp.errors import fault
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_advice, is_exclusion
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import Line
from bvn_asp.repairs.moves import states
from bvn_asp.repairs.repair import Repairer, Repairs
from bvn_asp.texts.diff import Diff
from bvn_asp.texts.stricter import Strictness, Ways
from bvn_asp.upkeep.lint import Report
from bvn_asp.upkeep.mutate import Mutation

Named: TypeAlias = tuple[str, Question]


def of_diff(library: Library, answer: Diff) -> Iterator[Named]:
    """That no verdict differs, or one does; that no entry does that is said to mean the same, and each that does."""
    texts = [(answer.old, answer.readings[0]), (answer.new, answer.readings[1])]
    yield "verdict", asked(library, "verdicts", answer.equivalent, texts)
    if answer.by != "outline":
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


def of_repair(library: Library, repairer: Repairer, answer: Repairs) -> Iterator[Named]:
    """Without a repair, that nobody whom moves can lead to is approved; else that each listed repair suffices.

    Raises: InputError: some but not all policies are to approve.
    """
    seats = [(each.revision, each.readings) for each in answer.evaluations]
    if answer.need != len(seats):
        raise fault("no certificate where only some of the policies are to approve", "ask for one policy, or --all")
    if answer.repairs:
        for number, made in enumerate(answer.repairs, 1):
            mended = made.applied_to(library, answer.case)
            detail = {"values": _values(library, repairer, mended, answer.strict, moved=False), "approved": False}
            yield f"repair-{number}-suffices", asked(library, "within", True, seats, detail)
        return
    if not answer.complete:
        raise fault("no certificate: the search was stopped", "give it more time")
    if not answer.blocks:
        raise fault("no certificate: that there is no repair hangs on what moves would leave presumed")
    detail = {"values": _values(library, repairer, answer.case, answer.strict, moved=True), "approved": True}
    yield "no-repair", asked(library, "within", True, seats, detail)


def _values(library: Library, repairer: Repairer, case: Case, strict: bool, moved: bool) -> dict[str, list[str]]:
    """Slot to the values that a chart leaves, or that moves can lead to, where these are not all."""
    program, found = repairer.program, dict[str, list[str]]()
    lines = _lines(library, repairer.revisions)
    names = _facts(library, repairer.revisions)
    for slot, state in states(program, case, strict and not moved).items():
        values = state.reachable if moved else state.presumed if state.held else state.kept
        if slot.fact not in names or len(values) == len(state.values):
            continue
        if slot.fact not in lines:
            found[str(slot)] = list(values)
            continue
        line = lines[slot.fact]
        cells = sorted({i for value in values for i in line.allowed(program.as_value(slot, (value,)))})  # type: ignore[arg-type]
        if len(cells) < len(line.cells):
            found[str(slot)] = [str(line.cells[i]) for i in cells]
    return found


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
    """Findings that say that something is so for nobody or for everybody: entries, and approval."""
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


def _revisions(library: Library, policies: Iterable[str], path: str) -> Iterator[Revision]:
    """The revision that a finding in a file is about; none where a file is about several."""
    for name in policies:
        policy = library.policies[name]
        mine = [each for each in policy.encoded if str(each.path) == path or each.rules.path == path]
        if not mine and policy.path == path and len(policy.encoded) == 1:
            mine = [*policy.encoded]
        yield from mine[:1]


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
