"""Which text is meant: a policy, one of its revisions, a working copy on disk, or a state in git?"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bvn_asp.classes import replace
from bvn_asp.errors import Fault, InputError, Place, fault
from bvn_asp.model.git import extract, git
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Policy, Revision
from bvn_asp.model.policy_reader import load_policy
from bvn_asp.model.rules import Rules

GIT = "git:"
HINT = "POLICY, POLICY@REVISION, a path to a .lp file, or git:REF:path/to/file.lp"


def editions(library: Library, first: str, second: str) -> tuple[Revision, Revision]:
    """The two revisions that two words name, one of which may lend the other its policy.yaml.

    Args:
        first, second: `cohere-ma`, `cohere-ma@2025-05-29`, `policies/cohere-ma/draft.lp`, or
            `git:HEAD:policies/cohere-ma/2025-05-29.lp`.

    Raises: InputError: nothing of that name, or its rules are at fault.
    """
    one, other = _resolve(library, first, None), _resolve(library, second, None)
    if one is None and other is not None:
        one = _resolve(library, first, other.policy)
    elif other is None and one is not None:
        other = _resolve(library, second, one.policy)
    if one is None or other is None:
        name = first if one is None else second
        raise fault("there is no policy.yaml beside the file", "it says how the text can be read", Place(name))
    return one, other


def edition(library: Library, name: str) -> Revision:
    """The revision that one word names; as `editions`."""
    found = _resolve(library, name, None)
    if found is None:
        raise fault("there is no policy.yaml beside the file", "it says how the text can be read", Place(name))
    return found


def _resolve(library: Library, name: str, lender: Policy | None) -> Revision | None:
    """The revision of a name; None if it is a file without a policy, and there is none to lend."""
    if name.startswith(GIT):
        return _from_git(library, name, lender)
    path = Path(name)
    if path.suffix != ".lp" and "/" not in name:
        return library.revision(name)
    if path.is_dir() and (path / "policy.yaml").is_file():
        return load_policy(path, library.vocabulary).latest
    if path.suffix != ".lp":
        raise fault(f"`{name}` names no text of a policy", HINT)
    if not path.is_file():
        raise fault("there is no such file", HINT, Place(name))
    policy = lender
    if (path.parent / "policy.yaml").is_file():
        policy = load_policy(path.parent, library.vocabulary)
    return None if policy is None else _made(policy, path.stem, path)


def _made(policy: Policy, identifier: str, path: Path) -> Revision:
    """A revision for a file; the policy's own if the file is one of its revisions."""
    for each in policy.encoded:
        if each.path is not None and each.path == path.resolve():
            return each
    return Revision(policy=policy, id=identifier, path=path, source=f"the file {path.name}")


def _from_git(library: Library, name: str, lender: Policy | None) -> Revision | None:
    ref, colon, inside = name.removeprefix(GIT).partition(":")
    if not colon or not ref or not inside.endswith(".lp"):
        raise fault(f"`{name}` names no text in git", "write git:REF:path/to/file.lp, e.g. git:HEAD:policies/x/2025.lp")
    if ref.startswith("-"):
        raise fault(f"`{ref}` is not a state in git")
    folder, file = str(Path(inside).parent), Path(inside).name
    archive = git("archive", "--format=tar", ref, "--", folder, name=name, hint=HINT)
    with tempfile.TemporaryDirectory() as temporary:
        extract(archive, temporary)
        here = Path(temporary) / folder
        if not (here / file).is_file():
            raise fault(f"{ref} has no file `{inside}`", HINT)
        try:
            policy = load_policy(here, library.vocabulary) if (here / "policy.yaml").is_file() else lender
            if policy is None:
                return None
            made = replace(_made(policy, Path(file).stem, (here / file).resolve()), source=f"git, {ref}, {inside}")
            made = replace(made, id=f"{made.id} ({ref})")
            rules: Rules = replace(made.rules, path=name)
        except InputError as error:
            shown = f"{GIT}{ref}:{folder}"
            raise InputError(_moved(each, str(here.resolve()), shown) for each in error.faults) from None
    made.__dict__["rules"] = rules  # read already, and its file is gone
    return made


def _moved(each: Fault, old: str, new: str) -> Fault:
    path = each.place.path.replace(old, new)
    return replace(each, place=replace(each.place, path=path))
