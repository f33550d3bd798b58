"""What the chart page shows of one chart: every verdict at once, then what each rests on.

Verdicts are asked first and alone, for they are what moves under one's hands; worksheet, open facts, the matrix and the
ways to approval follow when they are looked at. Each answer is a few pieces of HTML by the place where they belong.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import yaml

from bvn_asp.cases.ask import Asker, Questions
from bvn_asp.cases.asked import supposing
from bvn_asp.cases.compare import aligned, names
from bvn_asp.cases.evaluate import Evaluation, Evaluator, Verdict
from bvn_asp.cases.explain import explained
from bvn_asp.cases.possible import check_possible
from bvn_asp.cases.record import make_record
from bvn_asp.cases.standing import standing_of_open
from bvn_asp.cases.whatif import parse_suppositions
from bvn_asp.classes import dataclass
from bvn_asp.errors import InputError, did_you_mean, fault
from bvn_asp.model.case import REQUEST, Case, Supposed, Value, case_data, value_data
from bvn_asp.model.policy import Revision
from bvn_asp.model.search import search_facts
from bvn_asp.model.vocabulary import Several, Slot
from bvn_asp.render import codes, words
from bvn_asp.render import repair as repair_words
from bvn_asp.render.ask import wording
from bvn_asp.render.data import to_json
from bvn_asp.render.words import KIND_TITLES
from bvn_asp.repairs.answer import Repairs
from bvn_asp.repairs.moves import Move
from bvn_asp.repairs.repair import Repairer
from bvn_asp.routing.codes import codes as coding
from bvn_asp.routing.governs import Governance, governs
from bvn_asp.serve.bodies import READINGS, TEXTS, YES_NO, Option, Question
from bvn_asp.serve.questions import Clock
from bvn_asp.serve.views import mark, matrix, worksheet
from bvn_asp.verbs import Library

T = TypeVar("T")
WAYS = 6
PATIENCE = 6.0  # so many seconds a person waits for a question
BLOCKS = 8
KINDS = {
    "document": "Send, if the chart supports it",
    "clarify": "Ask for an addendum",
    "precaution": "Send, with the precaution taken",
    "request": "Change the request",
    "treat": "Treat first",
    "wait": "Wait",
    "addendum": "Contest: ask for an addendum",
    "second_judgement": "Contest: ask for a second judgement",
    "work_up": "Contest: ask for a work-up",
}
OPTIONS = {
    "readings": Option("policy to reading to option", READINGS, {}),
    "strict": Option("presume nothing", YES_NO, False),
    "suppose": Option("what is supposed and not on record", TEXTS, ()),
    "policy": Option("the policy that is looked at", {"type": "string"}),
    "together": Option("policies that are asked together, in place of that one", TEXTS, ()),
    "skipped": Option("questions that nobody can answer", TEXTS, ()),
    "words": Option("words that a fact is about", TEXTS, ()),
    "origin": Option("the file that was opened, to be saved with its comments", {"type": "string"}),
    "paper": Option("which paper", {"type": "string"}),
    "form": Option("as what", {"type": "string"}, "article"),
    "tries": Option("one more supposition, looked at only", TEXTS, ()),
}


@dataclass(frozen=True)
class Chart:
    """One chart as it is looked at.

    Attributes:
        recorded: the case on record; `case` is with what is supposed.
    """

    recorded: Case
    case: Case
    supposed: dict[Slot, Supposed]
    readings: dict[str, dict[str, str]]
    strict: bool
    policy: str
    together: tuple[str, ...] = ()


class _Own(threading.local):
    """What one thread keeps grounded for questions of one policy; the one asked longest ago goes first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, ...], Any] = OrderedDict()

    def forget(self, programs: bool) -> None:
        """Let go of what is remembered of charts, or of everything."""
        for each in self.kept.values():
            each.forget()
        if programs:
            self.kept.clear()


