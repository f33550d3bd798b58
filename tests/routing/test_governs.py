"""Which policy binds a request: by line of business, state and date, and by rules of the policies' own folder."""

from __future__ import annotations

import datetime
import json
import random
import shutil

import pytest
from click.testing import CliRunner
from places import ROOT

from bvn_asp import Library
from bvn_asp.cases.compare import compare
from bvn_asp.cli import main
from bvn_asp.errors import InputError
from bvn_asp.model.case import Named
from bvn_asp.model.policy import DATED
from bvn_asp.model.vocabulary import Slot
from bvn_asp.render.governs import governance
from bvn_asp.render.text import to_text
from bvn_asp.routing.governs import asked, governs


def ask(library, line=None, state=None, date="2026-12-03"):
    return governs(library, asked(library, line, state, datetime.date.fromisoformat(date) if date else None))


def roles(found):
    return {each.policy: (each.role, each.rule.id, each.sure) for each in found.standings}


PALMETTO = ("AL", "GA", "TN", "NC", "SC", "VA", "WV")
NGS = ("CT", "IL", "ME", "MA", "MN", "NH", "NY", "RI", "VT", "WI")
JE = ("CA", "HI", "NV", "AS", "GU", "MP")
JF = ("AK", "AZ", "ID", "MT", "ND", "OR", "SD", "UT", "WA", "WY")
BINDING = [
    *((state, "lcd-l39420") for state in PALMETTO),
    *((state, "lcd-l40302") for state in NGS),
    *((state, "lcd-l39642") for state in JE),
    *((state, "lcd-l39644") for state in JF),
]
NONE = {
    "CGS Administrators": ("KY", "OH"),
    "WPS Government Health Administrators": ("IA", "KS", "MO", "NE", "IN", "MI"),
    "First Coast Service Options": ("FL", "PR", "VI"),
    "Novitas Solutions": ("AR", "CO", "LA", "MS", "NM", "OK", "TX", "DE", "DC", "MD", "NJ", "PA"),
}


@pytest.mark.parametrize(("state", "policy"), BINDING)
def test_a_medicare_advantage_plan_follows_the_determination_of_its_state(shipped, state, policy):
    found = ask(shipped, "medicare-advantage", state)

    assert {name: role for name, role in roles(found).items() if name != "kaiser-wa"} == {
        policy: ("governs", "plan_follows", True),
        "cohere-ma": ("gives_way", "own_gives_way", True),
    }
    assert found.standings[0].rule.place == "42 CFR 422.101(b)(3)"


@pytest.mark.parametrize(("contractor", "state"), [(name, each) for name, states in NONE.items() for each in states])
def test_without_a_determination_the_plans_own_criteria_serve_and_it_is_said(shipped, contractor, state):
    found = ask(shipped, "medicare-advantage", state)

    assert roles(found) == {"cohere-ma": ("governs", "own_criteria", True)}
    assert [(rule.id, sure) for rule, sure in found.says] == [("no_determination", True)]
    assert [each.name for each in found.contractors] == [contractor]
    assert found.standings[0].rule.inference


def test_every_state_of_the_vocabulary_has_one_contractor(shipped):
    states = shipped.vocabulary.facts["state"].values

    served = {state: [c.id for c in ask(shipped, "original-medicare", state).contractors] for state in states}

    assert {state for state, found in served.items() if len(found) != 1} == set()


def test_original_medicare_without_a_determination_is_decided_case_by_case(shipped):
    found = ask(shipped, "original-medicare", "LA")

    assert found.governing() == ()
    assert {rule.id for rule, sure in found.says if sure} == {"no_determination", "case_by_case"}


def test_the_date_of_service_decides_whether_the_determination_is_in_force(shipped):
    before, on = ask(shipped, "medicare-advantage", "GA", "2023-03-04"), ask(
        shipped, "medicare-advantage", "GA", "2023-03-05"
    )

    assert roles(before)["lcd-l39420"] == ("later", "not_yet", True)
    assert before.governing() == ()
    assert on.governing() == ("lcd-l39420",)


def test_an_edition_whose_text_was_not_found_is_named_all_the_same(shipped):
    found = ask(shipped, "medicare-advantage", "OH", "2024-12-01").standings[0]

    assert found.policy == "cohere-ma"
    assert [each.id for each in found.unread] == ["2024-06-10"]


def test_where_the_day_of_effect_is_unknown_the_policy_only_may_govern(shipped):
    found = ask(shipped, "medicare-advantage", "NY", "2025-09-01")

    assert found.governing() == ()
    assert set(found.governing(sure=False)) == {"lcd-l40302", "cohere-ma"}


