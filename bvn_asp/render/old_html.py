"""Pages as HTML: one file that carries its style and script, asks the network for nothing and escapes every text."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bvn_asp.cases.evaluate import Verdict
from bvn_asp.render.words import NOTICE

VERDICT_MARKS = {Verdict.APPROVE: "good", Verdict.DENY: "bad", Verdict.PEND: "open", Verdict.SILENT: "dim"}
TEMPLATES = Path(__file__).parent / "templates"


def to_html(template: str, **values: Any) -> str:
    """A page made of a template in `templates/` and what it is to show."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    made.globals |= {
        "style": Markup((TEMPLATES / "page.css").read_text(encoding="utf-8").strip()),
        "script": Markup(script),
        # Nothing may be fetched, and no script runs but ours: a second wall behind the escaping.
        "wall": f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; form-action 'none'",
        "notice": NOTICE,
    }
    made.filters["web"] = _web
    return made


def _web(address: str) -> str:
    """An address that may stand in a link: the web only; empty for anything else."""
    return address if address.startswith(("https://", "http://")) else ""