class Live:
    """The answers of one library for the page."""

    def __init__(self, library: Library, html: Callable[..., str]) -> None:
        self.library, self.html = library, html
        self._own = _Own()
        self._evaluators: OrderedDict[tuple[str, ...], Evaluator] = OrderedDict()

    def warm(self) -> None:
        """Ground in this thread what every change asks."""
        case = self.library.case({"title": "nobody"})
        self._evaluator(self.library.revisions((), case.date)).evaluate(case, under_readings=False, with_open=False)
        governs(self.library, case)

    def forget(self, programs: bool = False) -> None:
        """What this thread remembers of charts it forgets; or all that it keeps, where that may be in any state."""
        self._own.forget(programs)

    def chart(self, asked: Question) -> Chart:
        """The chart that is asked about.

        Raises: InputError: what is supposed is no fact, or nobody can be so; an unknown policy or reading.
        """
        o = asked.options
        for name, chosen in o["readings"].items():
            policy = self.library.policies.get(name)
            if policy is None or any(policy.reading(each) is None for each in chosen):
                raise fault(f"there is no such policy or reading: `{name[:60]}`")
        supposed = parse_suppositions(self.library, asked.case, o["suppose"])
        case = supposing(self.library, asked.case, supposed) if supposed else asked.case
        if supposed:
            check_possible(self.library, case)
        together = tuple(dict.fromkeys(o["together"]))
        return Chart(asked.case, case, supposed, o["readings"], o["strict"], o["policy"] or "", together)

    # -- every verdict -------------------------------------------------------------------------

    def verdicts(self, chart: Chart) -> dict[str, Any]:
        """Every policy's verdict, the governing one's large."""
        evaluations = self._evaluations(chart)
        governance = governs(self.library, chart.case)
        listed = list(zip(names(evaluations), evaluations, strict=True))
        binding = governance.governing() if governance else ()
        focus = self._focus(chart, [name for name, _ in listed], governance)
        rows = [self._row(name, each, binding) for name, each in listed]
        rows.sort(key=lambda row: not row["governs"])
        kinds = [
            {"title": title, "rows": [row for row in rows if row["kind"] == kind]}
            for kind, title in KIND_TITLES.items()
        ]
        return {
            "focus": focus,
            "verdicts": {row["name"]: row["verdict"] for row in rows},
            "html": {
                "strip": self.html(
                    "strip.html.j2", kinds=[k for k in kinds if k["rows"]], focus=focus, tally=_tally(rows)
                ),
                "hero": self.html(
                    "hero.html.j2",
                    row=next(row for row in rows if row["name"] == focus),
                    rules=_rules(governance),
                    supposed=supposed(chart),
                    request=words.request(chart.case, self.library.vocabulary),
                ),
            },
        }

    def tries(self, chart: Chart, texts: Sequence[str]) -> dict[str, Any]:
        """The verdicts there would be with something more supposed."""
        more = parse_suppositions(self.library, chart.case, texts)
        case = supposing(self.library, chart.case, more)
        check_possible(self.library, case)
        tried = Chart(chart.recorded, case, {**chart.supposed, **more}, chart.readings, chart.strict, chart.policy)
        found = self._evaluations(tried)
        return {"verdicts": {n: e.verdict.value for n, e in zip(names(found), found, strict=True)}}

    # -- one policy ----------------------------------------------------------------------------

    def sheet(self, chart: Chart) -> dict[str, Any]:
        """The worksheet of the policy looked at, what is open, what is presumed, and how it is read."""
        name = self._looked_at(chart)
        revision = self.library.revision(name, chart.case.date)
        evaluator = self._evaluator([revision])
        each = evaluator.evaluate(chart.case, chart.readings, chart.strict)[0]
        advice = coding(self.library, chart.case)
        explanation = explained(evaluator, 0, chart.case, each, advice)
        return {
            "focus": name,
            "html": {
                "sheet": self.html(
                    "sheet.html.j2",
                    sheet=worksheet(self.library, chart.case, name, explanation),
                    hinges=words.hinges(each),
                    early=words.not_in_force(each),
                    coding=[codes.line(one) for one in advice],
                ),
                "open": self.html(
                    "open.html.j2",
                    verdict=each.verdict.value,
                    open=self._open(chart.case, each),
                    presumed=self._presumed(each),
                ),
                "readings": self.html("readings.html.j2", policy=each.policy, readings=readings_of(revision, each)),
            },
        }

    def matrix(self, chart: Chart) -> dict[str, Any]:
        """What every policy asks, topic by topic."""
        evaluations = self._evaluations(chart)
        governance = governs(self.library, chart.case)
        listed = dict(zip(names(evaluations), evaluations, strict=True))
        binding = governance.governing() if governance else ()
        made = matrix(chart.case, listed, aligned(self.library, evaluations), binding)
        return {"html": {"matrix": self.html("matrix.html.j2", matrix=made)}}

    def ways(self, chart: Chart, clock: Clock) -> dict[str, Any]:
        """The smallest sets of moves that the record lacks for the policies asked, each to be tried."""
        revisions = self._asked(chart)
        repairer: Repairer = self._mine("repair", revisions, lambda: Repairer(self.library, revisions))
        found = repairer.repair(chart.recorded, chart.readings, chart.strict, limit=WAYS, seconds=8.0, stop=clock)
        found = repairer.placed(found, chart.readings)
        blocks = [
            {
                "text": repair_words.obstruction(found, block),
                "tries": json.dumps([f"{slot}=unrecorded" for slot in block.slots if found.case.get(slot)]),
            }
            for block in found.blocks[:BLOCKS]
        ]
        return {
            "focus": self._looked_at(chart),
            "html": {
                "ways": self.html(
                    "ways.html.j2",
                    name=" and ".join(found.policies) if len(revisions) < 4 else f"{len(revisions)} policies together",
                    result=repair_words.result(found).removeprefix("RESULT  "),
                    sets=self._sets(found),
                    contested=repair_words.contest_line(found),
                    contests=self._sets(found.contests) if found.contests else [],
                    count=found.count,
                    complete=found.complete and not clock.late,
                    blocks=blocks,
                    more=max(0, len(found.blocks) - BLOCKS),
                    legend=repair_words.LEGEND,
                )
            },
        }

    def _sets(self, found: Repairs) -> list[dict[str, Any]]:
        """The sets that are listed, each with its moves by what is to be done."""
        sets = []
        for each in found.repairs[:WAYS]:
            moves = [self._move(found, move) for move in each.moves]
            kinds = [
                {"title": KINDS.get(kind, repair_words.kind_words(kind).capitalize()),
                 "moves": [move for move in moves if move["kind"] == kind]}
                for kind in sorted({move["kind"] for move in moves}, key=_place)
            ]
            tries = json.dumps([move["try"] for move in moves], ensure_ascii=False)
            since = each.holds_from.isoformat() if each.holds_from else ""
            if moves:
                sets.append({"kinds": kinds, "tries": tries, "since": since, "size": len(moves)})
        return sets

    def _move(self, found: Repairs, move: Move) -> dict[str, Any]:
        """One move: what it is, where it helps, and what there is to suppose in order to try it."""
        sent = move.kind in ("document", "precaution")
        return {
            "kind": "clarify" if move.standing in words.ADDENDA else move.kind,
            "text": repair_words.target(move),
            "detail": repair_words.detail(move),
            "where": repair_words.places(found, [move]),
            "document": self.library.vocabulary.facts[move.slot.fact].document if sent else "",
            "try": f"{move.slot}={json.dumps(value_data(move.new), ensure_ascii=False)}",
        }

    def ask(self, chart: Chart, skipped: Sequence[str], clock: Clock) -> dict[str, Any]:
        """The best question, why it is asked, and what each answer would settle."""
        revisions = self._asked(chart)
        asker: Asker = self._mine("ask", revisions, lambda: Asker(self.library, revisions))
        by_name = {str(slot): slot for slot in self.library.vocabulary.slots}
        left = [by_name[each] for each in skipped if each in by_name]
        patience = Clock(min(PATIENCE, clock.seconds))
        found = asker.ask(
            chart.case, chart.readings, chart.strict, left, with_settled=False, stop=lambda: patience() or clock()
        )
        question = found.next
        values: dict[str, Any] = {
            "verdicts": [
                {"name": name, "verdict": each.verdict.value, "mark": mark(each.verdict)}
                for name, each in zip(found.policies, found.evaluations, strict=True)
            ],
            "decided": found.decided,
            "left": len(found.open),
            "skipped": len(left),
            "jointly": found.jointly,
            "cut": patience.late or clock.late,
            "next": None,
        }
        if question is not None:
            known = self.library.vocabulary.facts[question.slot.fact]
            why = [
                {"policy": name if len(revisions) > 1 else "", "place": entry.place, "text": entry.text}
                for name, each in zip(found.policies, found.evaluations, strict=True)
                if name in question.policies
                for entry in each.revision.rules.entries
                if any(read.fact == question.slot.fact for read in each.reads(entry.id))
            ]
            values["next"] = {
                "slot": str(question.slot),
                "ask": wording(self.library, question.slot, found),
                "about": known.about,
                "document": known.document,
                "judgement": known.judgement,
                "reported": known.section != REQUEST,
                "numeric": known.is_numeric,
                "unit": known.unit,
                "leaves": question.leaves,
                "recorded": words.on_record(chart.case, question.slot),
                "why": why[:4],
                "more": max(0, len(why) - 4),
                "answers": [self._answer(chart, asker.evaluator, found, question.slot, value)
                            for value in question.answers],
            }
        return {"focus": self._looked_at(chart), "html": {"ask": self.html("ask.html.j2", **values)}}

    def _answer(self, chart: Chart, evaluator: Evaluator, now: Questions, slot: Slot, value: Value) -> dict[str, Any]:
        """One answer, and which verdicts that are open now it would settle."""
        told = chart.case.with_values(self.library.vocabulary, {slot: value})
        then = evaluator.evaluate(told, chart.readings, chart.strict, under_readings=False, with_open=False)
        settled = [
            (name, after.verdict)
            for name, before, after in zip(now.policies, now.evaluations, then, strict=True)
            if before.verdict is Verdict.PEND and after.verdict is not Verdict.PEND
        ]
        alone = len(then) == 1
        said = "; ".join(verdict.value if alone else f"{verdict.value} under {name}" for name, verdict in settled[:3])
        more = f" and {len(settled) - 3} more" if len(settled) > 3 else ""
        kinds = {verdict for _, verdict in settled}
        return {
            "says": str(value),
            "value": json.dumps(value_data(value), ensure_ascii=False),
            "then": f"settles it: {said}{more}" if settled and alone else f"settles {said}{more}" if settled else "",
            "mark": mark(next(iter(kinds))) if len(kinds) == 1 else "soft",
        }

    # -- files ---------------------------------------------------------------------------------

    def opened(self, case: Case, file: bytes) -> dict[str, Any]:
        """A case as the page holds it, and the text of its file if it is a case file; a record in FHIR is none."""
        from bvn_asp.upkeep.case_file import CaseFile

        text = file.decode("utf-8-sig", "replace")
        try:
            CaseFile(self.library.vocabulary, text)
        except InputError:
            text = ""
        return {"case": case_data(case, self.library.vocabulary), "origin": text}

    def found(self, wanted: Sequence[str]) -> dict[str, Any]:
        """The facts about some words, as `bvn facts` finds them, each with where the words stand."""
        return {"facts": {hit.fact: hit.places[:2] for hit in search_facts(self.library.vocabulary, wanted)}}

    def saved(self, case: Case, origin: str = "") -> str:
        """A case as the text of a case file: as it was written where it is as it was, with comments and `expect`."""
        if origin.strip():
            from bvn_asp.upkeep.case_file import CaseFile

            file = CaseFile(self.library.vocabulary, origin, "<the file that was opened>")
            file.become(case)
            return file.text()
        data = case_data(case, self.library.vocabulary)
        text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
        return text

    def report(self, chart: Chart, case: Case) -> str:
        """The whole report as a page of its own."""
        chosen = () if not chart.policy else (chart.policy,)
        return self.library.report(case, chosen, readings=chart.readings, strict=chart.strict).html()

    def record(self, chart: Chart) -> str:
        """The record of what is on record, nothing supposed, to be made again by `bvn verify`."""
        found = self.library.compare(chart.recorded, readings=chart.readings, strict=chart.strict).found
        return to_json(make_record(self.library, found))

    # -- parts ---------------------------------------------------------------------------------

    def _evaluations(self, chart: Chart) -> tuple[Evaluation, ...]:
        evaluator = self._evaluator(self.library.revisions((), chart.case.date))
        return evaluator.evaluate(chart.case, chart.readings, chart.strict, under_readings=False, with_open=False)

    def _evaluator(self, revisions: Sequence[Revision]) -> Evaluator:
        key = tuple(each.name for each in revisions)
        found = self._evaluators.get(key)
        if found is None:
            found = self._evaluators[key] = Evaluator(self.library, revisions)
            while len(self._evaluators) > 64:
                self._evaluators.popitem(last=False)
        return found

    def _mine(self, kind: str, revisions: Sequence[Revision], make: Callable[[], T]) -> T:
        kept = self._own.kept
        key = (kind, *(each.name for each in revisions))
        if key not in kept:
            kept[key] = make()
            if len(kept) > 16:
                kept.popitem(last=False)
        kept.move_to_end(key)
        found: T = kept[key]
        return found

    def _focus(self, chart: Chart, listed: Sequence[str], governance: Governance | None) -> str:
        if chart.policy in listed:
            return chart.policy
        sure = governance.governing() if governance else ()
        perhaps = governance.governing(sure=False) if governance else ()
        return next((name for name in (*sure, *perhaps) if name in listed), listed[0])

    def _looked_at(self, chart: Chart) -> str:
        known = [name for name, each in self.library.policies.items() if each.encoded]
        if chart.policy and chart.policy.partition("@")[0] not in known:
            raise fault(f"unknown policy `{chart.policy[:60]}`", did_you_mean(chart.policy, known))
        return self._focus(chart, [chart.policy] if chart.policy else known, governs(self.library, chart.case))

    def looked_at(self, chart: Chart) -> str:
        """The name of the policy that is looked at.

        Raises: InputError: there is no such policy.
        """
        return self._looked_at(chart)

    def _asked(self, chart: Chart) -> tuple[Revision, ...]:
        """The policies that are asked together, or the one looked at."""
        return self.library.revisions(chart.together or [self._looked_at(chart)], chart.case.date)

    def _row(self, name: str, each: Evaluation, binding: Sequence[str]) -> dict[str, Any]:
        revision = each.revision
        entries = [revision.entries[one] for one in each.blamed] if each.verdict is Verdict.DENY else []
        return {
            "name": name,
            "publisher": revision.policy.publisher,
            "title": revision.policy.title,
            "revision": revision.id,
            "kind": revision.policy.kind,
            "verdict": each.verdict.value,
            "mark": mark(each.verdict),
            "governs": each.policy in binding,
            "why": [{"place": one.place, "text": one.text} for one in entries[:3]],
            "more": max(0, len(entries) - 3),
            "silence": "; ".join(each.silence) if each.verdict is Verdict.SILENT else "",
            "presumed": len(words.presumed_facts(each.presumed, self.library.vocabulary)),
        }

    def _open(self, case: Case, each: Evaluation) -> list[dict[str, Any]]:
        """What can still change the verdict, by why it is open, the members of one fact together."""
        found = []
        for kind, title in words.OPEN_TITLES.items():
            rows: dict[str, dict[str, Any]] = {}
            for slot in each.open:
                if standing_of_open(case, slot) is kind:
                    known = self.library.vocabulary.facts[slot.fact]
                    row = rows.setdefault(slot.fact, {"fact": slot.fact, "ask": known.ask or known.about, "slots": [],
                                                      "document": known.document, "judgement": known.judgement})
                    row["slots"].append({"slot": str(slot), "member": slot.member.replace("_", " ")})
            if rows:
                found.append({"title": title, "rows": list(rows.values())})
        return found

    def _presumed(self, each: Evaluation) -> list[dict[str, Any]]:
        """What is presumed absent and may be turned into a record, fact by fact."""
        found: dict[str, dict[str, Any]] = {}
        optional = {member for index in self.library.vocabulary.indexes.values() for member in index.optional}
        for slot in each.presumed:
            known = self.library.vocabulary.facts[slot.fact]
            if slot.member not in optional and known.absent:
                row = found.setdefault(slot.fact, {"fact": slot.fact, "ask": known.ask or known.about, "slots": [],
                                                   "absent": known.absent, "document": known.document})
                row["slots"].append(str(slot))
        return [{**row, "slots": json.dumps(row["slots"])} for row in found.values()]


