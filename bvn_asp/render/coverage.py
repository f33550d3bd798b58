"""What the cases exercise of a policy, and which slips they would not notice: for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bvn_asp.model.policy import Revision
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Heading, Paragraph, Styled, Table, Text
from bvn_asp.upkeep.coverage import ASPECTS, Coverage, Item
from bvn_asp.upkeep.mutants import KINDS, Mutant
from bvn_asp.upkeep.mutate import Mutation

_NOUNS = {"entry": "criteria and groups", "group": "groups' counts", "limit": "limits", "reading": "readings"}


def summary(answers: Sequence[Coverage]) -> list[Block]:
    """One line a policy."""
    rows: list[list[Text]] = [
        [each.revision.name, str(each.runs), _share(each), str(len(each.missing)), str(len(each.never))]
        for each in answers
    ]
    failing = [block for each in answers for block in failed(each.revision, each.failing, "show nothing")]
    return [Table(["policy", "checks", "covered", "missing", "impossible"], rows), *failing]


MOST = 5


def failed(revision: Revision, failing: Sequence[str], so: str) -> list[Block]:
    """That checks fail, and which: they count for nothing."""
    if not failing:
        return []
    said = f"{words.count(len(failing), 'check')} of {revision.name} fail as it is, and {so} (`bvn test` says why):"
    if len(failing) == 1:
        said = said.replace(" fail ", " fails ").replace("show", "shows").replace("notice", "notices")
    more = [Styled(f"and {len(failing) - MOST} more", "dim")] if len(failing) > MOST else []
    return [Paragraph(Styled(said, "bad")), Bullets([*failing[:MOST], *more])]


def _share(each: Coverage) -> Styled:
    return Styled(f"{each.share:.1f} %", "good" if not each.missing else "open")


def table(each: Coverage) -> list[Block]:
    """Entry by entry how many checks show what; limits, counts and readings below; then what is missing."""
    entries = each.revision.rules.entries
    rows: list[list[Text]] = [
        [e.id, *(_cell(each, Item("entry", e.id, aspect)) for aspect in ASPECTS), e.place] for e in entries
    ]
    blocks: list[Block] = [
        Heading(words.revision(each.revision)),
        Table(["entry", "met", "unmet", "open", "decisive", "place"], rows),
    ]
    for kind, head in (("limit", "limit"), ("group", "group"), ("reading", "reading")):
        by_name: dict[str, list[Text]] = {}
        for item in each.shown:
            if item.kind == kind:
                count = _cell(each, item)
                by_name.setdefault(item.of, []).append(Styled(f"{item.aspect} {count}", count.style))
        if by_name:
            blocks.append(Table([head, "checks that try it"], [[name, cells] for name, cells in by_name.items()]))
    return [*blocks, *missing(each)]


def missing(each: Coverage) -> list[Block]:
    """What no check shows, and what none can."""
    blocks = failed(each.revision, each.failing, "show nothing")
    if each.missing:
        listed = ", ".join(map(str, each.missing))
        blocks += [Heading("Shown by no check"), Paragraph(Styled(listed, "bad"))]
    if each.never:
        listed = ", ".join(str(item) for item in each.shown if item in each.never)
        blocks += [Heading("Proved: no case can show it"), Paragraph(Styled(listed, "dim"))]
    wanted = len(each.shown) - len(each.never)
    line = f"{each.revision.name}: {each.share:.1f} % of {wanted} items covered by {words.count(each.runs, 'check')}"
    return [*blocks, Paragraph(Styled(line, "good" if not each.missing and not each.failing else "open"))]


def _cell(each: Coverage, item: Item) -> Styled:
    if item not in each.shown:
        return Styled("", "dim")
    if item in each.never:
        return Styled("never", "dim")
    count = len(each.shown[item])
    return Styled(str(count), "good" if count else "bad")


def outline(each: Coverage) -> list[Block]:
    """The policy's outline; a line is good if all that it can show is shown, bad if nothing is."""
    rows: list[list[Text]] = []
    indents: list[int] = []

    def walk(parent: str, depth: int) -> None:
        for entry in each.revision.parts.get(parent, ()):
            items = [item for item in each.shown if item.kind in ("entry", "group") and item.of == entry.id]
            lacking = [item.aspect for item in items if item in each.missing]
            style = "good" if not lacking else "bad" if len(lacking) == len(items) else "open"
            mark = Styled("covered" if not lacking else "not " + ", ".join(lacking), style)
            rows.append([entry.place, mark, Styled(entry.text, style)])
            indents.append(2 * depth)
            walk(entry.id, depth + 1)

    walk("root", 0)
    walk("advice", 0)
    return [Heading(words.revision(each.revision)), Table(["place", "", "entry"], rows, indents), *missing(each)]


# -- slips -------------------------------------------------------------------------------------


def mutation(each: Mutation, most: int) -> list[Block]:
    """How many slips of each kind are noticed, and those that are not."""
    rows: list[list[Text]] = []
    for kind, meaning in KINDS.items():
        own = [o for o in each.outcomes if o.mutant.kind == kind]
        if own:
            counts = Counter("noticed" if o.noticed_by else "equivalent" if o.equivalent else "survives" for o in own)
            survive = Styled(str(counts["survives"]), "bad" if counts["survives"] else "good")
            rows.append([kind, str(len(own)), str(counts["noticed"]), str(counts["equivalent"]), survive, meaning])
    blocks: list[Block] = [
        Heading(words.revision(each.revision)),
        Table(["slip", "all", "noticed", "equal", "survive", "meaning"], rows),
    ]
    if each.survivors:
        listed = [[f"line {m.place.line}", m.kind, slip(m)] for m in each.survivors[:most]]
        blocks += [Heading("Noticed by no check"), Table(["place", "slip", "was, would be"], listed)]
        if len(each.survivors) > most:
            blocks.append(Paragraph(Styled(f"and {len(each.survivors) - most} more (--most)", "dim")))
    same = sum(o.equivalent for o in each.outcomes)
    line = (
        f"{each.revision.name}: {len(each.survivors)} of {len(each.outcomes)} slips survive"
        f" {words.count(each.checks, 'check')}; {same} proved equivalent over every case and every reading"
    )
    blocks += failed(each.revision, each.failing, "notice nothing")
    return [*blocks, Paragraph(Styled(line, "bad" if each.survivors or each.failing else "good"))]


def slip(each: Mutant) -> list[Text]:
    """A slip on two lines: as it is, and as it would be."""
    return [each.was, Styled(each.becomes or "(left out)", "open")]
