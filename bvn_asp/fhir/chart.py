"""One person's record as resources: gathered from Bundles, one version of each, what is broken known.

A document is taken as it is, faults included: many real ones break the schema somewhere. What is whole is read; an
element that is not as FHIR R4 has it puts in doubt what hangs on it.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bvn_asp.classes import dataclass, field, replace
from bvn_asp.errors import Place, fault, shown
from bvn_asp.fhir.documents import Json

_PERSON = ("subject", "patient", "beneficiary")
_NO_CHART = {
    "ClaimResponse": "a payer's answer",
    "CoverageEligibilityResponse": "a payer's answer",
    "ExplanationOfBenefit": "a payer's answer",
    "GuidanceResponse": "an answer",
    "Questionnaire": "a form nobody has filled in",
    "CapabilityStatement": "a server's description",
    "OperationOutcome": "a server's message",
}
_CLINICAL = frozenset(("Condition", "Observation", "Procedure", "ServiceRequest", "Claim", "DiagnosticReport"))
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|\'[^\']*\'')


@dataclass(frozen=True)
class Item:
    """One resource of a chart.

    Attributes:
        ref: how it is named in evidence: `Observation/o1`, and `#x` for one contained in another.
        where: its place in the document, for faults.
        broken: its elements that are not as R4 has them, and those that must be there and are not.
    """

    ref: str
    type: str
    resource: Json
    where: str
    addresses: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    parent: Item | None = None


@dataclass(frozen=True)
class Left:
    """A part of a document that was left out, or is not as it should be, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Chart:
    """The resources of one or more documents.

    Attributes:
        left: what was left out, and what is broken.
        digest: the SHA-256 of the documents.
    """

    items: tuple[Item, ...]
    left: tuple[Left, ...]
    digest: str
    _found: Mapping[str, Item] = field(repr=False, compare=False, default_factory=dict)

    def find(self, reference: object, within: Item | None = None) -> Item | None:
        """The resource that a reference leads to; None if it leads nowhere in here."""
        text = reference.get("reference") if isinstance(reference, Mapping) else reference
        if not isinstance(text, str):
            return None
        if text.startswith("#") and within is not None:
            return self._found.get(f"{(within.parent or within).ref}{text}")
        return self._found.get(text) or self._found.get(_tail(text))

    def of(self, *types: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.type in types)

    def person_of(self, item: Item) -> str:
        """Whose it is, as a name that is the same for the same person; empty if it does not say."""
        if item.type == "Patient":
            return item.ref
        at: Item | None = item
        while at is not None:
            for key in _PERSON:
                reference = at.resource.get(key)
                if isinstance(reference, Mapping) and isinstance(reference.get("reference"), str):
                    found = self.find(reference, at)
                    return found.ref if found is not None else _tail(reference["reference"])
            at = at.parent
        return ""


def _tail(reference: str) -> str:
    """`Patient/p1` of `http://example.org/fhir/Patient/p1/_history/2`."""
    parts = reference.split("/_history/")[0].rstrip("/").split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else reference


def gather(documents: Sequence[tuple[str, Json]]) -> Chart:
    """The chart that some documents make up: Bundles, single resources, or a CDS Hooks request.

    Raises: InputError: no FHIR, another version of it, no chart, two resources of one name that cannot be told apart.
    """
    left: list[Left] = []
    found: list[tuple[str, str, Json]] = []
    for name, document in documents:
        found += _resources(name, document, left)
    tops = _newest([_item(where, address, resource, left) for where, address, resource in found], left)
    kept = [each for item in tops for each in (item, *_contained(item))]
    text = "\n".join(sorted(_canonical(document) for _, document in documents))
    index: dict[str, Item] = {}
    for item in kept:
        for key in (item.ref, *item.addresses):
            index.setdefault(key, item)
    return Chart(tuple(kept), tuple(left), hashlib.sha256(text.encode()).hexdigest(), index)


def _canonical(document: Json) -> str:
    import json

    return json.dumps(document, sort_keys=True, default=str)


