"""Who decides where: the words behind `policies/governs.lp`, and the Medicare contractors with their states."""

from __future__ import annotations

from pathlib import Path

from bvn_asp.classes import dataclass
from bvn_asp.errors import Fault, InputError, did_you_mean
from bvn_asp.model.policy import Policy
from bvn_asp.model.rules import MARKS
from bvn_asp.model.vocabulary import Vocabulary, term
from bvn_asp.model.yaml_text import Node, read_yaml

LINE, STATE, INSURER = "line_of_business", "state", "insurer"


@dataclass(frozen=True)
class Rule:
    """Why a policy binds, or does not.

    Attributes:
        evidence: how its text was seen: primary, header, secondary or claimed.
        inference: what is concluded rather than read; empty if nothing is.
    """

    id: str
    says: str
    place: str
    evidence: str
    inference: str = ""


@dataclass(frozen=True)
class Contractor:
    """A Medicare contractor.

    Attributes:
        states: the states it serves, as terms.
        notes: what to know where it serves, as `(state, note)`; the state is empty for all of them.
    """

    id: str
    name: str
    jurisdictions: str
    states: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()

    def notes_on(self, state: str) -> tuple[str, ...]:
        """What to know in one state, given as a term."""
        return tuple(note for where, note in self.notes if where in ("", state))


@dataclass(frozen=True)
class Jurisdiction:
    """What `governs.yaml` says, by id."""

    rules: dict[str, Rule]
    contractors: dict[str, Contractor]


def load_jurisdiction(path: Path, vocabulary: Vocabulary, policies: dict[str, Policy]) -> Jurisdiction:
    """What the file says.

    Raises: InputError, with every fault of the file, and every state or line in a policy's `applies:` that the
        vocabulary does not know.
    """
    return _Reader(path, vocabulary, policies).read()


class _Reader:
    def __init__(self, path: Path, vocabulary: Vocabulary, policies: dict[str, Policy]) -> None:
        self.path = path
        self.states = vocabulary.facts[STATE].values
        self.lines = vocabulary.facts[LINE].values
        self.insurers = vocabulary.facts[INSURER].values if INSURER in vocabulary.facts else {}
        self.policies = policies
        self.faults: list[Fault] = []

    def wrong(self, node: Node, message: str, hint: str = "") -> None:
        self.faults.append(Fault(node.place, message, hint))

    def read(self) -> Jurisdiction:
        root = read_yaml(self.path, keep=True)
        self.keys(root, ("rules", "contractors"))
        rules = {key.text: self.rule(key.text, node) for key, node in self.entries(root, "rules")}
        contractors = {key.text: self.contractor(key.text, node) for key, node in self.entries(root, "contractors")}
        for each in self.policies.values():
            self.check_applies(each)
        if self.faults:
            raise InputError(self.faults)
        return Jurisdiction(rules, contractors)

    def entries(self, node: Node, key: str) -> list[tuple[Node, Node]]:
        found = node.get(key)
        return list(found.entries()) if found is not None else []

    def keys(self, node: Node, known: tuple[str, ...]) -> None:
        for key, _ in node.entries():
            if key.text not in known:
                self.wrong(key, f"unknown key `{key.text}`", did_you_mean(key.text, known))

    def text(self, node: Node, key: str, needed: bool = False) -> str:
        value = node.get(key)
        if value is None and needed:
            self.wrong(node, f"`{key}` is missing")
        return value.text if value is not None else ""

    def rule(self, name: str, node: Node) -> Rule:
        self.keys(node, ("says", "place", "evidence", "inference"))
        mark = self.text(node, "evidence") or "primary"
        if mark not in MARKS:
            self.wrong(node, f"`{mark}` is not a mark of evidence", "one of " + ", ".join(MARKS))
        says, place = self.text(node, "says", True), self.text(node, "place", True)
        return Rule(name, says, place, mark, self.text(node, "inference"))

    def contractor(self, name: str, node: Node) -> Contractor:
        self.keys(node, ("name", "jurisdictions", "states", "notes"))
        listed = node.get("states")
        states = [self.state(each) for each in listed.items()] if listed is not None else []
        notes = [("" if k.text == "all" else self.state(k), v.text) for k, v in self.entries(node, "notes")]
        return Contractor(
            name, self.text(node, "name", True), self.text(node, "jurisdictions"), tuple(states), tuple(notes)
        )

    def state(self, node: Node) -> str:
        found = term(node.text)
        if found not in self.states:
            self.wrong(node, f"unknown state `{node.text}`", did_you_mean(found, self.states))
        return found

    def check_applies(self, policy: Policy) -> None:
        """Refuse what the vocabulary does not know; only then is the file read once more, to say where it stands."""
        said = policy.applies
        if said is None or all(
            term(each) in known
            for listed, known in ((said.lines, self.lines), (said.states, self.states), (said.insurers, self.insurers))
            for each in listed
        ):
            return
        root = read_yaml(Path(policy.path))
        applies = root.get("applies")
        for key, known, what in (
            ("lines", self.lines, "line of business"),
            ("states", self.states, "state"),
            ("insurers", self.insurers, "insurer"),
        ):
            listed = applies.get(key) if applies is not None else None
            for each in listed.items() if listed is not None else ():
                if term(each.text) not in known:
                    self.wrong(each, f"unknown {what} `{each.text}`", did_you_mean(term(each.text), known))
