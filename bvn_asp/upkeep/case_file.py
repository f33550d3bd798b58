"""A case file that is added to: what stands in it stays as it was written, comments and order too.

ruamel.yaml reads and writes it; every scalar is text there, as it is for us, so that nothing is spelled anew.
"""

from __future__ import annotations

import datetime
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from bvn_asp.errors import InputError, Place, fault
from bvn_asp.model.case import (
    REQUEST,
    Case,
    Record,
    Value,
    case_data,
    evidence_data,
    joined,
    share,
    value_data,
)
from bvn_asp.model.case_reader import parse_case
from bvn_asp.model.members import labels_of
from bvn_asp.model.quantity import Interval
from bvn_asp.model.values import parse_record, parse_value
from bvn_asp.model.vocabulary import Slot, Vocabulary
from bvn_asp.model.wording import is_silent

_HEADS = ("title", "about", "source", "hypothetical")


class _Plain(VersionedResolver):
    """Every scalar is text: `no`, `1.10` and `2026-01-05` stay what they are."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0]:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _Plain
    yaml.preserve_quotes = True
    yaml.width = 4096  # lines end where their writer ended them
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


class CaseFile:
    """One case as text to be added to.

    Args:
        text: YAML; or nothing, for a case that is begun.
        name: stands for it in faults.

    Raises: InputError: it is no case.
    """

    def __init__(self, vocabulary: Vocabulary, text: str, name: str = "<case>") -> None:
        self.vocabulary, self.name = vocabulary, name
        if text.strip():
            parse_case(text, vocabulary, name)  # every fault with its place, before anything else is tried
        try:
            self._data = _yaml().load(_comments_above(text))
        except YAMLError as error:
            raise fault(f"this cannot be added to: {str(error).splitlines()[0]}", place=Place(name)) from None
        if not isinstance(self._data, CommentedMap):
            self._data = CommentedMap()
        self._first = text

    def lost(self) -> list[str]:
        """Comments of the text at first that the text as it is to be saved has no more."""
        was, now = (Counter(each for _, _, each, _ in _comments(text)) for text in (self._first, self.text()))
        return list((was - now).elements())

    def text(self) -> str:
        """The case as it is to be saved."""
        stream = io.StringIO()
        _yaml().dump(self._data, stream)
        return stream.getvalue()

    def case(self) -> Case:
        """The case as it reads now."""
        return parse_case(self.text(), self.vocabulary, self.name)

    def at(self, *keys: str) -> Any:
        """What stands under some keys, one below the other, as plain data; None if nothing does."""
        found: Any = self._data
        for key in keys:
            found = found.get(key) if isinstance(found, Mapping) else None
        return _unstyled(found)

    def has(self, *keys: str) -> bool:
        """Whether something stands under some keys."""
        return self.at(*keys) not in (None, "")

    def put(self, keys: tuple[str, ...], value: Any, comment: str = "") -> None:
        """Write a value under some keys, one below the other; nothing takes it away.

        Args:
            comment: stands at the end of the line of a new value.

        Raises: InputError: what results is no case; it stays as it was.
        """
        before = self.text()
        within = self._data
        for key in keys[:-1]:
            if not isinstance(within.get(key), CommentedMap):
                whole = within.get(key)  # what a scalar said of every member is still said of the others
                within[key] = CommentedMap({"all": whole} if isinstance(whole, str) and is_silent(whole) else {})
            within = within[key]
        if value is None:
            within.pop(keys[-1], None)
        else:
            within[keys[-1]] = _flowing(value)
            if comment:
                within.yaml_add_eol_comment(comment, keys[-1])
        if self.has("title"):
            try:
                self.case()
            except Exception:
                self._data = _yaml().load(before)
                if not isinstance(self._data, CommentedMap):
                    self._data = CommentedMap()
                raise

    def become(self, case: Case) -> None:
        """Say what a case says; what is said already stays as it is written, with comments, and so does `expect`."""
        wanted = case_data(case, self.vocabulary)
        said = case_data(self.case(), self.vocabulary) if self.has("title") else {}
        for head in _HEADS:
            if said.get(head) != wanted.get(head):
                self._set((head,), wanted.get(head))
        for part in ("request", "facts"):
            self._align(part, said.get(part) or {}, wanted.get(part) or {})
        try:
            same = case_data(self.case(), self.vocabulary) == wanted
        except InputError:  # what stands in two places of a file was changed in one of them
            same = False
        if not same:
            expect = self._data.get("expect")
            self._data = CommentedMap((key, _lines(value)) for key, value in wanted.items())
            if expect is not None:
                self._data["expect"] = expect

    def _align(self, part: str, said: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        """Write what differs: member by member where the file names members one by one, else a fact as a whole."""
        written = self._data.get(part)
        for name in dict.fromkeys([*wanted, *said]):
            old, new = said.get(name), wanted.get(name)
            if old == new:
                continue
            fact = self.vocabulary.facts.get(name)
            members = written.get(name) if isinstance(written, CommentedMap) else None
            known = self.vocabulary.indexes[fact.per].members if fact and fact.per else {}
            if new and isinstance(members, CommentedMap) and set(members) <= set(known) and isinstance(old, Mapping):
                for member in dict.fromkeys([*new, *old]):
                    if old.get(member) != new.get(member):
                        self._set((part, name, member), new.get(member))
            else:
                self._set((part, name), new or None)

    def _set(self, keys: tuple[str, ...], value: Any) -> None:
        within = self._data
        for key in keys[:-1]:
            if not isinstance(within.get(key), CommentedMap):
                within[key] = CommentedMap()
            within = within[key]
        if value is None:
            within.pop(keys[-1], None)
        else:
            within[keys[-1]] = _flowing(value)

    def record(self, slot: Slot, value: Any) -> None:
        """Record a value of a slot, as a case file writes it; None takes the record away.

        Raises: InputError, as `put`.
        """
        self.put(self.keys(slot), value)

    def answer(self, slot: Slot, said: Any) -> None:
        """Record an answer about a slot, and keep what was known of it: its bounds, dates and evidence.

        What was said of a stretch of members stays said of the others. A contradiction is settled by the answer.

        Raises: InputError: the answer is no value, or cannot be so by what is on record.
        """
        case = self.case()
        record = case.get(slot)
        new = parse_record(self.vocabulary, slot, said if isinstance(said, str) else json.dumps(said), case.date)
        before = self.text()
        try:
            self._part(slot)
            self.put(self.keys(slot), said if record is None else self._with(slot, record, new, said, case.date))
        except Exception:
            self._data = _yaml().load(before)
            raise

    def _with(self, slot: Slot, record: Record, new: Record | None, said: Any, date: datetime.date | None) -> Any:
        """An answer with what was known beside it, as a case file writes it."""
        if new is None or new.value is None or new.by or record.by:
            return said
        data = said if isinstance(said, Mapping) else {"value": said}
        if record.value is not None:
            both = joined(record.value, new.value)
            if both is None:
                pair = ", ".join(_in_brackets(value_data(each)) for each in (record.value, new.value))
                hint = f"if the chart says both, type `{{conflicting: [{pair}]}}`; else change the file"
                raise fault(f"`{new}` does not go together with `{record}`, which is on record", hint)
            if both != new.value or (isinstance(record.value, Interval) and record.value.dated):
                data = self._bounds(slot, record.value, data, both, date)
        found = [each for value, parts in record.conflicting if share(value, new.value) for each in parts]
        evidence = [evidence_data(each) for each in (*record.evidence, *found)]
        if evidence and not new.evidence:
            data = {**data, "evidence": evidence[0] if len(evidence) == 1 else evidence}
        return data["value"] if set(data) == {"value"} else data

    def _bounds(self, slot: Slot, old: Value, data: Mapping[str, Any], both: Value, date: datetime.date | None) -> Any:
        """What two values say together: beside the dates that one of them counts from, or else their common bounds."""
        kept = value_data(old)
        if isinstance(old, Interval) and old.dated and not set(kept) & set(data):
            mixed = {**kept, **data}
            with suppress(InputError):
                parse_value(self.vocabulary, slot, mixed, date)
                return mixed
        if isinstance(both, Interval) and both.dated:
            return data
        common = value_data(both)
        return dict(common) if isinstance(common, Mapping) else {"value": common}

    def _part(self, slot: Slot) -> None:
        """Say by each member what is said of a stretch of them that holds a slot's."""
        members = self._data.get("facts", {}).get(slot.fact) if slot.member else None
        if not isinstance(members, CommentedMap):
            return
        index = self.vocabulary.indexes[self.vocabulary.facts[slot.fact].per]
        for key in list(members):
            labels = labels_of(index, str(key)) if str(key) != "all" else ()
            somewhere = isinstance(members[key], Mapping) and "somewhere" in members[key]
            if slot.member in labels and str(key) not in index.members and not somewhere:
                place, value = list(members).index(key), members.pop(key)
                for label in reversed(labels):
                    members.insert(place, label, _flowing(_unstyled(value)))

    def keys(self, slot: Slot) -> tuple[str, ...]:
        """Where a slot stands in a case file."""
        fact = self.vocabulary.facts[slot.fact]
        within = "request" if fact.section == REQUEST and not fact.per else "facts"
        return (within, slot.fact, slot.member) if slot.member else (within, slot.fact)


