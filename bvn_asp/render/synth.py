"""Cases that the solver wrote, as files to be reviewed and kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from bvn_asp.classes import replace
from bvn_asp.model.case import Case, Named, case_data
from bvn_asp.model.library import Library
from bvn_asp.render import words
from bvn_asp.render.blocks import Block, Heading, Paragraph, Styled, Table, Text
from bvn_asp.upkeep.coverage import Item
from bvn_asp.upkeep.mutants import Mutant
from bvn_asp.upkeep.synth import Synthesis, Written

SAID = 4
NOTE = "written by the solver; no such person"


def file_name(number: int, each: Written) -> str:
    """`012-age_18-boundary.yaml`."""
    aims = each.aims
    if isinstance(aims, Item):
        parts = [re.sub(r"\W+", "_", aims.of).strip("_"), aims.aspect]
    else:
        parts = [aims.entry or re.split(r"\W", aims.was.removeprefix("not "))[0], aims.kind]
    return f"{number:03d}-" + "-".join(re.sub(r"[^a-z0-9_]+", "-", part.lower()).strip("-") for part in parts) + ".yaml"


def title(library: Library, case: Case) -> str:
    """A sentence about the person: what is on record, and that nothing else is."""
    said: dict[tuple[str, str], list[str]] = {}
    request = library.vocabulary.request
    for record in case.records:
        fact, value = record.slot.fact, record.value
        if fact == request.members:
            if value == Named(("yes",)):
                said.setdefault((fact, ""), []).append(record.slot.member)
        elif fact in request.whole:
            said.setdefault((fact, ""), [])
        else:
            said.setdefault((fact, str(value)), []).append(record.slot.member)
    phrases = [_phrase(library, fact, value, members) for (fact, value), members in said.items()]
    if not phrases:
        return "Nothing is on record of this person."
    more = len(phrases) - SAID
    shown = "; ".join(phrases[:SAID] if more > 1 else phrases)
    return f"On record of this person: {shown}" + (f"; and {more} things more." if more > 1 else "; nothing else.")


def _phrase(library: Library, fact: str, value: str, members: Sequence[str]) -> str:
    name, where = fact.replace("_", " "), " ".join(filter(None, members))
    request = library.vocabulary.request
    if fact == request.members:
        return f"a request for {where or f'no {request.one}'}"
    if fact == request.diagnoses:
        return "the diagnosis codes"
    if fact == request.procedures:
        return "the procedure codes"
    if library.vocabulary.facts[fact].type == "yes_no":
        name = name if value == "yes" else f"no {name}"
        return f"{name} ({where})" if where else name
    return f"{name} {value}" + (f" ({where})" if where else "")


def purpose(each: Written, policy: str) -> str:
    """What a case is for, in a sentence."""
    aims = each.aims
    if isinstance(aims, Item):
        return f"Shows, of {policy}, what no other case does: {aims}."
    becomes = f"were read as `{aims.becomes}`" if aims.becomes else "were left out"
    others = len(each.notices) - 1
    more = f"; and {words.count(others, 'other slip')}" if others > 0 else ""
    where = f" in {aims.entry}" if aims.entry else ""
    return f"Notices, of {policy}, if `{aims.was}`{where} {becomes} ({aims.kind}){more}."


def to_yaml(library: Library, each: Written, revision: str) -> str:
    """A case file."""
    case = replace(
        each.case,
        title=title(library, each.case),
        about=purpose(each, revision),
        source="bvn synth",
        hypothetical=NOTE,
    )
    data: dict[str, Any] = {key: value for key, value in case_data(case, library.vocabulary).items() if value}
    data["expect"] = {each.check.expectation.policy: dict(each.check.expectation.data)}
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False)
    return re.sub(r"(?m)(: |- )'(yes|no|-?[0-9.]+)'$", r"\1\2", text)


def page(library: Library, answer: Synthesis) -> list[Block]:
    """What was written, and what needs no case."""
    rows: list[list[Text | Sequence[Text]]] = []
    for number, each in enumerate(answer.written, 1):
        about = purpose(each, answer.revision.policy.id)
        shown: list[Text] = [title(library, each.case), Styled(about, "dim")]
        rows.append([f"{number:03d}", words.verdict(each.check.expectation.verdict), shown])
    blocks: list[Block] = [Heading(words.revision(answer.revision))]
    blocks += [Table(["case", "expects", "patient"], rows)] if rows else []
    if answer.equivalent:
        listed = [[f"line {m.place.line}", m.kind, _change(m)] for m in answer.equivalent]
        head = "Proved equivalent: no case and no reading can notice them"
        blocks += [Heading(head), Table(["place", "slip", "was, would be"], listed)]
    if answer.never:
        blocks += [Heading("Proved: no case can show it"), Paragraph(", ".join(map(str, answer.never)))]
    line = f"{answer.revision.name}: {words.count(len(answer.written), 'case')} written"
    left = len(answer.unnoticed) + len(answer.unshown)
    if left:
        names = [*(each.id for each in answer.unnoticed), *map(str, answer.unshown)]
        blocks += [Heading("No case was found for"), Paragraph(Styled(", ".join(names), "bad"))]
    line += f"; {left} left" if left else "; every slip is noticed or proved equivalent, everything is covered"
    return [*blocks, Paragraph(Styled(line, "bad" if left else "good"))]


def _change(mutant: Mutant) -> list[Text]:
    return [mutant.was, Styled(mutant.becomes or "(left out)", "open")]
