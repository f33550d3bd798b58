"""Certificates of the shipped policies hold, in a process without clingo; forged and damaged ones do not."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import brute
import pytest
from click.testing import CliRunner
from places import ROOT, TOY
from shared import LIBRARY, cohere_against

from bvn_asp import Library
from bvn_asp.certificates.answers import of_diff, of_lint, of_mutation, of_repair, of_stricter
from bvn_asp.certificates.certify import certify
from bvn_asp.certificates.make import asked, certificate, write
from bvn_asp.certificates.question import asks
from bvn_asp.cli import main
from bvn_asp.errors import BvnError, InputError, SolverError
from bvn_asp.model.edition import editions
from bvn_asp.repairs.repair import Repairer
from bvn_asp.texts.diff import diff
from bvn_asp.texts.stricter import stricter
from bvn_asp.upkeep.lint import lint
from bvn_asp.upkeep.mutants import mutants
from bvn_asp.upkeep.mutate import Mutation, Outcome, Trial

pytest.importorskip("pysat")
WITHOUT = """
import sys
class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("clingo", "pysat"):
            raise ImportError(f"{name} must not be needed")
sys.meta_path.insert(0, Refused())
from bvn_asp.cli import main
main(sys.argv[1:])
"""


def written(folder, library, questions):
    """Every certificate of some questions, in folders of their names."""
    for name, question in questions:
        write(folder / name, certificate(library, question))
    return folder


def bvn_without_clingo(*arguments):
    return subprocess.run([sys.executable, "-c", WITHOUT, *map(str, arguments)], capture_output=True, text=True,
                          cwd=ROOT, check=False, timeout=300)


def checked(folder, policies=ROOT / "policies"):
    """What `bvn certify` says where clingo cannot be imported."""
    done = bvn_without_clingo("certify", folder, "--policies", policies)
    assert done.returncode == 0, done.stderr
    return done.stdout


REWRITES = (
    (r'"body mass index above 40"', '"a body mass index of more than 40"'),
    (r"at_most\(bodies_requested, 4\)", "not more_than(bodies_requested, 4)"),
    (r"met\(pregnancy\) :- is\(pregnant, yes\)\.", "met(pregnancy) :- not is(pregnant, no)."),
    (r"at_least\(pain_duration, months\(6\)\)", "not less_than(pain_duration, months(6))"),
    (r"more_than\(bmi, 40\)", "not at_most(bmi, 40)"),
    (r"met\(immature\) :- less_than\(age, 18\)\.",
     "met(immature) :- less_than(age, 18). met(immature) :- less_than(age, 9)."),
    (r"\bcredited\b", "counts_towards"),
    (r"$", "\nnobody(B) :- requested(B), not requested(B).\n"),
    (r"is\(([a-z_]+), yes\)\.", r"not is(\1, no)."),
)
"""Edits after which Cohere's text says the same in other rules."""


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory):
    """A library in which Cohere's policy has a draft beside it that says the same in nine other ways."""
    folder = tmp_path_factory.mktemp("library") / "policies"
    shutil.copytree(ROOT / "policies", folder)
    path = folder / "cohere-ma" / "2025-05-29.lp"
    text, made = path.read_text(encoding="utf-8"), 0
    for before, after in REWRITES:
        new = re.sub(before, after, text)
        made += new != text
        text = new
    (folder / "cohere-ma" / "draft.lp").write_text(text, encoding="utf-8")
    return Library(folder), path, folder / "cohere-ma" / "draft.lp", made


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Certificates that Cohere's text is itself, and where it is stricter and looser than L39420; all hold."""
    folder = tmp_path_factory.mktemp("sound")
    cohere = LIBRARY.revision("cohere-ma")
    written(folder / "none", LIBRARY, of_diff(LIBRARY, diff(LIBRARY, cohere, cohere)))
    written(folder / "some", LIBRARY, of_stricter(LIBRARY, cohere_against("lcd-l39420")))
    return folder


def test_cohere_is_itself(sound):
    said = checked(sound / "none")

    assert said.count("Proved: nobody is so.") == 2


def test_cohere_is_a_rewrite_of_it(rewritten, tmp_path):
    library, old, new, made = rewritten
    assert made == 9
    answer = diff(library, *editions(library, str(old), str(new)))
    assert answer.equivalent
    said = checked(written(tmp_path, library, of_diff(library, answer)), library.folder)

    assert said.count("Proved: nobody is so.") == 2


