"""Is a certificate what it says: its question about these files, its formula the question's, its proof a proof?

Runs without clingo and without a SAT solver. A certificate is a folder with `question.json`, `formula.cnf`, `map.json`,
`worlds.json` and, where nobody is so, `proof.drup`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bvn_asp.certificates.check import check_proof, check_world
from bvn_asp.certificates.formula import dimacs
from bvn_asp.certificates.question import Problem, Question, data, from_data, problem
from bvn_asp.classes import dataclass
from bvn_asp.errors import BvnError, InputError, Place, fault

MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Certified:
    """What was checked of one certificate.

    Attributes:
        variables, clauses: of the formula.
        steps: of the proof; 0 where a world is the answer.
        worlds: what was shown to be possible, by a world each.
        readings: how the texts are read, where that is not the default.
    """

    folder: Path
    question: Question
    variables: int
    clauses: int
    steps: int
    worlds: tuple[str, ...]
    readings: tuple[str, ...]


def folders(folder: Path) -> tuple[Path, ...]:
    """The certificates in a folder: itself, or those that stand in it.

    Raises: InputError: there is none.
    """
    found = sorted(each.parent for each in folder.rglob("question.json"))
    if not found:
        raise fault("there is no certificate: no question.json", "", Place(str(folder)))
    return tuple(found)


def certify(folder: Path, policies: Path) -> Certified:
    """One certificate, checked.

    Raises: InputError: the first thing in which it is not what it says, with its reason.
    """
    question = from_data(_json(folder / "question.json"), str(folder / "question.json"))
    try:
        made = problem(question, policies)
    except InputError:
        raise
    except (BvnError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise fault(f"the question cannot be asked of these files: {error}", "", Place(str(folder))) from None
    formula = made.formula
    if _text(folder / "formula.cnf") != dimacs(formula):
        said = "the formula is not that of the question: " + _first_difference(folder, dimacs(formula))
        raise fault(said, "", Place(str(folder / "formula.cnf")))
    if _json(folder / "map.json") != mapping(made):
        raise fault("the map does not say what the variables stand for", "", Place(str(folder / "map.json")))
    shown = _worlds(folder, made, question)
    steps = 0
    if question.answer == "none":
        proof = _text(folder / "proof.drup")
        wrong = check_proof(formula.clauses, proof)
        if wrong:
            raise fault(wrong, "", Place(str(folder / "proof.drup")))
        steps = sum(1 for line in proof.splitlines() if line and line[0] != "d")
    read = [f"{each.name}: {said}" for each in made.translation.texts for said in each.read_otherwise]
    return Certified(folder, question, formula.count, len(formula.clauses), steps, shown, tuple(read))


def mapping(made: Problem) -> list[list[Any]]:
    """Literals with what they stand for."""
    return [[literal, says] for literal, says in made.formula.says]


def wanted(made: Problem, question: Question) -> list[tuple[str, int, int]]:
    """The worlds that a certificate must hold: what each shows, its literal, how many clauses it must satisfy."""
    found = [(says, literal, made.base) for says, literal in made.premises]
    return found if question.answer == "none" else [("somebody is so", 1, len(made.formula.clauses))]


def _worlds(folder: Path, made: Problem, question: Question) -> tuple[str, ...]:
    """Every world that the certificate must hold is one."""
    path = folder / "worlds.json"
    given = _json(path)
    for says, literal, clauses in wanted(made, question):
        try:
            world = next((each["world"] for each in given if each["shows"] == says), None)
            if world is None:
                raise fault(f"the question may be empty: no world shows that {says}", "", Place(str(path)))
            literals = made.literals(world)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise fault(f"this is no list of worlds: {error!r}", "", Place(str(path))) from None
        wrong = check_world([*made.formula.clauses[:clauses], (literal,)], literals, made.formula.count)
        if wrong:
            raise fault(f"the world that is to show that {says} does not: {wrong}", "", Place(str(path)))
    return tuple(says for says, _, _ in wanted(made, question))


def _first_difference(folder: Path, right: str) -> str:
    there, here = _text(folder / "formula.cnf").splitlines(), right.splitlines()
    for number, (one, other) in enumerate(zip(there, here, strict=False), 1):
        if one != other:
            return f"line {number} is `{one[:40]}` and should be `{other[:40]}`"
    return f"it has {len(there)} lines and should have {len(here)}"


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise fault("the file is too long", "", Place(str(path)))
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise fault(f"cannot read it: {(error.strerror or '').lower()}", "", Place(str(path))) from None
    except UnicodeDecodeError:
        raise fault("it is no text", "", Place(str(path))) from None


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except (json.JSONDecodeError, RecursionError):
        raise fault("it is no JSON", "", Place(str(path))) from None


__all__ = ["Certified", "certify", "data", "folders", "mapping", "wanted"]
