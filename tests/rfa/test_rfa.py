"""Nothing in the code is of one procedure: a library about facet joints works with every command, in its own words.

The library in `policies/` is made up: joints instead of vertebral bodies, other names for every fact of the request,
other codes, other relations. Its cases expect verdicts; each command answers on it, and no word of the shipped
procedure stands in an answer.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp import Library
from bvn_asp.cases.evaluate import evaluate
from bvn_asp.cli import COMMANDS, main
from bvn_asp.errors import InputError
from bvn_asp.model.vocabulary import RESERVED, Slot, load_vocabulary
from bvn_asp.repairs.partial import narrowed
from bvn_asp.repairs.repair import repair

HERE = Path(__file__).parent
POLICIES, CASES = HERE / "policies", HERE / "cases"
MANY, FEW, OPEN, SHORT = (
    str(CASES / f"{name}.yaml")
    for name in ("one-joint-too-many", "two-joints", "relief-not-told", "four-months-of-pain")
)
FOREIGN = re.compile(  # a joint is called L4-5: its ends stand in patterns of the case's schema, `L3|L4|5`
    r"\bbod(?:y|ies)\b|\bL4\b(?![-/|])|6462[89]|basivertebral|vertebral bod|\bmodic\b|intracept|M54|review-0|"
    r"disc level",
    re.IGNORECASE,
)
OURS = re.compile(  # an HTTP message has a body too
    r"6462[89]|\"L4\"|Intracept|[Bb]asivertebral|vertebral|requested bod|facts of a bod|"
    r"(?<!message\.get\()[\"']body[\"']|review-"
)
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
TEXTS = [
    ["compare", MANY],
    ["compare", OPEN, "--strict"],
    ["compare", FEW, "--as-claimed-by", "plan-b"],
    ["explain", MANY, "plan-a"],
    ["explain", OPEN, "plan-b"],
    ["repair", MANY, "-p", "plan-a"],
    ["repair", SHORT],
    ["ask", OPEN],
    ["whatif", SHORT, "pain_duration=7 months", "asked.L3-4=yes"],
    ["partial", MANY, "plan-a"],
    ["governs", SHORT],
    ["request", OPEN, "plan-b"],
    ["checklist", OPEN, "plan-b"],
    ["checklist", "plan-a"],
    ["letter", MANY, "plan-a", "--for", "adverse"],
    ["letter", SHORT, "plan-a", "--for", "appeal"],
    ["request", SHORT, "plan-a"],
    ["claims"],
    ["claims", "plan-b"],
    ["sources"],
    ["sources", "--all"],
    ["policies"],
    ["show", "plan-a"],
    ["show", "plan-b"],
    ["facts"],
    ["facts", "relief"],
    ["diff", "plan-a@2023", "plan-a@2025", "--cases", str(CASES)],
    ["stricter", "plan-a", "plan-b"],
    ["split", "plan-a", "plan-b"],
    ["split", "--all"],
    ["lint"],
    ["test", str(CASES)],
    ["coverage", str(CASES)],
    ["mutate", str(CASES), "-p", "plan-b"],
    ["synth", "plan-b", str(CASES)],
    ["case", "check", MANY, FEW],
    ["case", "format", MANY],
    ["case", "new", "--template"],
]
PAGES = [
    ["report", MANY],
    ["report", MANY, "--one-page", "-p", "plan-a"],
    ["atlas"],
    ["diff", "plan-a@2023", "plan-a@2025", "--format", "html"],
    ["stricter", "plan-a", "plan-b", "--format", "html"],
]


@pytest.fixture(scope="module")
def library():
    return Library(POLICIES)


def command_of(arguments):
    """The command that is asked, of a group the one that is named."""
    found = main.get_command(None, arguments[0])
    return found.get_command(None, arguments[1]) if hasattr(found, "get_command") else found


def said(arguments):
    """What a command prints on this library; it neither fails nor answers that it could not be asked."""
    found = CliRunner().invoke(main, [*arguments, "--policies", str(POLICIES)])
    assert found.exit_code in (0, 1), found.output
    assert found.exception is None or isinstance(found.exception, SystemExit), found.output
    return found.stdout


def foreign(text):
    return sorted({match[0] for match in FOREIGN.finditer(text)})


@pytest.mark.parametrize("arguments", TEXTS, ids=lambda each: " ".join(Path(part).stem for part in each))
def test_every_command_answers_in_the_words_of_this_procedure(arguments):
    text = said(arguments)

    assert text.strip()
    assert foreign(text) == []


@pytest.mark.parametrize("arguments", TEXTS, ids=lambda each: " ".join(Path(part).stem for part in each))
def test_every_answer_as_json_is_free_of_the_other_procedure(arguments):
    if "--format" not in {o for p in command_of(arguments).params for o in p.opts}:
        pytest.skip("no JSON")

    text = said([*arguments, "--format", "json"])

    assert isinstance(json.loads(text), dict)
    assert foreign(text) == []


@pytest.mark.parametrize("arguments", PAGES, ids=lambda each: " ".join(Path(part).stem for part in each))
def test_every_page_is_free_of_the_other_procedure(arguments, tmp_path):
    path = tmp_path / "page.html"

    said([*arguments, "-o", str(path)])

    text = MARKUP.sub(" ", path.read_text(encoding="utf-8"))
    assert "joint" in text.lower()
    assert foreign(text) == []


def test_what_writes_or_reads_a_file_works_too(tmp_path):
    record, table = tmp_path / "record.json", tmp_path / "answers.csv"
    copy = shutil.copytree(POLICIES, tmp_path / "policies")
    run = CliRunner().invoke

    said(["compare", MANY, "--record", str(record)])
    verified = said(["verify", str(record)])
    said(["batch", str(CASES), "-o", str(table)])
    said(["stricter", "plan-a", "plan-b", "--certificate", str(tmp_path / "proof")])
    certified = said(["certify", str(tmp_path / "proof")])
    made = run(main, ["new", "plan-c", "--policies", str(copy)])
    linted = run(main, ["lint", "plan-c", "--policies", str(copy)])

    assert made.exit_code == 0, made.output
    assert linted.exit_code in (0, 1), linted.output
    schema = said(["schema", "case"])
    assert "joints" in json.loads(schema)["properties"]["request"]["properties"]
    new = "".join(each.read_text(encoding="utf-8") for each in (copy / "plan-c").iterdir())
    assert "title: Facet joint radiofrequency ablation" in new
    written = record.read_text(encoding="utf-8"), table.read_text(encoding="utf-8")
    for text in (*written, verified, new, schema, certified):
        assert foreign(text) == []


def test_a_text_of_this_procedure_is_held_against_its_anchors(tmp_path):
    copy = shutil.copytree(POLICIES, tmp_path / "policies")
    (tmp_path / "a.txt").write_text("Criteria\n\n1. Pain of the facet joints for a while.\n", encoding="utf-8")
    entry = next(iter(Library(copy).revision("plan-a").entries))
    (tmp_path / "a.marks").write_text(f"{entry}: Pain of the facet joints\n", encoding="utf-8")
    call = ["text", "plan-a", str(tmp_path / "a.txt"), "--policies", str(copy)]

    made = CliRunner().invoke(main, [*call, "--write", str(tmp_path / "a.marks")])
    answer = CliRunner().invoke(main, call)

    assert made.exit_code == 0, made.output
    assert answer.exit_code == 0, answer.output
    assert foreign(answer.output) == []


def test_the_server_answers_of_this_procedure_and_opens_its_invented_case(library):
    pytest.importorskip("httpx2", reason="the server's test client needs httpx2")
    from starlette.testclient import TestClient

    from bvn_asp.serve.app import application
    from bvn_asp.serve.run import demo_of

    asked, demo = Path(MANY).read_bytes(), demo_of(library)
    with TestClient(application(library, demo=demo), base_url="http://127.0.0.1:8765") as client:
        facts = client.get("/v1/facts")
        answer = client.post("/v1/compare", content=asked, headers={"content-type": "application/yaml"})

    assert (facts.status_code, answer.status_code) == (200, 200)
    assert foreign(demo + facts.text) == []
    assert answer.text == said(["compare", MANY, "--format", "json"])


def test_a_change_of_a_policy_is_reviewed(tmp_path, monkeypatch):
    """One edition of plan-b becomes stricter between two commits, and a case is there."""
    shutil.copytree(POLICIES, tmp_path / "policies")
    shutil.copytree(CASES, tmp_path / "cases")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BVN_POLICIES", raising=False)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    (edited,) = (each for each in (tmp_path / "policies" / "plan-b").glob("*.lp"))
    old = edited.read_text(encoding="utf-8")
    new = old.replace("months(3)", "months(9)")
    assert new != old
    edited.write_text(new, encoding="utf-8")
    page = CliRunner().invoke(main, ["review", "HEAD"])

    assert page.exit_code in (0, 1), page.output
    assert "plan-b" in page.output
    assert foreign(page.output) == []


def test_every_command_is_tried():
    elsewhere = {"verify", "batch", "new", "schema", "serve", "certify", "text", "review"}
    tried = {each[0] for each in [*TEXTS, *PAGES]} | elsewhere

    assert set(COMMANDS) - tried == {"fhir"}, "fhir maps charts of the shipped vocabulary"


def test_a_batch_decides_as_one_case_at_a_time_does(library, tmp_path):
    import csv

    table = tmp_path / "answers.csv"
    said(["batch", str(CASES), "-o", str(table), "--parts", "verdict,blamed,open"])

    rows = {row["id"]: row for row in csv.DictReader(table.open(encoding="utf-8"))}
    assert len(rows) == 5
    for name, row in rows.items():
        case = library.case(CASES / f"{Path(name).stem}.yaml")
        for each in evaluate(library, case):
            assert row[f"{each.policy}.verdict"] == each.verdict.value
            assert set(filter(None, row[f"{each.policy}.open"].split())) == {str(slot) for slot in each.open}


def test_the_parts_of_a_request_are_approved_and_billed_as_the_vocabulary_says():
    answer = json.loads(said(["partial", MANY, "plan-a", "--format", "json"]))

    assert answer["requested"] == ["L3-4", "L4-5", "L5-S1"]
    assert [(each["members"], each["units"]) for each in answer["subsets"]] == [
        (["L4-5", "L5-S1"], {"64635": 1, "64636": 1})
    ]


def test_no_move_leaves_a_value_that_is_final(library):
    given = "{exercise: done, drugs: not_done, manual: ruled_out}"
    case = library.parse(f"title: t\nrequest: {{joints: [L4-5]}}\nfacts: {{therapy_given: {given}}}")

    found = repair(library, case, ["plan-a"])

    moved = {(str(move.slot), move.kind) for each in found.repairs for move in each.moves}
    assert ("therapy_given.drugs", "treat") in moved
    assert not any(slot == "therapy_given.manual" for slot, _ in moved)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("members: asked", "members: age", "`members` of the request names a yes/no fact per an index; `age` is none"),
        ("procedures: units", "procedures: unit", "`procedures` of the request names a number per an index"),
        ("first: 64635", "first: 64640", "`64640` is no code of `procedures`"),
        ("further: 64636", "next: 64636", "unknown key `next` of `billing`"),
        ("first: 64635,", "first: 64635, together: two,", "`together` is how many members the first code stands for"),
        ("  one: joint", "  won: joint", "unknown key `won` of the request"),
        ("{order: joint}", "{order: joints}", "unknown index `joints`"),
        ("{order: joint}", "{row: joint}", "the relation `from_to` says one thing of one index"),
        ("{order: joint}", "{ends: joint}", "the members of `joint` have no ends"),
        ("from_to:", "therapy:", "`therapy` cannot be the name of a relation"),
        ("from_to:", "counts:", "`counts` cannot be the name of a relation"),
        ("  line:\n", "  world:\n", "`world` cannot be the name of an index"),
        ("about: kind of care before", "about: care\n    between: joint", "`exercise` of `therapy` names no two"),
        ("    neighbours:", "    levels:", "unknown key `levels` of `joint`"),
        ("final: [ruled_out]", "final: [ruled]", "`ruled` is not a value of `therapy_given`"),
    ],
)
def test_what_the_vocabulary_says_wrongly_of_a_request_is_told_with_its_place(tmp_path, old, new, words):
    text = (POLICIES / "vocabulary.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "vocabulary.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        load_vocabulary(path)

    told = [each for each in caught.value.faults if words in each.message]
    assert told, [each.message for each in caught.value.faults]
    assert told[0].place.line > 1


def test_no_predicate_of_the_engine_can_be_the_name_of_an_index_or_a_relation():
    files = (ROOT / "bvn_asp" / "engine" / "encodings").glob("*.lp")
    bare = "\n".join(re.sub(r"%.*|\"[^\"]*\"", "", path.read_text(encoding="utf-8")) for path in files)

    assert set(re.findall(r"(?<![\w#])([a-z][a-z_]*)\(", bare)) <= RESERVED


def test_the_code_names_nothing_of_one_procedure():
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in sorted((ROOT / "bvn_asp").rglob("*"))
        if path.suffix in (".py", ".lp", ".html", ".j2", ".css", ".js", ".json") and "fhir" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if OURS.search(line)
    ]

    assert found == []


def test_without_billing_a_part_of_a_request_leaves_its_procedure_lines_alone(tmp_path):
    folder = shutil.copytree(POLICIES, tmp_path / "policies")
    path = folder / "vocabulary.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(each for each in lines if "billing:" not in each), encoding="utf-8")
    library = Library(folder)

    part = narrowed(library, library.case(Path(MANY)), ["L4-5"])

    assert part.requested(library.vocabulary) == ("L4-5",)
    assert str(part.get(Slot("units", "64636")).value) == "2 units"
