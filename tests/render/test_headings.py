"""No heading stands over nothing, whatever the case holds."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp.cli import main
from bvn_asp.render import text as backend
from bvn_asp.render.blocks import Fold, Heading, Section

CASES = ("founding/document-004", "baseline", "worklist/nearly-nothing", "limits/cohere-ma/pain_duration_short_of")
COMMANDS = {
    "compare": ["compare", "CASE", "-p", "cohere-ma", "-p", "lcd-l39420"],
    "explain": ["explain", "CASE", "cohere-ma", "--unmet-first"],
    "repair": ["repair", "CASE", "-p", "cohere-ma"],
    "request": ["request", "CASE", "cohere-ma"],
    "checklist": ["checklist", "CASE", "cohere-ma"],
    "letter": ["letter", "CASE", "cohere-ma", "--for", "appeal", "--format", "text"],
    "plain letter": ["letter", "CASE", "cohere-ma", "--for", "adverse", "--plain", "--format", "text"],
}


def bare(blocks):
    """The headings with nothing below them; the answer itself, and the title, need nothing."""
    listed = list(blocks)
    for number, block in enumerate(listed):
        if isinstance(block, Section | Fold):
            yield from bare(block.blocks)
        if number > 1 and isinstance(block, Heading) and not block.text.startswith("RESULT"):
            rest = listed[number + 1 :]
            below = [each for each in rest if isinstance(each, Heading) or backend.to_text([each]).strip()]
            if not below or isinstance(below[0], Heading):
                yield block.text


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("case", CASES)
def test_every_heading_has_something_below_it(monkeypatch, name, case):
    printed, whole = [], backend.to_text

    def watched(blocks, *rest):
        listed = list(blocks)
        printed.extend(listed)
        return whole(listed, *rest)

    monkeypatch.setattr(backend, "to_text", watched)
    done = CliRunner().invoke(main, [str(ROOT / f"cases/{case}.yaml") if w == "CASE" else w for w in COMMANDS[name]])
    monkeypatch.undo()

    assert done.exit_code == 0, done.output
    assert any(isinstance(each, Heading) for each in printed)
    assert list(bare(printed)) == []
