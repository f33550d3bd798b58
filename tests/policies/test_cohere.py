"""Cohere Medicare Advantage v3 says what document 003 says: every operator, every exclusion by itself, every oddity."""

from __future__ import annotations

import pytest
from places import ROOT

from bvn_asp import Evaluator, Status, Verdict
from bvn_asp.engine.program import Program, Seat
from bvn_asp.model.members import parse_slots
from bvn_asp.model.values import parse_value
from bvn_asp.model.vocabulary import term

NAME = "cohere-ma@2025-05-29"


@pytest.fixture(scope="module")
def cohere(shipped):
    return shipped.revision(NAME)


@pytest.fixture(scope="module")
def evaluator(shipped, cohere):
    return Evaluator(shipped, [cohere])


@pytest.fixture(scope="module")
def program(shipped, cohere):
    return Program(shipped.vocabulary, shipped.background, [Seat(cohere)])


@pytest.fixture
def say(shipped, evaluator):
    """What Cohere makes of the baseline patient with some facts otherwise."""

    def asked(changes="", readings=None, **kwargs):
        case, vocabulary = shipped.case(ROOT / "cases/baseline.yaml"), shipped.vocabulary
        values = {}
        for change in filter(None, changes.split("; ")):
            name, _, text = change.partition("=")
            for slot in parse_slots(vocabulary, name):
                values[slot] = None if text == "?" else parse_value(vocabulary, slot, text, case.date)
        chosen = {"cohere-ma": readings or {}}
        return evaluator.evaluate(case.with_values(vocabulary, values), chosen, under_readings=False, **kwargs)[0]

    return asked


# -- the inverted clauses ----------------------------------------------------------------------------


@pytest.mark.parametrize("oddity", ["O1", "O2"])
def test_an_inverted_clause_taken_literally_leaves_no_patient_who_could_be_approved(program, cohere, oddity):
    """Over all worlds and all other readings at once: the solver finds none, and says so of no other reading."""
    approve, deny = (program.literal("verdict", 0, word) for word in ("approve", "deny"))
    literal = program.literal("reading", 0, term(oddity), "literal")
    default = program.literal("reading", 0, term(oddity), term("restatement"))
    others = [
        program.literal("reading", 0, each.term, term(each.default)) for each in cohere.readings if each.id != oddity
    ]

    assert not program.possible([approve, literal])
    assert program.possible([deny, literal]), "there are worlds under that reading: the proof is not vacuous"
    assert program.possible([approve, default, *others])


@pytest.mark.parametrize("oddity", ["O1", "O2"])
def test_the_literal_reading_is_set_aside_and_never_counted_among_those_a_verdict_hangs_on(say, cohere, oddity):
    reading = next(each for each in cohere.readings if each.id == oddity)

    assert reading.option("literal").aside
    assert say(readings={oddity: "literal"}).verdict is Verdict.DENY
    assert say().verdict is Verdict.APPROVE


def test_the_contradiction_is_between_the_clause_and_the_indication_that_repeats_it(program):
    """O1 and O2 literal: it is Indications 7a and 7b that they contradict, as one sees when these may fail."""
    for oddity, entry, clause in (("o1", "once_per_body", "repeat_ablation"), ("o2", "four_bodies", "too_many_bodies")):
        literal = program.literal("reading", 0, oddity, "literal")
        met, excluded = program.literal("met", 0, entry), program.literal("met", 0, clause)

        assert not program.possible([literal, met, -excluded])
        assert program.possible([literal, met, excluded])
        assert program.possible([literal, -met, -excluded])


def test_every_oddity_of_the_text_is_a_reading_or_a_note(cohere):
    policy = cohere.policy
    wanted = {f"O{number}" for number in range(1, 42)}

    assert wanted <= set(policy.readings) | set(policy.notes)
    assert not set(policy.readings) & set(policy.notes)
    asked = {each.id for each in cohere.readings}
    assert asked == set(policy.readings), "a reading that no rule asks for"


def test_every_option_changes_some_verdict_all_else_read_as_by_default(shipped, cohere):
    """Otherwise it would be a note. One world, read twice, with two verdicts: the solver finds one for each option."""
    program = Program(shipped.vocabulary, shipped.background, [Seat(cohere, 1, 0), Seat(cohere, 1, 1)])
    reads = {
        (space, each.id, option.name): program.literal("reading", space, each.term, term(option.name))
        for space in (0, 1)
        for each in cohere.readings
        for option in each.options
    }
    default = [[reads[space, each.id, each.default] for each in cohere.readings] for space in (0, 1)]
    idle = []
    for i, each in enumerate(cohere.readings):
        for option in each.options:
            other = [*default[1][:i], reads[1, each.id, option.name], *default[1][i + 1 :]]
            apart = any(
                program.possible([*default[0], *other, *(program.literal("verdict", k, v) for k, v in enumerate(pair))])
                for pair in (("approve", "deny"), ("deny", "approve"))
            )
            if apart == (option.name == each.default):
                idle.append(f"{each.id}={option.name}")

    # painful facet joints are Non-indications 15's own example, which only documented precautions (O39) could overcome
    assert idle == ["O8=facet-pain-suffices"]
    literals = [reads[space, "O39", "curable"] for space in (0, 1)] + [reads[0, "O8", "both"]]
    literals += [reads[1, "O8", "facet-pain-suffices"], program.literal("verdict", 0, "approve")]
    assert program.possible([*literals, program.literal("verdict", 1, "deny")])