def test_an_edit_that_changes_something_is_shown_by_a_world(rewritten, tmp_path):
    library, old, new, _ = rewritten
    draft = new.with_name("other.lp")
    draft.write_text(old.read_text(encoding="utf-8").replace("more_than(bmi, 40)", "more_than(bmi, 39)"), "utf-8")
    answer = diff(library, *editions(library, str(old), str(draft)))
    said = checked(written(tmp_path, library, of_diff(library, answer)), library.folder)

    assert "Shown: somebody is so." in said
    assert said.count("Proved: nobody is so.") == 1
    draft.unlink()


@pytest.mark.parametrize("governing", ["lcd-l39420", "lcd-l39642"])
def test_where_cohere_is_stricter_and_looser(governing, sound, tmp_path):
    if governing == "lcd-l39420":
        said = checked(sound / "some")
    else:
        said = checked(written(tmp_path, LIBRARY, of_stricter(LIBRARY, cohere_against(governing))))

    assert said.count("Shown: somebody is so.") == 2, "both directions"
    assert said.count("Proved: nobody is so.") == 2, "and no other way in either"


def test_never_stricter(tmp_path):
    one, other = LIBRARY.revision("lcd-l39420"), LIBRARY.revision("lcd-l40302")
    said = checked(written(tmp_path, LIBRARY, of_stricter(LIBRARY, stricter(LIBRARY, one, other))))

    assert said.count("Proved: nobody is so.") == 2


def test_rows_by_topics_are_certified_in_each_direction(tmp_path):
    """Of every row: whoever fails one side's conditions and none of the other's, or that there is nobody."""
    one, other = LIBRARY.revision("aspn-2022"), LIBRARY.revision("isass-2020")
    answer = diff(LIBRARY, one, other)
    assert answer.by == "topics"
    questions = list(of_diff(LIBRARY, answer))
    asked_of = {name: question.answer for name, question in questions if question.kind == "parts"}
    written(tmp_path, LIBRARY, questions)
    found = [certify(tmp_path / name, LIBRARY.folder) for name, _ in questions]

    partings = [(row.tightened, row.new, row.loosened, row.old) for row in answer.rows]
    assert Counter(asked_of.values())["some"] == sum((a is not None) + (b is not None) for a, _, b, _ in partings)
    assert len(asked_of) == sum(bool(new) + bool(old) for _, new, _, old in partings)
    assert {each.question.answer for each in found} == {"some", "none"}


@pytest.mark.parametrize("turn", ["none", "some"])
def test_what_is_not_so_of_rows_by_topics_is_not_certified(turn):
    listed = of_diff(LIBRARY, diff(LIBRARY, LIBRARY.revision("aspn-2022"), LIBRARY.revision("isass-2020")))
    other = next(question for _, question in listed if question.kind == "parts" and question.answer != turn)

    with pytest.raises(SolverError, match="two solvers part"):
        certificate(LIBRARY, replace(other, answer=turn))


@pytest.fixture
def in_git(toy, tmp_path, monkeypatch):
    """A certificate that the toy plan on disk differs from its state in git, from a folder below the checkout's top."""
    folder = tmp_path / "below" / "policies"
    shutil.copytree(toy.library.folder, folder)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    path = folder / "plan" / "2024.lp"
    path.write_text(path.read_text("utf-8").replace("at_least(age, 18)", "at_least(age, 21)"), "utf-8")
    monkeypatch.chdir(tmp_path / "below")
    library = Library(folder)
    answer = diff(library, *editions(library, "git:HEAD:policies/plan/2024.lp", "policies/plan/2024.lp"))
    written(tmp_path / "proofs", library, of_diff(library, answer))
    return tmp_path / "proofs", library


def test_a_text_in_git_is_named_by_its_commit(in_git, tmp_path):
    proofs, library = in_git
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    said = subprocess.run([sys.executable, "-c", WITHOUT, "certify", proofs, "--policies", library.folder],
                          capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})

    assert said.returncode == 0, said.stderr
    assert f"of git:{head}:below/policies/plan/2024.lp, plan/2024.lp" in said.stdout
    assert "Shown: somebody is so." in said.stdout


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda file: file.update(sha256="0" * 64), "its hash is another"),
        (lambda file: file.update(file=file["file"].replace("2024", "2025")), "words is not the question"),
        (lambda file: file.update(file="git:HEAD:below/policies/plan/2024.lp"), "words is not the question"),
    ],
)
def test_a_forged_text_in_git_is_refused(in_git, change, reason):
    proofs, library = in_git
    path = proofs / "verdict" / "question.json"
    given = json.loads(path.read_text("utf-8"))
    change(given["texts"][0]["rules"])
    path.write_text(json.dumps(given), "utf-8")

    with pytest.raises(InputError, match=reason):
        certify(path.parent, library.folder)


