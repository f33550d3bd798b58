"""`policy.yaml`, read with every fault of the file at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

from bvn_asp.errors import Fault, InputError, Place, did_you_mean
from bvn_asp.model.policy import DATED, KINDS, SUPPORT, Applies, Option, Policy, Reading, Revision
from bvn_asp.model.rules import MARKS
from bvn_asp.model.source import data_of
from bvn_asp.model.vocabulary import Vocabulary
from bvn_asp.model.yaml_text import Node, kept_yaml

_KEYS = (
    *("id", "title", "publisher", "kind", "evidence", "about", "applies", "revisions", "readings", "notes"),
    *("not_encoded", "documents", "document", "presume"),
)
_REVISION_KEYS = (
    *("version", "file", "effective", "until", "dated", "seen", "after", "source", "url", "not_encoded", "note"),
)


def load_policy(folder: Path, vocabulary: Vocabulary) -> Policy:
    """The policy in a folder; its rules are read when they are first asked for.

    Raises: InputError, with every fault of its `policy.yaml` at once.
    """
    path = folder / "policy.yaml"
    return PolicyReader(path, vocabulary).read(data_of(path))


class PolicyReader:
    """Reads one `policy.yaml`.

    Attributes:
        files: revision to its file of rules, as it is named there.
    """

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.files: dict[str, str] = {}
        self.faults: list[Fault] = []

    def wrong(self, node: Node, message: str, hint: str = "") -> None:
        self.faults.append(Fault(node.place, message, hint))

    def text(self, node: Node, key: str, default: str = "") -> str:
        value = node.get(key)
        return value.text if value is not None else default

    def word(self, node: Node, key: str, known: Iterable[str], default: str) -> str:
        value = node.get(key)
        if value is None:
            return default
        if value.text not in known:
            self.wrong(value, f"`{value.text}` is not a known `{key}`", "one of " + ", ".join(known))
            return default
        return value.text

    def keys(self, node: Node, known: Iterable[str]) -> None:
        for key, _ in node.entries():
            if key.text not in known:
                self.wrong(key, f"unknown key `{key.text}`", did_you_mean(key.text, known))

    def read(self, data: bytes) -> Policy:
        """The policy that the file holds.

        Args:
            data: its content.

        Raises: InputError, with every fault of the file at once.
        """
        root = kept_yaml(data, str(self.path))
        self.keys(root, _KEYS)
        identifier = self.text(root, "id", self.path.parent.name)
        if identifier != self.path.parent.name:
            self.wrong(root, f"the policy `{identifier}` stands in a folder named `{self.path.parent.name}`")
        readings: dict[str, Reading] = {}
        listed = root.get("readings")
        for key, node in listed.entries() if listed is not None else ():
            readings[key.text] = self.reading(key, node)
            twice = [each for each in readings.values() if each.id != key.text and each.called(readings[key.text].name)]
            if readings[key.text].name and twice:
                self.wrong(key, f"the readings {twice[0].id} and {key.text} have one name, `{readings[key.text].name}`")
        notes = root.get("notes")
        applies = root.get("applies")
        documents = root.get("documents")
        policy = Policy(
            id=identifier,
            title=self.text(root, "title", identifier),
            publisher=self.text(root, "publisher"),
            kind=self.word(root, "kind", KINDS, "coverage"),
            evidence=self.word(root, "evidence", MARKS, "primary"),
            about=self.text(root, "about"),
            path=str(self.path),
            vocabulary=self.vocabulary,
            applies=self.applies(applies) if applies is not None else None,
            readings=readings,
            notes={key.text: value.text for key, value in notes.entries()} if notes is not None else {},
            not_encoded=tuple(self.left_out(root.get("not_encoded"))),
            documents=tuple(each.text for each in documents.items()) if documents is not None else (),
            document=self.text(root, "document"),
            never=self.never(root.get("presume")),
        )
        revisions = root.get("revisions")
        if revisions is None:
            self.wrong(root, "the policy has no revisions", "add `revisions:`")
        found = [self.revision(policy, key, node) for key, node in revisions.entries()] if revisions is not None else []
        if not any(each.path for each in found) and not self.faults:
            self.wrong(root, "no revision of the policy has a file of rules")
        if self.faults:
            raise InputError(self.faults)
        found.sort(key=lambda each: (each.earliest or datetime.date.min, each.id))
        object.__setattr__(policy, "revisions", tuple(found))
        return policy

    def never(self, node: Node | None) -> dict[str, Place]:
        if node is None:
            return {}
        if not node.is_mapping:
            self.wrong(node, "`presume:` says of entries that nothing is presumed", "write `presume: {ENTRY: never}`")
            return {}
        for key, value in node.entries():
            if not value.is_scalar or value.text != "never":
                self.wrong(value, f"`{key.text}` can only be `never`", "what nobody mentions is presumed unless it is")
        return {key.text: key.place for key, _ in node.entries()}

    def applies(self, node: Node) -> Applies:
        names = ("lines", "states", "insurers")
        self.keys(node, names)
        listed = [node.get(name) for name in names]
        return Applies(*(tuple(each.text for each in found.items()) if found is not None else () for found in listed))

    def left_out(self, node: Node | None) -> Iterable[tuple[str, str, str]]:
        for each in node.items() if node is not None else ():
            yield self.text(each, "place"), self.text(each, "what"), self.text(each, "why")

    def date(self, node: Node, key: str) -> datetime.date | None:
        value = node.get(key)
        if value is None:
            return None
        try:
            return datetime.date.fromisoformat(value.text)
        except ValueError:
            self.wrong(value, f"`{value.text}` is not a date", "write it as `2025-05-29`")
            return None

    def revision(self, policy: Policy, key: Node, node: Node) -> Revision:
        self.keys(node, _REVISION_KEYS)
        file = node.get("file")
        path = None
        if file is not None:
            self.files[key.text] = file.text
            path = (self.path.parent / file.text).resolve()
            if not path.is_relative_to(self.path.parent.parent.resolve()):
                self.wrong(file, f"`{file.text}` leaves the folder of policies", "a policy's rules stand inside of it")
            elif not path.is_file():
                self.wrong(file, f"there is no file `{file.text}`")
        elif not self.text(node, "not_encoded"):
            self.wrong(
                node, f"the revision `{key.text}` has no `file:`", "or say under `not_encoded:` why there is none"
            )
        dates = {name: self.date(node, name) for name in ("effective", "until", "seen", "after")}
        dated = self.word(node, "dated", DATED, "")
        self.check_dates(node, dated, dates)
        return Revision(
            policy=policy,
            id=key.text,
            version=self.text(node, "version"),
            path=path,
            dated=dated,
            **dates,
            source=self.text(node, "source"),
            url=self.text(node, "url"),
            not_encoded=self.text(node, "not_encoded"),
            note=self.text(node, "note"),
        )

    def check_dates(self, node: Node, dated: str, dates: dict[str, datetime.date | None]) -> None:
        effective, seen, after = dates["effective"], dates["seen"], dates["after"]
        if effective is not None and (seen or after):
            self.wrong(node, "`seen:` and `after:` stand where the first day is not known", "drop `effective:`")
        if dated in ("printed", "snapshot") and effective is None:
            self.wrong(node, f"`dated: {dated}` says how a first day is known, and there is none", "give `effective:`")
        if dated == "seen" and seen is None:
            self.wrong(node, "`dated: seen` needs the day on which it was in force", "give `seen:`")
        if dated == "seen" and effective is not None:
            hint = "drop `effective:`, or say how it is known"
            self.wrong(node, "an edition that was only seen has no first day", hint)
        if seen and after and seen <= after:
            self.wrong(node, f"it was seen on {seen}, and began after {after}")

    def reading(self, key: Node, node: Node) -> Reading:
        self.keys(node, ("name", "place", "question", "default", "options", "why"))
        options = []
        listed = node.get("options")
        for name, option in listed.entries() if listed is not None else ():
            if option.is_mapping:
                self.keys(option, ("says", "claimed_by", "support", "aside"))
                support = self.word(option, "support", SUPPORT, "")
                says, claimed_by = self.text(option, "says"), self.text(option, "claimed_by")
                options.append(Option(name.text, says, claimed_by, support, self.text(option, "aside")))
            else:
                options.append(Option(name.text, option.text))
        default = self.text(node, "default")
        names = [each.name for each in options]
        if default not in names:
            self.wrong(node, f"the default of `{key.text}` is not one of its options", did_you_mean(default, names))
        contested = any(each.claimed_by for each in options)
        return Reading(
            id=key.text,
            place=self.text(node, "place"),
            question=self.text(node, "question"),
            default=default,
            options=tuple(options),
            why=self.text(node, "why"),
            contested=contested,
            name=self.text(node, "name"),
        )
