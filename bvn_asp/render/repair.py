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
from bvn_asp.repairs.answer import Block as Obstruction
from bvn_asp.repairs.answer import Repair, Repairs
from bvn_asp.repairs.moves import CONTESTS, KINDS, Move

ORDER = (*KINDS, *CONTESTS)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
LEGEND = "To document means: if the chart supports it. Nothing here asks to record what is not so."


# -- words -------------------------------------------------------------------------------------


def target(move: Move) -> str:
    """What a fact would have to read: `pain duration: at least 6 months`."""
    if move.asks:
        wanted = move.new == Named(("yes",))
        if move.kind == "request":
            return f"{'add' if wanted else 'drop'} {move.slot.member}"
        return f"{move.slot.member} {'' if wanted else 'not '}requested"
    return f"{words.slots(move.slots)}{words.as_one(move.also)}: {move.new}"


def named(move: Move) -> str:
    """A move with its kind behind it: `bmi: at most 40 [treat]`."""
    return f"{target(move)} [{kind_of(move)}]"


def kind_of(move: Move) -> str:
    """What is to be done, in a word: where a document on file does not say, or not which, to ask for an addendum."""
    return "addendum" if move.standing in words.ADDENDA else kind_words(move.kind)


def kind_words(kind: str) -> str:
    """A kind of move as words."""
    return kind.replace("_", " ")


def detail(*moves: Move) -> str:
    """The rest of some moves, each thing once: what is recorded, from when it holds, how else it comes about."""
    return "; ".join(dict.fromkeys(part for move in moves for part in _details(move)))


def _details(move: Move) -> list[str]:
    parts = []
    if move.standing in words.ADDENDA:
        parts.append(f"{words.OPEN_TITLES[move.standing].lower()}: ask for {words.ADDENDA[move.standing]}")
    if move.old is not None and not move.asks:
        parts.append(f"recorded: {move.old}")
    if move.whom:
        parts.append(f"to be asked of {move.whom}")
    if move.provided:
        parts.append(f"only if {move.provided}")
    if move.otherwise in ("treat", "wait", "precaution"):
        known = {"treat": "a matter of treatment", "wait": "a matter of time", "precaution": "to be taken"}
        parts.append(f"if not so yet, {known[move.otherwise]}")
    if move.holds_from:
        still = " if the course goes on" if move.kind == "treat" else ""
        parts.append(f"holds from {move.holds_from.isoformat()}{still}")
    return parts


def grouped(moves: Iterable[Move]) -> str:
    """Moves of which one will do, those alike together: `slip of A, B or C: none`."""
    found: dict[tuple[str, str, str], list[Move]] = {}
    for move in moves:
        found.setdefault((move.slot.fact, kind_of(move), str(move.new)), []).append(move)
    said = []
    for alike in found.values():
        first = alike[0]
        members = [" and ".join(each.member.replace("_", " ") for each in move.slots) for move in alike]
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
    blocks: list[Block] = [_head(library, answer), Heading(result(answer))]
    which = answer.case.unnamed(library.vocabulary)
    if which and answer.repairs:
        first = words.question(library.vocabulary, answer.case, which[0])
        blocks.append(Paragraph(f"{first} That comes first: what follows only supposes an answer."))
    blocks += [*moves(library, answer), *_listed(answer)]
    if answer.presumed:
        blocks += [
            Heading("Presumed absent, nobody mentioning it (--strict asks to have it ruled out)"),
            Paragraph(Styled(words.presumed(answer.presumed, library.vocabulary, answer.case), "dim")),
        ]
    if answer.not_presumed:
        blocks += [
            Heading("Not presumed absent, since the chart puts it in doubt"),
            Bullets([Styled(each, "dim") for each in words.not_presumed(dict(answer.not_presumed))]),
        ]
    blocks.append(_notice([move for each in answer.repairs for move in (*each.moves, *each.ruled_out)]))
    return blocks


def moves(library: Library, answer: Repairs) -> list[Block]:
    """What every set of moves has in common, and the choices that are left; or what rules every set out.

    What can be contested comes last, by itself.
    """
    if answer.blocks or not answer.repairs:
        blocks = _blocked(answer)
    else:
        blocks = [*(_choices(library, answer) if answer.repairs[0].moves else []), *_ruled_out(answer)]
    return blocks + contested(library, answer)


