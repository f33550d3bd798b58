"""The public shape of every answer: what `--format json` prints, key by key; a module a verb.

`bvn_asp/render/shape.py` says what a shape is, and turns a result into data by it. The JSON Schemas in
`bvn_asp/schemas/` are made from the same classes (`bvn_asp/render/schema_of.py`): types from the annotations,
descriptions from the docstrings; a test holds what is printed to them.
"""

from __future__ import annotations

import importlib

from bvn_asp.render.shape import Shape

ANSWERS = {
    "ask": "ask.AskAnswer",
    "batch": "batch.BatchAnswer",
    "checklist": "checklist.ChecklistAnswer",
    "claimed": "claims.ClaimedAnswer",
    "claims": "claims.ClaimsAnswer",
    "compare": "compare.CompareAnswer",
    "coverage": "coverage.CoverageAnswer",
    "diff": "diff.DiffAnswer",
    "error": "error.ErrorAnswer",
    "explain": "explain.ExplainAnswer",
    "facts": "facts.FactsAnswer",
    "fhir-read": "fhir_read.FhirReadAnswer",
    "governs": "governs.Governance",
    "letter": "letter.LetterAnswer",
    "lint": "lint.LintAnswer",
    "lint-rules": "lint.LintRulesAnswer",
    "mutate": "coverage.MutateAnswer",
    "partial": "partial.PartialAnswer",
    "policies": "policies.PoliciesAnswer",
    "record": "record.RecordAnswer",
    "repair": "repair.RepairAnswer",
    "request": "request.RequestAnswer",
    "show": "show.ShowAnswer",
    "sources": "sources.SourcesAnswer",
    "split": "split.SplitAnswer",
    "stricter": "stricter.StricterAnswer",
    "synth": "synth.SynthAnswer",
    "test": "testing.TestAnswer",
    "text": "wording.TextAnswer",
    "verify": "record.VerifyAnswer",
    "whatif": "whatif.WhatifAnswer",
}
"""The word of every answer that has a schema, and its shape: module and class."""


def shape_of(word: str) -> type[Shape]:
    """The shape of an answer; only its module is imported."""
    module, _, name = ANSWERS[word].partition(".")
    found: type[Shape] = getattr(importlib.import_module(f"bvn_asp.render.shapes.{module}"), name)
    return found
