"""Certificates made: a question put to a solver of another family, its answer held to the engine's and written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from bvn_asp.certificates.certify import mapping, wanted
from bvn_asp.certificates.formula import dimacs
from bvn_asp.certificates.question import GIT, Asked, File, Problem, Question, asks, data, file_in_git, file_of, problem
from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import SolverError, fault
from bvn_asp.files import write_text
from bvn_asp.model.git import git, state
from bvn_asp.model.library import Library
from bvn_asp.model.policy import Revision

SOLVER = "glucose4"


@dataclass(frozen=True)
class Certificate:
    """A certificate, ready to be written.

    Attributes:
        proof: a clausal proof; empty where a world is the answer.
        worlds: what each shows, with the world.
    """

    question: Question
    problem: Problem
    proof: str
    worlds: tuple[tuple[str, dict[str, Any]], ...]


def asked(
    library: Library,
    kind: str,
    none: bool,
    texts: Sequence[tuple[Revision, Mapping[str, str] | None]],
    detail: Mapping[str, Any] | None = None,
    changed: tuple[int, str] | None = None,
) -> Question:
    """A question about revisions of a library.

    Args:
        none: the engine's answer: nobody is so.
        texts: each with its readings, reading id to option; None leaves them open.
        changed: a rule of the last text, and what stands in its place.

    Raises: InputError: a text stands outside of the library's folder, and not in git.
    """
    folder = library.folder
    made = []
    for revision, readings in texts:
        rules, policy = _files(folder, revision)
        made.append(Asked(rules, policy, readings))
    if changed is not None:
        made[-1] = replace(made[-1], changed=changed)
    background = folder / "background.lp"
    return Question(
        kind=kind,
        answer="none" if none else "some",
        texts=tuple(made),
        vocabulary=file_of(folder, folder / "vocabulary.yaml"),
        background=file_of(folder, background) if background.is_file() else None,
        detail=detail or {},
    )


def _files(folder: Path, revision: Revision) -> tuple[File, File]:
    """The rules of a revision and its `policy.yaml`, in the folder of policies or in git."""
    said, lent = revision.rules.path, Path(revision.policy.path)
    if not said.startswith(GIT):
        if revision.path is None:
            raise fault(f"no certificate: {revision.name} is not encoded")
        return file_of(folder, revision.path), file_of(folder, lent)
    ref, _, inside = said.removeprefix(GIT).partition(":")
    here = git("rev-parse", "--show-prefix", name=said).decode().rstrip("\n") + inside
    commit = state(ref)
    beside = str(PurePosixPath(here).with_name("policy.yaml"))
    return file_in_git(commit, here), file_of(folder, lent) if lent.is_file() else file_in_git(commit, beside)


def certificate(library: Library, question: Question) -> Certificate:
    """The proof or the world that a question's answer is borne out by.

    Raises:
        InputError: a text is not translated, the question is empty, or python-sat is not installed.
        SolverError: the other solver gives another answer than the engine.
    """
    try:
        from pysat.solvers import Solver
    except ImportError:
        raise fault("a certificate needs python-sat", "pip install 'bvn-asp[proofs]'") from None
    made = problem(question, library.folder)
    clauses = [list(each) for each in made.formula.clauses]
    with Solver(name=SOLVER, bootstrap_with=clauses, with_proof=True) as solver:
        some = solver.solve()
        proof = "" if some else "".join(f"{line}\n" for line in solver.get_proof() or [])
    if some is (question.answer == "none"):
        theirs = "somebody" if some else "nobody"
        raise SolverError(f"two solvers part: {asks(question)}: the engine says {question.answer}, {SOLVER} {theirs}")
    worlds = []
    for says, literal, count in wanted(made, question):
        with Solver(name=SOLVER, bootstrap_with=clauses[:count]) as solver:
            if not solver.solve(assumptions=[literal]):
                raise fault(f"no certificate: the question is empty: it is not so that {says}")
            worlds.append((says, made.words({each for each in solver.get_model() or () if each > 0})))
    return Certificate(question, made, _ended(proof) if not some else "", tuple(worlds))


def _ended(proof: str) -> str:
    """A proof with the empty clause at its end, and nothing behind it."""
    kept = []
    for line in proof.splitlines():
        kept.append(line)
        if line.strip() == "0":
            return "\n".join(kept) + "\n"
    return "\n".join([*kept, "0"]) + "\n"


def write(folder: Path, made: Certificate) -> None:
    """A certificate as a folder.

    Raises: InputError: it cannot be written.
    """
    from importlib.metadata import version

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise fault(f"cannot make the folder {folder}: {(error.strerror or '').lower()}") from None
    names = ("bvn-asp", "clingo", "python-sat")
    said = {**data(made.question), "made_with": {**{each: version(each) for each in names}, "solver": SOLVER}}
    write_text(str(folder / "question.json"), _json(said))
    write_text(str(folder / "formula.cnf"), dimacs(made.problem.formula))
    write_text(str(folder / "map.json"), _lines(mapping(made.problem)))
    write_text(str(folder / "worlds.json"), _lines([{"shows": says, "world": world} for says, world in made.worlds]))
    if made.question.answer == "none":
        write_text(str(folder / "proof.drup"), made.proof)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _lines(values: Sequence[object]) -> str:
    """A list, an element a line."""
    return "[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in values) + "\n]\n"