def supposed(chart: Chart) -> list[str]:
    """What is supposed and not on record, slot by slot."""
    return [
        f"{words.slot(slot)}: {value or 'not recorded'}{f', of {slot.least}' if isinstance(slot, Several) else ''}"
        for slot, value in chart.supposed.items()
    ]


def _place(kind: str) -> tuple[int, str]:
    listed = list(KINDS)
    return (listed.index(kind) if kind in listed else len(listed), kind)


def _tally(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many policies say what."""
    counted = [(each, sum(row["verdict"] == each.value for row in rows)) for each in Verdict]
    return [{"verdict": each.value, "mark": mark(each), "count": count} for each, count in counted if count]


def _rules(found: Governance | None) -> list[str]:
    """Which policy governs and by what rule, or what would tell."""
    if found is None:
        return []
    said: dict[tuple[str, str], list[str]] = {}
    for each in found.standings:
        if each.role == "governs" and each.sure:
            said.setdefault((each.rule.says, each.rule.place), []).append(each.policy)
    lines = [f"{', '.join(listed)} governs: {says} [{place}]" for (says, place), listed in said.items()]
    if not lines:
        missing = " and ".join(name.replace("_", " ") for name in found.missing)
        sure = "no policy here governs this request for sure"
        return [f"which policy governs hangs on {missing}" if missing else sure]
    return lines


def readings_of(revision: Revision, each: Evaluation) -> list[dict[str, Any]]:
    """The readings of a text as switches, those on which its verdict hangs first."""
    return [
        {
            "id": one.id,
            "place": one.place,
            "question": one.question,
            "chosen": each.readings[one.id],
            "default": one.default,
            "hangs": any(one.id in dict(hinge.readings) for hinge in each.hinges),
            "options": [{"name": o.name, "says": o.says, "claimed": o.claimed_by} for o in one.options],
        }
        for one in sorted(revision.readings, key=lambda one: not any(one.id in dict(h.readings) for h in each.hinges))
    ]