def _resources(name: str, document: Json, left: list[Left]) -> Iterator[tuple[str, str, Json]]:
    """Every resource of a document, with its place and its address."""
    if "hookInstance" in document or "hook" in document:
        context, prefetch = document.get("context"), document.get("prefetch")
        drafts = context.get("draftOrders") if isinstance(context, Mapping) else None
        given = prefetch if isinstance(prefetch, Mapping) else {}
        for key, value in {"draftOrders": drafts, **given}.items():
            if isinstance(value, dict):
                yield from _resources(f"{name} {key}", value, left)
        return
    kind = document.get("resourceType")
    if "cards" in document or "systemActions" in document:
        raise fault("this is the answer of a CDS service, not a chart", "a chart is a Bundle", Place(name))
    if not isinstance(kind, str):
        raise fault("this is JSON, but no FHIR: it names no `resourceType`", "a chart is a Bundle", Place(name))
    if kind == "Parameters":
        for number, each in enumerate(_listed(document.get("parameter"))):
            if isinstance(each, dict) and isinstance(each.get("resource"), dict):
                yield from _resources(f"{name} parameter[{number}]", each["resource"], left)
        return
    if kind != "Bundle":
        if kind in _NO_CHART:
            raise fault(f"this is a {kind}, {_NO_CHART[kind]}, not a chart", "a chart is a Bundle", Place(name))
        yield name, "", document
        return
    types = [t for t in map(_type_of, _listed(document.get("entry"))) if t]
    if types and types[0] in _NO_CHART and not _CLINICAL & set(types):
        raise fault(f"this Bundle holds a {types[0]}, {_NO_CHART[types[0]]}, not a chart", "", Place(name))
    for link in _listed(document.get("link")):
        if isinstance(link, dict) and link.get("relation") == "next":
            left.append(Left(name, "one page of several: what stands on the next pages is not here"))
    for number, entry in enumerate(_listed(document.get("entry"))):
        where = f"{name} entry[{number}]"
        if not isinstance(entry, dict):
            left.append(Left(where, "no entry"))
            continue
        request = entry.get("request")
        resource, address = entry.get("resource"), entry.get("fullUrl")
        if isinstance(request, dict) and request.get("method") == "DELETE":
            left.append(Left(where, "a deletion"))
            url = request.get("url")
            yield where, address if isinstance(address, str) else "", {"_deleted": url if isinstance(url, str) else ""}
        elif not isinstance(resource, dict):
            left.append(Left(where, "an entry without a resource"))
        elif resource.get("resourceType") == "OperationOutcome":
            left.append(Left(where, "a server's message"))
        elif resource.get("resourceType") == "Bundle":
            yield from _resources(where, resource, left)
        elif not isinstance(resource.get("resourceType"), str):
            left.append(Left(where, "no resource: it names no `resourceType`"))
        else:
            yield where, address if isinstance(address, str) else "", resource


def _type_of(entry: object) -> str:
    resource = entry.get("resource") if isinstance(entry, Mapping) else None
    return str(resource.get("resourceType", "")) if isinstance(resource, Mapping) else ""


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _item(where: str, address: str, resource: Json, left: list[Left]) -> Item:
    """A resource, checked."""
    kind, identifier = shown(str(resource.get("resourceType", "")), 40), resource.get("id")
    addresses = frozenset({address} - {""})
    if "_deleted" in resource:
        return Item(_tail(resource["_deleted"] or address), "", resource, where, addresses)
    _same_version(resource, where)
    number = where.rpartition("entry[")[2].rstrip("]") if "entry[" in where else ""
    ref = f"{kind}/{identifier}" if isinstance(identifier, str) and _ID.fullmatch(identifier) else f"{kind}[{number}]"
    broken = set()
    for path, message in _issues(resource, kind):
        inside = path.partition(".")[2]
        broken.add(re.sub(r"\[.*", "", inside.partition(".")[0]))
        left.append(Left(f"{ref} {inside or 'resource'}", message))
    return Item(ref, kind, resource, where, addresses, frozenset(broken))