@pytest.mark.parametrize("name", ["git:HEAD:policy.yaml", "git:--output=x:a", "git:" + "0" * 40 + ":policy.yaml"])
def test_a_policy_in_git_that_is_no_file_of_a_commit_is_refused(in_git, name):
    proofs, library = in_git
    path = proofs / "verdict" / "question.json"
    given = json.loads(path.read_text("utf-8"))
    given["texts"][0]["policy"]["file"] = name
    path.write_text(json.dumps(given), "utf-8")

    with pytest.raises(InputError, match=r"names no file of a commit|git cannot read"):
        certify(path.parent, library.folder)


def repaired(case, policy="cohere-ma", limit=3):
    repairer = Repairer(LIBRARY, LIBRARY.revisions([policy], None))
    return repairer, repairer.repair(LIBRARY.case(ROOT / "cases" / case), limit=limit)


def test_nothing_repairs_document_004_s_patient(tmp_path):
    said = checked(written(tmp_path, LIBRARY, of_repair(LIBRARY, *repaired("founding/document-004.yaml"))))

    assert "and approved by cohere-ma/2025-05-29.lp?\n  Proved: nobody is so." in said


def test_a_listed_repair_suffices(tmp_path):
    said = checked(written(tmp_path, LIBRARY, of_repair(LIBRARY, *repaired("founding/document-004.yaml", "aspn-2022"))))

    assert said.count("Proved: nobody is so.") == 3, "two that suffice, and no third"
    assert "contains none of 2 sets?\n  Proved: nobody is so." in said


@pytest.mark.parametrize(
    ("case", "policy", "sets"),
    [("baseline.yaml", "cohere-ma", 1), ("founding/document-004.yaml", "isass-2020", None),
     ("limits/pain-three-months-short.yaml", "lcd-l39420", None)],
)
def test_no_set_of_moves_but_those_listed_leads_to_approval(case, policy, sets, tmp_path):
    repairer, answer = repaired(case, policy)
    assert sets in (None, answer.count)
    (name, question), = [each for each in of_repair(LIBRARY, repairer, answer) if each[1].kind == "sets"]
    said = checked(written(tmp_path, LIBRARY, [(name, question)]))

    assert f"contains none of {answer.count} sets?\n  Proved: nobody is so." in said
    assert ("a world shows that some set of moves leads to approval" in said) is bool(answer.repairs)


def test_a_policy_that_approves_nobody_has_that_certified_instead(tmp_path):
    said = checked(written(tmp_path, LIBRARY, of_repair(LIBRARY, *repaired("baseline.yaml", "bmj-2025"))))

    assert "somebody is approved by bmj-2025/2025-02-19.lp?\n  Proved: nobody is so." in said


@pytest.fixture(scope="module")
def sets():
    """That document 004's patient has two sets of moves under ASPN and no third, with its certificate made once."""
    questions = of_repair(LIBRARY, *repaired("founding/document-004.yaml", "aspn-2022"))
    question = next(each for _, each in questions if each.kind == "sets")
    certificate(LIBRARY, question)
    return question


WRONG = {
    "a set is left out": lambda d: d["choices"][0].pop(),
    "a set asks for less": lambda d: d["choices"][0][0].append(d["choices"][0][1][0]),
    "a box that approved people are in": lambda d: d["boxes"][0].append({"requested.L4": ["yes"]}),
    "a box is left out": lambda d: d["boxes"][0].clear(),
    "nobody is said to be who somebody is": lambda d: d["nobody"].append({"pain_anterior_column": ["yes"]}),
    "who is nobody is left out": lambda d: d["nobody"].pop(),
    "a box leaves room for who is nobody": lambda d: d["nobody"].append({"pain_anterior_column": ["no"]}),
    "the chart says already what is asked for": lambda d: d["chart"]["facts"].update(pain_anterior_column="yes"),
}


REFUSED = r"two solvers part|leaves room|cannot be made|is no value|empty"


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_so_of_sets_of_moves_has_no_proof(name, sets):
    """Whoever changes the question and makes the formula anew finds that somebody is so, or that it cannot be asked."""
    detail = json.loads(json.dumps(sets.detail))
    WRONG[name](detail)

    with pytest.raises((SolverError, InputError), match=REFUSED):
        certificate(LIBRARY, replace(sets, detail=detail))


