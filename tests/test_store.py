"""What is kept between runs never changes an answer: whatever is wrong with it, the sources are read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from places import ROOT, TOY

from bvn_asp import store
from bvn_asp.cli import main
from bvn_asp.engine import kept
from bvn_asp.errors import InputError
from bvn_asp.model import kept_rules, policy_reader, syntax, yaml_text
from bvn_asp.model.library import Library
from bvn_asp.model.remade import remade, written
from bvn_asp.model.yaml_text import read_yaml

pytestmark = pytest.mark.cold

CASE = """
title: a woman of 17 years
request: {date: 2026-12-01, bodies: [L4]}
facts: {age: 17 years, pain_duration: 14 months, modic: {L4: type_1}, care: {exercise: tried, drugs: tried}}
"""


@pytest.fixture
def case(tmp_path, monkeypatch):
    """A case that the toy plan denies for one criterion, and a store of its own."""
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    return str(tmp_path / "case.yaml")


def bvn(*arguments, policies=TOY):
    """What a command prints in a process that has read nothing yet."""
    kept_rules._read_here.clear()
    result = CliRunner().invoke(main, [*arguments, "--policies", str(policies)], catch_exceptions=False)
    assert result.exit_code in (0, 1), result.output
    return result.output


@pytest.fixture
def readings(monkeypatch):
    """Grows with every file of rules that is read from its source."""
    found, parse = [], syntax.parse
    monkeypatch.setattr(syntax, "parse", lambda path, *rest: found.append(path) or parse(path, *rest))
    return found


def entries(tmp_path):
    return sorted((tmp_path / "store").iterdir())


def test_a_second_run_reads_no_rules_and_says_the_same(case, readings):
    first = bvn("compare", case, "--format", "json")
    assert readings
    readings.clear()

    assert bvn("compare", case, "--format", "json") == first
    assert not readings


def test_what_asks_for_the_rules_themselves_reads_them(case, readings):
    first = bvn("show", "plan")
    readings.clear()

    assert bvn("show", "plan") == first


@pytest.mark.parametrize("at", [0, 20, 90, -2], ids=["mark", "digest", "content", "end"])
def test_one_byte_changed_and_the_sources_are_read(case, readings, tmp_path, at):
    first = bvn("compare", case)
    for each in entries(tmp_path):
        data = bytearray(each.read_bytes())
        data[at] ^= 1
        each.write_bytes(data)
    readings.clear()

    assert bvn("compare", case) == first
    assert len(readings) >= 2


def test_a_rule_taken_out_of_an_entry_changes_nothing(case, tmp_path):
    first = bvn("compare", case, "-p", "plan", "--format", "json")
    for each in entries(tmp_path):
        head, content = each.read_bytes()[:80], each.read_bytes()[80:]
        kept = [line for line in content.split(b"\\n") if not line.startswith(b"criterion(__copy__,adult")]
        each.write_bytes(head + b"\\n".join(kept))

    assert bvn("compare", case, "-p", "plan", "--format", "json") == first
    assert '"verdict": "deny"' in first


def test_an_entry_under_the_name_of_another_is_not_taken(case, readings, tmp_path):
    first = bvn("compare", case)
    names = entries(tmp_path)
    contents = [each.read_bytes() for each in names]
    for name, content in zip(names, [*contents[1:], contents[0]], strict=True):
        name.write_bytes(content)
    readings.clear()

    assert bvn("compare", case) == first
    assert len(readings) >= 2


def test_an_entry_cut_short_is_not_taken(case, readings, tmp_path):
    first = bvn("compare", case)
    for i, each in enumerate(entries(tmp_path)):
        each.write_bytes(each.read_bytes()[: i * 70])
    readings.clear()

    assert bvn("compare", case) == first
    assert readings


def test_other_rules_or_another_vocabulary_are_other_entries(case, readings, tmp_path):
    shutil.copytree(TOY, tmp_path / "toy")
    bvn("compare", case, policies=tmp_path / "toy")
    rules = tmp_path / "toy" / "plan" / "2025.lp"
    rules.write_text(rules.read_text(encoding="utf-8").replace("at_least(age, 18)", "at_least(age, 17)"))
    readings.clear()

    assert "deny" not in bvn("compare", case, policies=tmp_path / "toy")
    assert rules in readings

    readings.clear()
    vocabulary = tmp_path / "toy" / "vocabulary.yaml"
    vocabulary.write_text(vocabulary.read_text(encoding="utf-8") + "# read again\n", encoding="utf-8")
    bvn("compare", case, policies=tmp_path / "toy")
    assert rules in readings


@pytest.mark.parametrize("spoil", ["others", "link", "owner", "entry"])
def test_a_folder_or_an_entry_that_may_be_somebody_elses_is_not_used(case, readings, tmp_path, spoil):
    first = bvn("compare", case)
    folder = tmp_path / "store"
    if spoil == "others":
        folder.chmod(0o750)
    elif spoil == "link":
        folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(tmp_path / "elsewhere")
    elif spoil == "entry":
        for each in entries(tmp_path):
            each.chmod(0o666)
    elif os.geteuid() == 0:
        os.chown(folder, 12345, -1)
    else:
        pytest.skip("only root gives files away")
    readings.clear()

    assert bvn("compare", case) == first
    assert len(readings) >= 2


def test_the_folder_is_the_users_alone(case, tmp_path):
    bvn("compare", case)

    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
    assert all(each.stat().st_mode & 0o777 == 0o600 for each in entries(tmp_path))


@pytest.mark.parametrize("command", ["report", "request", "checklist"])
def test_papers_are_the_same_out_of_the_store(case, readings, command):
    said = [command, case, *(("--format", "text") if command == "report" else ("plan",))]
    first = bvn(*said)
    readings.clear()

    assert bvn(*said) == first
    assert not readings


def test_records_and_what_checks_them_read_the_sources(case, readings, tmp_path):
    bvn("compare", case)
    for command in (["compare", case, "--record", str(tmp_path / "r.json")], ["verify", str(tmp_path / "r.json")]):
        readings.clear()

        bvn(*command)

        assert len(readings) >= 2, command


def test_with_the_store_off_nothing_is_kept(case, readings, tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", "off")

    assert "verdict" in bvn("compare", case)
    assert not (tmp_path / "store").exists()


def test_what_cannot_be_kept_is_no_fault(case, tmp_path):
    (tmp_path / "store").write_text("a file, not a folder")

    assert "deny" in bvn("compare", case)


def test_a_full_store_forgets_the_oldest(tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    monkeypatch.setattr(store, "MOST_ENTRIES", 10)
    with store.closed():
        store.allow(True)
        for i in range(30):
            store.keep(store.named("test", str(i)), b"something")

        assert len(entries(tmp_path)) <= 10
        assert store.taken(store.named("test", "29")) == b"something"


def test_a_library_of_a_program_takes_nothing_from_the_store(case, readings, tmp_path):
    from bvn_asp import Library

    bvn("compare", case)
    kept_rules._read_here.clear()
    readings.clear()

    assert Library(TOY).compare(case).names == ("plan",)
    assert readings


def test_what_is_kept_is_what_was_read(shipped, tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    for revision in [each for policy in shipped.policies.values() for each in policy.encoded]:
        rules = revision.rules
        kept = kept_rules._decoded(json.loads(json.dumps(kept_rules._encoded(rules))), rules.path, lambda r=rules: r)

        assert all(getattr(kept, name) == getattr(rules, name) for name in vars(rules))
        assert [each.place for each in kept.limits] == [each.place for each in rules.limits]
        said = {entry.id: kept.exceptions(entry.id) for entry in rules.entries}
        assert said == {entry.id: rules.exceptions(entry.id) for entry in rules.entries}
        assert any(said.values()) or revision.policy.id != "cohere-ma"


def places(node):
    """Every node below one as text, with its place and whether it stands in quotes."""
    if node.is_scalar:
        yield node.text, node.place, node.is_null, node.is_unquoted
    elif node.is_list:
        yield from (each for item in node.items() for each in places(item))
    else:
        yield from (each for pair in node.entries() for item in pair for each in places(item))


def test_a_kept_yaml_file_says_the_same_at_the_same_places(shipped, tmp_path, monkeypatch):
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    for path in [*shipped.folder.glob("*.yaml"), *shipped.folder.glob("*/policy.yaml")]:
        plain = list(places(read_yaml(path)))
        with store.closed():
            store.allow(True)
            first, again = (list(places(read_yaml(path, keep=True))) for _ in range(2))

        assert plain == first == again


def test_what_is_kept_of_a_library_is_what_was_read(tmp_path, monkeypatch):
    """Every fact and sign, every policy and edition, whoever asks; and nothing is read for it again."""
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))

    def said():
        library = Library(ROOT / "policies")
        policies = [(each, each.readings, each.notes, each.never) for each in library.policies.values()]
        editions = [vars(each) for policy, *_ in policies for each in policy.revisions]
        assert all(each["policy"].vocabulary is library.vocabulary for each in editions)
        return [*map(repr, (library.vocabulary, policies, editions))]

    plain = said()
    with store.closed():
        store.allow(True)
        assert said() == plain
        monkeypatch.setattr(yaml_text, "parse_yaml", None)
        monkeypatch.setattr(policy_reader, "PolicyReader", None)
        assert said() == plain


def test_another_text_of_a_policy_or_another_folder_is_read_anew(tmp_path, monkeypatch):
    """What is kept of a policy goes by the content of its file, of both by the path too, which their places name."""
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    folder, other = (shutil.copytree(TOY, tmp_path / each) for each in ("toy", "other"))
    with store.closed():
        store.allow(True)
        assert Library(folder).policies["plan"].readings["R1"].default == "credited"
        policy = folder / "plan" / "policy.yaml"
        policy.write_text(policy.read_text(encoding="utf-8").replace("default: credited", "default: removed"))
        assert Library(folder).policies["plan"].readings["R1"].default == "removed"
        for each in (folder, other):
            library = Library(each)
            assert library.policies["plan"].path == str(each / "plan" / "policy.yaml")
            assert library.vocabulary.path == str(each / "vocabulary.yaml")


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names of files are text there")
def test_a_folder_whose_name_is_no_text_is_kept_as_any_other(case, readings, tmp_path):
    folder = shutil.copytree(TOY, tmp_path / os.fsdecode(b"p\xe9l"))
    first = bvn("compare", case, policies=folder)
    readings.clear()

    assert bvn("compare", case, policies=folder) == first
    assert not readings


def test_what_a_file_of_rules_is_named_by_is_looked_up_each_time(tmp_path, monkeypatch):
    """The name may be a link, which leads elsewhere another time."""
    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    folder = shutil.copytree(TOY, tmp_path / "toy")
    rules = next(folder.glob("plan/*.lp"))
    other = shutil.copy(rules, folder / "plan" / "other.lp")
    with store.closed():
        store.allow(True)
        assert Library(folder).policies["plan"].latest.path == rules
        rules.unlink()
        rules.symlink_to(other)
        assert Library(folder).policies["plan"].latest.path == Path(other)
        rules.unlink()
        with pytest.raises(InputError, match="there is no file"):
            assert Library(folder).policies


def test_only_what_has_a_sign_is_written():
    with pytest.raises(TypeError, match="set is not written here"):
        written({"a": (1, {2})}, ())
    for wrong in (["no"], [5], [[]]):
        with pytest.raises((ValueError, TypeError, LookupError)):
            remade(wrong, ())


def test_a_second_run_parses_the_case_alone(case, tmp_path, monkeypatch):
    first = bvn("explain", case, "plan")
    parsed, parse = [], yaml_text.parse_yaml
    monkeypatch.setattr(yaml_text, "parse_yaml", lambda data, name: parsed.append(name) or parse(data, name))

    assert bvn("explain", case, "plan") == first
    assert parsed == [case]


def test_nothing_of_a_case_is_kept(case, tmp_path):
    for command in (["compare", case], ["explain", case, "plan"], ["ask", case], ["repair", case]):
        bvn(*command)

    assert entries(tmp_path)
    assert not any(b"a woman of 17" in each.read_bytes() for each in entries(tmp_path))


@pytest.fixture
def groundings(monkeypatch):
    """Grows with every program that is grounded from its text."""
    found, ground = [], kept._ground
    monkeypatch.setattr(kept, "_ground", lambda control, text, said: found.append(text) or ground(control, text, said))
    return found


def test_a_second_run_grounds_nothing_and_says_the_same(case, groundings, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("BVN_CACHE", "off")
        without = bvn("compare", case, "--strict", "--format", "json")
    first = bvn("compare", case, "--strict", "--format", "json")
    assert first == without
    groundings.clear()

    assert bvn("compare", case, "--strict", "--format", "json") == first
    assert not groundings


def test_where_all_is_plain_along_kept_lines_the_solver_is_not_even_loaded(case):
    """The shipped policies on a shipped case: its loading would be a tenth of the command."""
    command = ["compare", str(ROOT / "cases" / "baseline.yaml"), "--format", "json"]
    first = bvn(*command, policies=ROOT / "policies")
    again = [sys.executable, "-X", "importtime", "-m", "bvn_asp", *command, "--policies", str(ROOT / "policies")]
    done = subprocess.run(again, capture_output=True, text=True, check=True)

    assert done.stdout == first
    assert "bvn_asp.engine.straight" in done.stderr
    assert "clingo" not in done.stderr


def test_a_ground_program_with_one_byte_changed_is_grounded_anew(case, groundings, tmp_path):
    first = bvn("repair", case)
    spoilt = 0
    for each in entries(tmp_path):
        data = each.read_bytes()
        if b"asp 1 0 0" in data:
            spoilt += 1
            at = data.rindex(b"1", 0, len(data) - 10)
            each.write_bytes(data[:at] + b"2" + data[at + 1 :])
    groundings.clear()

    assert bvn("repair", case) == first
    assert len(groundings) == spoilt > 0


def test_nothing_is_left_lying_in_the_store(case, tmp_path):
    bvn("compare", case)

    kept = [each.name for each in entries(tmp_path)]
    assert kept
    assert all(len(name) == 64 for name in kept)



def test_a_kept_program_answers_as_a_grounded_one(shipped, tmp_path, monkeypatch):
    from bvn_asp.engine.program import Program, Seat

    monkeypatch.setenv("BVN_CACHE", str(tmp_path / "store"))
    seats = [Seat(each, world) for each in shipped.revisions(["cohere-ma", "lcd-l39642"]) for world in (1, 2)]
    plain = Program(shipped.vocabulary, shipped.background, seats, ["differ"])
    with store.closed():
        store.allow(True)
        again = [Program(shipped.vocabulary, shipped.background, seats, ["differ"]) for _ in range(2)][1]

    assert again.names
    assert again.choices == plain.choices
    assert plain.atoms("met", 2)
    assert set(again.atoms("met", 2)) == set(plain.atoms("met", 2))
    assert again.literal("verdict", 0, "approve") == plain.literal("verdict", 0, "approve")
    assert again.can_be("no_such", 1) is plain.can_be("no_such", 1) is False
    assumed = [again.literal("verdict", 0, "approve"), again.literal("verdict", 1, "deny")]
    assert again.in_some(assumed) == plain.in_some(assumed)
    assert again.in_all(assumed) == plain.in_all(assumed)
    assert again.world(assumed) == plain.world(assumed)
