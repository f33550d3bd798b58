"""JSON as it comes: read exactly, numbers as decimals, faults with line and column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bvn_asp.errors import Place, fault

MOST_BYTES = 64 * 1024 * 1024
MOST_DEEP, MOST_DIGITS = 100, 40
Json = dict[str, Any]


def read_bytes(path: str) -> bytes:
    """What a file holds.

    Raises: InputError: it is not there, a folder, or larger than anything read here.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise fault("this is a folder, not a file", place=Place(path))
        size = file.stat().st_size
        if size > MOST_BYTES:
            limit = MOST_BYTES // (1024 * 1024)
            hint = "give the resources of one person, as a server's $everything does"
            raise fault(f"the file is {size // (1024 * 1024)} MB; no record over {limit} MB is read", hint, Place(path))
        return file.read_bytes()
    except OSError as error:
        raise fault(f"cannot read the file: {(error.strerror or str(error)).lower()}", place=Place(path)) from None


def looks_like_fhir(data: bytes) -> bool:
    """Whether some bytes are JSON that names a resource type, or a CDS Hooks request; a case file is neither."""
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if head == b"<":
        return b"http://hl7.org/fhir" in data
    return head == b"{" and (b'"resourceType"' in data or b'"hookInstance"' in data)


def parse_json(data: bytes, name: str) -> Json:
    """The JSON object in some bytes; `name` stands for it in faults. What it holds is never repeated in a fault.

    Raises: InputError: not text, not JSON, given twice, not an object.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise fault("not a text file (UTF-8)", "FHIR as JSON is UTF-8", Place(name, line, 1)) from None
    if text.lstrip()[:1] == "<":
        raise fault("this is XML", "FHIR is read here as JSON (application/fhir+json)", Place(name, 1, 1))
    try:
        found = json.loads(
            text, parse_float=_number, parse_int=_integer, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        hint = "several documents, one a line? give them as one Bundle" if error.msg == "Extra data" else ""
        raise fault(f"not JSON: {error.msg.lower()}", hint, Place(name, error.lineno, error.colno)) from None
    except RecursionError:
        raise fault("not JSON that can be read: nested too deeply", place=Place(name)) from None
    except ValueError as error:
        raise fault(str(error), "a name stands once in an object, and a number has few digits", Place(name)) from None
    if not isinstance(found, dict):
        raise fault("this is JSON, but no object", "a FHIR resource is `{\"resourceType\": …}`", Place(name, 1, 1))
    if _depth(found) > MOST_DEEP:
        raise fault(f"nested more than {MOST_DEEP} levels deep", "no record in FHIR is", Place(name))
    return found


def _depth(document: Json) -> int:
    """How deep a document is nested; looked at level by level, so that no depth is too deep to be looked at."""
    deep, level = 0, [*document.values()]
    while level and deep <= MOST_DEEP:
        deep += 1
        inside = [each for each in level if isinstance(each, dict | list)]
        level = [part for each in inside for part in (each.values() if isinstance(each, dict) else each)]
    return deep


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError(f"a number has more than {MOST_DIGITS} digits")
    return number


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number has more than {MOST_DIGITS} digits")
    return int(text)


def _once(pairs: Sequence[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"`{twice[:40]}` is given twice in one object")
    return found


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number in JSON")


def to_json(data: Any) -> str:
    """Data as JSON text, the same bytes for the same data; decimals as they were written."""
    return json.dumps(plain(data), indent=2, ensure_ascii=False) + "\n"


def plain(data: Any) -> Any:
    """The same with decimals as JSON numbers."""
    if isinstance(data, Decimal):
        return int(data) if data == data.to_integral_value() else float(data)
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain(value) for value in data]
    return data
