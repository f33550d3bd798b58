"""What is allowed to stay: comments with a reason, and a baseline of old debts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import Place, did_you_mean, fault
from bvn_asp.upkeep.lint.catalogue import RULES
from bvn_asp.upkeep.lint.finding import Finding

_ALLOW = re.compile(
    r"^\s*[%#]\s*lint:\s*allow\s+(?P<rules>[a-z-]+(?:\s*,\s*[a-z-]+)*)(?:\s+because\s+(?P<why>\S.*))?\s*$"
)
_COMMENT = re.compile(r"^\s*[%#]")


@dataclass(frozen=True)
class Allowed:
    """A comment that allows a rule's findings in the first line below it that is no comment.

    Attributes:
        covers: that line.
    """

    rule: str
    why: str
    place: Place
    covers: int


def allowances(path: str, source: str) -> list[Allowed]:
    """Every `% lint: allow RULE because …` of a file (`#` in YAML)."""
    lines = source.splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        match = _ALLOW.match(line)
        if not match:
            continue
        covers = number + 1
        while covers <= len(lines) and _COMMENT.match(lines[covers - 1]):
            covers += 1
        place = Place(path, number, line.index(line.strip()) + 1)
        for rule in re.split(r"\s*,\s*", match["rules"]):
            found.append(Allowed(rule, (match["why"] or "").strip(), place, covers))
    return found


def allow(findings: Iterable[Finding], sources: Mapping[str, str]) -> list[Finding]:
    """Findings with those allowed by a comment marked so, and findings about the comments themselves."""
    every = [each for path, text in sources.items() for each in allowances(path, text)]
    valid = [each for each in every if each.why and each.rule in RULES]
    by_line = {(each.place.path, each.covers, each.rule): each for each in valid}
    used = set()
    found = []
    for finding in findings:
        granted = by_line.get((finding.place.path, finding.place.line, finding.rule))
        if granted and RULES[finding.rule].level != "error":
            used.add(granted)
            finding = replace(finding, allowed=granted.why)
        found.append(finding)
    for each in every:
        if each.rule not in RULES:
            hint = did_you_mean(each.rule, RULES, "`bvn lint --rules` lists them")
            said = f"there is no rule `{each.rule}`"
            found.append(Finding(each.place, "allow-for-nothing", each.rule, said, hint))
        elif not each.why:
            said = f"the comment allows `{each.rule}` without a reason"
            found.append(Finding(each.place, "allow-without-reason", each.rule, said, "add `because …`"))
        elif each not in used:
            said = f"the comment allows `{each.rule}`, and there is nothing to allow"
            found.append(Finding(each.place, "allow-for-nothing", each.rule, said))
    return found


Key = tuple[str, str, str]
"""Rule, folder of the policy, subject: the entry or the reading that is meant."""


def key(finding: Finding) -> Key:
    """What a baseline remembers of a finding: no line, so that it survives edits elsewhere, and no file, so that a new
    edition inherits the debts of the one it was copied from.
    """
    return finding.rule, Path(finding.place.path).parent.name, finding.subject


def read_baseline(path: Path) -> Counter[Key]:
    """The debts of a baseline file, each with how often it occurs.

    Raises: InputError: no such file, or not one of ours.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] != "lint-baseline/1":
            raise ValueError
        return Counter({(e["rule"], e["policy"], e["subject"]): int(e.get("times", 1)) for e in data["findings"]})
    except OSError as error:
        hint = f"write one with `bvn lint --write-baseline {path}`"
        raise fault(f"cannot read the baseline: {(error.strerror or '').lower()}", hint, Place(str(path))) from None
    except (ValueError, KeyError, TypeError):
        raise fault("this is no baseline", "it is written by `bvn lint --write-baseline`", Place(str(path))) from None


def known(findings: Iterable[Finding], baseline: Counter[Key]) -> list[Finding]:
    """Findings with those of the baseline marked so; what has no subject, only as often as it is listed."""
    left = Counter(baseline)
    found = []
    for finding in findings:
        name = key(finding)
        if not finding.allowed and left[name] > 0:
            left[name] -= not finding.subject
            finding = replace(finding, known=True)
        found.append(finding)
    return found


def to_baseline(findings: Iterable[Finding]) -> str:
    """The findings as a baseline file."""
    counted = Counter(key(each) for each in findings if not each.allowed)
    listed = [
        {"rule": rule, "policy": policy, "subject": subject, **({"times": times} if not subject and times > 1 else {})}
        for (rule, policy, subject), times in sorted(counted.items(), key=lambda each: (each[0][1], each[0]))
    ]
    return json.dumps({"schema": "lint-baseline/1", "findings": listed}, indent=2, ensure_ascii=False) + "\n"
