"""Checks a clausal proof, step by step, and a world against clauses. Nothing else of the project is used here.

A proof is a list of clauses, each of which follows from those before it by *reverse unit propagation*: assume that
every literal of it is false, draw every conclusion of a clause of which one literal is left, and a clause is left with
none. The last clause is empty, so the formula has no solution. Lines `d …`, by which solvers forget, are passed over.
Source: Goldberg and Novikov, Verification of proofs of unsatisfiability, DATE 2003.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence


class Clauses:
    """Clauses that grow, and what follows from them by propagation alone."""

    def __init__(self, clauses: Iterable[Sequence[int]]) -> None:
        self.watched: dict[int, list[list[int]]] = defaultdict(list)
        self.units: list[int] = []
        self.empty = False
        for each in clauses:
            self.add(each)

    def add(self, literals: Sequence[int]) -> None:
        """One more clause; two literals of each longer one are watched, the first two of its list."""
        clause = list(dict.fromkeys(literals))
        if any(-each in clause for each in clause):
            return
        if len(clause) < 2:
            self.units += clause
            self.empty = self.empty or not clause
            return
        for each in clause[:2]:
            self.watched[each].append(clause)

    def follows(self, assumed: Iterable[int]) -> set[int] | None:
        """The literals that are true when some are assumed to be; None where that contradicts a clause."""
        true, ahead = set[int](), list[int]()
        if self.empty:
            return None
        for each in (*self.units, *assumed):
            if -each in true:
                return None
            if each not in true:
                true.add(each)
                ahead.append(each)
        while ahead:
            gone = -ahead.pop()
            watching, self.watched[gone] = self.watched[gone], []
            for i, clause in enumerate(watching):
                if clause[0] == gone:
                    clause[0], clause[1] = clause[1], gone
                other = next((n for n in range(2, len(clause)) if -clause[n] not in true), 0)
                if clause[0] in true or not other:
                    self.watched[gone].append(clause)
                else:
                    clause[1], clause[other] = clause[other], gone
                    self.watched[clause[1]].append(clause)
                if clause[0] in true or other:
                    continue
                if -clause[0] in true:
                    self.watched[gone] += watching[i + 1 :]
                    return None
                true.add(clause[0])
                ahead.append(clause[0])
        return true


def check_proof(clauses: Iterable[Sequence[int]], proof: str) -> str:
    """Why a proof does not show that some clauses have no solution; empty if it does."""
    known = Clauses(clauses)
    for number, line in enumerate(proof.splitlines(), 1):
        words = line.split()
        if not words or words[0] == "d":
            continue
        try:
            step = [int(each) for each in words]
        except ValueError:
            return f"line {number} of the proof is no clause: `{line[:40]}`"
        if step[-1] != 0 or 0 in step[:-1]:
            return f"line {number} of the proof does not end in 0"
        step.pop()
        if known.follows(-each for each in step) is not None:
            return f"line {number} of the proof does not follow from what stands before it: `{line[:40]}`"
        if not step:
            return ""
        known.add(step)
    return "the proof ends without the empty clause" if known.follows(()) is not None else ""


def check_world(clauses: Sequence[Sequence[int]], world: Iterable[int], count: int) -> str:
    """Why a world is no solution of some clauses over so many variables; empty if it is one."""
    true = Clauses(clauses).follows(world)
    if true is None:
        return "it contradicts the formula"
    if len(true) < count:
        return f"it leaves {count - len(true)} variables open"
    return "" if all(any(each in true for each in clause) for clause in clauses) else "a clause is not satisfied"
