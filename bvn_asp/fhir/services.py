"""The FHIR and CDS Hooks services as one function of a method, a path and a body: any web framework can mount it.

    services = Services(Library())
    async def endpoint(request):
        answer = services(request.method, request.url.path, await request.body())
        return Response(answer.text, answer.status, media_type=answer.media)

Nothing is kept between calls but what is grounded for a policy, nothing is logged, and no answer repeats what was sent
in, but the order that a system action updates. Faults are OperationOutcomes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

from bvn_asp.classes import dataclass
from bvn_asp.errors import BvnError, Fault, InputError, Place, fault
from bvn_asp.fhir import need_libraries
from bvn_asp.fhir.ask import Desk
from bvn_asp.fhir.documents import MOST_BYTES, Json, parse_json, to_json
from bvn_asp.fhir.form import ADAPTIVE, FORMS, form_url
from bvn_asp.fhir.read import Reading, read
from bvn_asp.fhir.reply import HOOKS, hook_reply, missing_prefetch, prefetch, says
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.render.words import NOTICE

FHIR, JSON = "application/fhir+json", "application/json"
_BODY = "<body>"
_SDC = "http://hl7.org/fhir/uv/sdc/OperationDefinition"
_DTR = "http://hl7.org/fhir/us/davinci-dtr/OperationDefinition"
_SINCE = "2026-11-26"  # when this list of operations was last changed


@dataclass(frozen=True)
class Answer:
    """What a service answers.

    Attributes:
        media: its media type.
    """

    status: int
    data: Json
    media: str = FHIR

    @property
    def text(self) -> str:
        return to_json(self.data)


class Services:
    """Every service of one library."""

    def __init__(self, library: Library) -> None:
        need_libraries()
        self.library = library
        self.desk = Desk(library)

    @cached_property
    def routes(self) -> dict[tuple[str, str], Callable[[bytes], Answer]]:
        """What is served, by method and path."""
        found: dict[tuple[str, str], Callable[[bytes], Answer]] = {
            ("GET", "/cds-services"): lambda _: Answer(200, discovery(self.library), JSON),
            ("GET", "/fhir/metadata"): lambda _: Answer(200, metadata()),
            ("POST", "/fhir/Questionnaire/$next-question"): self._next,
            ("POST", "/fhir/Questionnaire/$questionnaire-package"): self._package,
        }
        for hook in HOOKS:
            found["POST", f"/cds-services/bvn-{hook}"] = partial(self._hook, hook)
        return found

    def __call__(self, method: str, path: str, body: bytes = b"") -> Answer:
        """The answer to a request; a fault of the request is an OperationOutcome with 404, 405, 412, 413 or 422."""
        path = path.rstrip("/")
        route = self.routes.get((method, path))
        if route is None:
            known = sorted(m for m, p in self.routes if p == path)
            if known:
                return Answer(405, outcome("not-supported", f"this is asked by {' or '.join(known)}"))
            return Answer(404, outcome("not-found", "nothing is served here"))
        if len(body) > MOST_BYTES:
            return Answer(413, outcome("too-long", f"no record over {MOST_BYTES // (1024 * 1024)} MB is read"))
        try:
            return route(body)
        except InputError as error:
            return Answer(422, outcome("invalid", *error.faults))
        except BvnError:
            return Answer(500, outcome("exception", "the solver could not answer; this is a fault here"))

    def _json(self, body: bytes) -> Json:
        return parse_json(body, _BODY)

    def _hook(self, hook: str, body: bytes) -> Answer:
        request = self._json(body)
        if request.get("hook") != hook:
            raise fault(f"this is not a request of the hook {hook}", "its `hook` says which it is", Place(_BODY))
        try:
            return Answer(200, hook_reply(self.desk, request, _BODY), JSON)
        except InputError as error:
            missing = missing_prefetch(self.library, request)
            lacks = missing and any("prefetch is missing" in each.message for each in error.faults)
            return Answer(412 if lacks else 422, outcome("required" if lacks else "invalid", *error.faults))

    def _next(self, body: bytes) -> Answer:
        return Answer(200, self.desk.next(self._json(body), _BODY))

    def _package(self, body: bytes) -> Answer:
        return Answer(200, questionnaire_package(self.desk, self._json(body)))


def discovery(library: Library) -> Json:
    """What CDS Hooks asks first: which hooks are served, and what each needs to be sent."""
    return {
        "services": [
            {
                "hook": hook,
                "id": f"bvn-{hook}",
                "title": f"What coverage policies ask of a {library.vocabulary.request.procedure}",
                "description": f"Which criteria are met, open, or for review by a clinician. {NOTICE}",
                "prefetch": prefetch(library),
                "usageRequirements": "Shaped after Da Vinci CRD, not conformance-tested. Orders for anything else are"
                " answered with nothing.",
            }
            for hook in HOOKS
        ]
    }


def questionnaire_package(desk: Desk, parameters: Json) -> Json:
    """`$questionnaire-package`: the form of a policy, and a response in which all that was sent is filled in.

    The parameters hold the order and its coverage, and whatever else of the chart is at hand; `questionnaire` names the
    form, else the policy that governs for sure.

    Raises: InputError: no order, no policy.
    """
    if parameters.get("resourceType") != "Parameters":
        raise fault("this operation takes Parameters", "with `order`, `coverage` and `questionnaire`", Place(_BODY))
    listed = parameters.get("parameter")
    given = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    names = [str(e.get("valueCanonical")) for e in given if e.get("name") == "questionnaire"]
    reading = read(desk.library, [(_BODY, parameters)])
    policies = []
    for name in names:
        if not name.startswith(FORMS):
            raise fault("the `questionnaire` is none of ours", f"as `{FORMS}POLICY|EDITION`", Place(_BODY))
        policy, _, edition = name.removeprefix(FORMS).partition("|")
        policies.append(f"{policy}@{edition}" if edition else policy)
    said, asks = says(desk, reading, policies)
    if not said:
        hint = f"say {', '.join(asks)}, or name the `questionnaire`" if asks else "name the `questionnaire`"
        raise fault("which policy governs is open", hint, Place(_BODY))
    bundles = [_package_of(desk, each.revision, reading) for each in said]
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": "packagebundle", "resource": each} for each in bundles],
    }


def _package_of(desk: Desk, revision: Revision, reading: Reading) -> Json:
    """The form of one policy, and a response that is begun."""
    asked = desk.ask([revision], reading.case, reading.notes)
    form = {**asked, "extension": [{"url": ADAPTIVE, "valueBoolean": True}]}
    response = desk.start([revision], reading.case, reading.notes)
    address = form_url([revision])
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": address.replace("|", "/_version/"), "resource": form},
            {"fullUrl": f"{FORMS}response", "resource": response},
        ],
    }


def metadata() -> Json:
    """The CapabilityStatement: which operations there are, and that no conformance is claimed."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "experimental": True,
        "date": _SINCE,
        "kind": "instance",
        "implementation": {"description": f"bvn-asp: {NOTICE} No conformance to CRD, DTR or PAS is claimed."},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "resource": [
                    {
                        "type": "Questionnaire",
                        "operation": [
                            {
                                "name": "next-question",
                                "definition": f"{_SDC}/Questionnaire-next-question",
                            },
                            {
                                "name": "questionnaire-package",
                                "definition": f"{_DTR}/questionnaire-package",
                            },
                        ],
                    }
                ],
            }
        ],
    }


def outcome(code: str, *faults: Fault | str) -> Json:
    """Faults as an OperationOutcome; an expression only where the place is one."""
    issues = []
    for each in faults:
        message = each if isinstance(each, str) else each.message + (f" ({each.hint})" if each.hint else "")
        where = "" if isinstance(each, str) or not each.place.line else f"line {each.place.line}: "
        issues.append({"severity": "error", "code": code, "diagnostics": f"{where}{message}"})
    return {"resourceType": "OperationOutcome", "issue": issues}
