"""One fact taken out of an approvable case (pain_months), then the same key misspelt: what does each peer say?

Not a benchmark. It shows how an engine treats what the record does not say. «approve» here is the dangerous answer:
the duration of pain was never given. Run: python probe_missing.py; node node/probe_missing.mjs"""

import contextlib, io, json, os, sys
from harness import HERE, load, oracle

CASE = next(c for c in load() if not oracle(c))
MISSING = {k: v for k, v in CASE.items() if k != "pain_months"}
TYPO = {("pain_month" if k == "pain_months" else k): v for k, v in CASE.items()}


def say(unmet):
    return "approve" if not unmet else "deny: " + ", ".join(unmet)


def attempt(fn, case):
    try:
        return fn(case)
    except BaseException as e:
        return f"error: {type(e).__name__}: {' '.join(str(e).split())[:120]}"


def cedar(schema=None):
    def go(c):
        import bench_cedarpy as b
        from cedarpy import is_authorized

        ctx = {
            "age": c["age"],
            "modalities": c["modalities"],
            "conservative_weeks": c["conservative_weeks"],
            "levels": [l["body"] for l in c["levels"]],
            "modic": [f"{l['body']}:{l['modic']}" for l in c["levels"]],
            "prior": [l["body"] for l in c["levels"] if l["prior_ablation"]],
            "bmi10": c["bmi10"],
            "pregnant": c["pregnant"],
            "active_infection": c["active_infection"],
        }
        ctx.update({k: c[k] for k in ("pain_months", "pain_month") if k in c})
        r = is_authorized(
            {"principal": 'Case::"c"', "action": 'Action::"ablate"', "resource": 'Policy::"p"', "context": ctx},
            b.PS,
            b.ENT,
            schema=schema,
        )
        err = r.diagnostics.errors[0] if r.diagnostics.errors else ""
        return f"{r.decision.name}" + (f" ({err[:110]})" if err else "")

    return go


SCHEMA = (
    "entity Case, Policy; action ablate appliesTo { principal: [Case], resource: [Policy], context: { age: Long, pain_months: Long, "
    "modalities: Set<String>, conservative_weeks: Long, levels: Set<String>, modic: Set<String>, prior: Set<String>, bmi10: Long, "
    "pregnant: Bool, active_infection: Bool } };"
)


def rego(c):
    import bench_regopy as b

    r = b.interp()
    r.set_input(c)
    return say(sorted(json.loads(str(r.query("data.bvna.unmet")))["expressions"][0]))


def zen(c):
    import bench_zen as b

    return say(b.unmet(b.decision.evaluate(c)["result"]))


def fisca(c):
    import bench_openfisca as b
    import numpy as np

    n, col = b.columns([{**c, "pain_months": 0}])
    if "pain_months" not in c:
        del col["pain_months"]  # the honest way to leave an input out
    if "pain_month" in c:
        col["pain_month"] = np.array([c["pain_month"]])
    return say(b.vector((n, col))[0])


def clp(c):
    import clingo
    import bench_clingo as b

    facts = b.facts({**c, "pain_months": 0}).replace(
        "pain_months(0).", f"pain_month({c['pain_month']})." if "pain_month" in c else ""
    )
    ctl = clingo.Control(["--warn=none"])
    ctl.add("base", [], b.POLICY)
    ctl.add("base", [], facts)
    ctl.ground([("base", [])])
    return say(b.shown(ctl))


def z(c):
    import z3
    import bench_z3 as b

    v = b.values({**c, "pain_months": 0})
    out = []
    for k, t in b.TERM.items():
        r = z3.simplify(z3.substitute(t, *[(x, v[str(x)]) for x in b.VARS[k] if str(x) != "pain_months"]))
        out.append(k if z3.is_true(r) else f"open: {r}" if not z3.is_false(r) else None)
    return "; ".join(o for o in out if o) or "approve"


def clips(c):
    import bench_clips as b

    return say(b.decide([c])[0])


def bvn(c):
    import pyarrow as pa
    import bench_bvn as b
    from bvn_asp.batch.decide import VERDICTS, Decider

    columns = b.columns([c]).to_pydict()
    if "pain_months" not in c:
        del columns["pain_duration [months]"]
    if "pain_month" in c:
        columns["pain_month"] = [c["pain_month"]]
    batch = pa.RecordBatch.from_pydict(columns)
    answer = Decider(b.library, batch.schema.names).decide(batch).answers["ten-criteria"]
    open_ = [str(slot) for slot, codes in answer.open.items() if codes[0]]
    return VERDICTS[answer.verdict[0]] + (f": {', '.join(open_)} is open" if open_ else "")


PEERS = {
    "plain Python": lambda c: say(oracle(c)),
    "clingo (not met → unmet)": clp,
    "Rego (regopy)": rego,
    "Cedar, no schema": cedar(),
    "Cedar with schema": cedar(SCHEMA),
    "zen-engine": zen,
    "OpenFisca": fisca,
    "z3, substituted": z,
    "CLIPS": clips,
}
PEERS = {"**bvn-asp**": bvn, **PEERS}
if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    for name, fn in PEERS.items():
        print(f"{name:<26} missing: {attempt(fn, MISSING):<60} misspelt: {attempt(fn, TYPO)}", flush=True)