@pytest.mark.parametrize(
    ("state", "date", "unread", "editions", "sure"),
    [
        ("CA", "2024-01-27", [], [], False),
        ("CA", "2024-01-28", ["6"], ["6"], True),
        ("CA", "2025-08-08", ["6"], ["6"], True),
        ("CA", "2025-08-09", ["6"], ["6", "11"], True),
        ("CA", "2026-11-20", ["6"], ["6", "11"], True),
        ("CA", "2026-11-21", [], ["11"], True),
        ("WA", "2025-08-08", ["6"], ["6"], True),
        ("WA", "2026-03-01", ["6"], ["6", "merged"], True),
        ("NY", "2025-08-08", [], [], False),
        ("NY", "2025-08-09", [], ["2"], False),
        ("NY", "2026-11-21", [], ["2"], True),
    ],
)
def test_days_that_are_known_only_from_both_sides_leave_open_what_lies_between(
    shipped, state, date, unread, editions, sure
):
    found = ask(shipped, "original-medicare", state, date)
    first = found.standings[0]

    assert bool(found.governing()) is sure
    assert [each.id for each in first.editions] == editions
    assert [each.id for each in first.unread] == unread


def test_the_table_of_twelve_requests_in_the_documents_is_what_is_answered(shipped):
    page = (ROOT / "docs" / "governs.md").read_text(encoding="utf-8")
    lines = page.partition("| line | state | insurer |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    told = []
    for line, state, insurer, date, *_ in rows:
        found = governs(shipped, asked(shipped, line, state, datetime.date.fromisoformat(date), insurer or None))
        sure, perhaps = found.governing(), sorted(found.governing(sure=False))
        names = [" and ".join(sure)] if sure else [f"perhaps {' or '.join(perhaps)}"] if perhaps else ["nothing"]
        editions = {each.policy: each.editions for each in found.standings if each.policy in perhaps}
        texts = [
            " or ".join(f"{each.id}{'' if each.path else ', not read,'}" for each in editions[name]).strip(",")
            for name in (sure or perhaps)
        ]
        told.append([line, state, insurer, date, *names, "; ".join(texts)])

    assert len(rows) == 12
    assert told == rows


def test_every_edition_that_ships_says_how_its_dates_are_known(shipped):
    editions = [each for policy in shipped.policies.values() for each in policy.revisions]

    assert [each.name for each in editions if not each.dated] == []
    assert {each.dated for each in editions} == set(DATED)


def test_an_unknown_day_is_never_told_as_known(shipped):
    text = CliRunner().invoke(
        main, ["governs", "--state", "CA", "--lob", "original-medicare", "--date", "2025-03-01"]
    ).output
    page = " ".join(text.split())

    assert "edition 6, in force from 2024-01-28, from a dated snapshot: no text here" in page
    assert "11 is asked in its place" in page
    assert "edition 11" not in page


def test_python_and_the_rules_agree_on_when_an_edition_has_begun(tmp_path):
    """One policy with random editions, asked on every day of three weeks by both."""
    random.seed(16)
    day = datetime.date(2025, 3, 1)
    library = edited(tmp_path, "aetna-cpb-0016", "", "")
    path = tmp_path / "policies" / "aetna-cpb-0016" / "policy.yaml"
    head, _, rest = path.read_text(encoding="utf-8").partition("revisions:")
    tail = "notes:" + rest.partition("notes:")[2]
    for _ in range(8):
        said = []
        for i in range(random.randint(1, 3)):
            first, span = random.randint(0, 14), random.randint(1, 6)
            dates = random.choice(
                [
                    f"effective: {day + datetime.timedelta(first)}",
                    f"after: {day + datetime.timedelta(first)}",
                    f"seen: {day + datetime.timedelta(first)}",
                    f"after: {day + datetime.timedelta(first)}\n    seen: {day + datetime.timedelta(first + span)}",
                    "note: no day at all",
                ]
            )
            said.append(f'  "e{i}":\n    file: 2026-01-01.lp\n    {dates}\n')
        path.write_text(head + "revisions:\n" + "".join(said) + tail, encoding="utf-8")
        library = Library(tmp_path / "policies")
        policy = library.policies["aetna-cpb-0016"]
        for offset in range(-1, 22):
            date = day + datetime.timedelta(offset)
            found = governs(library, asked(library, "commercial", "GA", date, "aetna")).standings
            expected, bar = set(), False
            for each in reversed(policy.revisions):
                if each.begun(date) and not bar:
                    expected.add(each.id)
                bar = bar or each.begun(date, surely=True)
            current = {each.id for standing in found if standing.policy == policy.id for each in standing.editions}
            assert (current, policy.in_force(date).id) == (
                expected, ([policy.revisions[0].id] + [e.id for e in policy.revisions if e.begun(date)])[-1]
            ), (said, date)


def test_without_the_state_several_may_govern_and_none_does(shipped):
    found = ask(shipped, "medicare-advantage", None)

    assert found.governing() == ()
    assert set(found.governing(sure=False)) == {"cohere-ma", "lcd-l39420", "lcd-l39642", "lcd-l39644", "lcd-l40302"}
    assert found.missing == ("state",)


def test_within_medicare_the_line_need_not_be_known_where_one_determination_binds_both(shipped):
    case = asked(shipped, None, "GA", datetime.date(2026, 12, 3))
    case = case.with_values(
        shipped.vocabulary, {Slot("line_of_business"): Named(("original_medicare", "medicare_advantage")),
                             Slot("state"): Named(("ga",))}
    )
    found = governs(shipped, case)

    assert set(found.governing(sure=False)) == {"lcd-l39420"}


def test_a_rule_told_once_names_the_policy_under_which_it_was_told(shipped):
    """A row that says "the same rule" could mean any of the rows above it."""
    found = ask(shipped, None, None, date=None)
    told = {each.rule.id: each.policy for each in reversed(found.standings)}
    page = to_text(governance(shipped, found), 400)
    own = next(each.rule.id for each in found.standings if each.policy == "highmark-wy-15-01-004")

    row = next(line for line in page.splitlines() if line.startswith("highmark-wy-15-01-004"))
    assert f"by the rule of {told[own]} [" in row
    assert told[own] == "aetna-cpb-0016"
    assert "by the rule of lcd-l39420 [42 CFR 422.101(b)(3)]" in page
    assert "same rule" not in page


def test_without_the_insurer_every_insurers_policy_may_govern_and_the_insurer_is_asked_for(shipped):
    found = ask(shipped, "commercial", "WY", date=None)

    assert found.governing() == ()
    assert set(found.governing(sure=False)) == {"aetna-cpb-0016", "highmark-wy-15-01-004"}
    assert found.missing == ("insurer",)
    assert roles(found)["evicore-cmm-208"] == ("members", "reviewed_by", True)


@pytest.mark.parametrize(
    ("insurer", "state", "governing"),
    [
        ("aetna", "WY", ("aetna-cpb-0016",)),
        ("highmark", "WY", ("highmark-wy-15-01-004",)),
        ("highmark", "PA", ()),
        ("uhc", "PA", ("uhc-ablative-spine",)),
        ("other", "WY", ()),
    ],
)
def test_an_insurers_policy_governs_those_whom_it_insures(shipped, insurer, state, governing):
    found = governs(shipped, asked(shipped, "commercial", state, None, insurer))

    assert found.governing() == governing
    assert ("no_policy_of_insurer", True) in {(rule.id, sure) for rule, sure in found.says} or governing


@pytest.mark.parametrize("line", ["tricare", "va", "medicaid"])
def test_a_line_of_which_no_policy_speaks_is_said_to_have_none_here(shipped, line):
    found = governs(shipped, asked(shipped, line, "WY", datetime.date(2026, 3, 1), "aetna"))

    assert found.standings == ()
    assert [(rule.id, sure) for rule, sure in found.says] == [("no_rule", True)]


def edited(tmp_path, policy, old, new):
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    path = tmp_path / "policies" / policy / "policy.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return Library(tmp_path / "policies")


def test_a_policy_that_names_its_line_is_found_for_that_line(tmp_path):
    library = edited(tmp_path, "aetna-cpb-0016", "  insurers: [aetna]", "  insurers: [aetna]\n  lines: [medicaid]")

    found = {line: governs(library, asked(library, line, "GA", None, "aetna")).governing() for line in LINES}

    assert {line for line, policies in found.items() if "aetna-cpb-0016" in policies} == {"medicaid"}


LINES = ("commercial", "medicaid", "tricare", "va", "workers_compensation", "other")


def test_an_insurers_policy_for_the_state_goes_before_its_policy_for_the_country(tmp_path):
    library = edited(tmp_path, "aetna-cpb-0016", "  insurers: [aetna]", "  insurers: [highmark]")

    found = governs(library, asked(library, "commercial", "WY", None, "highmark"))
    elsewhere = governs(library, asked(library, "commercial", "GA", None, "highmark"))

    assert found.governing() == ("highmark-wy-15-01-004",)
    assert roles(found)["aetna-cpb-0016"] == ("gives_way", "state_first", True)
    assert elsewhere.governing() == ("aetna-cpb-0016",)


def test_a_plan_that_names_its_insurer_serves_only_that_insurers_members(tmp_path):
    lines = "  lines: [medicare_advantage]"
    library = edited(tmp_path, "cohere-ma", lines, f"{lines}\n  insurers: [uhc]")

    found = {i: governs(library, asked(library, "medicare_advantage", "TX", None, i)) for i in ("uhc", "aetna")}

    assert {insurer: each.governing() for insurer, each in found.items()} == {"uhc": ("cohere-ma",), "aetna": ()}


@pytest.mark.parametrize(
    ("line", "state", "date", "said"),
    [
        ("original_medicare", "TX", "2026-01-01", True),
        ("original_medicare", "TX", "2025-12-31", False),
        ("original_medicare", "GA", "2026-01-01", False),
        ("medicare_advantage", "TX", "2026-01-01", False),
    ],
)
def test_the_model_of_prior_approval_is_mentioned_where_and_when_it_runs(shipped, line, state, date, said):
    assert ("wiser" in {rule.id for rule, _ in ask(shipped, line, state, date).says}) is said


def test_an_author_changes_the_rule_without_python(shipped, tmp_path):
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    rules = tmp_path / "policies" / "governs.lp"
    text = rules.read_text(encoding="utf-8")
    more = "governs(aetna_cpb_0016, own_members) :- is(line_of_business, medicaid).\n"
    rules.write_text(text + more, encoding="utf-8")

    found = ask(Library(tmp_path / "policies"), "medicaid", "GA")

    assert found.governing() == ("aetna-cpb-0016",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("governs(lcd_l39420, unheard_of) :- medicare.", "the rule `unheard_of` has no words"),
        ("governs(lcd_l39420, not_yet) :- servedsince(20250101).", "nothing defines `servedsince/1`"),
        ("governs(lcd_l39420, not_yet) :- served_since(20251301).", "names no date"),
        ("governs(lcd_l39420, not_yet) :- is(state, gx).", "`gx` is not a value of `state`"),
    ],
)
def test_a_fault_in_the_rules_is_named_with_its_file(tmp_path, line, message):
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    path = tmp_path / "policies" / "governs.lp"
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")

    with pytest.raises(InputError) as raised:
        ask(Library(tmp_path / "policies"), "medicare-advantage", "GA")

    assert message in str(raised.value)
    assert "governs.lp" in str(raised.value)