def test_a_chart_that_says_something_of_several_facts_together_is_refused():
    facts = "modic: {L3-S1: {somewhere: type_1}}"
    chart = LIBRARY.parse(f"title: x\nrequest: {{date: 2026-12-03, bodies: [L4]}}\nfacts: {{{facts}}}")
    repairer = Repairer(LIBRARY, [LIBRARY.revision("lcd-l39420")])

    with pytest.raises(InputError, match="the chart says something of several facts together"):
        certificate(LIBRARY, next(of_repair(LIBRARY, repairer, repairer.repair(chart, limit=1)))[1])


@pytest.mark.parametrize("lot", range(3))
def test_on_random_charts_another_solver_finds_no_set_beyond_those_listed(lot):
    """Repairs, boxes and presumptions of small random libraries, held to what the certificates make of them."""
    kinds = Counter()
    for seed in range(lot * 40, lot * 40 + 40):
        trial = brute.make(seed)
        try:
            ready = brute.Ready({**trial, "need": len(trial["policies"])})
        except BvnError:
            continue
        ready.found()
        for _, question in of_repair(ready.library, ready.repairer, ready.answer):
            try:
                certificate(ready.library, question)
                kinds[question.kind] += 1
            except InputError as error:
                kinds[re.sub(r": it is.*", "", str(error))] += 1

    assert set(kinds) <= {"mended", "sets", "stuck", "approved", "no certificate: the question is empty"}
    assert kinds["sets"] > 2
    assert kinds["stuck"]


def test_what_lint_says_of_nobody_and_of_everybody(tmp_path):
    report = lint(LIBRARY, ["isass-2020", "review-004", "cohere-ma"])
    said = checked(written(tmp_path, LIBRARY, of_lint(LIBRARY, report)))

    assert said.count("Proved: nobody is so.") == 14, "ten of Cohere"


LINTED = """
group(all, root, all_of, "1", "all").
group(some, root, any_of, "2", "one").
criterion(a, all, "1a", "a").
criterion(b, all, "1b", "b").
criterion(c, all, "1c", "c").
criterion(d, some, "2a", "d").
criterion(e, some, "2b", "e").
met(a) :- at_least(age, 18), at_most(age, 120).
met(b) :- at_least(age, 16).
met(c) :- is(pregnant, no).
met(c) :- at_least(age, 30), less_than(age, 20).
met(d) :- is(smoker, yes), not helped.
met(e) :- is(smoker, yes), not at_least(age, 200000).
helped :- is(smoker, no).
"""


def test_what_lint_says_of_conditions_rules_exceptions_and_limits(tmp_path):
    folder = tmp_path / "policies"
    (folder / "odd").mkdir(parents=True)
    (folder / "vocabulary.yaml").write_text(
        "facts: {All: {age: {about: age, type: number, unit: years, from: 0, to: 120, step: 1},"
        " pregnant: {about: p, type: yes_no}, smoker: {about: s, type: yes_no}}}"
    )
    (folder / "odd" / "1.lp").write_text(LINTED.replace("200000", "119"))
    (folder / "odd" / "policy.yaml").write_text(
        "id: odd\ntitle: p\npublisher: p\nkind: coverage\nabout: p\nrevisions: {'1': {file: 1.lp}}"
    )
    library = Library(folder)
    report = lint(library, ["odd"])
    questions = list(of_lint(library, report))
    said = checked(written(tmp_path / "proofs", library, questions), folder)

    found = {name.partition("-")[2] for name, _ in questions}
    assert found >= {"redundant", "dead-rule", "idle-limit", "idle-exception"}
    assert said.count("Proved: nobody is so.") == len(questions)


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("needless", {"entry": "bmi", "by": ["age_18"], "both": False}),
        ("needless", {"entry": "bmi", "by": ["age_18"], "both": True}),
        ("limit", {"operator": "more_than", "slot": "bmi", "term": "40", "holds": True}),
        ("applies", {"rule": 130, "exception": None, "approved": False}),
    ],
)
def test_what_is_not_so_of_rules_has_no_proof(kind, detail):
    with pytest.raises(SolverError, match="two solvers part"):
        certificate(LIBRARY, asked(LIBRARY, kind, True, [(LIBRARY.revision("cohere-ma"), None)], detail))


