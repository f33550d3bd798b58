"""What a case may record: facts, their types, units and ranges, read from `vocabulary.yaml`.

`parts` and `request` say what a vocabulary is made of, `vocabulary` what can be asked of it; `load` takes it out of the
store, or has `reader` read the file, a module a section: `read_index`, `read_fact`, `read_doubts`, `read_request`,
`read_repairs`.
"""

from __future__ import annotations

from bvn_asp.model.vocabulary.load import load_vocabulary
from bvn_asp.model.vocabulary.names import MOST_DIGITS, RESERVED, decimal, plural, term
from bvn_asp.model.vocabulary.parts import (
    CHANGES,
    CONTESTS,
    RELATIONS,
    TYPES,
    YES_NO,
    Between,
    Contest,
    Decision,
    Event,
    Fact,
    Index,
    Relation,
    Several,
    Shorthand,
    Sign,
    Slot,
    Tied,
)
from bvn_asp.model.vocabulary.request import Papers, Request
from bvn_asp.model.vocabulary.vocabulary import Vocabulary

__all__ = [
    "CHANGES",
    "CONTESTS",
    "MOST_DIGITS",
    "RELATIONS",
    "RESERVED",
    "TYPES",
    "YES_NO",
    "Between",
    "Contest",
    "Decision",
    "Event",
    "Fact",
    "Index",
    "Papers",
    "Relation",
    "Request",
    "Several",
    "Shorthand",
    "Sign",
    "Slot",
    "Tied",
    "Vocabulary",
    "decimal",
    "load_vocabulary",
    "plural",
    "term",
]
