"""What a change brings about, as one page for a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bvn_asp.model.library import Library
from bvn_asp.render import diff as diffs
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Bullets, Page, Paragraph, Section, Styled, Table
from bvn_asp.render.blocks import Text as Said
from bvn_asp.texts.diff import Change
from bvn_asp.upkeep.lint import level
from bvn_asp.upkeep.review import Review, Text

MOST = 40


def page(library: Library, answer: Review) -> Page:
    """What changed by meaning, with patients; which cases flip; tests, coverage, flaws."""
    return Page(
        kicker="What a change brings about",
        title=title(answer),
        head=[("Before", answer.base.name), ("After", answer.head.name or "the working tree")],
        blocks=[
            Section("Policies", "policies", _policies(answer)),
            *(block for each in answer.texts for block in _text(library, each)),
            Section("Vocabulary", "vocabulary", _vocabulary(answer)),
            Section(f"Cases decided otherwise: {len(answer.turned)}", "cases", _turned(answer)),
            Section("Case files", "files", _files(answer)),
            Section("Tests", "tests", _tests(answer)),
            Section("Coverage", "coverage", _covered(answer)),
            Section("Lint", "lint", _flaws(answer)),
        ],
    )


def title(answer: Review) -> str:
    """The whole in one line."""
    if not answer.policies and not answer.vocabulary and not answer.files:
        return "No policy, vocabulary or case changes"
    parts = [
        words.count(len(answer.policies), "policy", "policies"),
        f"{words.count(len(answer.turned), 'verdict')} of cases otherwise",
        f"{words.count(len(answer.failed) + len(answer.faults), 'check')} failing",
        f"{words.count(len(answer.flaws), 'new finding')}",
    ]
    return ", ".join(parts)


def _policies(answer: Review) -> list[Block]:
    rows: list[list[Said | Sequence[Said]]] = []
    for each in answer.texts:
        rows.append([each.name, each.what, _result(each)])
    said = {each.name.partition("@")[0] for each in answer.texts}
    rows += [[name, what, "no encoded text changed"] for name, what in answer.policies if name not in said]
    return [Table(["text", "what", "result"], rows)] if rows else [Paragraph("No policy changes.")]


def _result(each: Text) -> Said | Sequence[Said]:
    if each.faults:
        return Styled("cannot be compared", "bad")
    if each.change is None:
        return ""
    counts = Counter(row.change for row in each.change.rows)
    tally = ", ".join(f"{counts[kind]} {kind.value}" for kind in Change if counts[kind])
    lines: list[Said] = [diffs.result(each.change), f"against {each.before}: {tally}"]
    if each.announced is not None:
        good = each.announced.passes
        lines.append(Styled("as announced", "good") if good else Styled("not as announced", "bad"))
    return lines


def _text(library: Library, each: Text) -> list[Block]:
    if each.faults:
        return [Section(each.name, each.name, [Bullets([Styled(str(wrong), "bad") for wrong in each.faults])])]
    if each.change is None or not (each.change.changed or not each.change.equivalent):
        return []
    whole = diffs.page(library, each.change, held=each.announced)
    first = Paragraph(Styled(f"{each.name} against {each.before}", "strong"))
    return [first, *whole.blocks]


def _vocabulary(answer: Review) -> list[Block]:
    listed: dict[str, list[str]] = {}
    for what, name in answer.vocabulary:
        listed.setdefault(what, []).append(name)
    return [Bullets([f"{what}: {', '.join(names)}" for what, names in listed.items()])] if listed else []


def _turned(answer: Review) -> list[Block]:
    rows: list[list[Said | Sequence[Said]]] = []
    for each in answer.turned[:MOST]:
        entries = each.new.revision.entries
        blamed = [f"{entries[one].place}: {entries[one].text}" for one in each.new.blamed]
        old, new = words.verdict(each.old.verdict), words.verdict(each.new.verdict)
        rows.append([each.policy, old, new, [each.case.title, Styled(each.path, "dim"), *blamed]])
    blocks: list[Block] = [Table(["policy", "before", "after", "case"], rows)] if rows else []
    if len(answer.turned) > MOST:
        blocks.append(Paragraph(f"and {len(answer.turned) - MOST} more"))
    if not answer.turned:
        blocks.append(Paragraph(f"None of {words.count(answer.asked, 'case')}."))
    if answer.unread:
        listed = ", ".join(answer.unread[:5]) + (", …" if len(answer.unread) > 5 else "")
        blocks.append(Paragraph(f"{words.count(len(answer.unread), 'case')} cannot be asked before: {listed}"))
    return blocks


def _files(answer: Review) -> list[Block]:
    counts = Counter(what for what, _ in answer.files)
    if not answer.files:
        return []
    said = ", ".join(f"{number} {what}" for what, number in counts.items())
    more = [Styled(f"and {len(answer.files) - MOST} more", "dim")] if len(answer.files) > MOST else []
    return [Paragraph(said), Bullets([*(f"{what}: {path}" for what, path in answer.files[:MOST]), *more])]


def _tests(answer: Review) -> list[Block]:
    wrong = len(answer.failed)
    parts = [f"{wrong} failed"] * bool(wrong) + [f"{answer.passed} passed"]
    parts += [f"{len(answer.faults)} could not be run"] * bool(answer.faults)
    blocks: list[Block] = [Paragraph(Styled(", ".join(parts), "bad" if wrong or answer.faults else "good"))]
    listed: list[Said] = []
    for each in answer.failed[:MOST]:
        points = "; ".join(
            f"{m.key}: expected {', '.join(m.expected) or 'nothing'}, got {', '.join(m.got) or 'nothing'}"
            for m in each.mismatches
        )
        listed.append(f"{answer.head.shown(each.check.id)}: {points}")
    listed += [answer.head.shown(str(each)) for each in answer.faults[:MOST]]
    return [*blocks, *([Bullets(listed)] if listed else [])]


def _covered(answer: Review) -> list[Block]:
    rows: list[list[Said | Sequence[Said]]] = []
    for was, now in answer.covered:
        missing = ", ".join(map(str, now.missing[:5])) + (", …" if len(now.missing) > 5 else "")
        before = f"{was.share:.1f} %" if was is not None else ""
        rows.append([now.revision.name, before, f"{now.share:.1f} %", missing])
    return [Table(["policy", "before", "now", "shown by no case"], rows)] if rows else []


def _flaws(answer: Review) -> list[Block]:
    listed: list[Said] = []
    for each in answer.flaws[:MOST]:
        style = "dim" if level(each) == "note" else "bad"
        listed.append(Styled(f"{each.place}: {level(each)} {each.rule}: {each.message}", style))
    told = [f"{words.count(len(answer.flaws), 'new finding')}"] + [f"{answer.mended} gone"] * bool(answer.mended)
    return [Paragraph(", ".join(told)), *([Bullets(listed)] if listed else [])]
