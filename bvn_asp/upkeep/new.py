"""A commented skeleton of a policy: two files to start from, which already answer questions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from pathlib import Path

from bvn_asp.classes import dataclass
from bvn_asp.errors import Place, fault
from bvn_asp.model.library import Library
from bvn_asp.model.vocabulary import Fact, Vocabulary, term


@dataclass(frozen=True)
class Skeleton:
    """The files of a policy to be.

    Attributes:
        id: the policy's id, the name of its folder.
        files: path to text.
    """

    id: str
    files: dict[Path, str]


def new(
    library: Library, identifier: str, effective: datetime.date | None = None, place: Path | None = None
) -> Skeleton:
    """A policy's two files, with one criterion and one exclusion made of the library's own facts as examples.

    Args:
        identifier: the policy's id, as its folder is to be named.
        effective: from when its revision is in force; the revision is called `draft` if None.
        place: the folder of policies that it is for; the library's own if None.

    Raises: InputError: the id is no name for a folder, or the policy is there already.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identifier):
        raise fault(f"`{identifier}` is no id for a policy", "lower case letters and digits, with `-` between them")
    folder = (place or library.folder) / identifier
    if folder.exists():
        raise fault("there is such a policy already", "choose another id", Place(str(folder)))
    name = effective.isoformat() if effective else "draft"
    texts = {
        folder / "policy.yaml": _metadata(identifier, name, effective, library.vocabulary.request.procedure),
        folder / f"{name}.lp": _rules(identifier, name, library.vocabulary),
    }
    return Skeleton(identifier, texts)


def _metadata(identifier: str, name: str, effective: datetime.date | None, procedure: str) -> str:
    title = procedure[:1].upper() + procedure[1:] or "what the policy is called"
    in_force = f"effective: {effective.isoformat()}" if effective else "# effective: 2026-01-01   # when it begins"
    return f"""\
# Whose text this is, and how it can be read. policies/README.md explains every key.
id: {identifier}
title: {title}
publisher: name of the publisher
kind: coverage            # coverage | guideline | evidence | opinion
evidence: primary         # primary | header | secondary | claimed: how the text was seen
about: >-
  One or two sentences for a person: what this source is, and whom it speaks for.
# applies:                # whom it binds, if it does not bind everybody
#   lines: [medicare_advantage]
#   states: [GA, AL]

revisions:
  "{name}":
    version: "1"
    file: {name}.lp
    {in_force}
    source: title of the document, version, pages

# Where the words can be read in two ways, say so. What stands plainly in the rules is the default; what the other way
# changes is said by `instead(what_is_open, other, met(indication_1)) :- …`, or by `besides` or `unless`:
#
# readings:
#   R1:
#     name: what-is-open
#     place: Indications 2
#     question: what the words leave open
#     default: one
#     options:
#       one: the way closest to the words
#       other: the other way
#     why: why the default is closest to the words

# not_encoded:            # what is left out, and why
#   - place: Evidence section
#     what: figures of the trials
#     why: no criterion
"""


def _rules(identifier: str, name: str, vocabulary: Vocabulary) -> str:
    number, finding = _examples(vocabulary)
    topics = [f"concerns({{}}, {_topic(vocabulary, each)})." if each else "" for each in (number, finding)]
    indication, exclusion = "", ""
    if number:
        limit = _limit(number)
        indication = f"""
% Indications, item 1. `bvn facts` lists what a rule can ask for; `at_least` is not `more_than`.
criterion(indication_1, indications, "Indications 1", "{_words(number)} is at least {_said(number)}").
{topics[0].format("indication_1")}
met(indication_1) :- at_least({_slot(number)}, {limit}).
"""
    if finding:
        exclusion = f"""
% Exclusions, item 1. In a group of kind none_of, a criterion that is met is an exclusion that is present.
criterion(exclusion_1, exclusions, "Exclusions 1", "{_words(finding)}").
{topics[1].format("exclusion_1")}
met(exclusion_1) :- is({_slot(finding)}, {_present(finding)}).
"""
    return f"""\
% Name of the publisher, name of the policy, revision {name}.
%
% One entry for each item of the document, in the document's order. The wording is ours, short and plain; numbers and
% operators are the document's. Replace the two examples, then ask `bvn lint {identifier}`.

% Indications -------------------------------------------------------------------------------------------------------
group(indications, root, all_of, "Indications", "all of the following hold").
{indication}
% Exclusions --------------------------------------------------------------------------------------------------------
group(exclusions, root, none_of, "Exclusions", "none of the following is present").
{exclusion}"""


def _examples(vocabulary: Vocabulary) -> tuple[Fact | None, Fact | None]:
    """A number and a finding to make examples of; those that have a topic of their own first."""
    facts = sorted(vocabulary.facts.values(), key=lambda each: each.name not in vocabulary.topics)
    number = next((each for each in facts if each.is_numeric and not each.per and not each.presumed), None)
    finding = next((each for each in facts if each.is_named and each.presumed and not each.per), None)
    return number, finding


def _topic(vocabulary: Vocabulary, fact: Fact) -> str:
    words = fact.name.split("_")
    near = [each for each in vocabulary.topics if set(words) & set(each.split("_"))]
    return fact.name if fact.name in vocabulary.topics else _first([*near, *vocabulary.topics])


def _first(listed: Iterable[str]) -> str:
    return next(iter(listed), "")


def _slot(fact: Fact) -> str:
    return fact.name


def _present(fact: Fact) -> str:
    return term(next(each for each in fact.values if each != fact.absent))


def _middle(fact: Fact) -> int:
    """A whole number well inside the fact's range, for an example."""
    assert fact.low is not None
    assert fact.high is not None
    low, high = int(fact.low.amount), int(fact.high.amount)
    return next((each for each in (18, 6, 2) if low < each < high), (low + high) // 2)


def _limit(fact: Fact) -> str:
    return f"{fact.unit}({_middle(fact)})" if fact.type == "duration" else str(_middle(fact))


def _said(fact: Fact) -> str:
    return f"{_middle(fact)} {fact.unit}"


def _words(fact: Fact) -> str:
    return fact.name.replace("_", " ")