def test_an_unknown_state_in_a_policy_is_a_fault(tmp_path):
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    path = tmp_path / "policies" / "lcd-l39420" / "policy.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("states: [AL, GA", "states: [AL, GE"), encoding="utf-8")

    with pytest.raises(InputError, match="unknown state `GE`"):
        ask(Library(tmp_path / "policies"), "medicare-advantage", "GA")


def test_compare_marks_what_governs_in_every_form(shipped):
    path = str(ROOT / "cases" / "splits" / "d31-three-bodies-in-california.yaml")
    asked_for = ["compare", path, "-p", "cohere-ma", "-p", "lcd-l39642", "--policies", str(ROOT / "policies")]

    text, markdown = (CliRunner().invoke(main, [*asked_for, *more]).output for more in ([], ["--format", "markdown"]))
    data = json.loads(CliRunner().invoke(main, [*asked_for, "--format", "json"]).output)

    assert "governs this request, by 42 CFR 422.101(b)(3)" in text
    assert "governs this request, by 42 CFR 422.101(b)(3)" in markdown
    assert {each["policy"]: each["governs"] for each in data["verdicts"]} == {"cohere-ma": False, "lcd-l39642": True}
    assert data["governance"]["governs"] == ["lcd-l39642"]


def test_a_folder_without_such_rules_compares_all_the_same(toy):
    answer = compare(toy.library, toy.case(age=40))

    assert answer.governance is None
    assert answer.coding == ()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--state", "GA", "--lob", "medicare-advantage", "--date", "2025-12-01"], 0, "lcd-l39420 governs"),
        (["--state", "Georgia", "--lob", "medicare-advantage"], 0, "lcd-l39420 governs"),
        (["--lob", "medicare-advantage"], 0, "document the state"),
        (["--state", "Atlantis"], 2, "unknown state `Atlantis`"),
        (["--date", "tomorrow"], 2, "`tomorrow` is not a date"),
        ([str(ROOT / "cases/splits/d31-three-bodies-in-georgia.yaml"), "--state", "OH"], 0, "cohere-ma governs"),
    ],
)
def test_the_command_answers_with_its_exit_status(arguments, status, words):
    result = CliRunner().invoke(main, ["governs", *arguments, "--policies", str(ROOT / "policies")])

    assert result.exit_code == status, result.output
    assert words in result.output
