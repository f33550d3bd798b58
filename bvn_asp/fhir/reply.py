"""What a policy says of an order, as the workflow takes it.

A card and the order with coverage information, a GuidanceResponse, or a ClaimResponse.

Shaped after Da Vinci's guides and not conformance-tested: no validator of their profiles is to be had here. What the
engine does not know is never said: no benefit, no payment, no denial. Where the criteria stand in the way, a clinician
is asked to review them. Identifiers derive from the hash of the record, and no clock is read: a date that a shape
needs is given by the caller, or taken from when the order was written.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bvn_asp.cases.compare import Comparison
from bvn_asp.cases.evaluate import Evaluation, Verdict
from bvn_asp.cases.record import make_record
from bvn_asp.classes import dataclass
from bvn_asp.errors import Place, fault
from bvn_asp.fhir.ask import Desk
from bvn_asp.fhir.chart import Item
from bvn_asp.fhir.days import parse_days
from bvn_asp.fhir.documents import Json
from bvn_asp.fhir.form import BASE, form_url
from bvn_asp.fhir.mapping import CodeMap, load_mapping
from bvn_asp.fhir.order import every
from bvn_asp.fhir.read import Reading, read
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render.words import NOTICE
from bvn_asp.routing.governs import governs

COVERAGE = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
_REVIEW = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction"
_REVIEW_CODE = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode"
HOOKS = ("order-sign", "order-select")
COVERED = ("covered", "conditional")
STANDING = {
    Verdict.APPROVE: "criteria-met",
    Verdict.PEND: "open",
    Verdict.DENY: "for-review-by-a-clinician",
    Verdict.SILENT: "does-not-speak-to-it",
}
_NOT_READ = ("Patient", "Location", "Coverage", "ServiceRequest", "Claim")


@dataclass(frozen=True)
class Said:
    """What one policy says of the orders of a chart.

    Attributes:
        identifier: the hash of the record of the decision.
        asserted: the day on which it is said; None if nobody said which.
    """

    reading: Reading
    revision: Revision
    evaluation: Evaluation
    identifier: str
    asserted: datetime.date | None

    @property
    def verdict(self) -> Verdict:
        return self.evaluation.verdict

    def sentence(self) -> str:
        """Why, in a sentence; and whether other readings of the text come to something else."""
        other = " Other readings of the text come to something else." if self.evaluation.hinges else ""
        return self._why() + other

    def _why(self) -> str:
        name = f"{self.revision.policy.publisher}, {self.revision.policy.title}, edition {self.revision.id}"
        if self.verdict is Verdict.APPROVE:
            return f"The record meets the criteria of {name}."
        if self.verdict is Verdict.PEND:
            slots = [str(slot).replace("_", " ") for slot in self.evaluation.open] or ["several facts together"]
            listed = ", ".join(slots[:12]) + (f" and {len(slots) - 12} more" if len(slots) > 12 else "")
            return f"Open under {name}: {listed}."
        if self.verdict is Verdict.DENY:
            entries = [self.revision.entries[each] for each in self.evaluation.blamed]
            listed = "; ".join(f"{each.place}, {each.text}" for each in entries)
            return f"For review by a clinician under {name}: {listed}."
        return f"{name} does not speak to this request."


def missing_prefetch(library: Library, hook: Mapping[str, Any]) -> dict[str, str]:
    """The queries whose answers a hook request should hold and does not: key to query.

    A page of several counts as missing: what stands on the others could forbid a presumption.
    """
    given = hook.get("prefetch")
    given = given if isinstance(given, Mapping) else {}
    return {key: query for key, query in prefetch(library).items() if not _whole(given.get(key))}


def _whole(value: object) -> bool:
    if not isinstance(value, Mapping) or value.get("resourceType") in (None, "OperationOutcome"):
        return False
    links = every(value.get("link"))
    return not any(isinstance(each, Mapping) and each.get("relation") == "next" for each in links)


def prefetch(library: Library) -> dict[str, str]:
    """What an order needs to be looked at: key to FHIR query, from what the mapping reads."""
    mapping = load_mapping(library.folder, library.vocabulary)
    person = "{{context.patientId}}"
    found = {"patient": f"Patient/{person}", "coverage": f"Coverage?patient={person}&status=active"}
    for name in mapping.kinds:
        lines = mapping.of(name)
        if name in _NOT_READ or not lines:
            continue
        codes = dict.fromkeys(
            f"{mapping.systems[system][0]}|{code}"
            for line in lines
            for system, listed in line.codes.by_system.items()
            for code in listed
        )
        exact = name == "Observation" and not any(each.endswith("*") for each in codes)
        found[name[0].lower() + name[1:]] = f"{name}?patient={person}" + (f"&code={','.join(codes)}" if exact else "")
    return found


def hook_reply(
    desk: Desk, hook: Json, name: str, policies: Sequence[str] = (), covered: str = "",
    asserted: datetime.date | None = None,
) -> Json:
    """Cards and system actions for a CDS Hooks request; nothing for orders that are not ours.

    Args:
        policies: whose criteria; the policy that governs for sure, if none is named.
        covered: `covered`, if the caller knows the benefit; else it is said to be conditional.
        asserted: the day on which it is said; when the order was written, if not given.

    Raises: InputError: no such hook, no chart, a prefetch that is missing.
    """
    kind = hook.get("hook")
    if kind not in HOOKS:
        raise fault("this hook is not served here", f"one of {', '.join(HOOKS)}", Place(name))
    hook = _selected(hook)
    if not _any_of_ours(desk.library, hook, name):
        return {"cards": [], "systemActions": []}
    missing = missing_prefetch(desk.library, hook)
    if missing:
        listed = ", ".join(missing)
        raise fault(f"the prefetch is missing: {listed}", f"send what these ask for: {_queries(missing)}", Place(name))
    reading = read(desk.library, [(name, hook)])
    context = hook.get("context")
    person = context.get("patientId") if isinstance(context, Mapping) else None
    if isinstance(person, str) and reading.order.person and reading.order.person.rpartition("/")[2] != person:
        raise fault("the order is for another person than the hook's context", "", Place(name))
    said, asks = says(desk, reading, policies, asserted)
    if not said:
        return {"cards": [_ask_card(reading, asks)], "systemActions": []}
    cards, actions = [], []
    for each in said:
        cards.append(_card(desk.library, each))
    extensions = [each for s in said for each in coverage_information(desk.library, s, covered)]
    if extensions:
        for item in _orders(reading):
            if item.type == "ServiceRequest":
                actions.append(
                    {
                        "type": "update",
                        "description": "Adds what the encoded criteria say. Not a coverage decision.",
                        "resource": _annotated(item, extensions),
                    }
                )
    return {"cards": cards, "systemActions": actions}


def says(
    desk: Desk, reading: Reading, policies: Sequence[str] = (), asserted: datetime.date | None = None
) -> tuple[list[Said], tuple[str, ...]]:
    """What policies say of a chart's orders; if none governs for sure, nothing, and the facts that would tell which."""
    library, case = desk.library, reading.case
    names = list(policies)
    asks: tuple[str, ...] = ()
    if not names:
        found = governs(library, case)
        names = list(found.governing()) if found is not None else []
        asks = found.missing if found is not None else ()
    said = []
    for revision in library.revisions(names, case.date) if names else ():
        (evaluation,) = desk.asker([revision]).evaluator.evaluate(case)
        record = make_record(library, Comparison(case, (evaluation,), (), False, None, ()))
        day = asserted or _written(reading)
        said.append(Said(reading, revision, evaluation, str(record["id"]), day))
    return said, asks


