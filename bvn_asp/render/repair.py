"""What would make a case approvable, for people and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bvn_asp.cases.evaluate import Verdict
from bvn_asp.model.case import Named
from bvn_asp.model.library import Library
from bvn_asp.model.rules import Entry
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text
from bvn_asp.render.factored import factored
from bvn_asp.repairs.moves import Move
from bvn_asp.repairs.repair import Block as Obstruction
from bvn_asp.repairs.repair import Repairs

ORDER = ("document", "precaution", "request", "treat", "wait")
LEGEND = "To document means: if the chart supports it. Nothing here asks to record what is not so."


# -- words -------------------------------------------------------------------------------------


def target(move: Move) -> str:
    """What a fact would have to read: `pain duration: at least 6 months`."""
    if move.asks:
        wanted = move.new == Named(("yes",))
        if move.kind == "request":
            return f"{'add' if wanted else 'drop'} {move.slot.member}"
        return f"{move.slot.member} {'' if wanted else 'not '}requested"
    return f"{words.slot(move.slot)}: {move.new}"


def named(move: Move) -> str:
    """A move with its kind behind it: `bmi: at most 40 [treat]`."""
    return f"{target(move)} [{move.kind}]"


def detail(move: Move) -> str:
    """The rest of a move: what is recorded, from when it holds, how else it comes about."""
    parts = []
    if move.old is not None and not move.asks:
        parts.append(f"recorded: {move.old}")
    if move.otherwise in ("treat", "wait", "precaution"):
        known = {"treat": "a matter of treatment", "wait": "a matter of time", "precaution": "to be taken"}
        parts.append(f"if not so yet, {known[move.otherwise]}")
    if move.holds_from:
        still = " if the course goes on" if move.kind == "treat" else ""
        parts.append(f"holds from {move.holds_from.isoformat()}{still}")
    return "; ".join(parts)


def grouped(moves: Iterable[Move]) -> str:
    """Moves of which one will do, those alike together: `slip of A, B or C: none`."""
    found: dict[tuple[str, str, str], list[Move]] = {}
    for move in moves:
        found.setdefault((move.slot.fact, move.kind, str(move.new)), []).append(move)
    said = []
    for alike in found.values():
        first = alike[0]
        members = [move.slot.member for move in alike]
        if len(alike) > 1 and not first.asks:
            named = ", ".join(members[:-1]) + f" or {members[-1]}"
            said.append(f"{first.slot.fact.replace('_', ' ')} of {named}: {first.new}")
        else:
            said += [target(move) for move in alike]
    return " or ".join(said)


def entry_of(answer: Repairs, policy: str, entry: str) -> Entry:
    """An entry of one of the policies asked, in the edition asked."""
    return answer.evaluations[answer.policies.index(policy)].revision.entries[entry]


def places(answer: Repairs, moves: Sequence[Move]) -> str:
    """Where some moves count: `cohere-ma Indications 2`, without the policy's name where there is but one."""
    found: dict[str, list[str]] = {}
    for policy, entry in dict.fromkeys(pair for move in moves for pair in move.serves):
        found.setdefault(policy, []).append(entry_of(answer, policy, entry).place)
    said = []
    for policy, listed in found.items():
        unique = list(dict.fromkeys(listed))
        shown = ", ".join(unique[:3]) + (f" and {len(unique) - 3} more" if len(unique) > 3 else "")
        said.append(f"{policy} {shown}" if len(found) > 1 else shown)
    return "; ".join(said)


# -- pages -------------------------------------------------------------------------------------


def page(library: Library, answer: Repairs) -> list[Block]:
    """One question: the repairs under one policy, or under several together."""
    blocks: list[Block] = [_head(library, answer), Heading(result(answer)), *moves(library, answer), *_listed(answer)]
    if answer.presumed:
        blocks += [
            Heading("Presumed absent, nobody mentioning it (--strict asks to have it ruled out)"),
            Paragraph(Styled(words.presumed(answer.presumed, library.vocabulary, answer.case), "dim")),
        ]
    blocks.append(_notice([move for each in answer.repairs for move in each.moves]))
    return blocks


def moves(library: Library, answer: Repairs) -> list[Block]:
    """What every set of moves has in common, and the choices that are left; or what rules every set out."""
    if answer.blocks or not answer.repairs:
        return _blocked(answer)
    return _choices(library, answer) if answer.repairs[0].moves else []


