"""What nobody mentions and is taken as absent, and why something is not: `engine/encodings/presume.lp` for a case.

A fact that the vocabulary marks `presumed` is taken as absent where the case does not record it, unless something that
the case does record puts it in doubt: slot by slot, whatever is recorded of other members. A member of an index that
few people have is not there unless a record gives it something else than that record's own absent value.
"""

from __future__ import annotations

from collections.abc import Iterable

from bvn_asp.engine.presume import presume
from bvn_asp.model.case import Case, Record, Value
from bvn_asp.model.policy import Revision
from bvn_asp.model.vocabulary import Slot, Vocabulary


def presumptions(
    vocabulary: Vocabulary, case: Case, strict: bool = False, never: frozenset[str] = frozenset()
) -> dict[Slot, Value]:
    """What is taken as absent, with the value it is taken to have.

    Args:
        strict: only that members which few people have are not there.
        never: facts of which nothing else is presumed either, because a policy has them documented.
    """
    asked = presume(vocabulary)
    always = set(asked(case.records, strict=True).held) if never else set()
    held = asked(case.records, strict).held
    return {slot: asked.absent[slot] for slot in held if slot.fact not in never or slot in always}


def doubts(vocabulary: Vocabulary, case: Case) -> dict[Slot, tuple[Slot, ...]]:
    """What is not presumed although nobody mentions it, with the recorded slots that put it in doubt."""
    return dict(presume(vocabulary)(case.records).raised)


def never_presumed(revisions: Iterable[Revision]) -> frozenset[str]:
    """The facts that any of some policies has documented, whoever does not mention them: `presume: never`."""
    return frozenset().union(*(each.never_presumed for each in revisions))


def is_present(vocabulary: Vocabulary, record: Record) -> bool:
    """Whether a record says that something may be there: it allows some value but the absent one."""
    signs = presume(vocabulary).signs
    return not set(signs.may(record.slot, record.value)) <= set(signs.absent(record.slot))
