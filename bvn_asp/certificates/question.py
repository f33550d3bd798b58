"""A question about texts as data, and the formula that it is: made anew from the files whose hashes it names.

Kinds of question, each of the form "is there a patient such that …":
`verdicts`  two texts say otherwise of her: one approves her and the other does not, or does not address her;
`entries`   of some pairs of entries of two texts, one is met and the other is not;
`parts`     of some conditions of one text she fails none, and of some of another text at least one;
`apart`     an entry of the same name, or the verdict, under some reading of the passages left open;
`refused`   one text approves her and another does not, and she is none of those described by `ways`;
`approved`  all texts approve her;
`entry`     an entry, or all that stands under the root, is met, or is not;
`needless`  of conditions of the verdict, she fails one and none of some others; of other entries, meets one and none of
            some; with `both`, also the other way round;
`limit`     a number of hers stands so to a limit, or does not;
`applies`   a rule applies to her; with an exception, that alone keeps it from applying; with `approved`, and a text
            approves her all the same;
`mended`    she is as a chart leaves her with some moves made, and not all texts approve her;
`stuck`     she is as moves on a chart can lead to, and all texts approve her;
`sets`      a set of moves on a chart leads to approval by all texts, and none of those listed is part of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

from bvn_asp.certificates.chart import Chart, documented, read_chart
from bvn_asp.certificates.formula import Formula
from bvn_asp.certificates.parse import parse
from bvn_asp.certificates.sets import Moves, unsafe
from bvn_asp.certificates.translate import Text, Translation, read_text, slot_term
from bvn_asp.classes import dataclass, replace
from bvn_asp.errors import Place, fault
from bvn_asp.model.clauses import Atom, Clause, Literal
from bvn_asp.model.git import git
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import Slot, Vocabulary, load_vocabulary, term
from bvn_asp.model.yaml_text import parse_yaml

ON_A_CHART = ("mended", "stuck", "sets")
OF_RULES = ("approved", "entry", "needless", "limit", "applies")
KINDS = ("verdicts", "entries", "parts", "apart", "refused", *OF_RULES, *ON_A_CHART)
FORMAT = 1
GIT = "git:"
IN_GIT = re.compile(r"git:([0-9a-f]{40}(?:[0-9a-f]{24})?):(.+)")


@dataclass(frozen=True)
class File:
    """A file of the library as a question names it.

    Attributes:
        name: its path in the folder of policies; of a text in git, `git:` with the commit in full and its path there.
        sha256: of its bytes.
    """

    name: str
    sha256: str


@dataclass(frozen=True)
class Asked:
    """One text of a question.

    Attributes:
        readings: reading id to the option in force, in words of `policy.yaml`; None if all are open.
        changed: the number of a rule and what stands in its place (empty: nothing), where a slip is asked about.
    """

    rules: File
    policy: File
    readings: Mapping[str, str] | None
    changed: tuple[int, str] | None = None

    @property
    def name(self) -> str:
        """Its file, with the slip in it."""
        if self.changed is None:
            return self.rules.name
        number, text = self.changed
        return f"{self.rules.name} with rule {number} {f'made `{text}`' if text else 'left out'}"


@dataclass(frozen=True)
class Question:
    """What is asked, of which files.

    Attributes:
        answer: `none` (nobody is so) or `some`.
        detail: what the kind needs besides.
    """

    kind: str
    answer: str
    texts: tuple[Asked, ...]
    vocabulary: File
    background: File | None
    detail: Mapping[str, Any]


def asks(question: Question) -> str:
    """A question in words, as they follow "is it so that"."""
    names, detail = [each.name for each in question.texts], question.detail
    both = " and ".join(dict.fromkeys(names))
    if question.kind == "verdicts":
        return f"somebody gets another verdict from {names[1]} than from {names[0]}"
    if question.kind == "entries":
        pairs = detail["pairs"]
        if len(pairs) == 1:
            return f"`{pairs[0][0]}` of {names[0]} and `{pairs[0][1]}` of {names[1]} part on somebody"
        return f"one of {len(pairs)} pairs of entries of {both} parts on somebody"
    if question.kind == "parts":
        by, sides = int(detail["by"]), detail["sides"]
        kept, failed = (", ".join(f"`{each}`" for each in sides[i]) for i in (by, 1 - by))
        said = f"somebody fails one of {failed} of {names[1 - by]}"
        return said + (f", and none of {kept} of {names[by]}" if kept else "")
    if question.kind == "apart":
        return f"somebody, under some reading, gets another status or verdict from {names[1]} than from {names[0]}"
    if question.kind == "refused":
        by, ways = int(detail["by"]), len(detail["ways"])
        said = f"{names[by]} does not approve somebody whom {names[1 - by]} approves"
        return said + (f", and who is described by none of {ways} ways" if ways else "")
    if question.kind == "approved":
        return f"somebody is approved by {both}"
    if question.kind == "entry":
        what = "all that stands under the root" if detail["entry"] == "root" else f"`{detail['entry']}`"
        return f"{what} of {both} is {detail['is']} for somebody"
    if question.kind == "needless":
        rest = ", ".join(f"`{each}`" for each in detail["by"])
        if detail["both"]:
            return f"`{detail['entry']}` and {rest} of {both} do not speak alike of somebody"
        return f"somebody is kept from approval by `{detail['entry']}` of {both}, and by none of {rest}"
    if question.kind == "limit":
        said = f"{detail['operator']}({detail['slot']}, {detail['term']})"
        return f"`{said}` of {both} {'holds' if detail['holds'] else 'does not hold'} for somebody"
    if question.kind == "applies":
        said = f"rule {int(detail['rule'])} of {both}"
        if detail["exception"] is None:
            return f"{said} applies to somebody"
        kept = f"{said} is kept from applying to somebody by its condition {int(detail['exception'])} alone"
        return kept + (", who is approved" if detail["approved"] else "")
    if question.kind in ON_A_CHART:
        chart = f"the chart \"{detail['chart']['title']}\""
        if question.kind == "mended":
            moved = f"with {len(detail['moves'])} moves made"
            return f"somebody is as {chart} leaves her {moved}, and not approved by {both}"
        if question.kind == "stuck":
            return f"somebody is as moves on {chart}, with nothing contested, can lead to, and approved by {both}"
        ways = prod(len(each) for each in detail["choices"])
        moves = "moves, with nothing contested and evidence only about what is asked for,"
        moves = "moves, with nothing contested," if detail.get("others") else moves
        return f"a set of {moves} on {chart} leads to approval by {both}, and contains none of {ways} sets"
    raise fault(f"`{question.kind}` is no kind of question", "one of " + ", ".join(KINDS))


@dataclass(frozen=True)
class Problem:
    """A question as a formula.

    Attributes:
        base: how many of its clauses say what a patient and the texts are; those behind them are the question.
        premises: what must be possible for the question not to be empty, with its literal over the base.
        moves: the moves on the chart, where the question is about sets of them.
    """

    translation: Translation
    formula: Formula
    base: int
    premises: tuple[tuple[str, int], ...]
    moves: Moves | None = None

    def words(self, true: set[int]) -> dict[str, Any]:
        """A world as people read it: slot to value, reading to option."""
        chosen = {str(slot): self._value(slot, value) for (slot, value), lit in self._choices() if lit in true}
        read = {
            f"{seat.text.name}: {key[1]}": str(key[2])
            for seat in self.translation.seats
            if seat.text.chosen is None
            for key, literal in seat.readings.items()
            if literal in true
        }
        if self.moves is None:
            return {"values": chosen, "readings": read}
        made = {
            str(slot): {
                "kind": kind,
                "leaves": [
                    self._value(slot, value)
                    for value in self.moves.chart.states[slot].offers[kind]
                    if self.moves.out[slot, value] not in true
                ],
            }
            for (slot, kind), literal in self.moves.move.items()
            if literal in true
        }
        return {"values": chosen, "readings": read, "moves": made}

    def literals(self, world: Mapping[str, Any]) -> list[int]:
        """The literals of a world; those of one that is not written as `words` has it are refused."""
        known = {(str(slot), self._value(slot, value)): literal for (slot, value), literal in self._choices()}
        for seat in self.translation.seats:
            if seat.text.chosen is None:
                known |= {(f"{seat.text.name}: {k[1]}", str(k[2])): each for k, each in seat.readings.items()}
        pairs = [*dict(world["values"]).items(), *dict(world["readings"]).items()]
        missing = [each for each in pairs if each not in known]
        if missing:
            raise fault(f"a world says `{missing[0][0]}` is `{missing[0][1]}`, which is no value of this question")
        return [known[each] for each in pairs] + (self._made(world["moves"]) if self.moves else [])

    def _made(self, given: Mapping[str, Any]) -> list[int]:
        """The literals of a set of moves: each that is made, and that no other is."""
        assert self.moves is not None
        found = []
        for (slot, kind), literal in self.moves.move.items():
            made = given.get(str(slot))
            found.append(literal if made is not None and made["kind"] == kind else -literal)
        for (slot, value), literal in self.moves.out.items():
            made, offers = given.get(str(slot)), self.moves.chart.states[slot].offers
            gone = made is not None and value in offers.get(made["kind"], ())
            kept = made is not None and self._value(slot, value) in made["leaves"]
            found.append(literal if gone and not kept else -literal)
        return found

    def _choices(self) -> list[tuple[tuple[Slot, str], int]]:
        return list(self.translation.choices.items())

    def _value(self, slot: Slot, value: str) -> str:
        line = self.translation.lines.get(slot.fact)
        return value if line is None else str(line.cells[int(value)])


def file_of(folder: Path, path: Path) -> File:
    """A file of a library with its hash.

    Raises: InputError: it stands outside of the folder.
    """
    try:
        name = path.resolve().relative_to(folder.resolve()).as_posix()
        return File(name, hashlib.sha256(path.read_bytes()).hexdigest())
    except (ValueError, OSError):
        hint = "put the file into the folder of policies, or commit it and name it as git:HEAD:path/to/file.lp"
        said = "no certificate: the text stands outside of the folder of policies"
        raise fault(said, hint, Place(str(path))) from None


def file_in_git(commit: str, inside: str) -> File:
    """A file of a commit with its hash.

    Args:
        inside: its path from the top of the checkout.

    Raises: InputError: it is not there.
    """
    name = f"{GIT}{commit}:{inside}"
    return File(name, hashlib.sha256(_blob(name)).hexdigest())


def _blob(name: str) -> bytes:
    """What a file held at a commit; git is asked where one works, not where the folder of policies is."""
    found = IN_GIT.fullmatch(name)
    if found is None:
        raise fault(f"`{name}` names no file of a commit", "git:, the commit in full, and the path there")
    return git("cat-file", "blob", f"{found[1]}:{found[2]}", name=name)


def opened(folder: Path, file: File) -> str:
    """The text of a file, which must be the one that is named.

    Raises: InputError: it is missing, or another.
    """
    if file.name.startswith(GIT):
        found = _blob(file.name)
        if hashlib.sha256(found).hexdigest() != file.sha256:
            said = "the file is not the one that the certificate is about: its hash is another"
            raise fault(said, "", Place(file.name))
        return found.decode("utf-8")
    path = folder / file.name
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise fault("the folder of policies has no such file", "--policies names another folder", Place(str(path)))
    found = path.read_bytes()
    if hashlib.sha256(found).hexdigest() != file.sha256:
        said = "the file is not the one that the certificate is about: its hash is another"
        raise fault(said, "it was changed since, or --policies names another folder", Place(str(path)))
    return found.decode("utf-8")


def problem(question: Question, folder: Path) -> Problem:
    """The formula of a question, from the files alone.

    Raises: InputError: a file is not the one named, or something in it is not translated.
    """
    opened(folder, question.vocabulary)
    vocabulary = load_vocabulary(folder / question.vocabulary.name)
    background: tuple[Clause, ...] = ()
    if question.background is not None:
        background = parse(question.background.name, opened(folder, question.background))
    elif (folder / "background.lp").is_file():
        raise fault("the certificate leaves out what no patient can be", "", Place(str(folder / "background.lp")))
    texts = [_text(each, folder) for each in question.texts]
    if question.kind == "applies":
        texts = [_applied(each, question.detail) for each in texts]
    if len(texts) == 2 and texts[0].name == texts[1].name:
        texts[1] = replace(texts[1], name=f"{texts[1].name} again")
    on_a_chart = question.kind in ON_A_CHART
    translation = Translation(vocabulary, texts, background, on_a_chart, question.kind == "sets")
    translation.formula.room = "question"
    moves = None
    if on_a_chart:
        goal, premises, moves = _of_chart(question, translation)
    else:
        goal, premises = _goal(question, translation, vocabulary)
    base = len(translation.formula.clauses)
    for clause in goal:
        translation.formula.add(clause)
    return Problem(translation, translation.formula, base, tuple(premises), moves)


def _text(asked: Asked, folder: Path) -> Text:
    source = opened(folder, asked.rules)
    about = parse_yaml(opened(folder, asked.policy).encode(), asked.policy.name)
    listed, wanted = about.get("readings"), about.get("presume")
    names, options, ids, usual = {}, {}, {}, {}
    for key, node in listed.entries() if listed is not None else ():
        known, name = term(key.text), node.get("name")
        ids[key.text] = known
        if name is not None and name.text:
            names[term(name.text)] = known
        default = node.get("default")
        usual[known] = term(default.text) if default is not None else ""
        given = node.get("options")
        options[known] = tuple(term(each.text) for each, _ in given.entries()) if given is not None else ()
    clauses = read_text(asked.rules.name, source, names)
    if asked.changed is not None:
        number, text = asked.changed
        if not 0 <= number < len(clauses):
            raise fault(f"{asked.rules.name} has no rule number {number}")
        clauses = (*clauses[:number], *parse("the changed rule", text), *clauses[number + 1 :])
    unknown = [each for each in asked.readings or () if each not in ids]
    if unknown:
        raise fault(f"`{unknown[0]}` is no reading of {asked.policy.name}")
    chosen = None if asked.readings is None else {ids[key]: term(each) for key, each in asked.readings.items()}
    never = tuple(key.text for key, said in wanted.entries() if said.text == "never") if wanted is not None else ()
    return Text(asked.name, clauses, options, chosen, asked.policy.name, usual, never)


APPLIES = "rule_in_question_applies"


def _applied(text: Text, detail: Mapping[str, Any]) -> Text:
    """A text with a rule more, which says that one of its rules applies, or is kept from applying by one condition."""
    number, place = int(detail["rule"]), detail["exception"]
    if not 0 <= number < len(text.clauses):
        raise fault(f"{text.name} has no rule number {number}")
    clause = text.clauses[number]
    body = clause.body
    if place is not None:
        denied = body[int(place)] if 0 <= int(place) < len(body) else None
        if not isinstance(denied, Literal) or denied.sign != 1:
            raise fault(f"rule {number} of {text.name} has no exception {place}")
        rest = [part for i, part in enumerate(body) if i != int(place)]
        body = (*rest, replace(denied, sign=0), Literal(clause.head, 1))
    return replace(text, clauses=(*text.clauses, Clause(Atom(APPLIES), body)))


def _of_chart(
    question: Question, translation: Translation
) -> tuple[list[Sequence[int]], list[tuple[str, int]], Moves | None]:
    """The clauses of a question about a chart, its premises, and the moves if it is about sets of them."""
    formula, detail, vocabulary = translation.formula, question.detail, translation.vocabulary
    case = read_chart(vocabulary, detail["chart"])
    slots = {str(slot): slot for slot in translation.slots}

    def slot_of(name: str) -> Slot:
        if name not in slots:
            raise fault(f"`{name}` is not read in this question")
        return slots[name]

    def value_of(slot: Slot, said: str) -> str:
        _choice(translation, slot, said)
        line = translation.lines.get(slot.fact)
        return said if line is None else str([str(cell) for cell in line.cells].index(said))

    if question.kind == "mended":
        made = {slot_of(name): parse_value(vocabulary, slots[name], said, case.date)
                for name, said in detail["moves"].items()}
        case = case.with_values(vocabulary, made)
    never = documented(((each.clauses, each.never) for each in translation.texts), vocabulary)
    others, doubts = bool(detail.get("others")), translation.doubts
    chart = Chart(
        vocabulary, case, bool(detail["strict"]), translation.slots, translation.lines, doubts, never, others
    )
    seats = translation.seats
    approved = [(f"somebody is approved by {each.text.name}", each.approve) for each in seats]
    refused = [(f"somebody is not approved by {each.text.name}", -each.approve) for each in seats]
    if question.kind != "sets":
        stuck = question.kind == "stuck"
        inside = [
            formula.any_of(translation.choices[slot, v] for v in (each.reachable if stuck else each.stands))
            for slot, each in chart.states.items()
        ]
        goal: list[Sequence[int]] = [[each] for each in inside]
        goal += [[each.approve] for each in seats] if stuck else [[-each.approve for each in seats]]
        said = "somebody is as moves can lead to" if stuck else "somebody is as the chart leaves her"
        return goal, [*(approved if stuck else refused), (said, formula.all_of(inside))], None
    moves = Moves(formula, chart, translation.choices)

    def box_of(said: Mapping[str, Sequence[str]]) -> dict[Slot, frozenset[str]]:
        return {slot_of(name): frozenset(value_of(slots[name], v) for v in values) for name, values in said.items()}

    boxes = [[box_of(each) for each in mine] for mine in detail["boxes"]]
    nobody = [box_of(each) for each in detail["nobody"]]
    if len(boxes) != len(seats):
        raise fault("every text has its own boxes")
    wrong = unsafe([box for mine in boxes for box in mine], nobody)
    if wrong:
        raise fault(f"a box leaves room for what nobody is: {wrong}")
    choices, reach = translation.choices, moves.within(frozenset(slot_of(name) for name in detail["loose"]))

    def lies_in(listed: Sequence[Mapping[Slot, frozenset[str]]]) -> int:
        return formula.any_of(
            formula.all_of(formula.any_of(choices[slot, v] for v in sorted(values)) for slot, values in box.items())
            for box in listed
        )

    lies = [formula.all_of([seat.approve, lies_in(mine)]) for seat, mine in zip(seats, boxes, strict=True)]
    overcome = formula.all_of([
        translation.patient, moves.somebody, *(moves.overcomes(box) for mine in boxes for box in mine)
    ])

    def move_of(name: str, kind: str, left: Sequence[str]) -> tuple[Slot, str, frozenset[str]]:
        return slot_of(name), kind, frozenset(value_of(slots[name], each) for each in left)

    listed = [
        formula.any_of(moves.contains([move_of(*each) for each in one]) for one in part) for part in detail["choices"]
    ]
    answers = [
        formula.all_of([translation.patient, reach, formula.any_of(lies)]),
        formula.all_of([reach, formula.differ(-translation.patient, lies_in(nobody))]),
        formula.all_of([overcome, -formula.all_of(listed)]),
    ]
    patients = [(said, formula.all_of([translation.patient, each])) for said, each in approved]
    leads = [("some set of moves leads to approval", overcome)] if all(detail["choices"]) else []
    return [[formula.any_of(answers)]], [*patients, *leads], moves


def _goal(
    question: Question, translation: Translation, vocabulary: Vocabulary
) -> tuple[list[Sequence[int]], list[tuple[str, int]]]:
    """The clauses that are the question, and its premises."""
    formula, seats, detail = translation.formula, translation.seats, question.detail
    approved = [(f"somebody is approved by {each.text.name}", each.approve) for each in seats]
    refused = [(f"somebody is not approved by {each.text.name}", -each.approve) for each in seats]

    def met(seat: int, entry: str) -> int:
        if entry == "root":
            return seats[seat].fulfilled
        if entry not in seats[seat].met:
            raise fault(f"{seats[seat].text.name} has no entry `{entry}`")
        return seats[seat].met[entry]

    if question.kind in ("verdicts", "entries", "parts", "apart", "refused") and len(seats) != 2:
        raise fault(f"a question of `{question.kind}` is about two texts")
    if question.kind == "verdicts":
        apart = [formula.differ(seats[0].approve, seats[1].approve), formula.differ(seats[0].silent, seats[1].silent)]
        return [[formula.any_of(apart)]], approved + refused
    if question.kind == "entries":
        pairs = [(str(one), str(other)) for one, other in detail["pairs"]]
        apart = [formula.differ(met(0, one), met(1, other)) for one, other in pairs]
        if not apart:
            raise fault("the question is empty: it names no pair of entries")
        return [[formula.any_of(apart)]], approved + refused
    if question.kind == "parts":
        by, sides = int(detail["by"]), [[str(each) for each in side] for side in detail["sides"]]
        for seat, side in zip(seats, sides, strict=True):
            wrong = [each for each in side if each not in seat.fails]
            if wrong:
                raise fault(f"`{wrong[0]}` is no condition of {seat.text.name}")
        if not sides[1 - by]:
            raise fault("the question is empty: it names no condition that somebody could fail")
        kept = [[-seats[by].fails[each]] for each in sides[by]]
        return [*kept, [seats[1 - by].fails[each] for each in sides[1 - by]]], approved + refused
    if question.kind == "apart":
        names = dict.fromkeys((*seats[0].met, *seats[1].met))
        apart = [formula.differ(seats[0].met.get(each, -1), seats[1].met.get(each, -1)) for each in names]
        apart += [formula.differ(seats[0].approve, seats[1].approve), formula.differ(seats[0].silent, seats[1].silent)]
        return [[formula.any_of(apart)]], [approved[0], refused[0]]
    if question.kind == "refused":
        by = int(detail["by"])
        goal: list[Sequence[int]] = [[seats[1 - by].approve], [-seats[by].approve]]
        goal += [[-_way(translation, by, each, detail["base"])] for each in detail["ways"]]
        return goal, [approved[1 - by], refused[by]]
    if question.kind == "approved":
        return [[each.approve] for each in seats], [("somebody can be a patient at all", 1)]
    anybody = [("somebody can be a patient at all", 1)]
    if question.kind == "needless":
        entry, rest = str(detail["entry"]), [str(each) for each in detail["by"]]
        if not rest:
            raise fault("the question is empty: it names no other entry")
        fails = {each: seats[0].fails.get(each) for each in (entry, *rest)}
        plain = detail["both"] and None in fails.values()
        told = [met(0, each) if plain else seats[0].fails[each] for each in (entry, *rest)]
        needed = formula.all_of([told[0], *(-each for each in told[1:])])
        word = "meets" if plain else "fails"
        said = [(f"somebody {word} `{entry}`", told[0]), (f"not everybody {word} `{entry}`", -told[0])]
        return [[formula.differ(told[0], told[1]) if detail["both"] else needed]], said
    if question.kind == "limit":
        key = str(detail["operator"]), slot_term(str(detail["slot"])), slot_term(str(detail["term"]))
        if key not in translation.given:
            raise fault(f"no rule asks for `{detail['operator']}({detail['slot']}, {detail['term']})`")
        return [[translation.given[key] if detail["holds"] else -translation.given[key]]], anybody
    if question.kind == "applies":
        applies = [[seats[0].atoms.literal((APPLIES,))], *([[seats[0].fulfilled]] if detail["approved"] else [])]
        return [*applies], anybody
    if question.kind == "entry":
        literal = met(0, str(detail["entry"]))
        return [[literal if detail["is"] == "met" else -literal]], [("somebody can be a patient at all", 1)]
    raise fault(f"`{question.kind}` is no kind of question", "one of " + ", ".join(KINDS))


def _choice(translation: Translation, slot: Slot, value: str) -> int:
    """The literal of a value as `words` has it."""
    line = translation.lines.get(slot.fact)
    cells = {} if line is None else {str(cell): str(i) for i, cell in enumerate(line.cells)}
    key = slot, cells.get(value, value if line is None else "")
    if key not in translation.choices:
        raise fault(f"`{slot}` has no value `{value}` in this question")
    return translation.choices[key]


def _way(translation: Translation, by: int, way: Mapping[str, Any], base: Mapping[str, str]) -> int:
    """A literal that is true of whom a way describes: she fails all of its conditions, and departs from the base
    patient in all of its facts."""
    formula, seat = translation.formula, translation.seats[by]
    parts = []
    for unit in way["units"]:
        if unit != "silent" and unit not in seat.fails:
            raise fault(f"`{unit}` is no condition of {seat.text.name}")
        parts.append(seat.silent if unit == "silent" else seat.fails[unit])
    for fact in way["facts"]:
        slots = [slot for slot in translation.slots if slot.fact == fact]
        if not slots:
            raise fault(f"`{fact}` is not read in this question")
        parts.append(formula.any_of(-_choice(translation, slot, base[str(slot)]) for slot in slots))
    return formula.all_of(parts)


# -- as JSON -------------------------------------------------------------------------------------


def data(question: Question) -> dict[str, Any]:
    """A question as it is written down."""
    def file(each: File | None) -> dict[str, str] | None:
        return None if each is None else {"file": each.name, "sha256": each.sha256}

    return {
        "format": FORMAT,
        "kind": question.kind,
        "asks": asks(question),
        "answer": question.answer,
        "texts": [
            {
                "rules": file(each.rules),
                "policy": file(each.policy),
                "readings": dict(each.readings) if each.readings is not None else "open",
                "changed": None if each.changed is None else {"rule": each.changed[0], "to": each.changed[1]},
            }
            for each in question.texts
        ],
        "vocabulary": file(question.vocabulary),
        "background": file(question.background),
        "detail": dict(question.detail),
    }


def from_data(given: Any, path: str) -> Question:
    """A question as it was written down.

    Raises: InputError: it is no question.
    """
    def file(each: Any) -> File:
        return File(str(each["file"]), str(each["sha256"]))

    try:
        if given["format"] != FORMAT:
            raise fault(f"this is a certificate of format {given['format']}, which is not read here")
        texts = tuple(
            Asked(
                rules=file(each["rules"]),
                policy=file(each["policy"]),
                readings=None if each["readings"] == "open" else dict(each["readings"]),
                changed=(int(each["changed"]["rule"]), str(each["changed"]["to"])) if each["changed"] else None,
            )
            for each in given["texts"]
        )
        found = Question(
            kind=str(given["kind"]),
            answer=str(given["answer"]),
            texts=texts,
            vocabulary=file(given["vocabulary"]),
            background=file(given["background"]) if given["background"] else None,
            detail=dict(given["detail"]),
        )
        said = asks(found)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise fault(f"this is no question of a certificate: {error!r}", "", Place(path)) from None
    if found.kind not in KINDS or given.get("asks") != said:
        raise fault("the question in words is not the question that is asked", "", Place(path))
    if found.answer not in ("none", "some") or not found.texts:
        raise fault("the question names no answer, or no text", "", Place(path))
    return found
