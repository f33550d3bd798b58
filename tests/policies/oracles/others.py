"""What sources ask of a complete chart, as plain Python: a second hand beside `policies/*.lp`.

Written from the list of criteria (sections 5, 6, 8 and 9: a line or a column a source) for numbers and operators; where
that is silent, the entries' wording was looked up. A chart is a dict of facts to plain values; facts per body,
disc level or kind of care are dicts with every member.
"""

from __future__ import annotations

LUMBOSACRAL = {"L3", "L4", "L5", "L6", "S1"}
CHANGE = {"type_1", "type_2", "described"}
NEIGHBORS = [("L1", "L2"), ("L2", "L3"), ("L3", "L4"), ("L4", "L5"), ("L5", "S1")]


def has(chart, *facts):
    return any(chart[fact] == "yes" for fact in facts)


def anywhere(chart, fact, *values):
    return any(value in values for value in chart[fact].values())


def changed(chart, values=CHANGE):
    return {body for body, value in chart["modic"].items() if value in values}


def in_region(chart):
    return set(chart["requested"]) <= LUMBOSACRAL


def failed(chart):
    return not has(chart, "pain_improved", "disability_improved")


def half_a_year(chart):
    """At least six months of pain and of care, without success."""
    return chart["pain_duration"] >= 6 and chart["care_duration"] >= 6 and failed(chart)


def label(chart):
    """The 510(k) clearances K213836 and K250213, and the contraindications of the labeling."""
    out = has(chart, "skeletally_immature", "severe_cardiopulmonary_disease", "electronic_implant", "pregnant")
    sick = has(chart, "systemic_infection") or any(chart["local_infection"][b] == "yes" for b in chart["requested"])
    use = half_a_year(chart) and in_region(chart) and bool(changed(chart) & LUMBOSACRAL)
    return use and chart["device"] in ("intracept", "optablate") and not out and not sick


def highmark(chart):
    """All of: mature, pain and care of six months, Modic from L3 to S1; one of the listed codes."""
    listed = {"M47.816", "M47.817", "M51.36", "M51.37", "M54.50", "M54.51", "M54.59"}
    return (
        not has(chart, "skeletally_immature")
        and half_a_year(chart)
        and in_region(chart)
        and bool(changed(chart) & LUMBOSACRAL)
        and bool(set(chart["diagnoses"]) & listed)
    )


def carolina(chart):
    """CAM 394 as far as it was read: twelve months, three adjacent bodies, care of all five kinds, Modic type 1."""
    bodies = set(chart["requested"])
    joined = {min(bodies)}
    for _ in bodies:
        joined |= {a for a, b in NEIGHBORS if b in joined and a in bodies}
        joined |= {b for a, b in NEIGHBORS if a in joined and b in bodies}
    care = chart["care"]
    drugs = "tried" in (care["nsaid"], care["steroid"]) or (care["nsaid"], care["steroid"]) == ("contraindicated",) * 2
    exercise = care["lumbar_exercise"] == "tried" or chart["exercise_sessions"] >= 1
    kinds = drugs and exercise and care["physical_therapy"] == care["avoid_aggravating"] == "tried"
    long = chart["pain_duration"] >= 12 and chart["care_duration"] >= 6 and failed(chart)
    watched = has(chart, "care_unbroken") and has(chart, "care_monitored") and has(chart, "functional_deficit")
    return (
        long and watched and kinds and chart["cognitive_sessions"] >= 3
        and len(bodies) <= 3 and joined == bodies and in_region(chart) and bool(changed(chart, {"type_1"}))
    )


def nass(chart):
    """The draft of 2022: three indications; none of bone disease, fracture, cancer, infection, another cause, heart."""
    none = not has(
        chart, "metabolic_bone_disease", "osteoporosis", "fragility_fracture", "spinal_cancer", "spine_infection",
        "systemic_infection", "severe_cardiopulmonary_disease",
    )
    clear = not anywhere(chart, "fracture", "yes") and not anywhere(chart, "local_infection", "yes")
    care = anywhere(chart, "care", "tried") and failed(chart)
    return chart["pain_duration"] >= 6 and care and bool(changed(chart)) and none and clear and (
        chart["other_obvious_cause"] == "none"
    )


