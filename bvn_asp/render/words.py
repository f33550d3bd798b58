"""The words a person reads for statuses, verdicts, facts and limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bvn_asp.cases.evaluate import Evaluation, Status, Verdict
from bvn_asp.cases.explain import FactLine, Line
from bvn_asp.cases.standing import Standing
from bvn_asp.model.case import Case, Named, Record, Supposed, anything
from bvn_asp.model.clauses import written
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import SPELT, Interval, Quantity
from bvn_asp.model.rules import Entry
from bvn_asp.model.vocabulary import Several, Slot, Vocabulary
from bvn_asp.render.blocks import Styled

NOTICE = (
    "What the encoded criteria say of the facts recorded here. Not a coverage decision: an adverse decision is a"
    " clinician's."
)
KIND_TITLES = {
    "coverage": "Coverage policies",
    "guideline": "Guidelines",
    "evidence": "Trials and label",
    "opinion": "Opinions",
}
_VERDICT_STYLE = {Verdict.APPROVE: "good", Verdict.DENY: "bad", Verdict.PEND: "open", Verdict.SILENT: "dim"}


def verdict(each: Verdict | str) -> Styled:
    """A verdict with its colour."""
    kind = Verdict(each)
    return Styled(kind.value, _VERDICT_STYLE[kind], sign=True)


_OPEN = {
    Standing.CONFLICT: "contradictory",
    Standing.SHORT: "not enough",
    Standing.SILENT: "report silent",
    Standing.MISSING: "not on record",
}
ADDENDA = {
    Standing.SILENT: "an addendum",
    Standing.CONFLICT: "an addendum that says which",
}
"""What is asked for where a document is on file and leaves a fact open: nobody is asked for the document itself."""
OPEN_TITLES = {
    Standing.MISSING: "Not on record",
    Standing.SILENT: "The report on file is silent",
    Standing.SHORT: "On record, not enough",
    Standing.CONFLICT: "The record contradicts itself",
}


def status(line: Line, judgement: bool) -> Styled:
    """A status: exclusions read clear or present, indications met or not met, never the other way round."""
    if line.needless:
        return Styled("not needed", "dim")
    if line.status is Status.UNDETERMINED:
        if line.entry.is_group:
            return Styled("open", "open")
        found = {each.standing for each in line.facts}
        if judgement and not found & {Standing.CONFLICT, Standing.SHORT, Standing.SILENT}:
            return Styled("needs judgement", "open")
        return Styled(next((word for each, word in _OPEN.items() if each in found), "not on record"), "open")
    good = line.status.speaks(line.excludes)
    if line.excludes:
        return Styled("clear", "good") if good else Styled("PRESENT", "bad")
    return Styled("met", "good") if good else Styled("NOT MET", "bad")


def slots(listed: Iterable[Slot]) -> str:
    """Slots as words, those of one fact together: `modic L4 L5, implant precautions`."""
    found: dict[str, list[str]] = {}
    for each in listed:
        found.setdefault(each.fact, []).append(each.member.replace("_", " "))
    names = {fact: fact.replace("_", " ") for fact in found}
    return ", ".join(
        f"{names[fact]}{' ' if len(members[0]) < 6 else ': '}{' '.join(members)}" if members[0] else names[fact]
        for fact, members in found.items()
    )


def some_slots(listed: Sequence[Slot], most: int = 110) -> str:
    """Slots as words, as many facts as fit into so many characters, and the number of the rest."""
    facts = list(dict.fromkeys(each.fact for each in listed))
    kept: list[str] = []
    for number, fact in enumerate(facts):
        said = slots(each for each in listed if each.fact == fact)
        if len(said) > 40:
            said = f"{fact.replace('_', ' ')} ({sum(each.fact == fact for each in listed)})"
        if kept and len(", ".join([*kept, said])) > most:
            return f"{', '.join(kept)} and {len(facts) - number} more"
        kept.append(said)
    return ", ".join(kept)


def presumed_facts(listed: Sequence[Slot], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The facts presumed absent, those left out that are only presumed of what few people have."""
    optional = {member for index in vocabulary.indexes.values() for member in index.optional}
    return tuple(dict.fromkeys(each.fact for each in listed if each.member not in optional))