# -- one exclusion at a time ---------------------------------------------------------------------------

OLD = "prior_surgery.all=none; prior_surgery.L4=discectomy_laminectomy; surgery_radicular_pain_resolved=yes"
OLD += "; surgery_age.L4="
EXCLUSIONS = {
    "immature": "skeletally_immature=yes; age=49",  # from 50 on nobody is
    "cardiopulmonary": "severe_cardiopulmonary_disease=yes",
    "infection": "local_infection.L4=yes",
    "bleeding": "bleeding_tendency=diathesis",
    "pregnancy": "pregnant=yes",
    "nerve_symptoms": "radicular_pain=yes; nerve_symptoms_primary=yes",
    "prior_surgery": OLD + "5 months",
    "disc": "disc_protrusion.L4-L5=6 mm; disc_correlates.L4-L5=yes",
    "slip": "slip.L4-L5=2 mm; slip_correlates.L4-L5=yes",
    "spondylolysis": "spondylolysis.L5=yes; spondylolysis_correlates.L5=yes",
    "facet": "facet_arthropathy.L4-L5=yes; facet_pain.L4-L5=yes; facet_correlates.L4-L5=yes",
    "primary_stenosis": "neurogenic_claudication=yes; stenosis_on_imaging=yes; stenosis_history=yes"
    "; nerve_symptoms_primary=no",
    "osteoporosis": "osteoporosis=yes",
    "fragility_fracture": "fragility_fracture=yes",
    "fracture": "fracture.L4=yes",
    "spinal_cancer": "spinal_cancer=yes",
    "other_obvious_cause": "other_obvious_cause=instability; other_explanation_clinical=none"
    "; other_explanation_imaging=none",
    "bmi": "bmi=41",
    "systemic_disease": "systemic_disease=yes; systemic_disease_limits_benefit=yes; treatment_objective_stated=no",
    "substance_use": "substance_use_disorder=active; substance_use_treated=no",
    "implant": "electronic_implant=yes; implant_precautions=no",
    "other_explanation": "other_explanation_clinical=tumor; other_explanation_imaging=none",
}
ALSO = {
    "immature": {"skeletally_mature"},  # O35: the text asks for maturity among the indications as well
    "repeat_ablation": {"once_per_body"},  # O4
    "too_many_bodies": {"four_bodies"},
    "facet": {"other_obvious_cause"},  # the text's own example there
}


@pytest.mark.parametrize("entry", EXCLUSIONS)
def test_one_exclusion_alone_denies_and_it_alone_is_blamed(say, entry):
    answer = say(EXCLUSIONS[entry])

    assert answer.verdict is Verdict.DENY, answer.open
    assert set(answer.blamed) == {entry} | ALSO.get(entry, set())


def test_once_per_body_and_four_bodies_are_blamed_at_both_their_places(say):
    again = say("ablated_before.L4=yes")
    five = say("requested.L1=yes; requested.L2=yes; requested.L3=yes")

    assert set(again.blamed) == {"once_per_body", "repeat_ablation"}
    assert set(five.blamed) >= {"four_bodies", "too_many_bodies"}


def test_every_criterion_under_the_non_indications_is_tried(cohere):
    tried = {*EXCLUSIONS, "repeat_ablation", "too_many_bodies"}
    below = {"non_indications", "correlating_imaging"}

    assert {each.id for each in cohere.rules.entries if each.parent in below and not each.is_group} == tried


# -- exact operators ---------------------------------------------------------------------------------

BOUNDARIES = [
    ("age=18", "age_18", "met"),
    ("age=17", "age_18", "unmet"),
    ("pain_duration=6 months", "pain_duration", "met"),
    ("pain_duration={since: 2026-06-03}", "pain_duration", "met"),
    ("pain_duration={since: 2026-06-04}", "pain_duration", "unmet"),
    ("pain_duration=5.9 months", "pain_duration", "unmet"),
    ("care_duration=6 weeks", "care_length", "unmet"),
    ("care_duration=42 days", "care_length", "unmet"),
    ("care_duration=43 days", "care_length", "met"),
    ("bmi=40", "bmi", "unmet"),
    ("bmi=40.1", "bmi", "met"),
    ("t_score=-2.5", "osteoporosis", "met"),
    ("t_score=-2.4; osteoporosis=no", "osteoporosis", "unmet"),
    ("disc_protrusion.L4-L5=5 mm; disc_correlates.L4-L5=yes", "disc", "unmet"),
    ("disc_protrusion.L4-L5=5.1 mm; disc_correlates.L4-L5=yes", "disc", "met"),
    ("slip.L4-L5=2 mm; slip_correlates.L4-L5=yes", "slip", "met"),
    ("slip.L4-L5=1.9 mm; slip_correlates.L4-L5=yes", "slip", "unmet"),
]