def coverage_information(library: Library, said: Said, covered: str = "") -> list[Json]:
    """Coverage information for an order, one for each Coverage; none without one, or without a day when it is said."""
    if said.asserted is None:
        return []
    benefit = covered if covered in COVERED else "conditional"
    found = []
    for reference in _coverages(said.reading):
        parts: list[Json] = [
            {"url": "coverage", "valueReference": {"reference": reference}},
            {"url": "covered", "valueCode": benefit},
            {"url": "pa-needed", "valueCode": "auth-needed"},
        ]
        if said.verdict is Verdict.PEND:
            parts += [{"url": "doc-needed", "valueCode": "clinical"}, {"url": "doc-purpose", "valueCode": "withpa"}]
        if benefit == "conditional":
            parts.append({"url": "info-needed", "valueCode": "OTH"})
        parts += [{"url": "billingCode", "valueCoding": each} for each in _billing(library, said.reading)]
        parts.append({"url": "reason", "valueCodeableConcept": {"text": said.sentence()}})
        parts.append(
            {
                "url": "detail",
                "extension": [
                    {"url": "category", "valueCode": "cat-other"},
                    {"url": "code", "valueCodeableConcept": {"text": "what this is"}},
                    {"url": "value", "valueString": NOTICE},
                ],
            }
        )
        if said.verdict is Verdict.PEND:
            parts.append({"url": "questionnaire", "valueCanonical": form_url([said.revision])})
        parts += [
            {"url": "date", "valueDate": said.asserted.isoformat()},
            {"url": "coverage-assertion-id", "valueString": said.identifier},
        ]
        found.append({"url": COVERAGE, "extension": parts})
    return found


