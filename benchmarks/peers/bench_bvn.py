"""bvn-asp: the same ten criteria as a policy folder. batch: columns of bits. evaluate: the solver, case by case."""

import pathlib, sys
import pyarrow as pa
from harness import BODIES, HERE, MODALITIES, run
from bvn_asp.batch.answers import answered
from bvn_asp.batch.decide import Decider
from bvn_asp.model.case_reader import make_case
from bvn_asp.cases.evaluate import Evaluator
from bvn_asp import Library

library = Library(HERE / "policy")
MODIC = ["none", "type_1", "type_2", "type_3"]


def columns(cs):
    """The columns of OpenFisca's encoding, by the names of our vocabulary."""
    out = {
        "age": pa.array([c.get("age") for c in cs], pa.int32()),
        "pain_duration [months]": pa.array([c.get("pain_months") for c in cs], pa.int32()),
        "care_duration [weeks]": pa.array([c["conservative_weeks"] for c in cs], pa.int32()),
        "bmi": pa.array([c["bmi10"] / 10 for c in cs]),
    }
    for b in BODIES:
        lv = [next((l for l in c["levels"] if l["body"] == b), None) for c in cs]
        out[f"requested.{b}"] = pa.array([l is not None for l in lv])
        out[f"prior_ablation.{b}"] = pa.array([bool(l and l["prior_ablation"]) for l in lv])
        out[f"modic.{b}"] = pa.DictionaryArray.from_arrays(
            pa.array([l["modic"] if l else 0 for l in lv], pa.int8()), MODIC
        )
    for m in MODALITIES:
        out[f"care.{m}"] = pa.DictionaryArray.from_arrays(
            pa.array([int(m not in c["modalities"]) for c in cs], pa.int8()), ["tried", "not_tried"]
        )
    for n in ("pregnant", "active_infection"):
        out[n] = pa.array([c[n] for c in cs])
    return pa.RecordBatch.from_pydict(out)


class Batch:
    def __init__(self, names):
        self.decider = Decider(library, names, parts=("verdict", "blamed"))

    def __call__(self, batch):
        blamed = answered(self.decider, self.decider.decide(batch, 0), batch, 0, pa.schema([])).column(
            "ten-criteria.blamed"
        )
        lists = [sorted(text.split()) for text in blamed.dictionary.to_pylist()]
        return [lists[i] for i in blamed.indices.to_pylist()]


def document(c):
    facts = {
        "age": c["age"],
        "pain_duration": f"{c['pain_months']} months",
        "care_duration": f"{c['conservative_weeks']} weeks",
        "bmi": str(c["bmi10"] / 10),
        "care": {m: "tried" if m in c["modalities"] else "not_tried" for m in MODALITIES},
        "modic": {l["body"]: MODIC[l["modic"]] for l in c["levels"]},
        "prior_ablation": {l["body"]: "yes" if l["prior_ablation"] else "no" for l in c["levels"]},
        "pregnant": "yes" if c["pregnant"] else "no",
        "active_infection": "yes" if c["active_infection"] else "no",
    }
    return make_case(
        library.vocabulary, {"title": "x", "request": {"bodies": [l["body"] for l in c["levels"]]}, "facts": facts}
    )


if __name__ == "__main__":
    from importlib.metadata import version

    V = f"**bvn-asp {version('bvn-asp')}**"
    modes = sys.argv[1:] or ["batch", "evaluate"]
    if "batch" in modes:
        some = Batch(columns([]).schema.names)
        run(f"{V} batch", "columns of bits; verdict and blamed criteria of 10,000 cases at once", some, prepare=columns)
    if "evaluate" in modes:
        evaluator = Evaluator(library, library.revisions())
        run(
            f"{V} evaluate",
            "one resident solver, assumptions; every status, blame and open fact of each case",
            lambda cases: [sorted(evaluator.evaluate(c, under_readings=False)[0].blamed) for c in cases],
            prepare=lambda cs: [document(c) for c in cs],
            n=1000,
            rounds=3,
        )