def presumed(listed: Sequence[Slot], vocabulary: Vocabulary, case: Case) -> str:
    """What was presumed absent, fact by fact, with the members that are on record and so are not presumed.

    Of what few people have, it is only said that it is presumed not to be there.
    """
    optional = {member for index in vocabulary.indexes.values() for member in index.optional}
    facts = []
    for fact in presumed_facts(listed, vocabulary):
        there = [r.slot.member.replace("_", " ") for r in case.records if r.slot.fact == fact and r.slot.member]
        name = fact.replace("_", " ")
        facts.append(f"{name} (but for {' '.join(there)}, on record)" if there else name)
    missing = dict.fromkeys(each.member for each in listed if each.member in optional)
    return ", ".join([*facts, *([f"any {' or '.join(missing)}"] if missing else [])])


def raised_by(raising: Sequence[Slot]) -> str:
    """What keeps something from being presumed absent: `facet pain L4-L5 is on record`."""
    return f"{some_slots(raising)} {'is' if len(raising) == 1 else 'are'} on record"


def not_presumed(found: Mapping[Slot, Sequence[Slot]]) -> list[str]:
    """What is not presumed absent, that with the same reason together."""
    grouped: dict[tuple[Slot, ...], list[Slot]] = {}
    for each, raising in found.items():
        grouped.setdefault(tuple(raising), []).append(each)
    return [f"{some_slots(listed)}: {raised_by(raising)}" for raising, listed in grouped.items()]


def question(vocabulary: Vocabulary, case: Case, each: Slot, raising: Sequence[Slot] = ()) -> str:
    """The question for a person; it names what on record raised it, where the vocabulary has words for that.

    *Could the 4 mm protrusion at L4-L5 explain the pain?*
    """
    known = vocabulary.facts[each.fact]
    text = known.ask or known.about
    request = vocabulary.request
    if each.fact == request.members and case.unnamed(vocabulary):
        return f"For which {request.many} is {request.procedure or 'it'} requested?"
    if case.silence(each) is not None:
        return f"An addendum is needed; the {known.document or 'report'} on file does not say: {text}"
    if not raising:
        return text
    named: dict[tuple[str, str], str] = {}
    for other in raising:  # a finding and the judgement about it are one thing
        thing = _thing(vocabulary, case, other)
        if thing:
            named.setdefault((vocabulary.facts[other.fact].finding or other.fact, other.member), thing)
    if known.in_doubt and named:
        return known.in_doubt.replace("{it}", _either(list(dict.fromkeys(named.values()))))
    return f"{text} (on record: {some_slots(raising)})"