def guidance_response(library: Library, said: Said) -> Json:
    """A GuidanceResponse: what data is still required where the verdict is open, else a success."""
    pending = said.verdict is Verdict.PEND
    made: Json = {
        "resourceType": "GuidanceResponse",
        "id": said.identifier,
        "meta": _label("FHIR Clinical Reasoning"),
        "contained": [
            {
                "resourceType": "Parameters",
                "id": "output",
                "parameter": [
                    {"name": "standing", "valueCode": STANDING[said.verdict]},
                    {"name": "reason", "valueString": said.sentence()},
                ],
            }
        ],
        "moduleUri": f"{BASE}/policy/{said.revision.policy.id}|{said.revision.id}",
        "status": "data-required" if pending else "success",
        "outputParameters": {"reference": "#output"},
        "note": [{"text": NOTICE}],
    }
    if said.reading.order.person:
        made["subject"] = {"reference": said.reading.order.person}
    if pending:
        made["dataRequirement"] = list(data_requirements(library, said.evaluation.open))
        made["note"].append({"text": f"What has no code is asked by {form_url([said.revision])}."})
    return made


def data_requirements(library: Library, slots: Sequence[Slot]) -> Iterator[Json]:
    """What coded resources could say of open facts, as the mapping reads them."""
    mapping = load_mapping(library.folder, library.vocabulary)
    told: set[str] = set()
    for slot in slots:
        for line in mapping.lines:
            codes = [
                {"system": mapping.systems[system][0], "code": code}
                for system, listed in line.codes.by_system.items()
                for code in listed
                if not code.endswith("*")
            ]
            key = f"{line.read} {codes}"
            if line.fact == slot.fact and codes and line.action != "hint" and key not in told:
                told.add(key)
                yield {"type": line.read, "codeFilter": [{"path": _code_path(mapping, line.read), "code": codes}]}


def _code_path(mapping: CodeMap, kind: str) -> str:
    return mapping.kinds[kind].code.split(".")[0] or "code"


def claim_response(library: Library, said: Said) -> Json:
    """A ClaimResponse shaped after PAS: by item, A1 where the criteria are met, A4 (pended for review) for all else.

    Raises: InputError: no day on which it is said, no person, no order.
    """
    if said.asserted is None or not said.reading.order.person:
        raise fault("a ClaimResponse needs a person, and a day on which it is made", "name the day with --asserted")
    met = said.verdict is Verdict.APPROVE
    action = {
        "url": _REVIEW,
        "extension": [
            {
                "url": _REVIEW_CODE,
                "valueCodeableConcept": {
                    "coding": [{"system": "https://codesystem.x12.org/005010/306", "code": "A1" if met else "A4"}]
                },
            }
        ],
    }
    codes = list(_billing(library, said.reading))
    if not codes:
        raise fault("the chart holds no order of ours", "a ClaimResponse answers one")
    claims = [ref for ref in said.reading.order.refs if ref.startswith("Claim/")]
    return {
        "resourceType": "ClaimResponse",
        "id": said.identifier,
        "meta": _label("Da Vinci PAS"),
        "status": "active",
        "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}]},
        "use": "preauthorization",
        "patient": {"reference": said.reading.order.person},
        "created": said.asserted.isoformat(),
        "insurer": {"display": "the insurer of the coverage named in the request"},
        **({"request": {"reference": claims[0]}} if claims else {}),
        "outcome": "complete" if met else "queued",
        "disposition": f"{said.sentence()} {NOTICE}",
        "item": [
            {
                "itemSequence": number,
                "adjudication": [
                    {
                        "extension": [action],
                        "category": {
                            "coding": [
                                {"system": "http://terminology.hl7.org/CodeSystem/adjudication", "code": "submitted"}
                            ]
                        },
                    }
                ],
            }
            for number in range(1, len(codes) + 1)
        ],
    }


# -- parts -------------------------------------------------------------------------------------------


def _label(guide: str) -> Json:
    text = f"shaped after {guide}, not conformance-tested"
    return {"tag": [{"system": f"{BASE}/CodeSystem/label", "code": "not-conformance-tested", "display": text}]}


