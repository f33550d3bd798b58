"""Which policy governs: the page, the mark in a comparison, and the data."""

from __future__ import annotations

from collections.abc import Sequence

from bvn_asp.model.case import Record
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text
from bvn_asp.routing.governs import Governance, Standing
from bvn_asp.routing.jurisdiction import INSURER, LINE, STATE

_ROLES = {
    "governs": ("governs", "good"),
    "gives_way": ("gives way", "dim"),
    "members": ("binds members", ""),
    "later": ("not yet", "open"),
}
_PERHAPS = {
    "governs": "may govern",
    "gives_way": "may give way",
    "members": "may bind members",
    "later": "may be later",
}


def governance(library: Library, answer: Governance) -> list[Block]:
    """The page: the place, how each policy stands and by which rule, and what is concluded rather than read."""
    rows: list[tuple[str, Text]] = [
        ("Line", _value(library, answer, LINE)),
        ("State", _value(library, answer, STATE)),
        *([("Insurer", _value(library, answer, INSURER))] if _insurer_matters(answer) else []),
        ("Date", answer.date.isoformat() if answer.date else "not stated; the latest editions are asked"),
    ]
    if STATE not in answer.missing and answer.contractors:
        rows.append(("Contractor", "; ".join(f"{each.name} ({each.jurisdictions})" for each in answer.contractors)))
    blocks: list[Block] = [Pairs(rows)]
    table: list[list[Text | Sequence[Text]]] = []
    told: dict[str, str] = {}  # the policy under which a rule was told in full
    for name in _policies(answer):
        found = [each for each in answer.standings if each.policy == name]
        best = found[0]
        word = Styled(_PERHAPS[best.role], "open") if not best.sure else Styled(*_ROLES[best.role])
        why: list[Text] = []
        for each in _by_rule(found):
            says = f"by the rule of {told[each.rule.id]}" if each.rule.id in told else each.rule.says
            why.append(f"{says} [{each.rule.place}]")
            told.setdefault(each.rule.id, name)
        why += [Styled(edition(each), "open" if not best.dated or not each.path else "dim") for each in best.editions]
        if best.role == "later" and not best.editions:
            why.append(Styled(edition(library.policies[best.policy].revisions[0]), "open"))
        table.append([best.policy, word, why])
    if table:
        blocks.append(Table(["policy", "stands", "why"], table))
    said: list[Text] = [f"{'' if sure else 'perhaps: '}{rule.says} [{rule.place}]" for rule, sure in answer.says]
    if said:
        blocks += [Heading("Besides"), Bullets(said)]
    blocks += _sourcing(answer)
    blocks.append(Paragraph(Styled(summary(answer), "strong")))
    return blocks


def _value(library: Library, answer: Governance, name: str) -> Text:
    record = _record(answer, name)
    if record is None or record.value is None:
        return Styled("not documented" if record is None else str(record), "open")
    text = str(record.value).replace(" ", "_")
    return f"{library.vocabulary.facts[name].values.get(text, str(record))}"


def _record(answer: Governance, name: str) -> Record | None:
    return {LINE: answer.line, STATE: answer.state, INSURER: answer.insurer}[name]


def _insurer_matters(answer: Governance) -> bool:
    return answer.insurer is not None or INSURER in answer.missing


def _policies(answer: Governance) -> list[str]:
    return list(dict.fromkeys(each.policy for each in answer.standings))


def _by_rule(found: Sequence[Standing]) -> list[Standing]:
    """One standing for each rule."""
    return list({each.rule.id: each for each in found}.values())


def edition(revision: Revision) -> str:
    """The edition in force, and whether its text is here."""
    text = f"edition {revision.id}{', in force ' if revision.effective else '; '}{words.in_force(revision)}"
    if revision.path is None:
        used = revision.policy.in_force(revision.earliest)
        text += f": no text here ({revision.not_encoded}); {used.id} is asked in its place"
    return text


def _sourcing(answer: Governance) -> list[Block]:
    rules = {each.rule.id: each.rule for each in answer.standings} | {rule.id: rule for rule, _ in answer.says}
    other = [each for each in rules.values() if each.evidence != "primary"]
    items = [f"{each.place}: {words.MARKS[each.evidence]}" for each in other]
    items += [f"concluded, not read: {each.inference}" for each in rules.values() if each.inference]
    items += list(answer.notes)
    return [Heading("How far this carries"), Bullets(list(dict.fromkeys(items)))] if items else []


def summary(answer: Governance) -> str:
    """The answer on one line."""
    sure, perhaps = answer.governing(), answer.governing(sure=False)
    if sure:
        return f"{' and '.join(dict.fromkeys(sure))} governs"
    if perhaps:
        listed = list(dict.fromkeys(perhaps))
        wanted = [name.replace("_", " ") for name in answer.missing]
        hangs = f"; document the {' and the '.join(wanted)}" if wanted else "; a date of effect is not known"
        return f"{' or '.join(listed) if len(listed) <= 3 else f'{len(listed)} policies'} may govern{hangs}"
    members = [each.policy for each in answer.standings if each.role == "members"]
    if members:
        return "it depends on who insures; no policy here governs by line and state alone"
    return "no policy here governs this request"


# -- in a comparison ----------------------------------------------------------------------------


def mark(answer: Governance | None, policy: str) -> list[Text]:
    """What to say of one policy in a comparison: that it governs, or may; empty if it does not."""
    found = [each for each in answer.standings if each.policy == policy] if answer else []
    if not found or found[0].role not in ("governs", "gives_way"):
        return []
    first = found[0]
    shown: list[Text] = []
    if first.sure and first.role == "governs":
        shown.append(Styled(f"governs this request, by {first.rule.place}", "strong"))
    elif first.sure:
        shown.append(Styled("gives way to the policy that governs", "dim"))
    shown += [Styled(edition(each), "open") for each in first.unread if first.sure]
    return shown


def line(answer: Governance | None) -> list[tuple[str, Text]]:
    """The comparison's line on what governs; none if the case says neither line of business nor state."""
    if answer is None or (answer.line is None and answer.state is None):
        return []
    sure = list(dict.fromkeys(answer.governing()))
    text = " and ".join(sure) or summary(answer)
    rules = [rule for rule, sure in answer.says if sure]
    if rules:
        text += "; " + rules[0].says
    return [("Governs", text)]