def test_slips_that_change_nothing(tmp_path):
    """Slips in Cohere's text that are proved to be none: every third of them, all with BVN_FULL=1."""
    revision = LIBRARY.revision("cohere-ma")
    listed = mutants(LIBRARY.vocabulary, revision)
    trial = Trial(LIBRARY, revision, listed)
    same = set(range(len(listed))) - trial.different(range(len(listed)))
    assert len(same) > 10
    tried = sorted(same)[:: 1 if os.environ.get("BVN_FULL") else 3]
    answer = Mutation(revision, tuple(Outcome(listed[i], equivalent=True) for i in tried), 0)
    said = checked(written(tmp_path, LIBRARY, of_mutation(LIBRARY, answer)))

    assert said.count("Proved: nobody is so.") == len(tried)


def test_a_slip_that_changes_something_is_not_certified():
    revision = LIBRARY.revision("lcd-l39420")
    slip = next(each for each in mutants(LIBRARY.vocabulary, revision) if each.kind == "boundary")
    (_, question), = of_mutation(LIBRARY, Mutation(revision, (Outcome(slip, equivalent=True),), 0))

    with pytest.raises(SolverError, match="two solvers part"):
        certificate(LIBRARY, question)


def test_an_empty_question_is_not_certified(tmp_path):
    """A policy that approves nobody is never looser than another: that says nothing of the two texts."""
    nobody, cohere = LIBRARY.revision("bmj-2025"), LIBRARY.revision("cohere-ma")
    listed = dict(of_stricter(LIBRARY, stricter(LIBRARY, nobody, cohere)))

    with pytest.raises(InputError, match="the question is empty: it is not so that somebody is approved by bmj-2025"):
        certificate(LIBRARY, listed["looser"])


# -- forged and damaged ----------------------------------------------------------------------------