def _card(library: Library, said: Said) -> Json:
    heads = {
        Verdict.APPROVE: "The record meets the encoded criteria",
        Verdict.PEND: f"{len(said.evaluation.open) or 'Several'} facts are still open under the encoded criteria",
        Verdict.DENY: "For review by a clinician: encoded criteria stand in the way",
        Verdict.SILENT: "The policy does not speak to this request",
    }
    detail = f"{said.sentence()}\n\n{NOTICE}\n\nShaped after Da Vinci CRD, not conformance-tested."
    card: Json = {
        "uuid": str(uuid.UUID(said.identifier[:32])),
        "summary": heads[said.verdict][:139],
        "indicator": "info",
        "detail": detail,
        "source": {
            "label": f"{said.revision.policy.publisher}, encoded by bvn-asp",
            "topic": {"system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type", "code": "coverage-info"},
        },
        "extension": {"davinci-crd.associated-resource": [{"reference": ref} for ref in said.reading.order.refs]},
    }
    return card


def _ask_card(reading: Reading, asks: Sequence[str]) -> Json:
    """A card where no policy governs for sure."""
    listed = ", ".join(each.replace("_", " ") for each in asks)
    why = f"It hangs on what the record does not say: {listed}." if listed else "No policy encoded here governs it."
    return {
        "uuid": str(uuid.UUID(reading.chart.digest[:32])),
        "summary": "Which policy governs this request is open",
        "indicator": "info",
        "detail": f"{why}\n\n{NOTICE}\n\nShaped after Da Vinci CRD, not conformance-tested.",
        "source": {
            "label": "bvn-asp",
            "topic": {"system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type", "code": "coverage-info"},
        },
        "extension": {"davinci-crd.associated-resource": [{"reference": ref} for ref in reading.order.refs]},
    }


def _orders(reading: Reading) -> list[Item]:
    return [item for item in reading.chart.items if item.ref in reading.order.refs]


def _annotated(item: Item, extensions: Sequence[Json]) -> Json:
    """An order with coverage information in place of what it had; of the person only the reference is kept."""
    resource = {key: value for key, value in item.resource.items() if key != "text"}
    subject = resource.get("subject")
    if isinstance(subject, Mapping) and "reference" in subject:
        resource["subject"] = {"reference": subject["reference"]}
    others = [e for e in every(resource.get("extension")) if not (isinstance(e, Mapping) and e.get("url") == COVERAGE)]
    return {**resource, "extension": [*others, *extensions]}


def _coverages(reading: Reading) -> list[str]:
    """The Coverages that the order names, else the only one there is."""
    named = sorted(reading.order.named("insurance"))
    named = [ref for ref in named if ref.startswith("Coverage/")]
    if named:
        return named
    active = [item.ref for item in reading.chart.of("Coverage") if item.resource.get("status") == "active"]
    return active if len(active) == 1 else []


def _billing(library: Library, reading: Reading) -> Iterator[Json]:
    """The procedure codes that are asked for."""
    fact = library.vocabulary.request.procedures
    mapping = load_mapping(library.folder, library.vocabulary)
    for code in reading.order.facts.get(fact, {}):
        yield {"system": mapping.systems[mapping.order["procedures"]][0], "code": code}


def _written(reading: Reading) -> datetime.date | None:
    """The day on which the latest of the orders was written."""
    days = [parse_days(item.resource.get("authoredOn") or item.resource.get("created")) for item in _orders(reading)]
    exact = [each.exact for each in days if each is not None and each.exact is not None]
    return max(exact) if exact else None


def _any_of_ours(library: Library, hook: Json, name: str) -> bool:
    """Whether a hook's draft orders ask for the procedure; looked at before anything else is needed."""
    from bvn_asp.fhir.chart import gather
    from bvn_asp.fhir.order import asks_for

    context = hook.get("context")
    drafts = context.get("draftOrders") if isinstance(context, Mapping) else None
    if not isinstance(drafts, dict):
        raise fault("the hook's context has no `draftOrders`", "they are a Bundle", Place(name))
    mapping = load_mapping(library.folder, library.vocabulary)
    return any(asks_for(item, mapping, library.vocabulary) for item in gather([(name, drafts)]).items)


def _selected(hook: Json) -> Json:
    """For order-select: the hook with the selected orders only."""
    context = hook.get("context")
    if hook.get("hook") != "order-select" or not isinstance(context, Mapping):
        return hook
    selections, drafts = context.get("selections"), context.get("draftOrders")
    if not isinstance(selections, list) or not isinstance(drafts, Mapping):
        return hook
    wanted = {str(each).split("/_history/")[0] for each in selections}

    def is_wanted(entry: object) -> bool:
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        return isinstance(resource, Mapping) and f"{resource.get('resourceType')}/{resource.get('id')}" in wanted

    kept = [each for each in every(drafts.get("entry")) if is_wanted(each)]
    return {**hook, "context": {**context, "draftOrders": {**drafts, "entry": kept}}}


def _queries(missing: Mapping[str, str]) -> str:
    return "; ".join(query if len(query) < 80 else f"{query[:79]}…" for query in missing.values())
