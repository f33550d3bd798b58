"""The public shape of every answer: what `--format json` prints, key by key; a module a verb.

The JSON Schemas in `bvn_asp/schemas/` are made from these classes (`bvn_asp/render/schema_of.py`): types from the
annotations, descriptions from the docstrings. The type checker holds what the renderers build to them. They are typed
dicts and not dataclasses because a hundred dataclasses would cost every command 30 milliseconds at its start.
"""

from __future__ import annotations

from bvn_asp.render.shapes.ask import AskAnswer, OpenFact, SettledFact
from bvn_asp.render.shapes.batch import BatchAgainst, BatchAnswer, BatchFlip, BatchPolicy
from bvn_asp.render.shapes.chart import CaseAsRead, ChartRecord, Conflict, EvidenceEntry
from bvn_asp.render.shapes.checklist import ChecklistAnswer, FactOnFile, FormLine
from bvn_asp.render.shapes.claims import Claim, ClaimedAnswer, ClaimedSide, ClaimedVerdict, ClaimsAnswer, PolicyVerdict
from bvn_asp.render.shapes.compare import AlignedCell, AlignedTopic, CompareAnswer, ComparedPolicy
from bvn_asp.render.shapes.coverage import (
    CoverageAnswer,
    CoverageItem,
    CoveragePolicy,
    Mutant,
    MutateAnswer,
    MutatePolicy,
)
from bvn_asp.render.shapes.diff import (
    CaseFlip,
    CaseFlips,
    DiffAnswer,
    DiffRow,
    NeededFact,
    PartingShape,
    UnderReading,
    Wording,
)
from bvn_asp.render.shapes.error import ErrorAnswer, InputFault
from bvn_asp.render.shapes.evaluation import CodingAdvice, Criterion, Hinge, Limit, NotPresumed, PolicyEvaluation
from bvn_asp.render.shapes.explain import ExplainAnswer, FactRead, NeededAnswer, WorksheetLine
from bvn_asp.render.shapes.facts import Doubt, FactsAnswer, VocabularyFact
from bvn_asp.render.shapes.fhir_read import FhirNote, FhirReadAnswer
from bvn_asp.render.shapes.governs import Contractor, Governance, GoverningEdition, GoverningPolicy, Rule, Said
from bvn_asp.render.shapes.letter import LetterAnswer, LetterReason, ReasonSlots, StricterThan
from bvn_asp.render.shapes.lint import Finding, LintAnswer, LintRule, LintRulesAnswer
from bvn_asp.render.shapes.partial import ApprovedSubset, MemberLeft, PartialAnswer
from bvn_asp.render.shapes.policies import Dates, PoliciesAnswer, PolicyEdition, PolicyEntry, PolicyFacts
from bvn_asp.render.shapes.record import RecordAnswer, RecordedResult, RecordPolicy, VerifyAnswer
from bvn_asp.render.shapes.repair import (
    AskedPolicy,
    BlockingCriterion,
    Move,
    Obstacle,
    Repair,
    RepairAnswer,
    RepairQuestion,
    Serves,
)
from bvn_asp.render.shapes.request import RequestAnswer, RequestedFact, WaitingFact
from bvn_asp.render.shapes.show import FactAsked, NotEncoded, Option, OutlineEntry, Reading, ShowAnswer
from bvn_asp.render.shapes.sources import (
    FactLimits,
    SourceCell,
    SourceEdition,
    SourcePolicy,
    SourcesAnswer,
    SourceTopic,
)
from bvn_asp.render.shapes.split import PolicyPair, SplitAnswer
from bvn_asp.render.shapes.stricter import StricterAnswer, StricterWay, StricterWays
from bvn_asp.render.shapes.synth import SynthAnswer, SynthCase
from bvn_asp.render.shapes.testing import CheckResult, MismatchShape, TestAnswer, TestSummary
from bvn_asp.render.shapes.whatif import StatusChange, SupposedPolicy, WhatifAnswer
from bvn_asp.render.shapes.witness import Departure, Extent, Patient, PlainEdition, ReadEdition, Witness, WitnessVerdict
from bvn_asp.render.shapes.wording import TextAnswer, TextNew, TextPassage

