"""Old beside new, for people and as data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.cases.evaluate import Status
from bvn_asp.cases.whatif import Difference, WhatIf
from bvn_asp.model.library import Library
from bvn_asp.model.outline import is_exclusion
from bvn_asp.model.vocabulary import Several
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text


def _said(status: Status, excludes: bool) -> str:
    if status is Status.UNDETERMINED:
        return "open"
    met = status is Status.MET
    if excludes:
        return "PRESENT" if met else "clear"
    return "met" if met else "NOT MET"


def page(library: Library, answer: WhatIf) -> list[Block]:
    """The suppositions, and policy by policy what changes."""
    supposed = []
    for slot, value in answer.values.items():
        if isinstance(slot, Several):
            recorded = " ".join(answer.case.requested(library.vocabulary)) or "none named"
        else:
            recorded = str(answer.case.get(slot) or answer.case.silence(slot) or "nothing")
        supposed.append(f"{words.supposition(library.vocabulary, slot, value)} (recorded: {recorded})")
    if answer.day is not None:
        supposed.append(f"date of service {answer.day} (recorded: {answer.case.date or 'none'})")
        supposed += [f"{words.slot(slot)}: {answer.supposed.get(slot)}, counted to that day" for slot in answer.counted]
    blocks: list[Block] = [
        Pairs(
            [
                ("Case", answer.case.title),
                ("Request", words.request(answer.case, library.vocabulary)),
                ("Suppose", "; ".join(supposed)),
            ]
        )
    ]
    blocks.append(Heading(result(answer)))
    rows: list[list[Text | Sequence[Text]]] = [
        [each.name, words.verdict(each.old.verdict), words.verdict(each.new.verdict), _entries(each)]
        for each in answer.differences
        if each.changes or each.statuses
    ]
    if rows:
        blocks.append(Table(["policy", "now", "then", "what changes"], rows))
    same: dict[str, list[str]] = {}
    for each in answer.differences:
        if not each.changes and not each.statuses:
            same.setdefault(each.new.verdict.value, []).append(each.name)
    if same and len(answer.differences) > 1:
        kept: list[Text] = [f"{verdict}: {', '.join(listed)}" for verdict, listed in same.items()]
        blocks += [Heading("Nothing changes"), Bullets(kept)]
    changed = sum(each.changes for each in answer.differences)
    total = words.count(len(answer.differences), "policy", "policies")
    blocks.append(Paragraph(Styled(words.NOTICE, "dim")))
    blocks.append(Paragraph(Styled(f"{total}: {words.count(changed, 'verdict changes', 'verdicts change')}", "strong")))
    return blocks


def result(answer: WhatIf) -> str:
    """The verdicts on one line: of one policy its own, of several how many change."""
    if len(answer.differences) == 1:
        each = answer.differences[0]
        old, new = each.old.verdict.value, each.new.verdict.value
        return f"RESULT  {each.name}: {old}, then {new}" if each.changes else f"RESULT  {each.name}: stays {new}"
    changed = [f"{e.name} {e.old.verdict.value}, then {e.new.verdict.value}" for e in answer.differences if e.changes]
    count = words.count(len(changed), "verdict changes", "verdicts change")
    return f"RESULT  {count}" + (f": {'; '.join(changed)}" if 0 < len(changed) < 4 else "")


def _entries(each: Difference) -> list[Text]:
    lines: list[Text] = []
    for entry, old, new in each.statuses:
        known = each.old.revision.entries[entry]
        if known.is_group and any(other.parent == entry for other in each.old.revision.rules.entries):
            continue
        excludes = is_exclusion(each.old.revision, entry)
        lines.append(f"{known.place} ({known.text}): {_said(old, excludes)}, then {_said(new, excludes)}")
    if each.unpresumed:
        lines.append(Styled(f"no longer presumed absent: {words.slots(each.unpresumed)}", "open"))
    return lines or [Styled("the outcome of a group", "dim")]