def _comments(text: str) -> Iterator[tuple[int, int, str, int | None]]:
    """Where each comment begins and ends, blanks before it included, what it says, and the line it can be put above.

    That line is told of comments within brackets, and of those between a key and brackets on a line below it.
    """
    import yaml

    starts: list[int] = []  # of the lines of the brackets that are open
    end, key = 0, -1  # where the last token ended, and the line of the key whose value is to come
    for token in yaml.scan(text) if text.strip() else ():
        here = token.start_mark.index
        opens = isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken))
        line = text.rfind("\n", 0, here) + 1 if key < 0 else key
        above = starts[0] if starts else line if opens and key >= 0 else None
        if "#" in text[end:here]:  # between tokens there is nothing but blanks and comments
            for found in re.finditer(r"[ \t]*(#[^\n]*)", text[end:here]):
                yield end + found.start(), end + found.end(), found[1].rstrip(), above
        if opens:
            starts.append(line)
        elif isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)):
            starts.pop()
        key = text.rfind("\n", 0, here) + 1 if isinstance(token, yaml.ValueToken) else -1
        end = token.end_mark.index


def _comments_above(text: str) -> str:
    """The same text, with each comment that stands within brackets on a line above them: within, it would be lost."""
    lines: dict[int, list[str]] = {}  # where a line begins: the comments to stand above it
    cuts: list[tuple[int, int]] = []
    for first, last, comment, above in _comments(text):
        if above is not None:
            cuts.append((first, last))
            lines.setdefault(above, []).append(comment)
    for first, last in reversed(cuts):
        text = text[:first] + text[last:]
    for start in sorted(lines, reverse=True):
        at = start - sum(last - first for first, last in cuts if last <= start)
        indent = re.match(r"[ \t]*", text[at:])
        margin = indent[0] if indent else ""
        text = text[:at] + "".join(f"{margin}{each}\n" for each in lines[start]) + text[at:]
    return text


def _lines(value: Any) -> Any:
    """A part of a case: each fact on a line of its own."""
    if not isinstance(value, Mapping):
        return _flowing(value)
    return CommentedMap((key, _flowing(each)) for key, each in value.items())


def _flowing(value: Any) -> Any:
    """A value for one line: a list or mapping in brackets, every scalar as text."""
    if isinstance(value, Mapping):
        made = CommentedMap((key, _flowing(each)) for key, each in value.items())
        made.fa.set_flow_style()
        return made
    if isinstance(value, (list, tuple)):
        listed = CommentedSeq(_flowing(each) for each in value)
        listed.fa.set_flow_style()
        return listed
    return str(value)


def _unstyled(value: Any) -> Any:
    """As plain data, whatever its style."""
    if isinstance(value, Mapping):
        return {str(key): _unstyled(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unstyled(each) for each in value]
    return None if value is None else str(value)


def _in_brackets(value: Any) -> str:
    """A value as it stands in a list in brackets."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)