def _contained(item: Item) -> Iterator[Item]:
    """The resources that a resource contains: its own person's, unless they say otherwise."""
    for number, each in enumerate(_listed(item.resource.get("contained"))):
        if isinstance(each, dict) and isinstance(each.get("resourceType"), str):
            given = each.get("id")
            name = given if isinstance(given, str) and _ID.fullmatch(given) else f"contained[{number}]"
            broken = frozenset({path.partition(".")[2].partition(".")[0].partition("[")[0]
                                for path, _ in _issues(each, each["resourceType"])})
            yield Item(f"{item.ref}#{name}", each["resourceType"], each, item.where, frozenset(), broken, item)


def _issues(resource: Json, kind: str) -> Iterator[tuple[str, str]]:
    """The structural faults of a resource as path and message, the content left out."""
    import fhirkit

    from bvn_asp.fhir.documents import plain

    try:
        issues = fhirkit.validate(plain(resource))
    except ValueError as error:
        yield f"{kind}.resource", _QUOTED.sub("…", str(error))
        return
    for each in issues:
        if each.severity == "error":
            yield each.path, _QUOTED.sub("…", each.message)


def _same_version(resource: Json, where: str) -> None:
    """Raise InputError if a resource has the marks of another version of FHIR than R4."""
    kind = resource.get("resourceType")
    mark, version = "", ""
    for key in ("clinicalStatus", "verificationStatus"):
        if kind == "Condition" and isinstance(resource.get(key), str):
            mark, version = f"{key} is a plain code", "STU3"
    if "context" in resource and kind in ("Condition", "Observation", "Procedure", "MedicationRequest"):
        mark, version = "context", "STU3"
    if kind == "Procedure" and isinstance(resource.get("notDone"), bool):
        mark, version = "notDone", "STU3"
    if kind in ("ProcedureRequest", "ReferralRequest", "DeviceUseRequest", "EligibilityRequest"):
        mark, version = "this type", "STU3"
    if kind in ("MedicationRequest", "MedicationStatement") and isinstance(resource.get("medication"), dict):
        mark, version = "medication", "R5"
    if kind == "Procedure" and any(str(key).startswith("occurrence") for key in resource):
        mark, version = "occurrence", "R5"
    code = resource.get("code")
    if kind == "ServiceRequest" and isinstance(code, dict) and isinstance(code.get("concept"), dict):
        mark, version = "code.concept", "R5"
    if kind in ("DeviceUsage", "RequestOrchestration", "InventoryItem"):
        mark, version = "this type", "R5"
    if mark:
        hint = "FHIR R4 (4.0.1) is read here; ask the server for it, or convert"
        raise fault(f"this is FHIR {version}, not R4: {kind}, {mark}", hint, Place(where))


def _newest(items: Sequence[Item], left: list[Left]) -> list[Item]:
    """One version of each resource: the newest. The same thing twice is one.

    Raises: InputError: two that differ, and nothing says which is newer.
    """
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.ref, []).append(item)
    kept: list[Item] = []
    dropped: set[str] = set()
    for ref, alike in groups.items():
        if any("_deleted" in each.resource for each in alike):
            if len(alike) > 1:
                left.append(Left(ref, "deleted, as another entry says"))
            dropped.add(ref)
            continue
        different = {_canonical(each.resource): each for each in alike}
        addresses = frozenset(address for each in alike for address in each.addresses)
        newest = max(different.values(), key=_age) if len(different) > 1 else alike[0]
        if len(different) > 1:
            if sum(_age(each) == _age(newest) for each in different.values()) > 1:
                raise fault(
                    f"two different resources are called {ref}",
                    "`meta.lastUpdated` or `meta.versionId` would say which is newer; keep the right one",
                    Place(newest.where),
                )
            left.append(Left(ref, f"{len(different)} versions of it: the newest is read"))
        kept.append(replace(newest, addresses=addresses))
    return kept


def _age(item: Item) -> tuple[datetime.datetime, int]:
    meta = item.resource.get("meta")
    meta = meta if isinstance(meta, Mapping) else {}
    updated, version = meta.get("lastUpdated"), meta.get("versionId")
    try:
        at = datetime.datetime.fromisoformat(str(updated))
    except ValueError:
        at = datetime.datetime.min
    if at.tzinfo is None:
        at = at.replace(tzinfo=datetime.UTC)
    return at, int(version) if isinstance(version, str) and version.isdecimal() else 0
