"""The policies as pages: outlines with their readings, what changed, who is stricter, each patient to be opened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import yaml
from markupsafe import Markup

from bvn_asp.cases.evaluate import Evaluator
from bvn_asp.model.case import Case, case_data
from bvn_asp.model.outline import ancestors
from bvn_asp.model.policy import Revision
from bvn_asp.model.quantity import describe
from bvn_asp.render import words
from bvn_asp.render.witness import said
from bvn_asp.serve.live import readings_of
from bvn_asp.texts.atlas import atlas
from bvn_asp.texts.diff import diff
from bvn_asp.texts.stricter import Ways, stricter
from bvn_asp.texts.witness import Witness
from bvn_asp.verbs import Library

_KINDS = {"all_of": "all of these", "any_of": "any of these", "none_of": "none of these", "at_least": "at least {}"}
_THAN = {"stricter": "than", "looser": "than", "equivalent": "to", "neither": "stricter nor looser than"}


class Texts:
    """The pages about texts; what two texts differ in is worked out once."""

    def __init__(self, library: Library, html: Callable[..., str]) -> None:
        self.library, self.html = library, html
        self._kept: dict[tuple[str, ...], str] = {}
        self._lock = threading.Lock()

    def policies(self) -> str:
        """Which policies there are, and two to be laid side by side."""
        kinds = []
        editions = [each.name for policy in self.library.policies.values() for each in policy.encoded]
        for kind, title in words.KIND_TITLES.items():
            rows = [
                {
                    "id": each.id,
                    "publisher": each.publisher,
                    "title": each.title,
                    "editions": ", ".join(one.id + ("" if one.path else " (not encoded)") for one in each.revisions),
                }
                for each in self.library.policies.values()
                if each.kind == kind
            ]
            if rows:
                kinds.append({"title": title, "rows": rows})
        several = [policy.encoded for policy in self.library.policies.values() if len(policy.encoded) > 1]
        first, second = [each.name for each in several[-1][:2]] if several else (editions[0], editions[-1])
        return self.html("policies.html.j2", kinds=kinds, editions=editions, first=first, second=second)

    def policy(self, name: str, case: Case, chosen: dict[str, dict[str, str]]) -> str:
        """One policy's outline, its readings as switches.

        Raises: InputError: there is no such policy.
        """
        revision = self.library.revision(name, case.date)
        each = Evaluator(self.library, [revision]).evaluate(case, chosen, under_readings=False, with_open=False)[0]
        return self.html(
            "policy.html.j2",
            id=revision.policy.id,
            heading=words.revision(revision),
            source=f"{revision.source}; {words.mark(revision)}",
            readings=Markup(
                self.html("readings.html.j2", policy=revision.policy.id, readings=readings_of(revision, each))
            ),
            lines=[
                {
                    "depth": min(len(ancestors(revision, entry.id)), 5),
                    "place": entry.place,
                    "text": entry.text,
                    "kind": _KINDS.get(entry.kind, "").format(entry.need),
                }
                for entry in revision.rules.entries
            ],
            not_encoded=[f"{place}: {what} ({why})" for place, what, why in revision.policy.not_encoded],
        )

    def stricter(self, old: str, new: str) -> str:
        """Where one text is stricter than another, and where looser.

        Raises: InputError: there is no such policy.
        """
        return self._once(("stricter", old, new), lambda: self._stricter(old, new))

    def diff(self, old: str, new: str) -> str:
        """What changed from one text to another.

        Raises: InputError: there is no such policy.
        """
        return self._once(("diff", old, new), lambda: self._diff(old, new))

    def atlas(self) -> str:
        """What every source leaves of each number, and how the sources stand to each other."""
        return self._once(("atlas",), self._atlas)

    def _once(self, key: tuple[str, ...], make: Callable[[], str]) -> str:
        if key not in self._kept:
            found = make()
            with self._lock:
                if len(self._kept) > 40:
                    self._kept.clear()
                self._kept[key] = found
            return found
        return self._kept[key]

    def _stricter(self, first: str, second: str) -> str:
        one, other = self.library.revision(first), self.library.revision(second)
        found = stricter(self.library, one, other)
        relation = found.relation.value
        than = _THAN[relation].removeprefix("stricter nor looser ")
        line = "neither is stricter throughout" if relation == "neither" else f"{relation} {than}"
        groups = [
            self._ways(f"{one.name} turns down whom {other.name} approves", found.stricter),
            self._ways(f"{one.name} approves whom {other.name} turns down", found.looser),
        ]
        return self.html(
            "pair.html.j2",
            title=f"{one.name} beside {other.name}",
            relation=f"{one.name}: {line}" + ("" if relation == "neither" else f" {other.name}"),
            groups=[each for each in groups if each["rows"]],
        )

    def _ways(self, title: str, ways: Ways) -> dict[str, Any]:
        rows = []
        for way in (*ways.ways, *ways.others):
            entries = [ways.refuses.entries[unit] for unit in way.units if unit in ways.refuses.entries]
            text = "; ".join(f"{each.place}: {each.text}" for each in entries) or "it does not address the request"
            rows.append({"text": text, **self._patient(way.witness)})
        more = "" if ways.complete and ways.covered else " (stopped early: there are more)"
        return {"title": f"{title}: {len(rows)}{more}", "rows": rows}

    def _diff(self, first: str, second: str) -> str:
        old, new = self.library.revision(first), self.library.revision(second)
        found = diff(self.library, old, new)
        groups = []
        for change in dict.fromkeys(row.change for row in found.changed):
            rows = []
            for row in found.changed:
                if row.change is not change:
                    continue
                before, after = self._entries(old, row.old), self._entries(new, row.new)
                text = f"{before or 'nothing'} → {after or 'nothing'}" if before != after else before
                partings = [each for each in (row.tightened, row.loosened) if each is not None]
                patient = self._patient(partings[0].witness) if partings else {"case": "", "said": ""}
                rows.append({"text": text, **patient})
            groups.append({"title": f"{change.value}: {len(rows)}", "rows": rows})
        relation = "nobody gets another verdict" if found.equivalent else f"the second is {found.relation.value}"
        if found.relation.value == "neither":
            relation = "the second is stricter for some and looser for others"
        return self.html("pair.html.j2", title=f"From {old.name} to {new.name}", relation=relation, groups=groups)

    def _entries(self, revision: Revision, ids: Iterable[str]) -> str:
        return "; ".join(f"{revision.entries[each].place}: {revision.entries[each].text}" for each in ids)

    def _patient(self, witness: Witness) -> dict[str, str]:
        """A patient as the text of a case, and how she departs from the base patient."""
        data = case_data(witness.case, self.library.vocabulary)
        data.setdefault("title", "A patient on whom two texts part")
        return {"case": yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "said": said(self.library, witness)}

    def _atlas(self) -> str:
        found = atlas(self.library, ())
        rows = []
        for each in found.limits:
            fact = self.library.vocabulary.facts[each.slots[0].fact]
            lines: dict[str, list[str]] = {}
            for bound in each.bounds:
                if each.cells:
                    text = describe([each.cells[int(value)] for value in bound.values], fact.low, fact.high)
                elif fact.type == "count":
                    text = f"{bound.values[0]} to {bound.values[-1]}"
                else:
                    text = " or ".join(bound.values).replace("_", " ")
                lines.setdefault(text, []).append(bound.name)
            if lines:
                named = [{"says": text, "names": ", ".join(names)} for text, names in lines.items()]
                rows.append({"fact": words.some_slots(each.slots, 40), "lines": named})
        pairs = [
            {"first": p.first, "second": p.second, "relation": p.relation.value, "than": _THAN[p.relation.value]}
            for p in found.pairs
        ]
        return self.html("atlas.html.j2", rows=rows, pairs=pairs)
