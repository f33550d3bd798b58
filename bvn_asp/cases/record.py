"""A decision that can be made again: what was decided on, by what, and what came out.

The record holds fact ids, values, dates and hashes, and no free text of the case: no title, no names. Its id is the
hash of everything that went into the decision, so the same id means the same question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bvn_asp.cases.compare import Comparison
from bvn_asp.cases.compare import names as compared
from bvn_asp.cases.evaluate import Evaluation, evaluate, recorded
from bvn_asp.errors import BvnError, Place, fault
from bvn_asp.model.case import Case, case_data
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision

SCHEMA = "record/1"


@dataclass(frozen=True)
class Verification:
    """Whether a recorded decision comes out again.

    Attributes:
        moved: what is different now, in words; empty if nothing is.
    """

    id: str
    moved: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.moved


def make_record(library: Library, comparison: Comparison) -> dict[str, Any]:
    """The record of a comparison, ready to be written as JSON."""
    decided_on = {
        "engine": engine(),
        "vocabulary": file_hash(library.folder / "vocabulary.yaml"),
        "background": file_hash(library.folder / "background.lp"),
        "policies": [_policy(each) for each in comparison.evaluations],
        "case": anonymous(library, comparison.case),
        "strict": comparison.strict,
    }
    return {
        "schema": SCHEMA,
        "id": digest(decided_on),
        **decided_on,
        "unknown": _unknown(library, comparison),
        "results": [_result(each) for each in comparison.evaluations],
        "notice": "what the encoded criteria say of the recorded facts; not a coverage decision",
        "human": None,
    }


def verify(library: Library, record: Mapping[str, Any]) -> Verification:
    """Decide a record again with the policies and the engine at hand, and say what moved.

    Raises: InputError: it is no such record, or its policies are not here.
    """
    if record.get("schema") != SCHEMA:
        raise fault("this is not a record of a decision", f"a record says `schema: {SCHEMA}`")
    try:
        case = library.parse(json.dumps({"title": "recorded", **record["case"]}), "record")
        names = [f"{each['policy']}@{each['revision']}" for each in record["policies"]]
        readings = {each["policy"]: each["readings"] for each in record["policies"]}
        old_results = {f"{each['policy']}@{each['revision']}": each for each in record["results"]}
        strict = record["strict"]
        keys = ("engine", "vocabulary", "background", "policies", "case", "strict")
        tampered = digest({key: record[key] for key in keys}) != record["id"]
    except (KeyError, TypeError, AttributeError):
        raise fault("the record is not whole", "was it edited by hand?") from None
    moved = ["the record's id does not fit what it says it decided on"] if tampered else []
    evaluations = evaluate(library, case, names, readings, strict)
    now = {"vocabulary": "vocabulary.yaml", "background": "background.lp"}
    moved += [f"{name} has changed" for key, name in now.items() if file_hash(library.folder / name) != record[key]]
    moved += [
        f"{name} was {record['engine'].get(name)}, is {value}"
        for name, value in engine().items()
        if record["engine"].get(name) != value
    ]
    for name, evaluation, policy in zip(compared(evaluations), evaluations, record["policies"], strict=True):
        if _policy(evaluation) != policy:
            moved.append(f"{evaluation.revision.name}: the text of its rules has changed")
        old, new = old_results.get(evaluation.revision.name, {}), _result(evaluation)
        if old.get("verdict") != new["verdict"]:
            moved.append(f"{name}: was {old.get('verdict')}, is {new['verdict']}")
        before = old.get("statuses", {})
        for entry, status in new["statuses"].items():
            if before.get(entry) != status:
                moved.append(f"{name} {entry}: was {before.get(entry, 'not there')}, is {status}")
        for entry in before:
            if entry not in new["statuses"]:
                moved.append(f"{name} {entry}: was {before[entry]}, is not there")
        for key in ("blamed", "presumed", "open", "hangs_on"):
            if old.get(key) != new[key]:
                moved.append(f"{name}: `{key}` was {old.get(key)}, is {new[key]}")
    return Verification(str(record["id"]), tuple(moved))


def read_record(path: Path) -> dict[str, Any]:
    """The record in a JSON file.

    Raises: InputError: missing, too large or not JSON.
    """
    try:
        if path.stat().st_size > 16 * 1024 * 1024:
            raise fault("the file is too large to be a record", place=Place(str(path)))
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise fault(f"cannot read the file: {(error.strerror or '').lower()}", place=Place(str(path))) from None
    except (ValueError, RecursionError):
        raise fault("not JSON", "a record is written by `bvn compare CASE --record FILE`", Place(str(path))) from None
    if not isinstance(data, dict):
        raise fault("this is not a record of a decision", place=Place(str(path)))
    return data


def engine() -> dict[str, str]:
    """The versions that a decision depends on."""
    from importlib.metadata import version  # slow to import, and only a record needs it

    return {"bvn-asp": version("bvn-asp"), "clingo": version("clingo")}


def anonymous(library: Library, case: Case) -> dict[str, Any]:
    """What a case records, without its texts."""
    data = case_data(case, library.vocabulary, with_evidence=False)
    return {"request": data["request"], "facts": data["facts"]}


def digest(data: Any) -> str:
    """The SHA-256 of some data's canonical JSON."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """The SHA-256 of a file; empty if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def rules_hash(revision: Revision) -> str:
    """The SHA-256 of a revision's rules."""
    return file_hash(revision.path) if revision.path else ""


def _policy(evaluation: Evaluation) -> dict[str, Any]:
    revision = evaluation.revision
    return {
        "policy": evaluation.policy,
        "revision": revision.id,
        "effective": revision.effective.isoformat() if revision.effective else None,
        "rules": rules_hash(revision),
        "readings": evaluation.readings,
    }


def _result(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "policy": evaluation.policy,
        "revision": evaluation.revision.id,
        "verdict": evaluation.verdict.value,
        "statuses": {entry: status.value for entry, status in evaluation.statuses.items()},
        "blamed": list(evaluation.blamed),
        "presumed": [str(slot) for slot in evaluation.presumed],
        "open": [str(slot) for slot in evaluation.open],
        "hangs_on": [{"readings": dict(h.readings), "verdict": h.verdict} for h in evaluation.hinges],
    }


def _unknown(library: Library, comparison: Comparison) -> list[str]:
    known = recorded(comparison.case)
    read = {name for each in comparison.evaluations for name in each.revision.rules.facts}
    return [str(slot) for slot in library.vocabulary.slots if slot.fact in read and slot not in known]


__all__ = ["BvnError", "Verification", "make_record", "read_record", "verify"]
