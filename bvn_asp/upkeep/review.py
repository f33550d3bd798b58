"""What would a change of policies, vocabulary and cases bring about?

Two states of a folder of policies and of its cases are read whole, and asked the same: which texts differ and for whom,
which cases are decided otherwise, whether the cases still hold, what they cover, and which flaws are new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bvn_asp.cases.evaluate import Evaluation
from bvn_asp.cases.possible import load_case
from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import Fault, InputError, did_you_mean, fault
from bvn_asp.model.case import Case
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Policy, Revision
from bvn_asp.model.policy_reader import load_policy
from bvn_asp.model.vocabulary import Fact
from bvn_asp.texts.diff import Announced, Diff, announced, diff
from bvn_asp.upkeep.coverage import Coverage, coverage
from bvn_asp.upkeep.lint import Finding, level, lint
from bvn_asp.upkeep.testing import Brief, Collection, Result, case_files, collect, run_checks


@dataclass(frozen=True)
class Side:
    """One state of a folder of policies and its cases.

    Attributes:
        name: as the user calls it; empty for the working tree.
        policies, cases: the folders; None if that state has none.
        root: what the paths of its files begin with, which nobody wants to see.
    """

    name: str
    policies: Path | None
    cases: Path | None
    root: Path

    def shown(self, path: str) -> str:
        """A path as it stands in the checkout."""
        return path.removeprefix(f"{self.root}/")


@dataclass(frozen=True)
class Text:
    """One encoded text that is new, gone or another.

    Attributes:
        name: policy and edition.
        before: the edition that it is held against; empty if there is none.
        change: what changed by meaning; None if there is nothing to compare, or it cannot be compared.
        announced: what was announced of this policy, held against the change; None if nothing was.
        faults: why it cannot be read or compared.
    """

    name: str
    what: str
    before: str = ""
    change: Diff | None = None
    announced: Announced | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Turned:
    """A case that a policy decides otherwise than before."""

    path: str
    case: Case
    policy: str
    old: Evaluation
    new: Evaluation


@dataclass(frozen=True)
class Review:
    """What a change brings about.

    Attributes:
        policies: the ids of new, gone and changed policies.
        texts: what became of each text that is not the same.
        vocabulary: facts and topics that are new, gone or another, and whether what no patient can be changed.
        files: case files that are new, gone or changed, as `(what, path)`.
        asked: how many cases both states were asked about.
        turned: those that get another verdict, once for each policy.
        unread: case files that the base cannot read.
        failed: checks that fail in the new state.
        passed: how many pass.
        faults: what keeps cases of the new state from being read.
        covered: of each changed policy, before and now; None where there is none.
        flaws: findings of lint that the base did not have; mended, how many it had and are gone.
    """

    base: Side
    head: Side
    policies: tuple[tuple[str, str], ...]
    texts: tuple[Text, ...]
    vocabulary: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    asked: int
    turned: tuple[Turned, ...]
    unread: tuple[str, ...]
    failed: tuple[Result, ...]
    passed: int
    faults: tuple[Fault, ...]
    covered: tuple[tuple[Coverage | None, Coverage], ...]
    flaws: tuple[Finding, ...]
    mended: int

    @property
    def good(self) -> bool:
        """Whether nothing stands in the way: every text is read, every check passes, no new flaw is more than a note,
        and nothing changed unannounced, where something was announced."""
        bad = any(each.faults or (each.announced and not each.announced.passes) for each in self.texts)
        return not (bad or self.failed or self.faults or any(level(each) != "note" for each in self.flaws))


def review(base: Side, head: Side, expect: Iterable[tuple[str, str]] = (), brief: bool = False) -> Review:
    """What a change from one state to another brings about.

    Both texts of a pair are compared with the vocabulary of the new state; cases are decided in each state by its own.

    Args:
        expect: policy and entry that are to change; if any, whatever else changes in a text stands in the way.
        brief: leave out coverage, and of lint what the solver is asked.

    Raises: InputError: the new state has no library, or its vocabulary cannot be read.
    """
    if head.policies is None:
        raise fault("this state has no folder of policies", "name one with --policies DIR")
    new = Library(head.policies)
    begun = base.policies is not None and (base.policies / "vocabulary.yaml").is_file()
    old = Library(base.policies) if begun else None
    names = tuple(_names(base, head))
    vocabulary = tuple(_vocabulary(old, new))
    wanted: dict[str, list[str]] = {}
    for policy, entry in expect:
        wanted.setdefault(policy, []).append(entry)
    texts = tuple(each for name, what in names for each in _texts(base, head, new, name, what, wanted))
    stray = [each for each in wanted if each not in {name for name, _ in names}]
    if stray:
        hint = did_you_mean(stray[0], [name for name, _ in names], "announce entries as POLICY:ENTRY")
        raise fault(f"the policy `{stray[0]}` does not change", hint)
    checks = _collected(new, head)
    asked, turned, unread = _turned(base, head, old, new, names, bool(vocabulary))
    results = list(run_checks(new, checks.checks))
    changed = [name for name, what in names if what != "gone"]
    there = [name for name in changed if not any(each.faults and each.name.startswith(name) for each in texts)]
    before = _collected(old, base) if old is not None and not brief else Collection((), 0)
    covered = [] if brief else [_covered(old, new, name, before, checks) for name in there]
    flaws, mended = _flaws(base, head, old, new, changed, not brief)
    return Review(
        base=base,
        head=head,
        policies=names,
        texts=texts,
        vocabulary=vocabulary,
        files=tuple(_changed_files(base, head)),
        asked=asked,
        turned=turned,
        unread=unread,
        failed=tuple(each for each in results if isinstance(each, Result) and not each.passed),
        passed=sum(isinstance(each, Result) and each.passed for each in results),
        faults=(*checks.faults, *(each for each in results if isinstance(each, Fault))),
        covered=tuple(covered),
        flaws=flaws,
        mended=mended,
    )


# -- texts ---------------------------------------------------------------------------------------


def _ids(side: Side) -> set[str]:
    return {each.parent.name for each in side.policies.glob("*/policy.yaml")} if side.policies is not None else set()


def _names(base: Side, head: Side) -> Iterator[tuple[str, str]]:
    """The policies that are new, gone or changed: what any of their files says is compared."""
    before, after = _ids(base), _ids(head)
    for name in sorted(before | after):
        if name not in before:
            yield name, "new"
        elif name not in after:
            yield name, "gone"
        elif _files(base.policies, name) != _files(head.policies, name):
            yield name, "changed"


def _files(folder: Path | None, name: str) -> dict[str, bytes]:
    assert folder is not None
    paths = sorted(each for each in (folder / name).iterdir() if each.suffix in (".lp", ".yaml"))
    return {each.name: each.read_bytes() for each in paths}


def _texts(
    base: Side, head: Side, library: Library, name: str, what: str, wanted: dict[str, list[str]]
) -> Iterator[Text]:
    old = new = None
    try:
        if what != "new" and base.policies is not None:
            old = _policy(base, library, name)
        if what != "gone" and head.policies is not None:
            new = _policy(head, library, name)
    except InputError as error:
        yield Text(name, what, faults=error.faults)
        return
    if old is None or new is None:
        there = old or new
        assert there is not None
        yield from (Text(each.name, f"policy {what}") for each in there.encoded)
        return
    before = {each.id: each for each in old.encoded}
    for each in new.encoded:
        was = before.pop(each.id, None)
        if was is None:
            earlier = [one for one in new.encoded if one is not each and _starts(one) <= _starts(each)]
            known = {one.id: one for one in old.encoded}
            was = next((known[one.id] for one in reversed(earlier) if one.id in known), old.latest)
            yield _compared(base, library, was, each, "edition new", wanted.get(name))
        elif _says(was) != _says(each):
            yield _compared(base, library, was, each, "edition changed in place", wanted.get(name))
    yield from (Text(each.name, "edition gone") for each in before.values())


def _policy(side: Side, library: Library, name: str) -> Policy:
    """A policy of a state, read with the vocabulary of the new one."""
    assert side.policies is not None
    return load_policy(side.policies / name, library.vocabulary)


def _starts(each: Revision) -> str:
    return each.earliest.isoformat() if each.earliest else ""


def _says(each: Revision) -> tuple[object, ...]:
    assert each.path is not None
    return each.path.read_bytes(), list(each.policy.readings.values()), sorted(each.policy.never)


def _compared(
    base: Side, library: Library, was: Revision, now: Revision, what: str, wanted: list[str] | None
) -> Text:
    old = replace(was, id=f"{was.id} ({base.name or 'before'})")
    try:
        old.__dict__["rules"] = was.rules
        change = diff(library, old, now)
        held = announced(change, wanted) if wanted else None
        return Text(now.name, what, was.name, change, held)
    except InputError as error:
        return Text(now.name, what, was.name, faults=error.faults)


# -- vocabulary ----------------------------------------------------------------------------------


def _vocabulary(old: Library | None, new: Library) -> Iterator[tuple[str, str]]:
    """What became of facts and topics, and of what no patient can be, as `(what, name)`."""
    if old is None:
        return
    before, after = old.vocabulary, new.vocabulary
    facts: tuple[dict[str, Fact], dict[str, Fact]] = (before.facts, after.facts)
    yield from _named("fact", {k: repr(v) for k, v in facts[0].items()}, {k: repr(v) for k, v in facts[1].items()})
    yield from _named("topic", dict(before.topics), dict(after.topics))
    said = [(each.folder / "vocabulary.yaml").read_bytes() for each in (old, new)]
    if said[0] != said[1]:
        yield "file changed", "vocabulary.yaml"
    grounds = [each.background.text if each.background is not None else "" for each in (old, new)]
    if grounds[0] != grounds[1]:
        yield "what no patient can be changed", "background.lp"


def _named(kind: str, old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in (*new, *(each for each in old if each not in new)):
        if name not in old:
            yield f"{kind} new", name
        elif name not in new:
            yield f"{kind} gone", name
        elif old[name] != new[name]:
            yield f"{kind} changed", name


# -- cases ---------------------------------------------------------------------------------------


def _collected(library: Library, side: Side) -> Collection:
    return collect(library, [side.cases]) if side.cases is not None else Collection((), 0)


def _case_bytes(side: Side) -> dict[str, bytes]:
    if side.cases is None:
        return {}
    return {each.relative_to(side.cases).as_posix(): each.read_bytes() for each in case_files([side.cases])}


def _changed_files(base: Side, head: Side) -> Iterator[tuple[str, str]]:
    old, new = _case_bytes(base), _case_bytes(head)
    folder = head.cases or base.cases
    for name in sorted({*old, *new}):
        what = "new" if name not in old else "gone" if name not in new else "changed" if old[name] != new[name] else ""
        if what:
            assert folder is not None
            yield what, f"{folder.name}/{name}"


def _turned(
    base: Side, head: Side, old: Library | None, new: Library, names: Iterable[tuple[str, str]], everything: bool
) -> tuple[int, tuple[Turned, ...], tuple[str, ...]]:
    """The cases of the new state, asked of both: how many, which get another verdict, which the base cannot read."""
    if old is None or head.cases is None:
        return 0, (), ()
    both = _ids(base) & _ids(head)
    wanted = sorted(both if everything else both & {name for name, what in names if what == "changed"})
    try:
        wanted = [each for each in wanted if old.policies[each] and new.policies[each]] if wanted else []
    except InputError:
        return 0, (), ()
    if not wanted:
        return 0, (), ()
    evaluators: dict[tuple[str, ...], Brief] = {}
    turned: list[Turned] = []
    unread: list[str] = []
    asked = 0
    for path in case_files([head.cases]):
        shown = head.shown(str(path))
        try:
            case = load_case(new, path)
        except InputError:
            continue  # said among the faults of the tests
        try:
            before = _asked(old, wanted, load_case(old, path), evaluators)
            after = _asked(new, wanted, case, evaluators)
        except InputError:
            unread.append(shown)
            continue
        asked += 1
        for policy, was, now in zip(wanted, before, after, strict=True):
            if was.verdict is not now.verdict:
                turned.append(Turned(shown, case, policy, was, now))
    return asked, tuple(turned), tuple(unread)


def _asked(
    library: Library, names: Iterable[str], case: Case, evaluators: dict[tuple[str, ...], Brief]
) -> tuple[Evaluation, ...]:
    revisions = [library.revision(each, case.date) for each in names]
    key = (str(library.folder), *(each.name for each in revisions))
    if key not in evaluators:
        evaluators[key] = Brief(library, revisions)
    return evaluators[key].evaluate(case)


# -- coverage and flaws --------------------------------------------------------------------------


def _covered(
    old: Library | None, new: Library, name: str, before: Collection, now: Collection
) -> tuple[Coverage | None, Coverage]:
    was = None
    if old is not None and name in _folders(old):
        try:
            was = coverage(old, old.policies[name].latest, before.checks)
        except InputError:
            was = None
    return was, coverage(new, new.policies[name].latest, now.checks)


def _folders(library: Library) -> set[str]:
    return {each.parent.name for each in library.folder.glob("*/policy.yaml")}


def _flaws(
    base: Side, head: Side, old: Library | None, new: Library, changed: list[str], deep: bool
) -> tuple[tuple[Finding, ...], int]:
    """The findings that the base did not have, and how many it had that are gone."""
    if not changed:
        return (), 0
    now = lint(new, changed, deep).open
    known = [each for each in changed if old is not None and each in _folders(old)]
    left = Counter(map(_kind, lint(old, known, deep).open if old is not None and known else ()))
    flaws = []
    for each in now:
        if left[_kind(each)]:
            left[_kind(each)] -= 1
        else:
            flaws.append(replace(each, place=replace(each.place, path=head.shown(each.place.path))))
    return tuple(flaws), sum(left.values())


def _kind(each: Finding) -> tuple[str, ...]:
    """What a finding is about, whatever its line: its rule, its subject, the folder of its policy."""
    return each.rule, each.subject, Path(each.place.path).parent.name
