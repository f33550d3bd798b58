"""Words and texts that many answers share."""

from __future__ import annotations

from typing import Annotated, Any

from bvn_asp.render.schema_of import OneOf, Pattern

SlotName = Annotated[str, "a fact, with its member if it is per one: age, modic.L4"]
VerdictWord = Annotated[str, OneOf("approve", "deny", "pend", "silent")]
StatusWord = Annotated[
    str, OneOf("met", "unmet", "undetermined"), "of a criterion; below an exclusion, met means present"
]
Written = Annotated[str | dict[str, Any], "a value as a case file would write it"]
Hash = Annotated[str, Pattern("^([0-9a-f]{64})?$")]
Date = Annotated[str, Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
EntryKind = Annotated[str, OneOf("all_of", "any_of", "none_of", "at_least", "criterion")]
Mark = Annotated[str, OneOf("primary", "header", "secondary", "claimed"), "how the text behind it was seen"]
Readings = Annotated[dict[str, str], "reading to the option in force"]
RelationWord = Annotated[str, OneOf("equivalent", "stricter", "looser", "neither")]
OpenWord = Annotated[
    str,
    OneOf(
        "not on record", "the report on file is silent", "on record, not enough", "the record contradicts itself"
    ),
]
StandingWord = Annotated[
    str,
    OneOf(
        "on record",
        "not on record",
        "the report on file is silent",
        "on record, not enough",
        "the record contradicts itself",
        "presumed absent",
        "counted",
    ),
    "how the chart stands to what is asked of the fact",
]
SourceKind = Annotated[str, OneOf("coverage", "guideline", "evidence", "opinion")]
