"""A library: a folder of policies with the vocabulary they share."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from bvn_asp.errors import InputError, Place, did_you_mean, fault
from bvn_asp.model.policies import load_policies
from bvn_asp.model.policy import KINDS, Policy, Revision
from bvn_asp.model.reader import read_background
from bvn_asp.model.rules import Rules
from bvn_asp.model.vocabulary import Vocabulary, load_vocabulary

Made = TypeVar("Made")

_PACKAGE = Path(__file__).parent.parent
SHIPPED = _PACKAGE / "policies"
_IN_CHECKOUT = _PACKAGE.parent / "policies"


class Library:
    """The policies of one folder; `bvn_asp.Library` can be asked the verbs as well.

    Args:
        folder: holds `vocabulary.yaml`, `background.lp` and one folder per policy; the shipped ones if None.
        texts: a folder with the user's own copies of the sources, whose words are then shown beside ours.

    Raises: InputError: the folder is no library; faults inside its files are raised when they are first read.
    """

    def __init__(self, folder: Path | str | None = None, texts: Path | str | None = None) -> None:
        self.texts = Path(texts) if texts else None
        self.folder = Path(folder) if folder is not None else (SHIPPED if SHIPPED.is_dir() else _IN_CHECKOUT)
        if not (self.folder / "vocabulary.yaml").is_file():
            raise fault("this is no folder of policies: it has no vocabulary.yaml", place=Place(str(self.folder)))
        self._made: dict[str, object] = {}

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What else is read from the folder, once for a library, as all of its files are; a fault is raised each time.

        Args:
            name: what it is kept by; one name, one way to make it.
        """
        if name not in self._made:
            self._made[name] = make()  # two threads may both read: they read the same
        return self._made[name]  # type: ignore[return-value]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return load_vocabulary(self.folder / "vocabulary.yaml")

    @cached_property
    def background(self) -> Rules | None:
        """What no patient can be; None if the folder says nothing of it."""
        path = self.folder / "background.lp"
        return read_background(path, self.vocabulary) if path.is_file() else None

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """Every policy, in the order of their kinds, then of their names."""
        found = load_policies(sorted(self.folder.glob("*/policy.yaml")), self.vocabulary)
        if not found:
            raise fault(
                "this folder holds no policy", "a policy is a folder with a policy.yaml", Place(str(self.folder))
            )
        return {each.id: each for each in sorted(found, key=lambda each: (KINDS.index(each.kind), each.id))}

    def revision(self, name: str, date: datetime.date | None = None) -> Revision:
        """The revision that `cohere-ma` (the one in force on a date, else the latest) or `cohere-ma@2025-05-29` names.

        Raises: InputError: no such policy or revision, or one that is known of but not encoded.
        """
        identifier, at, wanted = name.partition("@")
        policy = self.policies.get(identifier)
        if policy is None:
            raise self.unknown(identifier, self.policies)
        if not at:
            return policy.in_force(date)
        for each in policy.revisions:
            if wanted in (each.id, each.version):
                if each.path is None:
                    raise fault(f"the revision `{wanted}` of {identifier} is not encoded", each.not_encoded)
                return each
        known = [each.id for each in policy.encoded]
        raise fault(
            f"{identifier} has no revision `{wanted}`", did_you_mean(wanted, known) or "it has " + ", ".join(known)
        )

    def unknown(self, identifier: str, known: Iterable[str]) -> InputError:
        """The fault that no policy here has a name; where `./policies` has one, how to ask it."""
        here = Path("policies")
        if identifier and (here / identifier / "policy.yaml").is_file() and here.resolve() != self.folder.resolve():
            hint = f"there is one in the folder `{here}`: add `--policies {here}`"
        else:
            hint = did_you_mean(identifier, known, "`bvn policies` lists them")
        return fault(f"unknown policy `{identifier}`", hint)

    def revisions(self, names: Iterable[str] = (), date: datetime.date | None = None) -> tuple[Revision, ...]:
        """The revisions that some names stand for, each once; those of all policies if there are no names."""
        wanted = (names,) if isinstance(names, str) else tuple(names) or tuple(self.policies)
        return tuple(dict.fromkeys(self.revision(each, date) for each in wanted))

    def chosen_readings(self, revision: Revision, chosen: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """Reading id to option: the defaults of a revision, with what was chosen for its policy put in.

        Args:
            chosen: policy id to reading, by its id or its name, to option.

        Raises: InputError: no such reading or option, or two options of one reading.
        """
        policy = revision.policy
        wanted: dict[str, str] = {}
        for word, name in chosen.get(policy.id, {}).items():
            known = policy.reading(word)
            if known is None:
                hint = did_you_mean(word, policy.readings, f"`bvn show {policy.id}` lists its readings")
                raise fault(f"{policy.id} has no reading `{word}`", hint)
            if wanted.setdefault(known.id, name) != name:
                raise fault(f"two options are chosen for the reading {known.id}: `{wanted[known.id]}` and `{name}`")
        found = {}
        for reading in revision.readings:
            name = wanted.get(reading.id, reading.default)
            option = reading.option(name)
            if option is None:
                names = [each.name for each in reading.options]
                hint = did_you_mean(name, names) or "one of " + ", ".join(names)
                raise fault(f"`{name}` is not an option of the reading {reading.id} of {revision.policy.id}", hint)
            found[reading.id] = option.name
        return found
