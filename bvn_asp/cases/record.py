"""A decision that can be made again: what was decided on, by what, and what came out.

The record holds fact ids, values, dates and hashes, and no free text of the case: no title, no names. Its id is the
hash of everything that went into the decision and that came out of it, so the same id means the same answer to the same
question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bvn_asp.cases.compare import Comparison, compare
from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.cases.possible import parse_case
from bvn_asp.classes import dataclass
from bvn_asp.errors import BvnError, Place, fault
from bvn_asp.model.case import Case, case_data
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision

SCHEMA = "record/2"
FREE = ("human", "seal")
"""What may be written into a record afterwards: who decided, and a seal over the rest."""


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
    """The record of a comparison, ready to be written as JSON.

    Everything in it is covered by its id, but what `FREE` names.
    """
    record = {
        "schema": SCHEMA,
        "engine": engine(),
        "vocabulary": file_hash(library.folder / "vocabulary.yaml"),
        "background": file_hash(library.folder / "background.lp"),
        "policies": [_policy(each) for each in comparison.evaluations],
        "case": anonymous(library, comparison.case),
        "strict": comparison.strict,
        "unknown": _unknown(library, comparison),
        "results": [_result(each) for each in comparison.evaluations],
        "notice": "what the encoded criteria say of the recorded facts; not a coverage decision",
    }
    return {"schema": SCHEMA, "id": identity(record), **record, "human": None}


def identity(record: Mapping[str, Any]) -> str:
    """The id of a record: the hash of all that it covers."""
    return digest({key: value for key, value in record.items() if key not in (*FREE, "id")})


def verify(library: Library, record: Mapping[str, Any]) -> Verification:
    """Decide a record again with the policies and the engine at hand, and say what moved.

    The record is made anew from what it says it decided on, and held to the old one leaf by leaf: nothing in it is
    passed over but what `FREE` names.

    Raises: InputError: it is no such record, or its policies are not here.
    """
    if record.get("schema") != SCHEMA:
        older = " (it is one of an older kind, whose id covers less)" if record.get("schema") == "record/1" else ""
        raise fault(f"this is not a record of a decision{older}", f"a record says `schema: {SCHEMA}`")
    try:
        case = parse_case(library, json.dumps({"title": "recorded", **record["case"]}), "record")
        names = [f"{each['policy']}@{each['revision']}" for each in record["policies"]]
        readings = {each["policy"]: dict(each["readings"]) for each in record["policies"]}
        words = [*readings, *(word for each in readings.values() for pair in each.items() for word in pair)]
        whole = names and isinstance(record["strict"], bool) and all(isinstance(each, str) for each in words)
        whole = whole and all(isinstance(each, dict) for each in record["results"])
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        whole = False
    if not whole:
        raise fault("the record is not whole", "was it edited by hand?")
    again = json.loads(json.dumps(make_record(library, compare(library, case, names, readings, record["strict"]))))
    moved = [] if identity(record) == record.get("id") else ["the record's id does not fit what it holds"]
    if again != {**record, **{name: again[name] for name in FREE if name in again}}:
        moved += _moved(record, again)
    return Verification(str(record.get("id")), tuple(moved))


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What differs between two records, in words."""
    yield from (f"{file} has changed" for key, file in _FILES.items() if old.get(key) != new[key])
    before = old.get("engine")
    for name, value in new["engine"].items():
        was = before.get(name) if isinstance(before, dict) else None
        if was != value:
            yield f"{name} was {was}, is {value}"
    for policy, now in zip(old["policies"], new["policies"], strict=True):
        name = f"{now['policy']}@{now['revision']}"
        for key, what in _TEXTS.items():
            if policy.get(key) != now[key]:
                yield f"{name}: the text of its {what} has changed"
        yield from _leaves({k: v for k, v in policy.items() if k not in _TEXTS}, _without(now, *_TEXTS), name)
    results = old["results"]
    if len(results) != len(new["results"]):
        yield f"there are {len(results)} results where {len(new['results'])} policies were asked"
    ids = [each["policy"] for each in new["results"]]
    for result, now in zip(results, new["results"], strict=False):
        name = f"{now['policy']}@{now['revision']}" if ids.count(now["policy"]) > 1 else now["policy"]
        if (result.get("policy"), result.get("revision")) != (now["policy"], now["revision"]):
            yield f"{name}: the result in its place is of {result.get('policy')}@{result.get('revision')}"
            continue
        yield from _leaves(_without(result, "statuses", "verdict"), _without(now, "statuses", "verdict"), name)
        if result.get("verdict") != now["verdict"]:
            yield f"{name}: was {result.get('verdict')}, is {now['verdict']}"
        statuses = result.get("statuses")
        yield from _entries(statuses if isinstance(statuses, dict) else {}, now["statuses"], name)
    rest = ("schema", "id", "engine", "policies", "results", *_FILES, *FREE)
    yield from _leaves(_without(old, *rest), _without(new, *rest), "")
    if isinstance(before, dict):
        yield from (f"the engine has no `{name}`" for name in before if name not in new["engine"])


def _without(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in names}


def _leaves(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> Iterator[str]:
    """The keys of one level that differ."""
    for key in dict.fromkeys([*new, *old]):
        if key not in old or key not in new or old[key] != new[key] or type(old[key]) is not type(new[key]):
            was, now = (str(each[key]) if key in each else "not there" for each in (old, new))
            yield f"{name} `{key}` was {was}, is {now}".strip()


def _entries(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> Iterator[str]:
    for entry in dict.fromkeys([*new, *old]):
        if old.get(entry) != new.get(entry):
            yield f"{name} {entry}: was {old.get(entry, 'not there')}, is {new.get(entry, 'not there')}"


_FILES = {"vocabulary": "vocabulary.yaml", "background": "background.lp"}
_TEXTS = {"rules": "rules", "metadata": "policy.yaml"}


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

    return {"bvn-asp": version("bvn-asp"), "clingo": version("clingo"), "code": code_hash()}


@cache
def code_hash() -> str:
    """The SHA-256 of the code that decides: what reads policies and cases, the encodings, the questions."""
    package = Path(__file__).parent.parent
    rooms = ("model", "engine", "cases")
    files = sorted(each for room in rooms for each in (package / room).rglob("*.*") if each.suffix in _CODE)
    return hashlib.sha256(b"\0".join(p.name.encode() + b"\0" + p.read_bytes() for p in files)).hexdigest()


_CODE = (".py", ".lp")


def anonymous(library: Library, case: Case) -> dict[str, Any]:
    """What a case records, without its texts."""
    data = case_data(case, library.vocabulary, with_evidence=False)
    return {"request": data["request"], "facts": data["facts"]}


def digest(data: Any) -> str:
    """The SHA-256 of some data's canonical JSON."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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
        **revision.dates,
        "rules": rules_hash(revision),
        "metadata": file_hash(Path(revision.policy.path)),
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
    known = comparison.case.recorded
    read = {name for each in comparison.evaluations for name in each.revision.rules.facts}
    return [str(slot) for slot in library.vocabulary.slots if slot.fact in read and slot not in known]


__all__ = ["BvnError", "Verification", "make_record", "read_record", "verify"]
