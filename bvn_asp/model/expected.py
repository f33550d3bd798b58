"""Reads what a case expects of policies: `expect: {cohere-ma: deny}`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bvn_asp.errors import did_you_mean, shown
from bvn_asp.model.case import VERDICTS, Expectation
from bvn_asp.model.yaml_text import Node

Wrong = Callable[[Node, str, str], None]


def expectations(node: Node | None, wrong: Wrong) -> Iterator[Expectation]:
    """The expectations under a node; `wrong` is told of every fault."""
    if node is None:
        return
    if not node.is_mapping:
        wrong(node, f"`expect` is `policy: verdict` lines, found {node.kind}", "")
        return
    for policy, each in node.entries():
        for item in each.items() if each.is_list else [each]:
            made = _expectation(policy.text, item, wrong)
            if made:
                yield made


def _expectation(policy: str, node: Node, wrong: Wrong) -> Expectation | None:
    verdict_node = node if node.is_scalar else node.get("verdict")
    verdict = verdict_node.text if verdict_node is not None and verdict_node.is_scalar else ""
    if verdict not in VERDICTS:
        hint = did_you_mean(verdict, VERDICTS) or "one of " + ", ".join(VERDICTS)
        wrong(verdict_node or node, f"`{shown(verdict)}` is not a verdict", hint)
        return None
    if node.is_scalar:
        return Expectation(policy, verdict, None, (), (), False, node.place)
    blamed, statuses, readings = node.get("blamed"), node.get("statuses"), node.get("readings")
    strict = node.get("strict")
    data = node.plain()
    assert isinstance(data, dict)
    return Expectation(
        policy=policy,
        verdict=verdict,
        blamed=tuple(each.text for each in blamed.items()) if blamed is not None else None,
        statuses=tuple((k.text, v.text) for k, v in statuses.entries()) if statuses is not None else (),
        readings=tuple((k.text, v.text) for k, v in readings.entries()) if readings is not None else (),
        strict=strict is not None and strict.text in ("yes", "true"),
        place=node.place,
        data=data,
    )