def lines(name, change):
    """Damage of a file, line by line."""
    def damage(folder):
        path = folder / name
        path.write_text("".join(change(path.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8")
    return damage


def said(change, name="question.json"):
    """Damage of a file of JSON."""
    def damage(folder):
        path = folder / name
        given = json.loads(path.read_text(encoding="utf-8"))
        change(given)
        path.write_text(json.dumps(given), encoding="utf-8")
    return damage


def without(text):
    return lambda all_lines: [each for each in all_lines if text not in each]


def longest_step_negated(all_lines):
    """A step of the proof that claims the opposite of what follows."""
    number = next(i for i, each in enumerate(all_lines) if each[0] != "d" and each.strip() != "0")
    words = all_lines[number].split()
    return [*all_lines[:number], " ".join([str(-int(words[0])), "0"]) + "\n", *all_lines[number + 1 :]]


FORGED = {
    "a clause dropped": ("none/verdict", lines("formula.cnf", lambda x: x[:50] + x[51:]), "the formula is not that"),
    "a clause added": ("none/verdict", lines("formula.cnf", lambda x: [*x, "2 0\n"]), "it has .* lines and should"),
    "a literal turned": (
        "none/verdict",
        lines("formula.cnf", lambda x: [*x[:9], x[9].replace("-", "", 1) if "-" in x[9] else "-" + x[9], *x[10:]]),
        "line 10 is",
    ),
    "a formula of nothing": ("none/verdict", lines("formula.cnf", lambda x: ["p cnf 1 1\n", "0\n"]), "line 1 is"),
    "a step changed": ("none/verdict", lines("proof.drup", longest_step_negated), "does not follow|the formula"),
    "the empty clause alone": ("none/verdict", lines("proof.drup", lambda x: ["0\n"]), "line 1 of the proof does not"),
    "a proof cut short": ("none/verdict", lines("proof.drup", lambda x: x[:20]), "ends without the empty clause"),
    "no proof": ("none/verdict", lambda folder: (folder / "proof.drup").unlink(), "cannot read it"),
    "a proof of words": ("none/verdict", lines("proof.drup", lambda x: ["trust me 0\n", *x]), "is no clause"),
    "a step without an end": ("none/verdict", lines("proof.drup", lambda x: ["1 2\n", *x]), "does not end in 0"),
    "another policy's hash": (
        "none/verdict",
        said(lambda q: q["texts"][1]["rules"].update(sha256="0" * 64)),
        "its hash is another",
    ),
    "another policy's file": (
        "none/verdict",
        said(lambda q: q["texts"][1].update(rules=q["vocabulary"])),
        "words is not the question",
    ),
    "a file from outside": (
        "none/verdict",
        said(lambda q: q["texts"][1]["policy"].update(file="../pyproject.toml")),
        "no such file",
    ),
    "words that say more": (
        "none/verdict",
        said(lambda q: q.update(asks="nobody is ever denied")),
        "words is not the question",
    ),
    "some for none": ("none/verdict", said(lambda q: q.update(answer="some")), "no world shows that somebody is so"),
    "none for some": ("some/looser", said(lambda q: q.update(answer="none")), "no world shows"),
    "an empty question": (
        "none/same-entries",
        said(lambda q: (q["detail"].update(pairs=[]), q.update(asks=re.sub(r"\d+ pairs", "0 pairs", q["asks"])))),
        "the question is empty",
    ),
    "a question of other entries": (
        "none/same-entries",
        said(lambda q: q["detail"]["pairs"][0].reverse() or q["detail"]["pairs"][0].__setitem__(1, "bmi")),
        "the formula is not that",
    ),
    "another reading": (
        "none/verdict",
        said(lambda q: q["texts"][0]["readings"].update(O29="each-body")),
        "the formula is not that|read in no way|is no reading",
    ),
    "a slip smuggled in": (
        "none/verdict",
        said(lambda q: q["texts"][1].update(changed={"rule": 60, "to": ""})),
        "words is not the question",
    ),
    "no background": ("none/verdict", said(lambda q: q.update(background=None)), "leaves out what no patient can be"),
    "a map of other words": (
        "none/verdict",
        lines("map.json", lambda x: [each.replace("approves", "denies") for each in x]),
        "the map does not say",
    ),
    "a map that lacks a line": ("none/verdict", lines("map.json", lambda x: x[:5] + x[6:]), "the map does not say"),
    "no worlds": ("none/verdict", lines("worlds.json", lambda x: ["[]\n"]), "the question may be empty"),
    "a world of another patient": (
        "none/verdict",
        said(lambda w: w[0].update(world=w[2]["world"]), "worlds.json"),
        "does not: it contradicts",
    ),
    "a world that no patient is": (
        "none/verdict",
        said(lambda w: [w[0]["world"]["values"].update({k: "no"}) for k in w[0]["world"]["values"] if "requested" in k],
             "worlds.json"),
        "does not: it contradicts",
    ),
    "a world that leaves something open": (
        "none/verdict",
        said(lambda w: w[0]["world"]["values"].clear(), "worlds.json"),
        "variables open",
    ),
    "a world of unknown values": (
        "none/verdict",
        said(lambda w: w[0]["world"]["values"].update(age="old"), "worlds.json"),
        "is no value of this question",
    ),
    "the world of somebody who is not so": (
        "some/looser",
        lambda folder: shutil.copy(folder.parent / "stricter" / "worlds.json", folder / "worlds.json"),
        "does not: it contradicts",
    ),
    "no JSON": ("none/verdict", lines("question.json", lambda x: x[:3]), "it is no JSON"),
    "JSON of another kind": ("none/verdict", lines("question.json", lambda x: ["[]"]), "is no question"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_certificate_is_refused_with_the_reason(name, sound, tmp_path):
    which, damage, reason = FORGED[name]
    shutil.copytree((sound / which).parent, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / (sound / which).name
    damage(folder)

    with pytest.raises(InputError, match=reason):
        certify(folder, LIBRARY.folder)


def test_a_policy_edited_since_is_told(sound, tmp_path):
    policies = tmp_path / "policies"
    shutil.copytree(LIBRARY.folder, policies)
    with open(policies / "cohere-ma" / "2025-05-29.lp", "a", encoding="utf-8") as file:
        file.write("% a word more\n")
    done = bvn_without_clingo("certify", sound / "none" / "verdict", "--policies", policies)

    assert done.returncode == 2
    assert "its hash is another" in done.stderr


def test_the_command_writes_what_it_says(tmp_path):
    words = ["stricter", "plan@2025", "plan@2024", "--policies", str(TOY), "--certificate", str(tmp_path / "x")]
    done = CliRunner().invoke(main, words)

    assert re.search(r"\d certificates? written to", done.stderr)
    assert "Not checked: that the rules say what the document says" in checked(tmp_path / "x", TOY)


def test_the_question_is_made_into_words_anew():
    text = LIBRARY.revision("cohere-ma")
    (_, question), *_ = of_diff(LIBRARY, diff(LIBRARY, text, text))

    assert asks(question).startswith("somebody gets another verdict from cohere-ma/2025-05-29.lp than from")


def test_the_checker_can_be_read_in_one_sitting():
    text = (ROOT / "bvn_asp" / "certificates" / "check.py").read_text(encoding="utf-8")

    assert len(text.splitlines()) < 100
    assert "import bvn" not in text
    assert "from bvn" not in text
