"""Reads what a chart says of one fact: a value, a range, dates, contradictions, and where it was found."""

from __future__ import annotations

import datetime
from decimal import Decimal

from bvn_asp.classes import replace
from bvn_asp.errors import Fault, InputError, Misread, Place, did_you_mean, shown
from bvn_asp.model import size, wording
from bvn_asp.model.case import REQUEST, Evidence, Named, Record, Value
from bvn_asp.model.dates import read_day, read_days
from bvn_asp.model.quantity import Interval, Quantity, Span, both, years_between
from bvn_asp.model.vocabulary import Fact, Slot, Vocabulary, decimal
from bvn_asp.model.yaml_text import Node, typed, written

_DATED = ("since", "until", "born")
VALUE_KEYS = ("value", *size.KEYS, "one_of", "all_of", "conflicting", "by", *_DATED, *wording.OPERATORS)
EVIDENCE_KEYS = ("document", "date", "page", "note", "quotation", "confidence", "extractor")


def parse_value(vocabulary: Vocabulary, slot: Slot, said: object, date: datetime.date | None = None) -> Value:
    """One value as somebody types it, `>= 6 months`, `type_1`, `31.2`, `{since: 2026-01-05}`; or as plain data.

    Raises: InputError, in words that fit the command line.
    """
    reader = ValueReader(vocabulary, date)
    value = reader.value(vocabulary.facts[slot.fact], typed(said) if isinstance(said, str) else written(said))
    if reader.faults:
        raise InputError(Fault(Place(""), f"{slot}: {each.message}", each.hint) for each in reader.faults)
    assert value is not None
    return value


def parse_record(vocabulary: Vocabulary, slot: Slot, text: str, date: datetime.date | None = None) -> Record | None:
    """What somebody types of a slot, evidence and contradictions included; None if it says nothing.

    Raises: InputError.
    """
    reader = ValueReader(vocabulary, date)
    node = typed(text)
    record = None if node.is_null else reader.record(slot, vocabulary.facts[slot.fact], node)
    if reader.faults:
        raise InputError(Fault(Place(""), each.message, each.hint) for each in reader.faults)
    return record