def _either(named: Sequence[str]) -> str:
    shown = [*named[:3], *([f"{len(named) - 3} more on record"] if len(named) > 3 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _thing(vocabulary: Vocabulary, case: Case, each: Slot) -> str:
    """What a record speaks of: `the 4 mm protrusion at L4-L5`; empty if the vocabulary has no word for it."""
    known, record = vocabulary.facts[each.fact], case.get(each)
    if not known.called:
        return ""
    if "{member}" in known.called:
        return known.called.replace("{member}", " or ".join(record.entered if record else ()) or each.member)
    where = f" at {each.member}" if each.member else ""
    if record is not None and record.somewhere:
        record = next((said for said in case.several if each in said.slot.parts), record)
        where = " somewhere"
    value = record.value if record is not None and known.is_numeric else None
    if value is None or isinstance(value, Named) or value == anything(known):
        return f"the {known.called}{where}"
    return f"the {value} {known.called}{where}" if value.exact else f"the {known.called} ({value}){where}"


def slot(each: Slot) -> str:
    """One slot as words."""
    return slots([each])


def recorded(case: Case, each: Slot) -> str:
    """A slot with its record and what is tied to it: `prior surgery L4 L5 (one operation or session): fusion`."""
    first, *others = case.tied_to(each)
    return f"{slots(sorted([first, *others]))}{as_one(others)}: {case.get(each) or 'presumed absent'}"


def as_one(others: Sequence[Slot]) -> str:
    """That slots are about one thing that was done to all of their members, where there are others."""
    return " (one operation or session)" if others else ""


def supposition(vocabulary: Vocabulary, each: Slot, value: Supposed) -> str:
    """What is supposed of a slot, or of the number of what is requested."""
    if isinstance(each, Several):
        return f"{vocabulary.request.many}: {each.least}, not named"
    unknown = value is not None and value == anything(vocabulary.facts[each.fact])
    return f"{slot(each)}: {'nobody knows' if unknown else value or 'not recorded'}"


def evidence(record: Record | None) -> str:
    """Where a record comes from."""
    return "; ".join(map(str, record.evidence)) if record else ""


def request(case: Case, vocabulary: Vocabulary) -> str:
    """What is asked for, on one line."""
    parts = []
    for label, name in vocabulary.request.lists.items():
        records = [r for r in case.records if r.slot.fact == name]
        members = [text for r in records if str(r.value) == "yes" for text in _as_entered(r, vocabulary)]
        many = [each.somewhere for each in case.several if each.slot.fact == name]
        named = " ".join(members) or (f"{many[0].removeprefix('yes of ')}, not named" if many else "none")
        parts.append(f"{label} {named}" if records else f"{label} not stated")
    units = []
    for record in case.records:
        billed = record.slot.fact == vocabulary.request.procedures
        exact = record.value.exact if billed and isinstance(record.value, Interval) else None
        if isinstance(exact, Quantity) and exact.amount:
            units.append(f"{record.slot.member} x{exact.amount:f}")
    if units:
        parts.append(" ".join(units))
    for name in ("line_of_business", "state"):
        found = case.get(Slot(name)) if name in vocabulary.facts else None
        if found:
            text = str(found)
            parts.append(text.upper() if name == "state" else text)
    parts.append(f"date of service {case.date.isoformat()}" if case.date else "no date of service")
    return "; ".join(parts)


def _as_entered(record: Record, vocabulary: Vocabulary) -> Iterator[str]:
    """A member as the request names it; of a code that no source asks about, that it is one."""
    index = vocabulary.indexes[vocabulary.facts[record.slot.fact].per]
    unknown = index.otherwise is not None and record.slot.member == index.otherwise[0]
    for text in record.entered or (record.slot.member,):
        yield f"{text} (no source asks about it)" if unknown and record.entered else text


def revision(each: Revision) -> str:
    """A revision's name for a heading."""
    version = f" version {each.version}" if each.version else ""
    return f"{each.policy.publisher}: {each.policy.title}{version}, revision {each.id}"


DATED = {
    "printed": "printed in it",
    "snapshot": "from a dated snapshot",
    "seen": "seen only",
    "assumed": "assumed",
}
MARKS = {
    "primary": "text read",
    "header": "header or abstract read",
    "secondary": "known through other pages",
    "claimed": "as claimed, no text",
}


def mark(revision: Revision) -> str:
    """How a policy's text was seen, in words."""
    return MARKS[revision.policy.evidence]


def otherwise(revision: Revision, entry: Entry, rules: bool = False) -> list[str]:
    """Under which options of other readings an entry is met otherwise, as one line; no line if under none.

    With `rules` its rules as they are written instead: plain rules, then their exceptions, then helpers.
    """
    if rules and not entry.is_group:
        return [written(each) for each in revision.rules.about(entry.id)]
    found = [] if entry.is_group else revision.read_otherwise(entry.id)
    listed = ", ".join(f"{reading.id}={option.name}" for reading, option in found)
    return [f"otherwise under {listed}"] if listed else []


def readings(evaluation: Evaluation) -> str:
    """Which readings are not the default ones."""
    by_id = {each.id: each for each in evaluation.revision.readings}
    other = [f"{name}={option}" for name, option in evaluation.readings.items() if option != by_id[name].default]
    return ", ".join(other) or "default"


def in_force(revision: Revision) -> str:
    """From when an edition is in force, and how that is known."""
    if revision.effective:
        known = DATED.get(revision.dated)
        return f"from {revision.effective}{f', {known}' if known else ''}"
    said = ["the day on which it took effect is not known"]
    said += [f"after {revision.after}"] if revision.after else []
    said += [f"seen on {revision.seen}"] if revision.seen else []
    said += [DATED["assumed"]] if revision.dated == "assumed" else []
    return ", ".join(said)


def not_in_force(evaluation: Evaluation) -> str:
    """That the edition asked was not in force on the date of service, or perhaps not; empty if it was."""
    revision = evaluation.revision
    if evaluation.perhaps_early:
        return f"perhaps not yet in force: {in_force(revision)}"
    if evaluation.before_effective:
        if not revision.effective:
            return f"not yet in force: {in_force(revision)}"
        return f"in force only {in_force(revision)}"
    return f"in force only until {revision.until}" if evaluation.after_until else ""


def hinges(evaluation: Evaluation) -> list[str]:
    """On which readings a verdict hangs, each with its question: `deny if O24 is read lcd-six-months: how long …?`."""
    by_id = {each.id: each for each in evaluation.revision.readings}
    found: dict[tuple[str, tuple[str, ...]], list[tuple[str, ...]]] = {}
    for each in evaluation.hinges:
        alike = each.verdict, tuple(name for name, _ in each.readings)
        found.setdefault(alike, []).append(tuple(option for _, option in each.readings))
    lines = []
    for (kind, names), ways in found.items():
        if len(names) == 1:
            read = f"{names[0]} is read {' or '.join(option for option, in ways)}"
        else:
            both = (zip(names, options, strict=True) for options in ways)
            read = ", or ".join(" and ".join(f"{name} is read {option}" for name, option in each) for each in both)
        questions = " ".join(f"{by_id[name].question}" for name in names)
        lines.append(f"{kind} if {read}: {questions}")
    more = [] if evaluation.all_hinges else [f"and otherwise: stopped at {len(evaluation.hinges)} changes"]
    return lines + more


def asked_of(fact: FactLine, vocabulary: Vocabulary, limits_only: bool = False) -> str:
    """What the policy asks of a fact, where the value alone would not show it."""
    known = vocabulary.facts[fact.slot.fact]
    if known.type == "yes_no":
        return ""
    words = [f"{SPELT[operator]} {text}" for operator, text in fact.tests if operator in SPELT]
    named = [text.replace("_", " ") for operator, text in fact.tests if operator == "is"]
    excluded = [text.replace("_", " ") for operator, text in fact.tests if operator == "is not"]
    if named and not excluded and not limits_only:
        words.append(" or ".join(named))
    if excluded and not named and not limits_only:
        words.append("anything but " + " or ".join(excluded))
    return "; ".join(words)


def conflict(record: Record) -> str:
    """Values that contradict each other, each with its own evidence."""
    said = []
    for value, found in record.conflicting:
        source = "; ".join(map(str, found))
        said.append(f"{value} ({source})" if source else str(value))
    return " against ".join(said)


def on_record(case: Case, slot: Slot) -> str:
    """What a chart says of a slot, with its evidence, and what to do about it where it contradicts itself."""
    record, silence = case.get(slot), case.silence(slot)
    if silence is not None:
        source = evidence(silence)
        return f"not reported{f' ({source})' if source else ''}; ask for {ADDENDA[Standing.SILENT]}"
    if record is None:
        return ""
    if record.value is None:
        return f"{conflict(record)}; ask for {ADDENDA[Standing.CONFLICT]}"
    source = evidence(record)
    return f"{record} ({source})" if source else str(record)


def follows(lines: Sequence[FactLine], decided: bool) -> bool:
    """Whether a criterion is decided though nothing that it reads is on record: it follows from other facts."""
    return decided and not any(each.record is not None or each.counted is not None for each in lines)


def following(raised: Sequence[Slot]) -> str:
    """What is said of a fact that nobody recorded, and that follows from others."""
    rest = f": {raised_by(raised)}" if raised else " of the record"
    return f"not recorded by itself, it follows from the rest{rest}"


def facts(
    lines: Sequence[FactLine], vocabulary: Vocabulary, settled: bool, excludes: bool, decided: bool = False
) -> list[Styled]:
    """What a criterion reads, a line for each thing the chart says, slots with the same words together.

    Args:
        settled: the criterion is as it should be; what is open then does not matter and is left out, and what is
            presumed is said in one line.
        excludes: the criterion is an exclusion: what it reads is what it excludes, not what it asks for.
        decided: the criterion is met or unmet, whatever is still open.
    """
    if not settled and follows(lines, decided) and any(each.is_open for each in lines):
        derived: dict[str, list[Slot]] = {}
        for each in lines:
            if each.is_open:
                derived.setdefault(following(each.raised_by), []).append(each.slot)
        return [Styled(f"{slots(named)}: {text}") for text, named in derived.items()]
    presumed = [each for each in lines if each.presumed is not None]
    if presumed and settled and len(presumed) == len([each for each in lines if not each.is_open]):
        return [Styled("not mentioned, presumed absent", "dim")]
    shown = [each for each in lines if each.presumed is None and not (settled and each.is_open)]
    grouped: dict[str, list[FactLine]] = {}
    for each in shown:
        said = fact(each, vocabulary, settled=settled, excludes=excludes)
        grouped.setdefault(f"{each.slot.fact} {said.text.removeprefix(slot(each.slot))}", []).append(each)
    found = [fact(group[0], vocabulary, [each.slot for each in group], settled, excludes) for group in grouped.values()]
    if presumed:
        found.append(Styled(f"presumed absent, not mentioned: {slots(each.slot for each in presumed)}", "dim"))
    return found


def fact(
    each: FactLine, vocabulary: Vocabulary, together: Sequence[Slot] = (), settled: bool = False, excludes: bool = False
) -> Styled:
    """One line on a fact: what the chart says, against what is asked or excluded, and where it says so."""
    known = vocabulary.facts[each.slot.fact]
    source = evidence(each.record)
    if each.counted is not None:
        said, style = f"{len(each.counted)} ({' '.join(each.counted)})" if each.counted else "0", ""
    elif each.record is not None and each.record.value is None:
        said, style, source = f"contradictory, {conflict(each.record)}", "open", ""
    elif each.record is not None:
        short = each.standing is Standing.SHORT and not settled
        said = f"{each.record}{f', at {each.record.once} at once' if each.record.once else ''}"
        said, style = f"{said}{', not enough' if short else ''}", "open" if short else ""
    elif each.presumed is not None:
        said, style = f"not mentioned, presumed {each.presumed}", "dim"
    else:
        nothing = "not reported" if each.standing is Standing.SILENT else "not on record"
        said, style = nothing + (" (a clinician's judgement)" if known.judgement else ""), "open"
        said += f"; not presumed: {raised_by(each.raised_by)}" if each.raised_by else ""
    asked = asked_of(each, vocabulary, settled or each.standing is Standing.KNOWN)
    bracket = f"  [{'excludes' if excludes else 'asks'} {asked}]" if asked else ""
    text = f"{slots(together or [each.slot])}: {said}{bracket}"
    if each.holds_from:
        text += f"; holds from {each.holds_from.isoformat()}"
    return Styled(text + (f"  ({source})" if source else ""), style)


def lower(text: str) -> str:
    """A text that goes on a sentence."""
    return text[:1].lower() + text[1:]


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"
