"""Random editions of a text with planted changes, and where `find` and `compare` do not see them."""

from __future__ import annotations

from collections import defaultdict

from bvn_asp.anchors.find import compare, find
from bvn_asp.anchors.marks import make
from bvn_asp.anchors.words import parse

KINDS = ("number", "insert", "delete", "replace", "reword", "remove", "add", "swap")
NOBODY, ADDED = -1, -2
_SYLLABLES = ("ba", "ko", "ri", "mu", "te", "lan", "dor", "vis", "pel", "gun", "sha", "fi")


def a_text(rng, items=30):
    """A made-up policy and the marks of its criteria: items of one or two clauses, a preamble, a list of references."""

    def a_word():
        return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randrange(2, 5)))

    def clause():
        said = [a_word() for _ in range(rng.randrange(4, 14))]
        if rng.random() < 0.6:
            said.insert(rng.randrange(1, len(said)), str(rng.choice((2, 3, 5, 6, 12, 18, 40))))
        return " ".join(said)

    lines, marks = [f"Preamble {clause()}.", "", "Criteria", ""], ["criteria from: Criteria", "left title: Criteria"]
    for number in range(items):
        parts = [clause() for _ in range(rng.choice((1, 1, 2)))]
        lines += [f"{number + 1}. {', '.join(parts)}; AND" if number < items - 1 else f"{number + 1}. {parts[0]}."]
        marks += [f"c{number}: {each}" for each in (parts if number < items - 1 else parts[:1])]
    lines += ["", "References", "", *(f"- {clause()}." for _ in range(5))]
    marks += ["criteria to: References"]
    text = parse("\n".join(lines), "made-up.txt")
    return text, make(text, "\n".join(marks) + "\n", {f"c{n}" for n in range(items)})


def items_of(text, anchors):
    """The text as items of words, each word with the number of its passage."""
    owner = [NOBODY] * len(text.words)
    for i, each in enumerate(anchors.passages):
        owner[each.start : each.end] = [i] * each.length
    found = []
    for word, i in zip(text.words, owner, strict=True):
        if word.begins or not found:
            found.append([])
        found[-1].append((word.form, i))
    return found


def edit(doc, kind, rng, anchors, pool):
    """One change of a kind, planted among the criteria."""

    def claims(i):
        return i >= 0 and bool(anchors.passages[i].entries)

    inside = [k for k, item in enumerate(doc) if any(claims(i) for _, i in item)]
    if kind in ("remove", "add", "swap"):
        k = rng.randrange(inside[0] + 1, inside[-1])
        if kind == "remove":
            doc.pop(k)
        elif kind == "swap":
            doc[k], doc[k + 1] = doc[k + 1], doc[k]
        else:
            doc.insert(k, [(rng.choice(pool), ADDED) for _ in range(rng.randrange(5, 20))])
        return
    spots = [(k, j) for k in inside for j, (_, i) in enumerate(doc[k]) if claims(i)]
    if kind == "number":
        spots = [(k, j) for k, j in spots if doc[k][j][0].isdigit()] or spots
    k, j = rng.choice(spots)
    word, i = doc[k][j]
    if kind == "number":
        doc[k][j] = (str(rng.choice([n for n in (7, 9, 11, 21, 55) if str(n) != word])), i)
    elif kind == "insert":
        doc[k].insert(j, (rng.choice(pool), i))
    elif kind == "delete":
        doc[k].pop(j)
    elif kind == "replace":
        doc[k][j] = (rng.choice([each for each in pool if each != word]), i)
    else:
        doc[k] = [(rng.choice(pool), n) if n == i else (w, n) for w, n in doc[k]]


def judged(text, anchors, rng, edits, both):
    """One random edition: `(kinds, false alarms, what was missed, how many passages were untouched and changed)`."""
    doc = items_of(text, anchors)
    pool = sorted({form for form in text.forms if form.isalpha() and len(form) > 3})
    kinds = [rng.choice(KINDS) for _ in range(edits)]
    for kind in kinds:
        edit(doc, kind, rng, anchors, pool)
    flat = [pair for item in doc for pair in item]
    new = parse("\n\n".join("- " + " ".join(word for word, _ in item) for item in doc if item))
    findings = compare(anchors, text, new) if both else find(anchors, new)
    where = defaultdict(list)
    for k, (_, i) in enumerate(flat):
        where[i].append(k)
    seen = {k for each in findings.new for k in range(*each.at)}
    seen |= {k for each in findings.found if each.status not in ("exact", "moved") for k in range(*each.at)}
    alarms, missed, untouched, changed = [], [], 0, 0
    for i, each in enumerate(findings.found):
        passage, at = each.passage, where[i]
        if not passage.entries:
            continue
        there = tuple(flat[k][0] for k in at)
        if at and there == text.forms[passage.start : passage.end] and at[-1] - at[0] + 1 == len(at):
            untouched += 1
            if each.status not in ("exact", "moved") or (each.status == "moved" and "swap" not in kinds):
                alarms.append((passage.entries, each.status))
        else:
            changed += 1
            # what was struck can stand there all the same, as the end of the sentence before; then that one is told of
            told = [findings.found[k].status for k in (i - 1, i + 1) if 0 <= k < len(findings.found)]
            if len(at) < passage.length and {*told} - {"exact", "moved"}:
                continue
            if each.status in ("exact", "moved") and not seen & {*at}:
                missed.append((passage.entries, each.status))
    joints = ("and", "or")
    missed += [("added", flat[k][0]) for k in where[ADDED] if k not in seen and flat[k][0] not in joints]
    return kinds, alarms, missed, untouched, changed
