"""The anchors of an edition, and the copy of its text that a user keeps."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bvn_asp.anchors.find import Findings, find
from bvn_asp.anchors.passages import Anchors, digest, read_anchors, same_words
from bvn_asp.anchors.words import Text
from bvn_asp.classes import dataclass
from bvn_asp.errors import InputError, Place, fault
from bvn_asp.model.policy import Revision

_SUFFIX = ".text.yaml"
Read = Callable[[Path], Text]


def anchors_path(revision: Revision, copy: str = "") -> Path:
    """Where the anchors of an edition are kept: beside its policy, `EDITION.text.yaml` or `EDITION.COPY.text.yaml`."""
    name = f"{revision.id}.{copy}{_SUFFIX}" if copy else revision.id + _SUFFIX
    return Path(revision.policy.path).parent / name


def anchors_paths(revision: Revision) -> tuple[Path, ...]:
    """The files of an edition's anchors, one for each copy of its text that they were made from."""
    first = anchors_path(revision)
    found = [first] if first.is_file() else []
    editions = {anchors_path(each) for each in revision.policy.revisions}
    for path in sorted(first.parent.glob(f"*{_SUFFIX}")):
        copy = path.name.removeprefix(f"{revision.id}.").removesuffix(_SUFFIX)
        if path not in editions and path == anchors_path(revision, copy):
            found.append(path)
    return tuple(found)


def anchors_of(revision: Revision) -> tuple[Anchors, ...]:
    """The anchors of an edition, as `anchors_paths` has them; none if nobody made any.

    Raises: InputError: a file of anchors is at fault.
    """
    return tuple(read_anchors(each) for each in anchors_paths(revision))


def words_kept(old: Revision, new: Revision) -> dict[str, bool]:
    """For each entry that both editions claim words for, whether they are the same; told without any text.

    Of several copies of an edition one in which the words are the same is enough.

    Raises: InputError: anchors at fault.
    """
    kept: dict[str, bool] = {}
    for one in anchors_of(old):
        for other in anchors_of(new):
            for entry, same in same_words(one, other).items():
                kept[entry] = kept.get(entry, False) or same
    return kept


def best(revision: Revision, text: Text) -> Findings:
    """A user's text by the anchors that know most of it.

    Raises: InputError: the edition has no anchors.
    """
    every = [find(each, text) for each in anchors_of(revision)]
    if not every:
        hint = f"`bvn text {revision.name} FILE --marks` is where an author begins"
        raise fault(f"no anchors are kept for {revision.name}", hint)
    return max(every, key=lambda each: (each.same_text, each.kept[0] / max(each.kept[1], 1)))


def copy_in(folder: Path | str, revision: Revision) -> Path | None:
    """The file that a folder of texts has for an edition: `POLICY@EDITION.pdf`, `POLICY/EDITION.pdf` or `POLICY.pdf`.

    Raises: InputError: there is no such folder.
    """
    from bvn_asp.anchors.copies import KINDS

    root, policy = Path(folder), revision.policy.id
    if not root.is_dir():
        raise fault("no such folder of texts", "name a folder that holds POLICY@EDITION.pdf", Place(str(root)))
    for stem in (root / revision.name, root / policy / revision.id, root / policy):
        for kind in KINDS:
            path = stem.with_name(stem.name + kind)
            if path.is_file():
                return path
    return None


MOST_FILES = 60  # of a folder are tried by what they hold


def others_in(folder: Path | str) -> tuple[Path, ...]:
    """The files of a folder, and of the folders in it, that may be copies of anything; the first of very many."""
    from bvn_asp.anchors.copies import KINDS

    root = Path(folder)
    every = (path for pattern in ("*", "*/*") for path in sorted(root.glob(pattern)))
    return tuple(islice((path for path in every if path.suffix.lower() in KINDS and path.is_file()), MOST_FILES))


def _by_content(revision: Revision, folder: Path | str, read: Read) -> tuple[Path, Findings] | None:
    """The file of a folder that holds most of an edition's words, if any holds enough; what is no text is left."""
    found: tuple[tuple[bool, float], Path, Findings] | None = None
    for path in others_in(folder):
        try:
            findings = best(revision, read(path))
        except InputError:
            continue
        there, claimed = findings.kept
        rank = (findings.same_text, there / max(claimed, 1))
        if not findings.other_text and (found is None or rank > found[0]):
            found = rank, path, findings
    return found[1:] if found is not None else None


@dataclass(frozen=True)
class Quoted:
    """The source's words for an entry, from a user's copy.

    Attributes:
        status: `exact` or `moved` if they are the words that were encoded; else what became of them.
    """

    words: str
    status: str


@dataclass(frozen=True)
class Quotes:
    """The source's words beside each entry of an edition.

    Attributes:
        by: entry to its passages, in the order of the text; what is gone is not among them.
        file: the copy's name; empty if the folder has none of this edition.
        digest: by which the copy is known again.
        other: it is not a copy of this text; then nothing is quoted.
    """

    by: dict[str, tuple[Quoted, ...]]
    file: str = ""
    digest: str = ""
    other: bool = False


def quotes(revision: Revision, folder: Path | str, read: Read | None = None) -> Quotes:
    """The source's own words for every entry, from the copy in a folder of texts.

    A file that is named after the edition goes first; else the one that holds most of the edition's words.

    Args:
        read: reads a copy; the caller may keep what it gives.

    Raises: InputError: no such folder, a copy of that name that cannot be read, or anchors at fault.
    """
    from bvn_asp.anchors.copies import read_copy

    read = read or read_copy
    path = copy_in(folder, revision)
    if not anchors_of(revision):
        return Quotes({}, path.name if path else "")
    taken = (path, best(revision, read(path))) if path is not None else _by_content(revision, folder, read)
    if taken is None:
        return Quotes({})
    path, findings = taken
    text = findings.text
    if findings.other_text:
        return Quotes({}, path.name, digest(text.forms, 10), other=True)
    found: dict[str, list[Quoted]] = {}
    for each in sorted(findings.found, key=lambda each: each.at):
        if each.status != "gone":
            for entry in each.passage.entries:
                found.setdefault(entry, []).append(Quoted(text.shown(*each.at), each.status))
    return Quotes({entry: tuple(each) for entry, each in found.items()}, path.name, digest(text.forms, 10))
