"""From a ground program to a straight line of Boolean operations.

The solver's grounder has already said what every rule means; what is left are definitions without recursion over the
choices of a record. They are folded into one table of nodes, each defined by earlier ones, with nothing decided here:
a leaf is *this slot has one of these values*, all else is and, or, not, and at least so many of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bvn_asp.classes import dataclass, field
from bvn_asp.engine.atoms import Atom
from bvn_asp.engine.program import Program
from bvn_asp.errors import SolverError
from bvn_asp.model.vocabulary import Slot, term

NO, YES = 0, 1
VERDICTS = ("approve", "deny", "silent")
MOST_STEPS = 500_000


class Leaf(NamedTuple):
    """One of some values of a slot; bit j of the mask stands for value number j."""

    slot: Slot
    mask: int


class Not(NamedTuple):
    """The opposite of a node."""

    part: int


class All(NamedTuple):
    """Every one of some nodes."""

    parts: tuple[int, ...]


class Some(NamedTuple):
    """At least one of some nodes."""

    parts: tuple[int, ...]


class Enough(NamedTuple):
    """Nodes that together weigh at least `need`."""

    need: int
    parts: tuple[tuple[int, int], ...]


Node = Leaf | Not | All | Some | Enough
Step = tuple[int, type[Node], tuple[int, ...], Any]
"""The number of a node, its kind, its parts and the node itself."""


def parts_of(node: Node) -> tuple[int, ...]:
    """The nodes that a node is made of."""
    if isinstance(node, (All, Some)):
        return node.parts
    if isinstance(node, Not):
        return (node.part,)
    return tuple(part for part, _ in node.parts) if isinstance(node, Enough) else ()


class Table:
    """Nodes, each stored once; a node is its number, NO and YES are constants.

    Args:
        sizes: how many values each slot has.
    """

    def __init__(self, sizes: Mapping[Slot, int]) -> None:
        self.full = {slot: (1 << size) - 1 for slot, size in sizes.items()}
        self.nodes: list[Node | None] = [None, None]
        self.plans: dict[tuple[tuple[int, ...], frozenset[int]], tuple[tuple[int, Node, tuple[int, ...]], ...]] = {}
        self._numbers: dict[tuple[type[Node], Node], int] = {}  # tuples of two kinds may be equal
        self._steps: list[Step] = []

    def beside(self, full: Mapping[Slot, int]) -> Table:
        """The same nodes, to which either may add, where slots have other values."""
        found = Table({})
        found.full, found.nodes, found._numbers, found._steps = dict(full), self.nodes, self._numbers, self._steps
        return found

    @property
    def steps(self) -> list[Step]:
        """Every node as a step, by its number; the first two, which are constant, are none to be taken."""
        for number in range(len(self._steps), len(self.nodes)):
            node = self.nodes[number]
            self._steps.append((number, node.__class__, () if node is None else parts_of(node), node))  # type: ignore[arg-type]
        return self._steps

    def index(self) -> None:
        """Know the nodes again that were put in by number: for a table that is read, not made."""
        self._numbers = {(node.__class__, node): i for i, node in enumerate(self.nodes) if node is not None}

    def _add(self, node: Node) -> int:
        number = self._numbers.setdefault((node.__class__, node), len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def leaf(self, slot: Slot, mask: int) -> int:
        """One of some values of a slot."""
        return NO if mask == 0 else YES if mask == self.full[slot] else self._add(Leaf(slot, mask))

    def negated(self, part: int) -> int:
        """The opposite of a node."""
        node = self.nodes[part]
        if node is None:
            return 1 - part
        if isinstance(node, Leaf):
            return self.leaf(node.slot, self.full[node.slot] & ~node.mask)
        return node.part if isinstance(node, Not) else self._add(Not(part))

    def every(self, parts: Iterable[int]) -> int:
        """Every one of some nodes; what one slot is asked for is joined into one leaf."""
        kept: dict[int, None] = {}
        masks: dict[Slot, int] = {}
        for part in parts:
            node = self.nodes[part]
            if part == NO:
                return NO
            if isinstance(node, Leaf):
                masks[node.slot] = masks.get(node.slot, self.full[node.slot]) & node.mask
            elif part != YES:
                kept[part] = None
        for slot, mask in masks.items():
            kept[self.leaf(slot, mask)] = None
        kept.pop(YES, None)
        if NO in kept or self._contradict(kept):
            return NO
        found = tuple(sorted(kept))
        return YES if not found else found[0] if len(found) == 1 else self._add(All(found))

    def _contradict(self, parts: Mapping[int, None]) -> bool:
        """Whether one of some nodes is the opposite of another; of each slot there is one leaf at most."""
        return any(node.part in parts for each in parts if isinstance(node := self.nodes[each], Not))

    def any(self, parts: Iterable[int]) -> int:
        """At least one of some nodes."""
        kept: dict[int, None] = {}
        masks: dict[Slot, int] = {}
        for part in parts:
            node = self.nodes[part]
            if part == YES:
                return YES
            if isinstance(node, Leaf):
                masks[node.slot] = masks.get(node.slot, 0) | node.mask
            elif part != NO:
                kept[part] = None
        for slot, mask in masks.items():
            kept[self.leaf(slot, mask)] = None
        kept.pop(NO, None)
        if YES in kept or self._contradict(kept):
            return YES
        found = tuple(sorted(kept))
        return NO if not found else found[0] if len(found) == 1 else self._add(Some(found))

    def enough(self, need: int, parts: Iterable[tuple[int, int]]) -> int:
        """Nodes that together weigh at least `need`; weights are positive."""
        weights: dict[int, int] = {}
        for part, weight in parts:
            if part == YES:
                need -= weight
            elif part != NO:
                weights[part] = weights.get(part, 0) + weight
        total = sum(weights.values())
        if need <= 0 or total < need:
            return YES if need <= 0 else NO
        if min(weights.values()) >= need:
            return self.any(weights)
        if total - min(weights.values()) < need:
            return self.every(weights)
        leaves = [self.nodes[each] for each in weights]
        slots = {each.slot for each in leaves if isinstance(each, Leaf)}
        if len(slots) == 1 and all(isinstance(each, Leaf) for each in leaves):
            return self._of_one_slot(slots.pop(), need, weights)
        return self._add(Enough(need, tuple(sorted(weights.items()))))

    def _of_one_slot(self, slot: Slot, need: int, weights: Mapping[int, int]) -> int:
        """Enough of the leaves of one slot: the values that alone bring enough."""
        mask = 0
        for value in range(self.full[slot].bit_length()):
            brought = 0
            for part, weight in weights.items():
                node = self.nodes[part]
                assert isinstance(node, Leaf)
                brought += weight if node.mask >> value & 1 else 0
            mask |= (brought >= need) << value
        return self.leaf(slot, mask)


@dataclass(frozen=True)
class Line:
    """What one policy's revision comes to: nodes in an order in which each needs earlier ones only.

    Attributes:
        order: the nodes to compute.
        met, blamed: entry to node.
        verdicts: `approve`, `deny` and `silent` to node.
        forbidden: reasons why a record describes no patient, to node; no world lets one hold.
        silences: reasons why the policy says nothing, to node.
    """

    order: tuple[int, ...]
    met: dict[str, int]
    blamed: dict[str, int]
    verdicts: dict[str, int]
    forbidden: dict[str, int]
    silences: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Compiled:
    """A program as one table of nodes, and a line through it for each seat.

    Attributes:
        classes: slot to class numbers of its values; values that no rule tells apart share one.
        leaves: leaf node to its slot and the classes in which it holds.
    """

    table: Table
    lines: tuple[Line, ...]
    classes: dict[Slot, tuple[int, ...]]
    leaves: dict[int, tuple[Slot, frozenset[int]]]


def reading_slot(space: int, identifier: str) -> Slot:
    """What stands in a table for a reading that is left open: a slot whose values are the options, in their order."""
    return Slot(f"reading {space}", identifier)


_NAMED = frozenset(("reading", "tolerated", "never", "impossible", "silent", "met", "blamed", "verdict"))
"""The atoms of which a line is made, besides what slots can be."""


def compiled(program: Program, chosen: Sequence[Mapping[str, str]] | None) -> Compiled:
    """A program with one world as straight lines.

    Args:
        chosen: for each seat, reading id to option; None to leave the readings open, as `reading_slot`.

    Raises: SolverError: a policy's rules are recursive, so that there is no straight line.
    """
    ground = program.ground_rules(_NAMED)
    options: dict[Slot, list[tuple[int | str, ...]]] = {
        reading_slot(seat.space, each.id): [(seat.space, each.term, term(option.name)) for option in each.options]
        for seat in (program.seats if chosen is None else ())
        for each in seat.revision.readings
    }
    sizes = {slot: len(program.values(slot)) for slot in program.slots}
    table = Table(sizes | {slot: len(listed) for slot, listed in options.items()})
    known: dict[int, int] = {}
    for choice, atom in ground.choices.items():
        known[atom] = table.leaf(choice.slot, 1 << program.values(choice.slot).index(choice.value))
    spoken = {
        (program.seats[i].space, reading.term, term(readings[reading.id])): YES
        for i, readings in enumerate(chosen or ())
        for reading in program.seats[i].revision.readings
    } | {given: table.leaf(slot, 1 << i) for slot, listed in options.items() for i, given in enumerate(listed)}
    for (name, given), atom in ground.atoms.items():
        if name == "reading":
            known[atom] = spoken.get(given, NO)
        elif name in ("tolerated", "never"):
            known[atom] = NO
    if ground.free - known.keys():
        raise SolverError("the program chooses what is neither a fact of the record nor a reading")
    unfold = Unfolding(table, known, ground.rules)
    node = unfold.node

    def named(name: str, seat: int, identifier: str) -> int:
        atom = ground.atoms.get(Atom(name, (seat, identifier)))
        return NO if atom is None else node(atom)

    reasons = {str(given[1]): node(atom) for (name, given), atom in ground.atoms.items() if name == "impossible"}
    for constraint in unfold.constraints():
        if constraint not in (NO, table.any(reasons.values()), *reasons.values()):
            raise SolverError("a constraint of the program is no reason of the background's")
    reasons = {reason: each for reason, each in reasons.items() if each != NO}
    silences: dict[int, dict[str, int]] = {}
    for (name, given), atom in ground.atoms.items():
        if name == "silent" and len(given) == 2:
            silences.setdefault(int(given[0]), {})[str(given[1])] = node(atom)
    lines: list[dict[str, dict[str, int]]] = []
    for i, seat in enumerate(program.seats):
        entries = [entry.id for entry in seat.revision.rules.entries]
        met = {each: named("met", i, each) for each in entries}
        blamed = {each: named("blamed", i, each) for each in entries}
        verdicts = {each: named("verdict", i, each) for each in VERDICTS}
        lines.append({
            "met": met, "blamed": blamed, "verdicts": verdicts, "forbidden": reasons, "silences": silences.get(i, {})
        })
    return laid_out(table, lines)


def laid_out(table: Table, named: Iterable[Mapping[str, dict[str, int]]]) -> Compiled:
    """The lines of a table to what each of some policies calls its nodes, by the attributes of `Line`."""
    lines = []
    for each in named:
        wanted = [number for part in ("met", "blamed", "verdicts", "forbidden") for number in each[part].values()]
        lines.append(Line(order_of(table, wanted), **each))
    used = {number for line in lines for number in line.order}
    classes, leaves = _classes(table, sorted(used))
    return Compiled(table, tuple(lines), classes, leaves)


class Unfolding:
    """Atoms by their rules, down to what is known.

    A rule may lead back to its own atom, as *joined to a body that is joined* does. No shortest derivation needs an
    atom to derive itself, so on the way below an atom that atom counts as false; what was found under such an
    assumption is not kept. A way back through `not` has no such meaning, and is refused.
    """

    def __init__(
        self, table: Table, known: dict[int, int], rules: Iterable[tuple[int, int, tuple[tuple[int, int], ...]]]
    ) -> None:
        self.table, self.known = table, known
        self.ways_to: dict[int, list[tuple[int, tuple[tuple[int, int], ...]]]] = {}
        for head, need, body in rules:
            self.ways_to.setdefault(head, []).append((need, body))
        self._depth: dict[int, int] = {}
        self._negations: dict[int, int] = {}
        self._steps = 0

    def node(self, atom: int) -> int:
        """The node of an atom."""
        return self._unfold(atom, 0)[0]

    def constraints(self) -> list[int]:
        """The nodes of what must never hold."""
        return [self._body(need, body, 0)[0] for need, body in self.ways_to.get(0, ())]

    def _unfold(self, atom: int, negations: int) -> tuple[int, int]:
        """An atom's node, and how far up the way the assumption reaches on which it rests."""
        found = self.known.get(atom)
        if found is not None:
            return found, MOST_STEPS
        if atom in self._depth:
            if negations > self._negations[atom]:
                raise SolverError("a policy's rules define an atom by its own absence")
            return NO, self._depth[atom]
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise SolverError("a policy's rules run in too many circles to be laid out in a line")
        depth = self._depth[atom] = len(self._depth)
        self._negations[atom] = negations
        ways, low = [], MOST_STEPS
        for need, body in self.ways_to.get(atom, ()):
            way, reach = self._body(need, body, negations)
            ways.append(way)
            low = min(low, reach)
        del self._depth[atom]
        number = self.table.any(ways)
        if low < depth:
            return number, low
        self.known[atom] = number
        return number, MOST_STEPS

    def _body(self, need: int, body: tuple[tuple[int, int], ...], negations: int) -> tuple[int, int]:
        parts, low = [], MOST_STEPS
        for literal, weight in body:
            part, reach = self._unfold(abs(literal), negations + (literal < 0))
            parts.append((part if literal > 0 else self.table.negated(part), weight))
            low = min(low, reach)
        return self.table.enough(need, parts), low


