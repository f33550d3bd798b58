"""Who claims what about a source, where, and does the text bear it out?

The ledger is `policies/claims.yaml`. A claim that says how a source is to be read names the reading, so that the world
can be evaluated as the claimant describes it.
"""

from __future__ import annotations

import re
from pathlib import Path

from bvn_asp.classes import dataclass
from bvn_asp.errors import Fault, InputError, did_you_mean, fault
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Option, Policy, Reading
from bvn_asp.model.yaml_text import Node, read_yaml

VERDICTS = (
    *("supported", "contradicted", "partly", "misapplied", "cannot be checked", "opinion", "not checked"),
)
_KEYS = ("id", "document", "place", "says", "about", "verdict", "why", "reading")
_CLAIMANT = re.compile(
    r"(?:documents?|pages?)\s+(\d+(?:(?:\s*,\s*|\s+and\s+)\d+)*|[a-z][\w-]*(?=\s*(?:,|$)))(?:\s*,\s*(.+))?"
)


@dataclass(frozen=True)
class Stance:
    """One reading of one policy, as an option of it: `bmj-2025:recommends=for`."""

    policy: str
    reading: str
    option: str

    def __str__(self) -> str:
        return f"{self.policy}:{self.reading}={self.option}"


@dataclass(frozen=True)
class Claim:
    """What a document says of a source.

    Attributes:
        document: who says it: 000, 001, …
        place: where in that document.
        says: what is claimed, in our words.
        about: the policy it is about; empty if none.
        verdict: whether text bears it out, one of `VERDICTS`.
        why: what shows it.
        stance: the reading under which policies speak as this claim has it; None if no reading hangs on it.
    """

    id: str
    document: str
    place: str
    says: str
    about: str
    verdict: str
    why: str
    stance: Stance | None = None


def claims(library: Library, source: str | None = None) -> tuple[Claim, ...]:
    """The ledger in its own order, or what one source says and what is said of it.

    Args:
        source: a document (`000`) or a policy (`bmj-2025`).

    Returns: nothing if the folder of policies has no ledger.
    Raises: InputError: the ledger is at fault, or knows no such source.
    """
    path = library.folder / "claims.yaml"
    ledger = _Reader(path, library.policies).read() if path.is_file() else ()
    if source is None:
        return ledger
    wanted = document_of(library, source)
    policy = library.policies.get(source)
    found = tuple(
        each
        for each in ledger
        if each.document == wanted or source in (each.about, each.stance.policy if each.stance else "")
    )
    if not found and policy is None:
        known = {*(each.document for each in ledger), *library.policies}
        raise fault(f"the ledger knows no source `{source}`", did_you_mean(source, known, "`bvn claims` lists all"))
    return found


def document_of(library: Library, name: str) -> str:
    """The number of a document, which may be named by the policy that is its text."""
    policy = library.policies.get(name)
    return policy.document if policy and policy.document else name


def known_as(library: Library, number: str) -> str:
    """What a document is called outside of this project: `the Dr.Oracle page of 2025-11-19`."""
    for policy in library.policies.values():
        if policy.document == number and policy.encoded:
            return f"the {policy.publisher.partition(',')[0]} page of {policy.latest.id}"
    for policy in library.policies.values():
        if policy.documents == (number,) and policy.kind == "coverage":
            return f"the policy of {policy.publisher}, version {policy.latest.version or policy.latest.id}"
    return f"page {number} of the same site" if number.isdigit() else f"the {number}"


def in_words(library: Library, claimed_by: str) -> str:
    """Who reads a passage so, for a reader who does not know how this project numbers its documents."""

    def named(match: re.Match[str]) -> str:
        return " and ".join(known_as(library, each) for each in re.findall(r"\d{3}", match[0]))

    return re.sub(r"documents?\s+\d{3}\b(?:(?:\s*,\s*|\s+and\s+)\d{3}\b)*", named, claimed_by)


def claimant(option: Option) -> tuple[tuple[str, ...], str]:
    """Who reads a passage so, as documents, and where they do if that is said: `in its title`."""
    match = _CLAIMANT.match(option.claimed_by)
    if match is None:
        return (), ""
    return tuple(re.findall(r"\d+|[a-z][\w-]*", match[1].replace(" and ", ", "))), match[2] or ""


def stance(policies: dict[str, Policy], text: str) -> tuple[Policy, Reading, Option] | str:
    """What `bmj-2025:recommends=for` names; or, if nothing, what is wrong with it."""
    name, _, rest = text.partition(":")
    identifier, _, wanted = rest.partition("=")
    if name not in policies:
        return f"unknown policy `{name}`"
    reading = policies[name].reading(identifier)
    if reading is None:
        return f"{name} has no reading `{identifier}`"
    option = reading.option(wanted)
    return (policies[name], reading, option) if option else f"`{wanted}` is not an option of {name}:{identifier}"


class _Reader:
    def __init__(self, path: Path, policies: dict[str, Policy]) -> None:
        self.path = path
        self.policies = policies
        self.faults: list[Fault] = []

    def wrong(self, node: Node, message: str, hint: str = "") -> None:
        self.faults.append(Fault(node.place, message, hint))

    def read(self) -> tuple[Claim, ...]:
        root = read_yaml(self.path, keep=True)
        if not root.is_list:
            raise fault("the ledger is a list of claims", "begin each with `- id:`", root.place)
        found: dict[str, Claim] = {}
        for node in root.items():
            claim = self.claim(node)
            if claim.id in found:
                self.wrong(node, f"the claim `{claim.id}` stands twice")
            found[claim.id] = claim
        if self.faults:
            raise InputError(self.faults)
        return tuple(found.values())

    def claim(self, node: Node) -> Claim:
        for key, _ in node.entries():
            if key.text not in _KEYS:
                self.wrong(key, f"unknown key `{key.text}`", did_you_mean(key.text, _KEYS))
        texts = {}
        for name in _KEYS:
            value = node.get(name)
            texts[name] = value.text if value is not None else ""
            if value is None and name not in ("about", "reading"):
                self.wrong(node, f"the claim has no `{name}`")
        if texts["verdict"] and texts["verdict"] not in VERDICTS:
            hint = did_you_mean(texts["verdict"], VERDICTS) or "one of " + ", ".join(VERDICTS)
            self.wrong(node.get("verdict") or node, f"`{texts['verdict']}` is not a verdict on a claim", hint)
        if texts["about"] and texts["about"] not in self.policies:
            hint = did_you_mean(texts["about"], self.policies)
            self.wrong(node.get("about") or node, f"unknown policy `{texts['about']}`", hint)
        taken = None
        if texts["reading"]:
            found = stance(self.policies, texts["reading"])
            if isinstance(found, str):
                self.wrong(node.get("reading") or node, found, "write `policy:READING=option`, as in `bvn show`")
            else:
                taken = Stance(found[0].id, found[1].id, found[2].name)
        return Claim(**{key: texts[key] for key in _KEYS if key != "reading"}, stance=taken)