def counted(answer: Repairs) -> str:
    """How many moves of which kind the first set has: `3 moves: 2 document, 1 wait`."""
    kinds = [move.kind for move in answer.repairs[0].moves]
    said = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ORDER if kind in kinds)
    return f"{words.count(len(kinds), 'move')}: {said}"


def _notice(listed: Iterable[Move]) -> Paragraph:
    legend = f"{LEGEND} " if any(move.kind == "document" for move in listed) else ""
    return Paragraph(Styled(legend + words.NOTICE, "dim"))


def _head(library: Library, answer: Repairs) -> Pairs:
    said = [f"{name}: {each.verdict.value}" for name, each in zip(answer.policies, answer.evaluations, strict=True)]
    return Pairs(
        [
            ("Case", answer.case.title),
            ("Request", words.request(answer.case, library.vocabulary)),
            ("Now", ", ".join(said)),
        ]
    )


def result(answer: Repairs) -> str:
    """The answer on one line."""
    if len(answer.policies) == 1:
        who = f"{answer.policies[0]} approves"
    elif answer.need == len(answer.policies):
        who = f"all {answer.need} policies approve"
    else:
        who = f"{answer.need} of {len(answer.policies)} policies approve"
    if answer.repairs and not answer.repairs[0].moves:
        return f"RESULT  {who} as it stands"
    if not answer.count:
        if not answer.complete:
            return "RESULT  stopped before a repair was found"
        return f"RESULT  nothing in this request can make it so that {who}"
    sets = words.count(answer.count, "smallest set of moves", "smallest sets of moves")
    after = f"RESULT  {who} after {'any of ' if answer.count > 1 else ''}{sets}"
    return after if answer.complete else f"{after}; stopped early, there may be others"


def _choices(library: Library, answer: Repairs) -> list[Block]:
    short = [factored(choice) for choice in answer.choices]
    every = [move for each in short for move in each.shared]
    blocks: list[Block] = []
    if every:
        by_kind: dict[str, list[Move]] = {}
        for move in every:
            by_kind.setdefault(move.kind, []).append(move)
        rows: list[list[Text | Sequence[Text]]] = []
        for kind in (kind for kind in ORDER if kind in by_kind):
            for i, move in enumerate(by_kind[kind]):
                lines: list[Text] = [target(move)]
                extra = [part for part in (detail(move), _found(library, move)) if part]
                lines += [Styled(part, "dim") for part in extra]
                rows.append([Styled(kind if i == 0 else "", "strong"), lines, places(answer, [move])])
        blocks += [Heading("In every one of them" if answer.count > 1 else "The set"), _table(rows)]
    for each in short:
        if each.take:
            title = "One of" if each.take == 1 else f"Any {each.take} of"
            items: list[Text] = []
            for group in each.groups if each.take > 1 or len(each.groups) > 1 else [(m,) for m in each.groups[0]]:
                notes = "; ".join(dict.fromkeys(filter(None, map(detail, group))))
                kinds = "/".join(dict.fromkeys(move.kind for move in group))
                items.append(f"{grouped(group)} [{kinds}]" + (f" ({notes})" if notes else ""))
            where = places(answer, [move for group in each.groups for move in group])
            if each.take == 1 and len(each.groups) == 1:
                items = [_alike(each.groups[0])] if len({(m.slot.fact, m.kind) for m in each.groups[0]}) == 1 else items
            blocks += [Heading(f"{title}" + (f" ({where})" if where else "")), Bullets(items)]
        elif each.listed:
            where = places(answer, [move for listed in each.listed for move in listed])
            items = [" and ".join(map(named, listed)) for listed in each.listed[:12]]
            if len(each.listed) > 12:
                items.append(Styled(f"and {len(each.listed) - 12} more", "dim"))
            blocks += [Heading("One of" + (f" ({where})" if where else "")), Bullets(items)]
    return blocks


def _alike(group: Sequence[Move]) -> str:
    notes = "; ".join(dict.fromkeys(filter(None, map(detail, group))))
    return f"{grouped(group)} [{group[0].kind}]" + (f" ({notes})" if notes else "")


def _found(library: Library, move: Move) -> str:
    known = library.vocabulary.facts[move.slot.fact]
    if move.kind not in ("document", "precaution"):
        return ""
    judged = "a clinician's judgement; " if known.judgement else ""
    return f"{judged}usually in: {known.document}" if known.document else judged.rstrip("; ")


def _table(rows: Sequence[Sequence[Text | Sequence[Text]]]) -> Table:
    return Table(["move", "where it counts", "what the record would have to show"], [[r[0], r[2], r[1]] for r in rows])


