"""The pages on what there is, without a case: the policies, one policy's outline, the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bvn_asp.model.decisions import Decisions
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Policy, Revision
from bvn_asp.model.rules import Read
from bvn_asp.model.vocabulary import Vocabulary
from bvn_asp.render import quoted, words
from bvn_asp.render.blocks import Block, Bullets, Heading, Pairs, Paragraph, Styled, Table, Text
from bvn_asp.routing.claims import in_words


def policies(library: Library) -> list[Block]:
    """Every policy with its revisions."""
    blocks: list[Block] = []
    for kind, title in words.KIND_TITLES.items():
        rows: list[list[Text | Sequence[Text]]] = []
        for each in library.policies.values():
            if each.kind == kind:
                about = each.about.partition(". ")[0].rstrip(".") + "."
                rows.append([each.id, _revisions(each), [f"{each.publisher}: {each.title}", Styled(about, "dim")]])
        if rows:
            blocks += [Heading(title), Table(["policy", "revision", "source"], rows)]
    encoded = sum(len(each.encoded) for each in library.policies.values())
    total = words.count(len(library.policies), "policy", "policies")
    blocks.append(Paragraph(Styled(f"{total}, {words.count(encoded, 'encoded revision')}", "strong")))
    return blocks


def _revisions(policy: Policy) -> list[Text]:
    lines: list[Text] = []
    for each in reversed(policy.revisions):
        lines.append(each.id if each.path else Styled(f"{each.id} (no text)", "dim"))
    return lines


def outline(library: Library, revision: Revision, rules: bool = False) -> list[Block]:
    """A policy's outline without a case: criteria, places, readings, and what is not encoded.

    Args:
        rules: below each criterion its rules as they are written, in place of what other readings change.
    """
    policy = revision.policy
    rows: list[list[Text | Sequence[Text]]] = []
    indents: list[int] = []

    def walk(parent: str, depth: int) -> None:
        for entry in revision.parts.get(parent, ()):
            kind = {"all_of": "all of", "any_of": "any of", "none_of": "none of"}.get(entry.kind, "")
            kind = f"at least {entry.need}" if entry.kind == "at_least" else kind
            cites = f" [cites {entry.citations}]" if entry.citations else ""
            mark = f" [{revision.mark(entry)}]" if revision.mark(entry) != policy.evidence else ""
            text: list[Text] = [Styled(entry.text + cites + mark, "strong" if entry.is_group else "")]
            reads = [_read(each) for each in revision.reads_by_default(entry.id)]
            said = "; ".join(filter(None, [f"{entry.id} reads {', '.join(reads)}" if reads else entry.id, kind]))
            lines = [Styled(each, "dim") for each in words.otherwise(revision, entry, rules)]
            text += quoted.lines(library, revision, entry.id)
            rows.append([[entry.place, *entry.also], [*text, Styled(said, "dim"), *lines]])
            indents.append(2 * depth)
            walk(entry.id, depth + 1)

    walk("root", 0)
    walk("advice", 0)
    blocks: list[Block] = [
        Pairs(
            [
                ("Policy", words.revision(revision)),
                ("About", policy.about),
                ("Source", f"{revision.source}; {words.mark(revision)}"),
                ("In force", words.in_force(revision)),
                *([("Note", revision.note)] if revision.note else []),
                *quoted.note(library, revision),
            ]
        ),
        Table(["place", "what is asked, and which facts say so"], rows, indents),
    ]
    if revision.readings:
        blocks.append(Heading("Readings: where the text can be read in more than one way"))
        table: list[list[Text | Sequence[Text]]] = []
        for reading in revision.readings:
            lines: list[Text] = [Styled(f"{reading.place}: {reading.question}", "strong")]
            for option in reading.options:
                mark = " (default)" if option.name == reading.default else ""
                claim = f" [claimed by {in_words(library, option.claimed_by)}]" if option.claimed_by else ""
                support = f" [{option.support}]" if option.support else ""
                lines.append(f"{option.name}{mark}: {option.says}{claim}{support}")
            if reading.why:
                lines.append(Styled(reading.why, "dim"))
            table.append([[reading.id, *([Styled(reading.name, "dim")] if reading.name else [])], lines])
        blocks.append(Table([], table))
    if policy.notes:
        blocks += [Heading("Noted, and no verdict hangs on it"), Table([], [[k, v] for k, v in policy.notes.items()])]
    left_out = [*policy.not_encoded]
    if left_out:
        items = [f"{place}: {what} ({why})" for place, what, why in left_out]
        blocks += [Heading("Not encoded"), Bullets(items)]
    known = [each for each in policy.revisions if each.path is None]
    if known:
        blocks += [Heading("Known revisions without a text"), Bullets([f"{e.id}: {e.not_encoded}" for e in known])]
    criteria = sum(not entry.is_group for entry in revision.rules.entries)
    blocks.append(
        Paragraph(
            Styled(
                f"{revision.name}: {words.count(criteria, 'criterion', 'criteria')},"
                f" {words.count(len(revision.readings), 'reading')}",
                "strong",
            )
        )
    )
    return blocks


def _read(read: Read) -> str:
    name = f"{read.fact}.{read.member}" if read.member else read.fact
    tests = [f"{operator.replace('_', ' ')} {text}" for operator, text in read.tests]
    return f"{name} ({', '.join(tests)})" if tests else name


def _doubts(vocabulary: Vocabulary, name: str) -> list[Block]:
    """What was decided of a fact: what puts its presumption in doubt and what does not; then what it does to others."""
    doubted, spared = "Not presumed where this is on record", "Presumed all the same where this is on record"
    puts, leaves = "On record, it puts in doubt", "On record, it leaves presumed"
    rows: dict[str, list[list[Text | Sequence[Text]]]] = {each: [] for each in (doubted, spared, puts, leaves)}
    for each in Decisions(vocabulary).about(name):
        if each.recorded:
            of = ", ".join(_spoken(part) for part in each.of)
            rest = "all else" if of == "all" else f"all else under {of}"
            row: list[Text | Sequence[Text]] = [each.by[0].replace("_", " "), of if each.named else rest]
            heading = puts if each.doubts else leaves
        else:
            said = "; ".join(each.by)
            where = f" (of {each.of[0].partition('.')[2]})" if "." in each.of[0] else ""
            row = [said + where if each.named else f"all else under {said}"]
            heading = doubted if each.doubts else spared
        rows[heading].append([*row, [each.why, *([Styled(each.place, "dim")] if each.place else [])]])
    return [block for heading, listed in rows.items() if listed for block in (Heading(heading), Table([], listed))]


def _spoken(fact: str) -> str:
    return fact.replace("_", " ") if fact.islower() else fact.replace("_", " ").replace(".", " ")


def facts(
    library: Library,
    found: Sequence[str],
    searched: str = "",
    places: Mapping[str, Sequence[str]] | None = None,
) -> list[Block]:
    """The vocabulary, or the part of it that a search found.

    Args:
        places: what of a fact bears the searched words, by its name; at most six are shown.
    """
    vocabulary = library.vocabulary
    blocks: list[Block] = []
    for section in dict.fromkeys(vocabulary.facts[name].section for name in found):
        rows: list[list[Text | Sequence[Text]]] = []
        for name in found:
            fact = vocabulary.facts[name]
            if fact.section != section:
                continue
            if fact.is_named:
                takes = " | ".join(fact.values)
            elif fact.type == "count":
                takes = "counted from the request and the history"
            else:
                takes = f"{fact.low.amount if fact.low else ''} to {fact.high}"
            extra = [f"per {vocabulary.indexes[fact.per].about}"] if fact.per else []
            extra += ["a clinician's judgement"] if fact.judgement else []
            extra += [f"presumed {fact.absent}"] if fact.presumed else []
            lines: list[Text] = [fact.about, Styled("; ".join([takes, *extra]), "dim")]
            for word, left in fact.between.items():
                lines.append(Styled(f"or `{word}`, between {' and '.join(left.of)}: {left.about}", "dim"))
            lines += [
                Styled(f"at several at once: `{each.name}`, {each.about}", "dim")
                for each in vocabulary.events.values()
                if name in each.facts
            ]
            where = (places or {}).get(name, ())
            lines += [Styled(f"here: {each}", "strong") for each in where[:6]]
            lines += [Styled(f"and {len(where) - 6} more", "dim")] if where[6:] else []
            rows.append([name, lines])
        blocks += [Heading(section), Table([], rows)]
    if searched in found:
        blocks += _doubts(vocabulary, searched)
    what = f" about `{searched}`" if searched else ""
    blocks.append(Paragraph(Styled(f"{words.count(len(found), 'fact')}{what}", "strong")))
    return blocks