@pytest.mark.parametrize(
    ("changes", "entry", "status"),
    [
        *BOUNDARIES,
        (OLD + "6 months", "prior_surgery", "met"),
        (OLD + "{since: 2026-06-03}", "prior_surgery", "met"),
        (OLD + "{since: 2026-06-02}", "prior_surgery", "unmet"),
    ],
    ids=lambda each: str(each).rpartition("; ")[2],
)
def test_a_limit_is_exactly_where_the_text_has_it(say, changes, entry, status):
    assert say(changes).statuses[entry] is Status(status)


def test_weeks_that_only_a_calendar_could_count_as_months_stay_open(say):
    assert say("pain_duration=26 weeks").statuses["pain_duration"] is Status.UNDETERMINED
    assert say("pain_duration=25 weeks").statuses["pain_duration"] is Status.UNMET
    assert say("pain_duration=27 weeks").statuses["pain_duration"] is Status.MET


def test_three_of_six_kinds_of_care_are_needed_and_a_contraindicated_one_counts(say):
    none = "; ".join(f"care.{m}=not_tried" for m in ("avoid_aggravating", "cognitive_therapy", "injections"))

    assert say(none).verdict is Verdict.APPROVE
    two = none + "; care.chiropractic=not_tried"
    assert say(two).verdict is Verdict.DENY
    ruled_out = none + "; care.chiropractic=contraindicated"
    assert say(ruled_out).verdict is Verdict.APPROVE
    assert say(ruled_out, {"O21": "removed"}).verdict is Verdict.DENY
    assert say(two, {"O23": "any-one"}).verdict is Verdict.APPROVE


# -- escapes, scope, and what a half of a finding leaves open -------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        "electronic_implant=yes; implant_precautions=yes",
        OLD + "7 months",
        "prior_surgery.L2=fusion",
        "fracture.L2=yes; fragility_fracture=no",
        "local_infection.L2=yes; systemic_infection=no",
        "systemic_disease=yes; systemic_disease_limits_benefit=yes; treatment_objective_stated=yes",
        "substance_use_disorder=active; substance_use_treated=yes",
        "radicular_pain=yes; nerve_symptoms_primary=no",
        "disc_protrusion.L4-L5=6 mm; disc_correlates.L4-L5=no",
        "neurogenic_claudication=no; stenosis_on_imaging=yes; nerve_symptoms_primary=no",
    ],
)
def test_what_the_text_lets_pass_is_approved(say, changes):
    companions = "; other_explanation_clinical=none; other_explanation_imaging=none; other_obvious_cause=none"
    quiet = "; vertebral_pathology_causes=no; vertebral_pathology_complicates=no; nerve_compression=no"

    answer = say(changes + companions + quiet)

    assert answer.verdict is Verdict.APPROVE, (answer.blamed, answer.open)


def test_half_a_finding_stays_open_and_the_other_half_is_asked_for(say):
    answer = say("disc_protrusion.L4-L5=6 mm")

    assert answer.verdict is Verdict.PEND
    assert any(slot.fact == "disc_correlates" for slot in answer.open)


def test_an_implant_without_a_word_on_precautions_stays_open(say):
    answer = say("electronic_implant=yes")

    assert answer.verdict is Verdict.PEND
    assert {slot.fact for slot in answer.open} >= {"implant_precautions"}


@pytest.mark.parametrize(
    ("changes", "reading", "verdict"),
    [
        ("modic.L5=none", {}, "approve"),
        ("modic.L5=none", {"O29": "each-treated-body"}, "deny"),
        ("pain_severity=mild", {}, "deny"),
        ("pain_severity=mild", {"O27": "descriptive"}, "approve"),
        ("electronic_implant=yes; implant_precautions=yes", {"O19": "any-implant"}, "deny"),
        ("care_duration=5 months", {}, "approve"),
        ("care_duration=5 months", {"O24": "lcd-six-months"}, "deny"),
        ("requested.L3=yes", {}, "approve"),
        ("requested.L3=yes; state=ca", {"O40": "noridian-two"}, "deny"),
        ("anesthesia=general; anesthesia_need_documented=no", {}, "approve"),
        ("anesthesia=general; anesthesia_need_documented=no", {"O34": "gate"}, "deny"),
    ],
)
def test_a_reading_changes_what_it_is_about(say, changes, reading, verdict):
    assert say(changes, reading).verdict is Verdict(verdict)
