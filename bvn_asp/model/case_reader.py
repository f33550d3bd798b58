"""Reads a case file, collecting every fault of it with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bvn_asp.classes import replace
from bvn_asp.errors import Fault, InputError, Misread, Place, did_you_mean, fault, shown
from bvn_asp.model.case import REQUEST, Case, Named, Record, absent_value, derived
from bvn_asp.model.events import entered, read_events
from bvn_asp.model.expected import expectations
from bvn_asp.model.members import apart, labels_of, member_hint
from bvn_asp.model.quantity import Quantity, exactly
from bvn_asp.model.sides import few, of_sides
from bvn_asp.model.somewhere import read_somewhere, settle
from bvn_asp.model.values import ValueReader
from bvn_asp.model.vocabulary import Event, Fact, Index, Several, Shorthand, Slot, Tied, Vocabulary
from bvn_asp.model.wording import is_silent, read_amount, read_named
from bvn_asp.model.yaml_text import Node, parse_yaml, read_yaml

_DATED = ("dos", "date_of_service", "service_date", "date_of_procedure", "procedure_date", "surgery_date")
_CASE_KEYS = ("title", "about", "source", "hypothetical", "request", "facts", "expect")


def load_case(path: Path | str, vocabulary: Vocabulary) -> Case:
    """The case in a file.

    Raises: InputError, with every fault of the file at once.
    """
    return CaseReader(vocabulary, read_yaml(Path(path)), str(path)).read()


def parse_case(text: str | bytes, vocabulary: Vocabulary, name: str = "<case>") -> Case:
    """The case in YAML (or JSON) text; `name` stands for it in faults."""
    data = text.encode() if isinstance(text, str) else text
    return CaseReader(vocabulary, parse_yaml(data, name), name).read()


def make_case(vocabulary: Vocabulary, data: Mapping[str, Any]) -> Case:
    """The case that a mapping of the same shape as a case file describes."""
    return parse_case(yaml.safe_dump(dict(data), sort_keys=False), vocabulary)


class CaseReader(ValueReader):
    """Reads one case, collecting faults instead of stopping at the first."""

    def __init__(self, vocabulary: Vocabulary, root: Node, path: str) -> None:
        super().__init__(vocabulary)
        self.root = root
        self.path = path
        self.records: dict[Slot, Record] = {}
        self.specific: set[Slot] = set()
        self.general: set[Slot] = set()  # recorded by `all` alone
        self.of_list: set[Slot] = set()
        self.several: list[Record] = []
        self.tied: list[Tied] = []

    def read(self) -> Case:
        if not self.root.is_mapping:
            raise fault(f"a case is `name: value` lines; this is {self.root.kind}", place=Place(self.path, 1, 1))
        within: dict[str, list[Node]] = {}
        for key, _ in self.root.entries():
            part = self.part_of(key.text)
            if part:
                within.setdefault(part, []).append(key)
            elif key.text not in _CASE_KEYS:
                hint = did_you_mean(key.text, _CASE_KEYS, "a case has " + ", ".join(_CASE_KEYS))
                self.wrong(key, f"unknown key `{shown(key.text)}`", hint)
        for part, keys in within.items():
            listed = ", ".join(f"`{each.text}`" for each in keys[:6]) + (f" and {len(keys) - 6} more" * (len(keys) > 6))
            verb = "stands" if len(keys) == 1 else "stand"
            self.wrong(keys[0], f"{listed} {verb} beside `title:`", f"indented, below a line `{part}:`")
        title = self.text("title")
        if not title:
            self.faults.append(Fault(Place(self.path, 1, 1), "the case has no title", "add `title:`, one sentence"))
        self.request(self.root.get("request"))
        facts = self.root.get("facts")
        if facts is not None:
            self.facts(facts)
            self.leave_out_who_is_not_there()
        silent = {slot: record for slot, record in self.records.items() if record.silent}
        self.records = {slot: record for slot, record in self.records.items() if not record.silent}
        self.settle_several()
        self.derive()
        expected = tuple(expectations(self.root.get("expect"), self.wrong))
        if self.faults:
            raise InputError(self.faults)
        ordered = self.vocabulary.in_order(self.records)
        return Case(
            title=title,
            records=tuple(self.records[slot] for slot in ordered),
            date=self.date,
            about=self.text("about"),
            source=self.text("source"),
            hypothetical=self.text("hypothetical"),
            expectations=expected,
            path=self.path,
            several=tuple(self.several),
            silent=tuple(silent[slot] for slot in self.vocabulary.in_order(silent) if slot not in self.records),
            tied=tuple(self.tied),
        )

    def part_of(self, name: str) -> str:
        """The part of a case in which a line stands; nothing if it stands in none."""
        words = self.vocabulary
        fact = words.facts.get(name)
        if name in ("date", *words.request.keys) or (fact is not None and fact.section == REQUEST and not fact.per):
            return "request"
        return "facts" if fact or name in (*words.by_side, *words.shorthands, *words.events) else ""

    def text(self, key: str) -> str:
        node = self.root.get(key)
        if node is None:
            return ""
        if not node.is_scalar:
            self.wrong(node, f"`{key}` is text, found {node.kind}")
            return ""
        return node.text

    # -- the request ---------------------------------------------------------------------------

    def request(self, node: Node | None) -> None:
        if node is None:
            return
        if not node.is_mapping:
            self.wrong(node, f"`request` is `name: value` lines, found {node.kind}")
            return
        date = node.get("date")
        if date is not None:
            self.date = self.day(date)
        own = {name for name, known in self.vocabulary.facts.items() if known.section == REQUEST and not known.per}
        whole = self.vocabulary.request
        for key, value in node.entries():
            if key.text == "date" or (value.is_null and key.text in (*whole.lists, *whole.keys, *own)):
                continue
            if key.text in whole.lists:
                self.listed(value, whole.lists[key.text])
            elif key.text in whole.keys:
                self.procedures(value, whole.procedures)
            elif key.text in own:
                self.fact(key, value)
            else:
                self.wrong(key, f"unknown key `{shown(key.text)}` of the request", self.request_hint(key.text, own))

    def request_hint(self, word: str, own: set[str]) -> str:
        """Where a key stands that the request does not have, or which of its keys is meant."""
        if self.part_of(word) == "facts":
            return "it stands under `facts:`"
        facts, whole = self.vocabulary.facts, self.vocabulary.request
        if labels_of(self.vocabulary.indexes[facts[whole.members].per], word):
            return f"a list of several stands in brackets: `{whole.many}: [{shown(word)}, …]`"
        own = {name for name in own if facts[name].type != "count"}
        keys = {key: facts[name].known_as for key, name in {**whole.keys, **{each: each for each in own}}.items()}
        keys[whole.many] = (*keys[whole.many], whole.one)
        keys["date"] = _DATED
        called = sorted(key for key, words in keys.items() if word.lower() in (each.lower() for each in words))
        if called:
            return f"did you mean {', '.join(f'`{each}`' for each in called)}?"
        return did_you_mean(word, ("date", *keys), f"one of {', '.join(('date', *whole.keys, *sorted(own)))}")

    def listed(self, node: Node, name: str) -> None:
        """A list that is whole: what it names is yes, all else no."""
        index = self.vocabulary.indexes[self.vocabulary.facts[name].per]
        if node.is_mapping:
            self.wrong(node, f"expected a list of {index.many}")
            return
        if node.is_scalar and node.text.strip().isdecimal() and not labels_of(index, node.text):
            self.counted(node, name)
            return
        named: dict[str, list[str]] = {}
        for item in node.items():
            for word in apart(item.text) if item.is_scalar else [item.kind]:
                labels = labels_of(index, word) if item.is_scalar else ()
                if not labels:
                    self.wrong(item, f"unknown {index.about} `{shown(word)}`", member_hint(index, word))
                code = index.dotted(word)
                for label in labels:
                    named.setdefault(label, []).append(code.upper() if index.standing_for(code) == label else label)
        for label in index.members:
            slot = Slot(name, label)
            self.of_list.add(slot)
            entered = tuple(dict.fromkeys(named.get(label, ())))
            said = Named(("yes" if label in named else "no",))
            self.records[slot] = Record(slot, said, entered=() if entered == (label,) else entered, place=node.place)

    def counted(self, node: Node, name: str) -> None:
        """A list of which only the number is known."""
        index = self.vocabulary.indexes[self.vocabulary.facts[name].per]
        number = int(node.text.strip()[:6])
        slot = Several(name, "somewhere", tuple(index.members), number, number)
        if number:
            self.several.append(Record(slot, Named(("yes",)), place=node.place))
        for label in () if number else index.members:
            self.records[Slot(name, label)] = Record(Slot(name, label), Named(("no",)), place=node.place)

    def settle_several(self) -> None:
        """Let what is said of several members be said of those that are there, and leave each of them open."""
        said = settle(self.vocabulary, self.several, self.records)
        self.several = [each for each in said if each.somewhere]
        for each in said:
            slot = each.slot
            assert isinstance(slot, Several)
            if slot.fact in self.vocabulary.request.lists.values() and slot.least > len(slot.parts):
                index = self.vocabulary.indexes[self.vocabulary.facts[slot.fact].per]
                hint = f"a number from 0 to {len(slot.parts)}, or their names"
                self.faults.append(Fault(each.place, f"there are no {slot.least} {index.many}", hint))

    def procedures(self, node: Node, name: str) -> None:
        known = self.vocabulary.facts[name]
        index = self.vocabulary.indexes[known.per]
        units = dict.fromkeys(index.members, Decimal(0))
        if node.is_mapping:
            for key, value in node.entries():
                if key.text not in index.members:
                    self.wrong(key, f"unknown {index.about} `{shown(key.text)}`", member_hint(index, key.text))
                    continue
                try:
                    units[key.text] = read_amount(known, value.text if value.is_scalar else value.kind).amount
                except Misread as error:
                    hint = error.hint if re.search(r"\d", error.hint) and " to " not in error.hint else ""
                    self.wrong(value, f"the units of {key.text} are a whole number", hint)
        else:
            for item in node.items():
                for word in apart(item.text) if item.is_scalar else [item.kind]:
                    if word in index.members:
                        units[word] += 1
                    else:
                        hint = _with_units(index, word) or member_hint(index, word)
                        self.wrong(item, f"unknown {index.about} `{shown(word)}`", hint)
        for label, amount in units.items():
            slot = Slot(name, label)
            self.of_list.add(slot)
            self.records[slot] = Record(slot, exactly(Quantity(amount, known.unit)))

    # -- facts ---------------------------------------------------------------------------------

    def facts(self, node: Node) -> None:
        if not node.is_mapping:
            self.wrong(node, f"`facts` is `name: value` lines, found {node.kind}")
            return
        sides, done = [], []
        for key, value in node.entries():
            if key.text in self.vocabulary.events:
                done.append((self.vocabulary.events[key.text], value))
            elif key.text in self.vocabulary.shorthands:
                self.shorthand(self.vocabulary.shorthands[key.text], value)
            elif key.text in self.vocabulary.by_side:
                sides.append((self.vocabulary.by_side[key.text], value))
            else:
                self.fact(key, value)
        for known, value in sides:
            if not value.is_null:
                self.by_sides(known, value)
        for event, value in done:
            if not value.is_null:
                self.events(event, value)

    def events(self, event: Event, node: Node) -> None:
        """What was done once, as records of each of its members, which are tied to each other."""
        done = read_events(self, event, node)
        try:
            self.records = entered(self.vocabulary, self.records, done, self.specific.__contains__)
        except Misread as error:
            self.wrong(node, error.message, error.hint)
        for each in done:
            self.tied += each.ties
            told = {record.slot for record in each.records} | {slot for tie in each.ties for slot in tie.parts}
            self.specific |= told
            self.general -= told

    def shorthand(self, known: Shorthand, node: Node) -> None:
        """One entry for several facts."""
        if node.is_null:
            return
        said = node.get("value") if node.is_mapping else node
        text = {"true": "yes", "false": "no"}.get(said.text, said.text) if said is not None and said.is_scalar else ""
        if text not in known.means:
            self.wrong(node, f"`{known.name}` is one of {', '.join(known.means)}", "or record each fact by itself")
            return
        evidence = self.evidence(node.get("evidence")) if node.is_mapping else ()
        for fact, value in known.means[text].items():
            slot, earlier = Slot(fact), self.records.get(Slot(fact))
            if earlier is not None and earlier.value != Named((value,)):
                self.wrong(node, f"`{fact}` is {earlier} by itself, and {value} by `{known.name}`")
            self.records[slot] = earlier or Record(slot, Named((value,)), evidence, place=node.place)
            self.specific.add(slot)

    def derive(self) -> None:
        """Record what follows from other records, where nothing else is recorded of it."""
        self.records = derived(self.vocabulary, self.records, self.date) | self.records

    def leave_out_who_is_not_there(self) -> None:
        """Take back what `all` said of a member that few people have, unless something else says that it is there."""
        few = {member for index in self.vocabulary.indexes.values() for member in index.optional}
        there = {
            slot.member
            for slot, record in self.records.items()
            if slot not in self.general
            and not record.silent
            and record.value != (absent_value(self.vocabulary.facts[slot.fact]) or "")
        }
        for slot in [each for each in self.general if each.member in few - there]:
            del self.records[slot]

    def fact(self, key: Node, node: Node) -> None:
        known = self.vocabulary.facts.get(key.text)
        if known is None or known.type == "count":
            if known is not None:
                self.wrong(key, f"`{key.text}` is counted from the request, not recorded")
                return
            from bvn_asp.model.search import fact_hint

            hint = f"`{key.text}` stands under `request:`" if self.part_of(key.text) == "request" else ""
            self.wrong(key, f"unknown fact `{shown(key.text)}`", hint or fact_hint(self.vocabulary, key.text))
            return
        if node.is_null:
            return
        if not known.per:
            self.store(Slot(known.name), node, known, specific=True)
            return
        index = self.vocabulary.indexes[known.per]
        example = next(iter(index.members))
        if node.is_scalar and is_silent(node.text):
            for label in index.members:
                self.store(Slot(known.name, label), node, known, specific=False)
            return
        if not node.is_mapping:
            self.wrong(node, f"`{known.name}` is recorded per {index.about}", _per_member(known, example, node))
            return
        for member, value in node.entries():
            inside = value.get("somewhere")
            if member.text == "somewhere" or inside is not None:
                for key, _ in value.entries() if inside is not None else ():
                    if key.text != "somewhere":
                        self.wrong(key, f"`{shown(key.text)}` cannot stand beside `somewhere`", "put it inside")
                self.somewhere(known, "" if inside is None else member.text, value if inside is None else inside)
                continue
            labels = labels_of(index, member.text)
            if not labels:
                self.wrong(member, f"unknown {index.about} `{shown(member.text)}`", member_hint(index, member.text))
            for label in labels:
                if not value.is_null:
                    slot = Slot(known.name, label)
                    self.store(slot, value, known, specific=member.text != "all")
                    code = index.dotted(member.text)
                    if slot in self.records and index.standing_for(code) == label != code:
                        self.records[slot] = replace(self.records[slot], entered=(code.upper(),))

    def somewhere(self, known: Fact, span: str, node: Node) -> None:
        """What is said of some members without saying of which."""
        if node.is_null:
            return
        record = read_somewhere(self, known, self.vocabulary.indexes[known.per], "" if span == "all" else span, node)
        if record is not None:
            self.several.append(record)

    def by_sides(self, known: Fact, node: Node) -> None:
        """What is said of sides, `L4-L5`, as records of the members next to them."""
        index = self.vocabulary.indexes[known.per]
        if node.is_scalar and is_silent(node.text):
            for label in index.members:
                self.store(Slot(known.name, label), node, known, specific=False)
            return
        if not node.is_mapping:
            first = "-".join(index.neighbours[0])
            self.wrong(node, f"`{known.by_side}` is recorded by the side", f"write `{known.by_side}: {{{first}: …}}`")
            return
        every = tuple(known.values)
        rest, given = every, dict[tuple[str, str], Record]()
        for member, value in node.entries():
            labels = labels_of(index, member.text)
            if value.is_null:
                continue
            if member.text == "somewhere" or value.get("somewhere") is not None:
                self.wrong(member, "`somewhere` says nothing of sides", f"write `{known.name}: {{somewhere: …}}`")
                continue
            if member.text != "all" and len(labels) != 2:
                first = "-".join(index.neighbours[0])
                self.wrong(member, f"`{shown(member.text)}` is no side", f"a side is named by both, as `{first}`")
                continue
            record = self.record(Slot(known.name, labels[0]), known, value)
            if record is not None and record.silent:
                for label in labels:
                    self.store(Slot(known.name, label), value, known, specific=False)
            elif record is not None and member.text == "all":
                rest = _values(record, every)
                given |= {pair: record for pair in index.neighbours if pair not in given and not set(pair) & few(index)}
            elif record is not None:
                given[labels[0], labels[1]] = record
        sides = {pair: _values(record, every) for pair, record in given.items()}
        for label, values in of_sides(known, index, sides, rest).items():
            mine = [record for pair, record in given.items() if label in pair]
            slot, own = Slot(known.name, label), self.records.get(Slot(known.name, label))
            own = None if own is not None and own.silent else own
            shared = tuple(value for value in values if own is None or value in _values(own, every))
            evidence = tuple(dict.fromkeys(e for record in ([own] if own else mine) for e in record.evidence))
            if not shared:
                self.wrong(node, f"`{slot}` is {own} by itself, and {Named(values)} by its sides")
            elif own is None or own.value is not None:
                self.records[slot] = Record(slot, Named(shared), evidence, place=mine[0].place)

    def store(self, slot: Slot, node: Node, known: Fact, specific: bool) -> None:
        record = self.record(slot, known, node)
        if record is None:
            return
        earlier = self.records.get(slot)
        if earlier is not None and slot in self.of_list and earlier.value != record.value:
            self.wrong(
                node, f"`{slot}` is {record} here, and {earlier} by the list in the request", "the list is whole"
            )
        elif earlier is None or (specific and slot not in self.specific):
            self.records[slot] = record
        elif specific and earlier.value != record.value:
            about = self.vocabulary.indexes[known.per].about if known.per else ""
            hint = f"a name of two neighbours stands for both: record each {about}, one by one"
            self.wrong(node, f"`{slot}` is given twice, as {earlier} and as {record}", hint)
        if specific:
            self.specific.add(slot)
            self.general.discard(slot)
        elif earlier is None:
            self.general.add(slot)


def _values(record: Record | None, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """The named values that a record leaves; all of them if it contradicts itself."""
    return record.value.values if record is not None and isinstance(record.value, Named) else otherwise


def _with_units(index: Index, text: str) -> str:
    """How a code with its units is written: `A x2` as `{A: 2}`."""
    match = re.fullmatch(r"(\S+?)[\s(]*(?:[x×*:=]\s*)?(\d+)\s*(?:units?)?\)?", text, re.I)
    if match is None or match[1] not in index.members:
        return ""
    return f"units stand behind the code: `{{{match[1]}: {match[2]}}}`"


def _per_member(known: Fact, example: str, node: Node) -> str:
    """How a value is said of members, where it was written of none."""
    form = f"write `{known.name}: {{{example}: …}}`"
    if known.type not in ("one_of", "yes_no") or not node.is_scalar:
        return form
    try:
        value = read_named(known, node.text)
    except Misread as error:
        negated = known.absent and f"`{known.absent}`" in error.hint
        return f"{form}; `{{all: {known.absent}}}`, if the chart says that there is none" if negated else form
    if value == known.absent:
        return f"write `{known.name}: {{all: {value}}}`, if it is said of all"
    return f"{form}, or `{known.name}: {{somewhere: {value}}}` if the chart does not say which"