def _ruled_out(answer: Repairs) -> list[Block]:
    """The exclusions that are to be ruled out where nothing is presumed, as one block."""
    first = answer.repairs[0].ruled_out
    if not first:
        return []
    alike = all(each.ruled_out == first for each in answer.repairs)
    title = "Rule these out" + ("" if alike else ", for the first set") + f" ({words.count(len(first), 'exclusion')})"
    return [Heading(title), Paragraph(words.slots(move.slot for move in first))]


# -- what can be contested -----------------------------------------------------------------------


def contested(library: Library, answer: Repairs) -> list[Block]:
    """What can be contested, with what else each such set needs; nothing where nobody looked, or nothing would do."""
    found = answer.contests
    if found is None:
        return []
    blocks: list[Block] = [Heading("What can be contested"), Paragraph(contest_line(answer))]
    if not found.repairs:
        return blocks
    blocks += _choices(library, found, "If it is contested: in every set", "What is contested, and what else it takes")
    return blocks + ([] if found.choices else _listed(found))


def contest_line(answer: Repairs, shortly: bool = False) -> str:
    """What an answer rests on that can be contested, and whether that would do, in sentences; "" if nothing would.

    Args:
        shortly: without how many such sets there are.
    """
    found = answer.contests
    if found is None:
        return ""
    if not found.repairs:
        return "Stopped before it was known what could be contested."
    other = "No document or wait will do." if not answer.count else "There is another way too."
    other = "No document or wait about what is requested will do." if answer.elsewhere else other
    first = found.repairs[0].moves
    own = [move for move in first if move.contests]
    groups: dict[tuple[str, str], int] = {}
    for move in own:
        groups[move.kind, move.whom] = groups.get((move.kind, move.whom), 0) + 1
    said = [_rests(kind, whom, number) for (kind, whom), number in groups.items()]
    rests = ", ".join(said[:-1]) + (" and " if said[:-1] else "") + said[-1]
    which, were = ("it", "was") if len(own) == 1 else ("both", "were")
    which = which if len(own) < 3 else f"all {_number(len(own))}"
    turned = f"{were} withdrawn" if {move.kind for move in own} == {"second_judgement"} else "turned out otherwise"
    who = "the policy approves" if len(answer.policies) == 1 else "the policies approve"
    rest = len(first) - len(own)
    after = f" after {words.count(rest, 'further move')}" if rest else ""
    more = f" There are {found.count} such sets; this is the first." if found.count > 1 and not shortly else ""
    return f"{other} It rests on {rests}; if {which} {turned} {who}{after}.{more}"


def _rests(kind: str, whom: str, number: int) -> str:
    one, many, by = {
        "second_judgement": ("judgement", "judgements", "by"),
        "addendum": ("finding in a report", "findings in reports", "that could be clarified by"),
        "work_up": ("finding", "findings", "that could be excluded or treated by"),
    }[kind]
    return f"{_number(number)} {one if number == 1 else many} {by} {whom}"


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def counted(answer: Repairs) -> str:
    """How many moves of which kind the first set has: `3 moves: 2 document, 1 wait`."""
    kinds = [kind_of(move) for move in sorted(answer.repairs[0].moves, key=lambda move: ORDER.index(move.kind))]
    said = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
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
        exclusions = len(answer.repairs[0].ruled_out)
        if exclusions:
            return f"RESULT  {who} once {words.count(exclusions, 'exclusion is', 'exclusions are')} ruled out"
        return f"RESULT  {who} as it stands"
    if not answer.count:
        if not answer.complete:
            return "RESULT  stopped before a repair was found"
        if answer.elsewhere:
            return f"RESULT  nothing about what is requested makes it so that {who}; --other-bodies looks further"
        if answer.contests is not None:
            return f"RESULT  no document, request, treatment or wait makes it so that {who}; it can be contested"
        return f"RESULT  nothing in this request can make it so that {who}"
    sets = words.count(answer.count, "smallest set of moves", "smallest sets of moves")
    after = f"RESULT  {who} after {'any of ' if answer.count > 1 else ''}{sets}"
    return after if answer.complete else f"{after}; stopped early, there may be others"