class ValueReader:
    """Reads values, collecting faults instead of stopping at the first.

    Args:
        date: the date of service, to which an open duration is counted.
    """

    def __init__(self, vocabulary: Vocabulary, date: datetime.date | None = None) -> None:
        self.vocabulary = vocabulary
        self.date = date
        self.faults: list[Fault] = []

    def wrong(self, node: Node, message: str, hint: str = "") -> None:
        """Write down what is wrong, and where."""
        self.faults.append(Fault(node.place, message, hint))

    # -- records -------------------------------------------------------------------------------

    def record(self, slot: Slot, known: Fact, node: Node, beside: tuple[str, ...] = ()) -> Record | None:
        """What a node says of a slot; None after writing down a fault.

        Args:
            beside: keys that stand beside the value and say nothing of it.
        """
        evidence = self.evidence(node.get("evidence")) if node.is_mapping else ()
        conflicting = node.get("conflicting") if node.is_mapping else None
        judged = node.get("by") if node.is_mapping else None
        if judged is not None:
            return self.judged(slot, known, node, judged)
        said = node.get("value") if node.is_mapping and set(node.mapping()) <= {"value", "evidence"} else node
        if said is not None and said.is_scalar and wording.is_silent(said.text):
            return self.silence(slot, known, node, evidence)
        if conflicting is None:
            value = self.value(known, node, beside)
            return None if value is None else Record(slot, value, evidence, place=node.place)
        for key, _ in node.entries():
            if key.text not in ("conflicting", "evidence"):
                self.wrong(key, f"`{shown(key.text)}` cannot stand beside `conflicting`", "put it into the list")
                return None
        parts: list[tuple[Value, tuple[Evidence, ...]]] = []
        for each in conflicting.items() if not conflicting.is_mapping else ():
            part = self.value(known, each)
            if part is None:
                return None
            parts.append((part, self.evidence(each.get("evidence")) if each.is_mapping else ()))
        if len({str(part) for part, _ in parts}) < 2:
            self.wrong(conflicting, "`conflicting` lists at least two different values")
            return None
        return Record(slot, None, evidence, tuple(parts), node.place)

    def judged(self, slot: Slot, known: Fact, node: Node, by: Node) -> Record | None:
        """Whose judgement a value is, or what each of several has judged; where these cannot all be, nobody knows."""
        judges = self.vocabulary.judges
        if not known.judgement or not judges:
            self.wrong(by, f"`{known.name}` is no judgement: `by` says nothing of it", "name the document as evidence")
            return None
        each = {by.text: node} if by.is_scalar else by.mapping() if by.is_mapping else {}
        if by.is_mapping and len(node.mapping()) > 1:
            self.wrong(node, "`by` stands by itself, with what each has judged")
            return None
        parts: list[tuple[str, Value, tuple[Evidence, ...]]] = []
        for label, said in each.items():
            who = label.strip().lower().replace(" ", "_").replace("-", "_")
            if who not in judges:
                hint = "one of " + ", ".join(judges)
                self.wrong(by, f"`{shown(label)}` is nobody whose judgement is asked for", hint)
                return None
            value = self.value(known, said, ("by",))
            if value is None:
                return None
            found = self.evidence(said.get("evidence")) if said.is_mapping else ()
            parts.append((who, value, tuple(replace(one, by=who) for one in found) or (Evidence(by=who),)))
        if not parts:
            self.wrong(by, "`by` names nobody", "one of " + ", ".join(judges))
            return None
        joined: Value | None = parts[0][1]
        for _, value, _ in parts[1:]:
            joined = self._joined(known, joined, value) if joined is not None else None
        evidence = tuple(one for _, _, found in parts for one in found)
        conflicting = tuple((value, found) for _, value, found in parts) if joined is None else ()
        return Record(slot, joined, () if joined is None else evidence, conflicting, node.place, by=tuple(parts))

    def silence(self, slot: Slot, known: Fact, node: Node, evidence: tuple[Evidence, ...]) -> Record | None:
        """That a document on file does not say; of what is asked for, somebody must say it."""
        if known.section == REQUEST:
            self.wrong(node, f"no report says what is asked for: `{known.name}`", "leave it out, or `unknown`")
            return None
        return Record(slot, None, evidence, place=node.place, silent=True)

    def evidence(self, node: Node | None) -> tuple[Evidence, ...]:
        """Where a value was found."""
        if node is None:
            return ()
        if node.is_list:
            return tuple(each for item in node.items() for each in self.evidence(item))
        if node.is_scalar:
            return (Evidence(node.text),)
        parts: dict[str, str] = {}
        for key, value in node.entries():
            if key.text not in EVIDENCE_KEYS:
                hint = did_you_mean(key.text, EVIDENCE_KEYS) or "evidence has " + ", ".join(EVIDENCE_KEYS)
                self.wrong(key, f"unknown key `{shown(key.text)}` of evidence", hint)
            elif not value.is_scalar:
                self.wrong(value, f"`{key.text}` is text, found {value.kind}")
            else:
                parts[key.text] = value.text
        date_node, sure = node.get("date"), node.get("confidence")
        date = self.day(date_node) if date_node is not None else None
        if sure is not None and sure.is_scalar:
            number = decimal(sure.text) if len(sure.text) < 20 else None
            if number is None or not 0 <= number <= 1:
                self.wrong(sure, f"`{shown(sure.text)}` is no confidence", "a number from 0 to 1")
        kept = {key: text for key, text in parts.items() if key not in ("document", "date", "note")}
        return (Evidence(parts.get("document", ""), date, parts.get("note", ""), **kept),)

    # -- values --------------------------------------------------------------------------------

    def value(self, known: Fact, node: Node, beside: tuple[str, ...] = ()) -> Value | None:
        """One value of a fact; None after writing down a fault."""
        if node.is_mapping:
            return self._described(known, node, ("evidence", *beside))
        if node.is_list:
            self.wrong(node, f"`{known.name}` takes one value, found a list", self._listed(known, node))
            return None
        text = node.text
        if not text and not node.is_unquoted:
            self.wrong(node, f"`{known.name}` has no value here", "put an amount that begins with `>` in quotes")
            return None
        if wording.is_unknown(text):
            every = wording.everything(known)
            return every if isinstance(every, Interval) else Named(every)
        left = wording.read_between(known, text) if len(text) <= wording.LONGEST else None
        if left is not None:
            return Named(left[1], said=left[0])
        try:
            return Named((wording.read_named(known, text),)) if known.is_named else wording.read_interval(known, text)
        except Misread as error:
            self.wrong(node, error.message, error.hint)
            return None

    def _listed(self, known: Fact, node: Node) -> str:
        """What to write instead of a list: all of it at once too, where a fact can be several things."""
        open_ones = "`{one_of: [...]}`" if known.is_named else "a range, `… to …`,"
        ways = [f"{open_ones} if the chart leaves it open", "`{conflicting: [...]}` if it contradicts itself"]
        reader = ValueReader(self.vocabulary, self.date)
        if known.is_named and all(each.is_scalar for each in node.items()):
            every = reader._one_of(known, node)
            if every is not None and len(every.values) > 1 and _together(known, every):
                ways.insert(0, "`{all_of: [...]}` if the chart names all of them at once")
        return "write " + ", ".join(ways)

    def _described(self, known: Fact, node: Node, beside: tuple[str, ...]) -> Value | None:
        """What several keys say together; they must not contradict each other."""
        keys = node.mapping()
        for key, value in node.entries():
            if key.text not in (*VALUE_KEYS, *beside):
                hint = did_you_mean(key.text, VALUE_KEYS)
                if key.text == "somewhere":
                    hint = "`somewhere` is for facts that are recorded per member, of all or of a stretch of them"
                self.wrong(key, f"unknown key `{shown(key.text)}` of `{known.name}`", hint)
                return None
            if value.is_null:
                self.wrong(key, f"`{key.text}` is left empty")
                return None
        if "conflicting" in keys:
            self.wrong(keys["conflicting"], "`conflicting` stands by itself, not inside a value")
            return None
        parts: list[tuple[Node, str, Value]] = []
        for key, value in node.entries():
            if key.text in beside or (key.text, True) in (
                ("until", "since" in keys), ("height", "weight" in keys)
            ):
                continue
            part = self._part(known, node, key.text, value, keys)
            if part is None:
                return None
            parts.append((key, key.text, part))
        if not parts:
            self.wrong(node, f"`{known.name}` has no value here", "write `value:`")
            return None
        first, *rest = parts
        found = first[2]
        for number, (where, name, part) in enumerate(rest, 1):
            joined = self._joined(known, found, part)
            if joined is None:
                earlier = ", ".join(f"`{said}: {value}`" for _, said, value in parts[:number])
                self.wrong(
                    where,
                    f"`{name}: {part}` does not go together with {earlier}",
                    "if the chart says both, list both under `conflicting:`",
                )
                return None
            found = joined
        if isinstance(found, Interval) and found.dated and rest:  # a bound beside dates is said again beside them
            bounds = {key: keys[key] for key in ("value", *wording.OPERATORS) if key in keys}
            more = tuple((key, each.text) for key, each in bounds.items() if each.is_scalar)
            found = replace(found, dated=found.dated + more)
        return found

    def _part(self, known: Fact, node: Node, key: str, value: Node, keys: dict[str, Node]) -> Value | None:
        """What one key of a value says."""
        if key == "value":
            if value.get("evidence") is not None:
                self.wrong(value, "`evidence` stands beside `value`, not inside it")
                return None
            return self.value(known, value)
        if key == "one_of":
            return self._one_of(known, value)
        if key == "all_of":
            found = self._one_of(known, value)
            if found is not None and not _together(known, found):
                hint = "for what may be several things at once, as another cause of pain; none of them the absent value"
                self.wrong(value, f"`{known.name}` is not several of these at once", hint)
                return None
            return None if found is None else Named(found.values, len(found.values) > 1)
        if key in size.KEYS:
            return self._sized(known, node, keys)
        if key == "born":
            return self._born(known, value)
        if key in _DATED:
            return self._dated(known, value, keys)
        if not known.is_numeric:
            self.wrong(value, f"`{known.name}` is no number: `{key}` says nothing of it", "write `value:`")
            return None
        try:
            amount = wording.read_amount(known, value.text)
            return wording.checked(known, wording.bound(key, amount), f"{key.replace('_', ' ')} {value.text}")
        except Misread as error:
            self.wrong(value, error.message, error.hint)
            return None

    def _joined(self, known: Fact, first: Value, second: Value) -> Value | None:
        """What two values allow both; None if that is nothing, or if only a calendar could tell."""
        if isinstance(first, Named) and isinstance(second, Named):
            shared = tuple(each for each in first.values if each in second.values)
            return Named(shared) if shared else None
        assert isinstance(first, Interval)
        assert isinstance(second, Interval)
        shared_amounts = both(first, second)
        if shared_amounts is None:
            return None
        try:
            return wording.checked(known, shared_amounts, "")
        except Misread:
            return None

    def _one_of(self, known: Fact, node: Node) -> Named | None:
        if not known.is_named:
            self.wrong(node, f"`one_of` lists named values; `{known.name}` is a number", "write a range: `… to …`")
            return None
        if node.is_mapping:
            self.wrong(node, "`one_of` is a list of values")
            return None
        chosen: set[str] = set()
        for each in node.items():
            part = self.value(known, each) if each.is_scalar else None
            if part is None:
                if not each.is_scalar:
                    self.wrong(each, f"`one_of` lists values, found {each.kind}")
                return None
            assert isinstance(part, Named)
            chosen.update(part.values)
        if not chosen:
            self.wrong(node, f"`one_of` lists no value of `{known.name}`", "one of " + ", ".join(known.values))
            return None
        return Named(tuple(value for value in known.values if value in chosen))

    # -- dates ---------------------------------------------------------------------------------

    def day(self, node: Node) -> datetime.date | None:
        """One day; None after writing down a fault."""
        days = self._days(node, read_day)
        return days if isinstance(days, datetime.date) else None

    def _days(self, node: Node, read: object) -> object:
        if not node.is_scalar:
            self.wrong(node, f"`{node.kind}` is not a date", "write it as `2026-12-03`")
            return None
        try:
            return read(node.text)  # type: ignore[operator]
        except Misread as error:
            self.wrong(node, error.message, error.hint)
            return None

    def _span(self, node: Node) -> tuple[datetime.date, datetime.date] | None:
        days = self._days(node, read_days)
        return days if isinstance(days, tuple) else None

    def since(self, known: Fact, node: Node) -> Value | None:
        """A duration from a date to the date of service."""
        return self._dated(known, node, {"since": node})

    def _dated(self, known: Fact, node: Node, keys: dict[str, Node]) -> Value | None:
        """A duration from one date to another, or to the date of service."""
        if known.type != "duration":
            self.wrong(node, f"`{known.name}` is not a duration: a date cannot give it")
            return None
        if "since" not in keys:
            self.wrong(node, "`until` needs `since`")
            return None
        since = self._span(keys["since"])
        until = self._span(keys["until"]) if "until" in keys else (self.date, self.date) if self.date else None
        if since is None or ("until" in keys and until is None):
            return None
        if until is None:
            self.wrong(
                keys["since"], "`since` is counted to the request's date, which is not given", "add `request: date:`"
            )
            return None
        if until[1] < since[0]:
            self.wrong(keys["since"], f"{keys['since'].text} is after {until[1].isoformat()}")
            return None
        dated = tuple((key, keys[key].text.strip()) for key in ("since", "until") if key in keys)
        shortest = Span(min(since[1], until[0]), until[0]) if since[0] <= until[0] else Span(until[1], until[1])
        found = Interval(shortest, False, Span(since[0], until[1]), False, dated)
        try:
            return wording.checked(known, found, " to ".join(text for _, text in dated))
        except Misread as error:
            self.wrong(keys["since"], error.message, error.hint)
            return None

    def _sized(self, known: Fact, node: Node, keys: dict[str, Node]) -> Value | None:
        """A body mass index from weight and height."""
        weight, height = keys.get("weight"), keys.get("height")
        if known.unit != "kg/m2" or weight is None or height is None or not (weight.is_scalar and height.is_scalar):
            hint = "a body mass index: `{weight: 220 lb, height: 70 in}`"
            self.wrong(node, f"`{known.name}` is not told by this", hint)
            return None
        try:
            return wording.checked(known, size.index_of(weight.text, height.text, known.unit), weight.text)
        except Misread as error:
            self.wrong(node, error.message, error.hint)
            return None

    def _born(self, known: Fact, node: Node) -> Value | None:
        """An age in completed years from a date of birth."""
        if known.type != "number" or known.unit != "years":
            self.wrong(node, f"`{known.name}` is no age: a date of birth cannot give it")
            return None
        if self.date is None:
            self.wrong(node, "an age is counted to the request's date, which is not given", "add `request: date:`")
            return None
        born = self._span(node)
        if born is None:
            return None
        if born[0] > self.date:
            self.wrong(node, f"{node.text} is after {self.date.isoformat()}")
            return None
        young, old = (Decimal(years_between(min(each, self.date), self.date)) for each in (born[1], born[0]))
        found = Interval(Quantity(young, "years"), False, Quantity(old, "years"), False, (("born", node.text.strip()),))
        try:
            return wording.checked(known, found, node.text)
        except Misread as error:
            self.wrong(node, error.message, error.hint)
            return None


def _together(known: Fact, said: Named) -> bool:
    """Whether a fact can be several things at once, none of them that nothing is there."""
    return bool(known.absent) and known.absent not in said.values