def order_of(table: Table, wanted: Iterable[int]) -> tuple[int, ...]:
    """Every node that some nodes need, each after its parts: a node's number is greater than those of its parts."""
    steps = table.steps
    found: set[int] = set()
    todo = list(wanted)
    while todo:
        number = todo.pop()
        if number > YES and number not in found:
            found.add(number)
            todo += steps[number][2]
    return tuple(sorted(found))


def _classes(
    table: Table, used: Sequence[int]
) -> tuple[dict[Slot, tuple[int, ...]], dict[int, tuple[Slot, frozenset[int]]]]:
    masks: dict[Slot, list[int]] = {}
    for number in used:
        node = table.nodes[number]
        if isinstance(node, Leaf):
            masks.setdefault(node.slot, []).append(node.mask)
    classes = {}
    for slot, listed in masks.items():
        numbers: dict[tuple[int, ...], int] = {}
        classes[slot] = tuple(
            numbers.setdefault(tuple(mask >> value & 1 for mask in listed), len(numbers))
            for value in range(table.full[slot].bit_length())
        )
    leaves = {}
    for number in used:
        node = table.nodes[number]
        if isinstance(node, Leaf):
            held = frozenset(each for value, each in enumerate(classes[node.slot]) if node.mask >> value & 1)
            leaves[number] = (node.slot, held)
    return classes, leaves


def towards(table: Table, goal: int) -> dict[int, int]:
    """Which way each node below a goal pulls: 1 towards it, -1 away from it, 0 both ways."""
    pull: dict[int, set[int]] = {goal: {1}}
    for number in reversed(order_of(table, [goal])):
        node = table.nodes[number]
        assert node is not None
        signs = {-each for each in pull[number]} if isinstance(node, Not) else pull[number]
        for part in parts_of(node):
            pull.setdefault(part, set()).update(signs)
    return {number: sum(signs) for number, signs in pull.items()}