def _listed(answer: Repairs) -> list[Block]:
    if answer.blocks or answer.count < 2 or len(answer.repairs) < 2:
        return []
    varying = {move for choice in answer.choices if len(choice) > 1 for mend in choice for move in mend}
    items: list[Text] = []
    for i, each in enumerate(answer.repairs, 1):
        own = [move for move in each.moves if move in varying]
        text = "; ".join(map(named, own)) or "nothing else"
        items.append(f"{i}: {text}" + (f" (holds from {each.holds_from})" if each.holds_from else ""))
    title = "The sets, the easiest first, by what differs"
    if answer.truncated:
        title += f"; truncated at {len(answer.repairs)} of {answer.count} (--limit)"
    return [Heading(title), Bullets(items)]


def _blocked(answer: Repairs) -> list[Block]:
    if not answer.blocks:
        return []
    title = "Each of these alone rules out every repair" + ("" if answer.all_blocks else ", among others")
    return [Heading(title), Bullets([obstruction(answer, each) for each in answer.blocks])]


def obstruction(answer: Repairs, each: Obstruction) -> str:
    """The records that rule every repair out, and where they stand in the way."""
    said = []
    for slot in each.slots:
        record = answer.case.get(slot)
        said.append(f"{words.slot(slot)}: {record if record else 'presumed absent'}")
    found: dict[str, list[str]] = {}
    for policy, entry in each.entries:
        known = entry_of(answer, policy, entry)
        found.setdefault(policy, []).append(f"{known.place} ({known.text})")
    where = "; ".join(f"{policy} {', '.join(listed)}" for policy, listed in found.items())
    return (" and ".join(said) or "whatever is recorded, as this source is read") + (f". {where}" if where else "")


def survey(library: Library, answers: Sequence[Repairs]) -> list[Block]:
    """One line a policy, the nearest first."""
    blocks: list[Block] = [
        Pairs([("Case", answers[0].case.title), ("Request", words.request(answers[0].case, library.vocabulary))])
    ]
    rows: list[list[Text | Sequence[Text]]] = []
    for each in answers:
        rows.append([each.policies[0], words.verdict(each.evaluations[0].verdict), _nearest(each)])
    blocks.append(Table(["policy", "now", "the nearest way to approval"], rows))
    blocks.append(_notice(move for each in answers for made in each.repairs for move in made.moves))
    approve = sum(each.evaluations[0].verdict is Verdict.APPROVE for each in answers)
    can = sum(bool(each.repairs) for each in answers)
    silent = sum(each.evaluations[0].verdict is Verdict.SILENT and not each.repairs for each in answers)
    blocks.append(
        Paragraph(
            Styled(
                f"{words.count(len(answers), 'policy', 'policies')}: {approve} approve now,"
                f" {can - approve} after some moves, {len(answers) - can - silent} cannot, {silent} silent",
                "strong",
            )
        )
    )
    return blocks


def _nearest(each: Repairs) -> list[Text]:
    if not each.repairs:
        if each.evaluations[0].verdict is Verdict.SILENT:
            return [Styled("does not address this request", "dim")]
        if not each.complete:
            return [Styled("stopped before a repair was found", "open")]
        if not each.blocks:
            return [Styled("no repair", "dim")]
        more = f" (and {len(each.blocks) - 1} more such)" if len(each.blocks) > 1 else ""
        return [Styled("none: " + obstruction(each, each.blocks[0]) + more, "dim")]
    first = each.repairs[0]
    if not first.moves:
        return [Styled("as it stands", "good")]
    total = counted(each)
    if each.count > 1:
        total += f"; {each.count} such sets" if each.complete else f"; at least {each.count} such sets"
    lines: list[Text] = [Styled(total, "strong")]
    for kind in ORDER:
        said = [target(move) for move in first.moves if move.kind == kind]
        if said:
            shown = ", ".join(said[:4]) + (f" and {len(said) - 4} more" if len(said) > 4 else "")
            lines.append(f"{kind}: {shown}")
    for kind, word in (("wait", "time"), ("treat", "treatment")):
        later = [words.slot(move.slot) for move in first.moves if move.otherwise == kind]
        if later:
            lines.append(Styled(f"if not so yet, a matter of {word}: {', '.join(later)}", "open"))
    if first.holds_from:
        lines.append(Styled(f"from {first.holds_from.isoformat()}", "open"))
    return lines
