"""What is wrong with a policy: in its text, and in what its rules mean?"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from bvn_asp.classes import dataclass
from bvn_asp.errors import InputError, Place, did_you_mean, fault
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision
from bvn_asp.model.policy_reader import load_policy
from bvn_asp.model.rules import Rules
from bvn_asp.model.syntax import unsafe_variables
from bvn_asp.upkeep.lint import metadata, text_rules
from bvn_asp.upkeep.lint.catalogue import LEVELS, RULES, Rule
from bvn_asp.upkeep.lint.comments import allow
from bvn_asp.upkeep.lint.finding import Finding, Fix
from bvn_asp.upkeep.lint.meaning_rules import meaning
from bvn_asp.upkeep.lint.metadata import pairs_decided, undoubted
from bvn_asp.upkeep.lint.passages import passages
from bvn_asp.upkeep.lint.text_rules import Outline
from bvn_asp.upkeep.lint.wording import wording

__all__ = ["LEVELS", "RULES", "Finding", "Fix", "Report", "Rule", "apply_fixes", "lint"]


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        findings: in the order of files and lines, those that are allowed or known included.
        policies: the ids of the policies looked at.
        files: the files looked at.
    """

    findings: tuple[Finding, ...]
    policies: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that neither a comment allows nor the baseline knows."""
        return tuple(each for each in self.findings if not each.allowed and not each.known)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The open findings that are more than notes."""
        return tuple(each for each in self.open if level(each) != "note")


def level(finding: Finding) -> str:
    """Error, warning or note."""
    return "note" if finding.mild else RULES[finding.rule].level


def lint(library: Library, policies: Iterable[str] = (), deep: bool = True) -> Report:
    """What is wrong with some policies, every encoded revision of them.

    A policy that cannot be read is reported, not raised.

    Args:
        policies: ids, `id@revision`, or paths of a policy's folder or files; all policies if empty.
        deep: ask the solver, too.

    Raises: InputError: an unknown policy, or a vocabulary that cannot be read.
    Source: rules with something to avoid and something to prefer: the Regal linter for Rego.
    """
    asked = [_wanted(library, each) for each in policies] or [(each, "") for each in _folders(library)]
    if not asked:
        raise fault("this folder holds no policy", "`bvn new POLICY` writes one", Place(str(library.folder)))
    background = library.background
    found: list[Finding] = []
    sources: dict[str, str] = {}
    for identifier, revision in dict.fromkeys(asked):
        found += _policy(library, library.folder / identifier, revision, background, sources, deep)
    if not policies:
        doubtless = [*undoubted(library.vocabulary), *pairs_decided(library.vocabulary)]
        found += doubtless
        if doubtless:
            sources[library.vocabulary.path] = _text(Path(library.vocabulary.path))
    every = allow(dict.fromkeys(found), sources)
    return Report(tuple(sorted(set(every))), tuple(dict.fromkeys(each for each, _ in asked)), tuple(sorted(sources)))


def _folders(library: Library) -> list[str]:
    return [path.parent.name for path in sorted(library.folder.glob("*/policy.yaml"))]


def _wanted(library: Library, name: str) -> tuple[str, str]:
    """The policy, and the revision if one is named, that a word on the command line stands for."""
    path = Path(name)
    if path.suffix in (".lp", ".yaml") and path.resolve().parent.parent == library.folder.resolve():
        return path.resolve().parent.name, path.stem if path.suffix == ".lp" else ""
    if path.resolve().parent == library.folder.resolve() and (path / "policy.yaml").is_file():
        return path.resolve().name, ""
    identifier, _, revision = name.partition("@")
    known = _folders(library)
    if identifier not in known:
        raise library.unknown(identifier, known)
    return identifier, revision


def _policy(
    library: Library,
    folder: Path,
    wanted: str,
    background: Rules | None,
    sources: dict[str, str],
    deep: bool,
) -> Iterator[Finding]:
    path = folder / "policy.yaml"
    sources[str(path)] = _text(path)
    yield from text_rules.characters(str(path), sources[str(path)])
    try:
        policy = load_policy(folder, library.vocabulary)
    except InputError as error:
        yield from (Finding(each.place, "policy-file", "", each.message, each.hint) for each in error.faults)
        return
    places = metadata.reading_places(policy)
    readable = []
    named = [each for each in policy.encoded if wanted in ("", each.id, each.version, Path(str(each.path)).stem)]
    if wanted and not named:
        known = [each.id for each in policy.encoded]
        hint = did_you_mean(wanted, known) or "it has " + ", ".join(known)
        raise fault(f"{policy.id} has no revision `{wanted}`", hint)
    for revision in named:
        outline = yield from _revision(revision, sources)
        if outline:
            readable.append(outline)
    if len(readable) == len(policy.encoded):
        yield from metadata.readings(policy, tuple(each.revision for each in readable), places)
    if deep:
        for outline in readable:
            yield from meaning(outline, library.vocabulary, background, places)


def _revision(revision: Revision, sources: dict[str, str]) -> Generator[Finding, None, Outline | None]:
    """What is wrong with the text of a revision; gives back its outline if it can be read."""
    path = Path(str(revision.path))
    text = sources[str(path)] = _text(path)
    yield from text_rules.characters(str(path), text)
    try:
        outline = Outline(revision, revision.rules.written)
    except InputError as error:
        yield from (text_rules.from_fault(each) for each in error.faults)
        return None
    unsafe = unsafe_variables(path, text)
    yield from map(text_rules.from_fault, unsafe)
    yield from text_rules.numbers(revision)
    yield from text_rules.entries(outline)
    yield from text_rules.places(outline)
    yield from text_rules.helpers(outline)
    yield from text_rules.exceptions(outline)
    yield from text_rules.variables(outline, text.split("\n"))
    yield from wording(outline)
    yield from metadata.repeated(outline)
    yield from passages(revision)
    return None if unsafe else outline


def apply_fixes(findings: Iterable[Finding]) -> dict[str, str]:
    """The texts of files after their safe changes: path to new text, for files that change."""
    by_file: dict[str, list[Fix]] = {}
    for each in findings:
        if each.fix and not each.allowed:
            by_file.setdefault(each.place.path, []).append(each.fix)
    found = {}
    for path, fixes in by_file.items():
        lines = _text(Path(path)).split("\n")
        for fix in sorted(set(fixes), key=lambda each: (each.line, each.start), reverse=True):
            line = lines[fix.line - 1]
            lines[fix.line - 1] = line[: fix.start] + fix.text + line[fix.end :]
        found[path] = "\n".join(lines)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return ""
