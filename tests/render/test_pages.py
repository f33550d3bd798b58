"""The pages on lint and on revising a policy show what their commands print."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import ROOT, edit, play


@pytest.mark.parametrize("name", ["lint", "revise-a-policy"])
def test_a_page_shows_what_its_commands_print(name: str) -> None:
    page, now = play(ROOT / "docs" / f"{name}.md")

    assert now == page


def test_an_edit_whose_place_is_gone_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.lp").write_text("a.\n")

    with pytest.raises(AssertionError, match="stands 0 times"):
        edit("--- a.lp\n+++ a.lp\n@@ -1 +1 @@\n-b.\n+c.\n", tmp_path)
