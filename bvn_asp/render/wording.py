"""A user's copy of a source against its anchors, as blocks: whose words have changed, and which nobody claims."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bvn_asp.anchors.find import Findings, Found
from bvn_asp.model.policy import Revision
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Line, Page, Paragraph, Section, Styled, Table, Text

NOTICE = (
    "The words are those of your own copy; nothing of it is kept. A verdict never depends on them: it follows what is"
    " encoded."
)
_STYLES = {"changed": "bad", "moved and changed": "bad", "gone": "bad", "added to": "open", "moved": "dim"}


def page(revision: Revision, findings: Findings, old: str = "", every: bool = False) -> Page:
    """What became of each passage, what is new, what nobody claims, and what is left out on purpose.

    Args:
        old: the name of the old text, if it was at hand.
        every: also the words of what stands there as it was encoded.
    """
    text, (kept, claimed) = findings.text, findings.kept
    same = "word for word the text that was encoded" if findings.same_text else "not word for word that text"
    return Page(
        kicker="The policy's own words",
        title=title(findings),
        is_result=True,
        head=[
            ("Policy", words.revision(revision)),
            ("Anchors", findings.anchors.copy or findings.anchors.path),
            ("Copy", f"{text.name}: {len(text.words):,} words, {same}"),
            *([("Before", old)] if old else []),
            ("Found", f"{kept:,} of {claimed:,} claimed words stand there as they were"),
        ],
        blocks=[] if findings.other_text else list(_sections(revision, findings, every)),
        notice=NOTICE,
        summary=_summary(revision, findings),
    )


def title(findings: Findings) -> str:
    """What came out, as a phrase."""
    if findings.other_text:
        return "another text: too little of it is known to say what has changed"
    counts = Counter(findings.entries().values())
    other = sum(counts[each] for each in ("changed", "moved and changed", "gone", "added to"))
    if other:
        return f"the words of {words.count(other, 'criterion', 'criteria')} are not those that were encoded"
    if any(findings.in_criteria(each.at) for each in findings.new):
        return "every criterion stands there in its own words, and there are new words besides"
    return "every criterion stands there in its own words"


def _sections(revision: Revision, findings: Findings, every: bool) -> Iterable[Block]:
    yield Section("Criteria whose words have changed", "changed", _changed(revision, findings))
    yield Section("New words", "new", _new(revision, findings))
    yield Section("Citations that have changed", "citations", _citations(findings))
    yield Section("Moved, with the same words", "moved", _moved(revision, findings))
    yield Section("Left out on purpose, and other words there now", "left-out-changed", _left_changed(findings))
    yield Section("Words among the criteria that no entry claims", "unclaimed", _unclaimed(findings))
    yield Section("Left out on purpose", "left-out", _left_out(revision, findings))
    if every:
        yield Section("Every criterion, with the source's own words", "words", _every(revision, findings))
    yield Section("How much of the criteria is accounted for", "counts", [_counted(findings)])


def _changed(revision: Revision, findings: Findings) -> list[Block]:
    by: dict[tuple[str, ...], list[Found]] = defaultdict(list)
    for each in findings.found:
        if each.passage.entries and each.status in ("changed", "moved and changed", "gone"):
            by[each.passage.entries].append(each)
    rows: list[list[Text | Sequence[Text]]] = []
    for entries, found in by.items():
        lines: list[Text] = [Styled(_said(revision, each), "strong") for each in entries]
        lines += [_now(findings, each) for each in found]
        rows.append([[*(_place(revision, each) for each in entries)], lines])
    return [Table(["place", "what is encoded, and the words there now"], rows)] if rows else []


def _now(findings: Findings, each: Found) -> Line:
    """What stands there now; with the old text at hand what stood there in `[-…-]`, what is new in `{+…+}`."""
    status = Styled(f"{each.status}: ", _STYLES[each.status])
    if each.parts:
        return Line([status, *_difference(each.parts)])
    if each.status == "gone":
        return Line([status, f"its {words.count(each.passage.length, 'word')} no longer stand there"])
    return Line([status, f"“{findings.text.shown(*each.at)}”"])


def _difference(parts: Sequence[tuple[str, str]]) -> list[str | Styled]:
    made: list[str | Styled] = []
    for kind, said in parts:
        if made:
            made.append(" ")
        if kind == "same":
            made.append(said)
        else:
            made.append(Styled(f"[-{said}-]", "bad") if kind == "old" else Styled(f"{{+{said}+}}", "good"))
    return made


def _new(revision: Revision, findings: Findings) -> list[Block]:
    rows: list[list[Text | Sequence[Text]]] = []
    for each in findings.new:
        if each.beside:
            place: list[Text] = [_place(revision, entry) for entry in each.beside]
            about = [Styled(f"in the sentence of: {_said(revision, entry)}", "open") for entry in each.beside]
        else:
            place = ["among the criteria" if findings.in_criteria(each.at) else "elsewhere"]
            about = []
        rows.append([place, [*about, f"“{findings.text.shown(*each.at)}”"]])
    return [Table(["place", "words that no passage held before"], rows)] if rows else []


def _citations(findings: Findings) -> list[Block]:
    lines = [
        f"{', '.join(each.passage.entries) or each.passage.left}: {each.passage.cites or 'none'},"
        f" now {each.cites or 'none'}"
        for each in findings.found
        if each.cites is not None
    ]
    return [Bullets(lines)] if lines else []


def _moved(revision: Revision, findings: Findings) -> list[Block]:
    named = dict.fromkeys(e for each in findings.found if each.status == "moved" for e in each.passage.entries)
    return [Bullets([f"{_place(revision, each)}: {_said(revision, each)}" for each in named])] if named else []


def _left_changed(findings: Findings) -> list[Block]:
    counts: Counter[str] = Counter()
    lines: list[Text] = []
    for each in findings.found:
        if each.passage.left and each.status in ("changed", "moved and changed", "gone"):
            if findings.anchors.within(each.passage):
                lines.append(Line([f"{each.passage.left}: ", *_now(findings, each).parts]))
            else:
                counts[each.passage.left] += 1
    lines += [f"{left}: {words.count(number, 'passage')}, outside of the criteria" for left, number in counts.items()]
    return [Bullets(lines)] if lines else []


def _unclaimed(findings: Findings) -> list[Block]:
    open_ones = [
        f"“{findings.text.shown(*each.at)}”"
        for each in findings.found
        if not (each.passage.entries or each.passage.left)
        if each.status != "gone" and findings.in_criteria(each.at)
    ]
    return [Bullets(open_ones)] if open_ones else []


def _left_out(revision: Revision, findings: Findings) -> list[Block]:
    """The reasons, with how many words each takes; words outside of the criteria need none."""
    reasons = {place: f"{what} ({why})" for place, what, why in revision.policy.not_encoded}
    reasons |= revision.policy.notes
    counts: Counter[str] = Counter()
    for each in findings.found:
        if each.passage.left and each.status != "gone" and findings.in_criteria(each.at):
            counts[each.passage.left] += each.at[1] - each.at[0]
    rows: list[list[Text | Sequence[Text]]] = [
        [words.count(number, "word"), [left, *([Styled(reasons[left], "dim")] if left in reasons else [])]]
        for left, number in counts.items()
    ]
    return [Table(["", "where, and why"], rows)] if rows else []


def _every(revision: Revision, findings: Findings) -> list[Block]:
    by: dict[str, list[Found]] = defaultdict(list)
    for each in sorted(findings.found, key=lambda each: each.at):
        for name in each.passage.entries:
            by[name].append(each)
    rows: list[list[Text | Sequence[Text]]] = []
    for entry in revision.rules.entries:
        lines: list[Text] = [Styled(entry.text, "strong")]
        for each in by.get(entry.id, ()):
            same = each.status in ("exact", "moved")
            lines.append(f"“{findings.text.shown(*each.at)}”" if same else _now(findings, each))
        if entry.id not in by:
            lines.append(Styled("no words of its own", "dim"))
        rows.append([entry.place, lines])
    return [Table(["place", "ours, and the source's"], rows)]


def _counted(findings: Findings) -> Block:
    counts = findings.counted()
    total = sum(counts.values()) or 1
    said = ", ".join(f"{number} {kind} ({number * 100 / total:.0f}%)" for kind, number in counts.items())
    return Paragraph(f"of {words.count(total, 'word')}: {said}")


def _summary(revision: Revision, findings: Findings) -> str:
    if findings.other_text:
        return f"{revision.name}: not an edition of this text, or one written anew"
    counts = Counter(findings.entries().values())
    order = ("exact", "moved", "changed", "moved and changed", "gone", "added to")
    said = ", ".join(f"{counts[each]} {each}" for each in order if counts[each])
    return f"{revision.name}: of {len(findings.anchors.claimed)} entries with words of their own {said}"


def _place(revision: Revision, entry: str) -> str:
    return revision.entries[entry].place if entry in revision.entries else "?"


def _said(revision: Revision, entry: str) -> str:
    return f"{revision.entries[entry].text} ({entry})" if entry in revision.entries else f"unknown entry `{entry}`"