def scores(chart):
    return chart["odi"] >= 30 and chart["pain_score"] >= 4


def smart(chart):
    """NCT01446419: 25 to 70 years, drugs for 2 and 4 weeks, twelve sessions; no operation, BMI 40, T below -2.5."""
    each = chart["care_duration_each"]
    drugs = chart["care"]["pharmacotherapy"] == "tried" and each["pharmacotherapy"] >= 2
    nsaid = chart["care"]["nsaid"] == "tried" and each["nsaid"] >= 4
    out = has(
        chart, "radicular_pain", "radiculopathy", "stenosis_history", "fragility_fracture", "spinal_cancer",
        "spine_infection", "metabolic_bone_disease", "skeletally_immature", "vertebral_pathology_causes",
    )
    spine = anywhere(chart, "fracture", "yes") or anywhere(chart, "local_infection", "yes")
    spine |= anywhere(chart, "prior_surgery", "discectomy_laminectomy", "fusion", "other") or len(changed(chart)) > 3
    return (
        25 <= chart["age"] <= 70 and half_a_year(chart) and drugs and nsaid and chart["exercise_sessions"] >= 12
        and scores(chart) and bool(changed(chart) & LUMBOSACRAL) and in_region(chart) and not out and not spine
        and chart["bmi"] < 40 and chart["t_score"] >= -2.5 and chart["other_obvious_cause"] == "none"
    )


def intracept(chart):
    """NCT03246061, Table 1: 25 years, up to four bodies, no change above L3; over 5 mm, over 2 mm, any lysis out."""
    out = has(
        chart, "skeletally_immature", "metabolic_bone_disease", "osteoporosis", "fragility_fracture", "spinal_cancer",
        "spine_infection", "systemic_infection", "litigation", "mri_contraindicated", "electronic_implant", "pregnant",
        "breastfeeding",
    )
    nerve = all(chart[f] == "yes" for f in ("radicular_pain", "nerve_compression", "compression_matches_pain"))
    narrow = all(chart[f] == "yes" for f in ("neurogenic_claudication", "stenosis_on_imaging"))
    opioid = all(chart[f] == "yes" for f in ("extended_release_opioid", "addiction_behaviors"))
    old = chart["surgery_radicular_pain_resolved"] == "yes"
    surgery = any(
        what != "none" and not (what == "discectomy_laminectomy" and chart["surgery_age"][body] > 6 and old)
        for body, what in chart["prior_surgery"].items()
    )
    imaging = max(chart["disc_protrusion"].values()) > 5 or max(chart["slip"].values()) > 2
    imaging |= anywhere(chart, "spondylolysis", "yes") or anywhere(chart, "fracture", "yes")
    imaging |= any(v == "yes" and chart["facet_pain"][d] == "yes" for d, v in chart["facet_arthropathy"].items())
    high = changed(chart, CHANGE | {"type_3"}) - LUMBOSACRAL
    sick = anywhere(chart, "local_infection", "yes") or chart["bleeding_tendency"] == "diathesis"
    mind = chart["bdi"] > 24 or chart["waddell_signs"] >= 3
    return (
        chart["age"] >= 25 and half_a_year(chart) and scores(chart) and bool(changed(chart) & LUMBOSACRAL)
        and in_region(chart) and len(chart["requested"]) <= 4 and chart["bmi"] <= 40
        and not (out or nerve or narrow or opioid or surgery or imaging or high or sick or mind)
    )


def isass(chart):
    """Longer than twelve weeks by its own definition; as payers repeat it, six months of pain and care, and Modic."""
    return half_a_year(chart) and bool(changed(chart) & LUMBOSACRAL)


def appeals(chart):
    """New York: five conditions, and a refusal all the same."""
    return False


def never(chart):
    """Aetna, UnitedHealthcare, eviCore, and Kaiser outside of Medicare."""
    return False


ORACLES = {
    "fda-label": label,
    "highmark-wy-15-01-004": highmark,
    "bcbssc-cam-394": carolina,
    "nass-2022-draft": nass,
    "smart-trial": smart,
    "intracept-trial": intracept,
    "isass-2020": isass,
    "ny-external-appeals": appeals,
    "aetna-cpb-0016": never,
    "uhc-ablative-spine": never,
    "evicore-cmm-208": never,
    "kaiser-wa": never,
}