def _choices(
    library: Library, answer: Repairs, every_title: str = "In every one of them", only_title: str = "The set"
) -> list[Block]:
    short = [factored(choice) for choice in answer.choices]
    every = [move for each in short for move in each.shared]
    blocks: list[Block] = []
    if every:
        by_kind: dict[str, list[Move]] = {}
        for move in sorted(every, key=lambda move: ORDER.index(move.kind)):
            by_kind.setdefault(kind_of(move), []).append(move)
        rows: list[list[Text | Sequence[Text]]] = []
        for kind, alike in by_kind.items():
            for i, move in enumerate(alike):
                lines: list[Text] = [target(move)]
                extra = [part for part in (detail(move), _found(library, move)) if part]
                lines += [Styled(part, "dim") for part in extra]
                rows.append([Styled(kind if i == 0 else "", "strong"), lines, places(answer, [move])])
        blocks += [Heading(every_title if answer.count > 1 else only_title), _table(rows)]
    for each in short:
        if each.take:
            title = "One of" if each.take == 1 else f"Any {each.take} of"
            items: list[Text] = []
            for group in each.groups if each.take > 1 or len(each.groups) > 1 else [(m,) for m in each.groups[0]]:
                notes = detail(*group)
                kinds = "/".join(dict.fromkeys(map(kind_of, group)))
                items.append(f"{grouped(group)} [{kinds}]" + (f" ({notes})" if notes else ""))
            where = places(answer, [move for group in each.groups for move in group])
            if each.take == 1 and len(each.groups) == 1:
                kinds_of_facts = {(move.slot.fact, kind_of(move)) for move in each.groups[0]}
                items = [_alike(each.groups[0])] if len(kinds_of_facts) == 1 else items
            blocks += [Heading(f"{title}" + (f" ({where})" if where else "")), Bullets(items)]
        elif each.listed:
            where = places(answer, [move for listed in each.listed for move in listed])
            items = [" and ".join(map(named, listed)) for listed in each.listed[:12]]
            if len(each.listed) > 12:
                items.append(Styled(f"and {len(each.listed) - 12} more", "dim"))
            blocks += [Heading("One of" + (f" ({where})" if where else "")), Bullets(items)]
    return blocks


def _alike(group: Sequence[Move]) -> str:
    notes = detail(*group)
    return f"{grouped(group)} [{kind_of(group[0])}]" + (f" ({notes})" if notes else "")


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
    varying = varying or {move for each in answer.repairs for move in each.moves}
    items: list[Text] = []
    for i, each in enumerate(answer.repairs, 1):
        own = [move for move in each.moves if move in varying]
        text = "; ".join(map(named, own)) or "nothing else"
        items.append(f"{i}: {text}" + since(each))
    title = "The sets, the easiest first, by what differs"
    if answer.truncated:
        title += f"; truncated at {len(answer.repairs)} of {answer.count} (--limit)"
    return [Heading(title), Bullets(items)]


def since(each: Repair) -> str:
    """From when a set holds, or that by then it will not do: ` (holds from 2027-01-04)`."""
    if each.overtaken:
        return f" (by {each.day} something else will have changed: it would not do)"
    return f" (holds from {each.day})" if each.day else ""


def _blocked(answer: Repairs) -> list[Block]:
    if not answer.blocks:
        return []
    every = "every repair" if answer.contests is None else "every other way"
    title = f"Each of these alone rules out {every}" + ("" if answer.all_blocks else ", among others")
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
            beyond = "none but by evidence about what is not requested (--other-bodies)"
            none = Styled(beyond if each.elsewhere else "no repair", "dim")
            return [none, *([contest_line(each, shortly=True)] if each.contests is not None else [])]
        more = f" (and {len(each.blocks) - 1} more such)" if len(each.blocks) > 1 else ""
        if each.contests is not None and each.contests.repairs:
            none = Styled("none: " + obstruction(each, each.blocks[0]) + more, "dim")
            return [none, contest_line(each, shortly=True)]
        return [Styled("none: " + obstruction(each, each.blocks[0]) + more, "dim")]
    first = each.repairs[0]
    if not first.moves:
        exclusions = words.count(len(first.ruled_out), "exclusion is", "exclusions are")
        return [f"once {exclusions} ruled out" if first.ruled_out else Styled("as it stands", "good")]
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
    if first.ruled_out:
        lines.append(f"{words.count(len(first.ruled_out), 'exclusion')} to be ruled out")
    if first.day:
        lines.append(Styled(since(first).strip(" ()"), "open"))
    return lines