ANSWERS: dict[str, type] = {
    "ask": AskAnswer,
    "batch": BatchAnswer,
    "checklist": ChecklistAnswer,
    "claimed": ClaimedAnswer,
    "claims": ClaimsAnswer,
    "compare": CompareAnswer,
    "coverage": CoverageAnswer,
    "diff": DiffAnswer,
    "error": ErrorAnswer,
    "explain": ExplainAnswer,
    "facts": FactsAnswer,
    "fhir-read": FhirReadAnswer,
    "governs": Governance,
    "letter": LetterAnswer,
    "lint": LintAnswer,
    "lint-rules": LintRulesAnswer,
    "mutate": MutateAnswer,
    "partial": PartialAnswer,
    "policies": PoliciesAnswer,
    "record": RecordAnswer,
    "repair": RepairAnswer,
    "request": RequestAnswer,
    "show": ShowAnswer,
    "sources": SourcesAnswer,
    "split": SplitAnswer,
    "stricter": StricterAnswer,
    "synth": SynthAnswer,
    "test": TestAnswer,
    "text": TextAnswer,
    "verify": VerifyAnswer,
    "whatif": WhatifAnswer,
}

__all__ = [
    "ANSWERS",
    "AlignedCell",
    "AlignedTopic",
    "ApprovedSubset",
    "AskAnswer",
    "AskedPolicy",
    "BatchAgainst",
    "BatchAnswer",
    "BatchFlip",
    "BatchPolicy",
    "BlockingCriterion",
    "CaseAsRead",
    "CaseFlip",
    "CaseFlips",
    "ChartRecord",
    "CheckResult",
    "ChecklistAnswer",
    "Claim",
    "ClaimedAnswer",
    "ClaimedSide",
    "ClaimedVerdict",
    "ClaimsAnswer",
    "CodingAdvice",
    "CompareAnswer",
    "ComparedPolicy",
    "Conflict",
    "Contractor",
    "CoverageAnswer",
    "CoverageItem",
    "CoveragePolicy",
    "Criterion",
    "Dates",
    "Departure",
    "DiffAnswer",
    "DiffRow",
    "Doubt",
    "ErrorAnswer",
    "EvidenceEntry",
    "ExplainAnswer",
    "Extent",
    "FactAsked",
    "FactLimits",
    "FactOnFile",
    "FactRead",
    "FactsAnswer",
    "FhirNote",
    "FhirReadAnswer",
    "Finding",
    "FormLine",
    "Governance",
    "GoverningEdition",
    "GoverningPolicy",
    "Hinge",
    "InputFault",
    "LetterAnswer",
    "LetterReason",
    "Limit",
    "LintAnswer",
    "LintRule",
    "LintRulesAnswer",
    "MemberLeft",
    "MismatchShape",
    "Move",
    "Mutant",
    "MutateAnswer",
    "MutatePolicy",
    "NeededAnswer",
    "NeededFact",
    "NotEncoded",
    "NotPresumed",
    "Obstacle",
    "OpenFact",
    "Option",
    "OutlineEntry",
    "PartialAnswer",
    "PartingShape",
    "Patient",
    "PlainEdition",
    "PoliciesAnswer",
    "PolicyEdition",
    "PolicyEntry",
    "PolicyEvaluation",
    "PolicyFacts",
    "PolicyPair",
    "PolicyVerdict",
    "ReadEdition",
    "Reading",
    "ReasonSlots",
    "RecordAnswer",
    "RecordPolicy",
    "RecordedResult",
    "Repair",
    "RepairAnswer",
    "RepairQuestion",
    "RequestAnswer",
    "RequestedFact",
    "Rule",
    "Said",
    "Serves",
    "SettledFact",
    "ShowAnswer",
    "SourceCell",
    "SourceEdition",
    "SourcePolicy",
    "SourceTopic",
    "SourcesAnswer",
    "SplitAnswer",
    "StatusChange",
    "StricterAnswer",
    "StricterThan",
    "StricterWay",
    "StricterWays",
    "SupposedPolicy",
    "SynthAnswer",
    "SynthCase",
    "TestAnswer",
    "TestSummary",
    "TextAnswer",
    "TextNew",
    "TextPassage",
    "UnderReading",
    "VerifyAnswer",
    "VocabularyFact",
    "WaitingFact",
    "WhatifAnswer",
    "Witness",
    "WitnessVerdict",
    "Wording",
    "WorksheetLine",
]
