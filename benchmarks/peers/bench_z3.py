"""Z3: the ten criteria as symbolic terms, built once. subst: substitute the case's values and simplify each term.
solver: one Solver; push, add the case's values as equalities, check-sat per criterion under an assumption, pop."""

import sys
from importlib.metadata import version
import z3
from harness import BODIES, COVERED, CRITERIA, MODALITIES, run

V = f"z3-solver {version('z3-solver')}"
I, B = z3.Int, z3.Bool
ints = {n: I(n) for n in ("age", "pain_months", "conservative_weeks", "bmi10")}
modic = {b: I(f"modic_{b}") for b in BODIES}
req = {b: B(f"req_{b}") for b in BODIES}
prior = {b: B(f"prior_{b}") for b in BODIES}
mod = {m: B(f"m_{m}") for m in MODALITIES}
preg, inf = B("pregnant"), B("active_infection")
one = lambda b: z3.If(b, 1, 0)
TERM = {
    "age": ints["age"] < 18,
    "pain": ints["pain_months"] < 6,
    "conservative": z3.Not(z3.And(z3.Sum([one(m) for m in mod.values()]) >= 3, ints["conservative_weeks"] > 6)),
    "modic": z3.Or([z3.And(req[b], modic[b] != 1, modic[b] != 2) for b in BODIES]),
    "level": z3.Or([req[b] for b in BODIES if b not in COVERED]),
    "count": z3.Sum([one(r) for r in req.values()]) > 4,
    "bmi": ints["bmi10"] > 400,
    "pregnancy": preg,
    "infection": inf,
    "prior": z3.Or([z3.And(req[b], prior[b]) for b in BODIES]),
}
VARS = {
    k: [
        v
        for v in [*ints.values(), *modic.values(), *req.values(), *prior.values(), *mod.values(), preg, inf]
        if str(v) in {str(x) for x in z3.z3util.get_vars(t)}
    ]
    for k, t in TERM.items()
}
INT = {n: z3.IntVal(n) for n in range(0, 460)}
T, F = z3.BoolVal(True), z3.BoolVal(False)
ALL = [*ints.values(), *modic.values(), *req.values(), *prior.values(), *mod.values(), preg, inf]


def values(c):
    lv = {l["body"]: l for l in c["levels"]}
    out = {str(ints[n]): INT[c[n]] for n in ints}
    for b in BODIES:
        l = lv.get(b)
        out[f"modic_{b}"] = INT[l["modic"] if l else 0]
        out[f"req_{b}"] = T if l else F
        out[f"prior_{b}"] = T if l and l["prior_ablation"] else F
    for m in MODALITIES:
        out[f"m_{m}"] = T if m in c["modalities"] else F
    out["pregnant"], out["active_infection"] = (T if c["pregnant"] else F), (T if c["active_infection"] else F)
    return out


def subst(vs):
    out = []
    for v in vs:
        out.append(
            sorted(
                k
                for k, t in TERM.items()
                if z3.is_true(z3.simplify(z3.substitute(t, *[(x, v[str(x)]) for x in VARS[k]])))
            )
        )
    return out


solver = z3.Solver()
GUARD = {k: B(f"g_{k}") for k in CRITERIA}
for k, t in TERM.items():
    solver.add(GUARD[k] == t)


def model(vs):
    out = []
    for v in vs:
        solver.push()
        solver.add([x == v[str(x)] for x in ALL])
        assert solver.check() == z3.sat
        m = solver.model()
        out.append(sorted(k for k in CRITERIA if z3.is_true(m[GUARD[k]])))
        solver.pop()
    return out


if __name__ == "__main__":
    modes = sys.argv[1:] or ["subst", "model"]
    prep = lambda cs: [values(c) for c in cs]
    if "subst" in modes:
        run(
            f"{V} substitute + simplify",
            "ten terms built once; substitute values; simplify",
            subst,
            prepare=prep,
            n=1_000,
            warm=50,
            rounds=3,
        )
    if "model" in modes:
        run(
            f"{V} one Solver, push/check/pop",
            "push; add equalities; check; read ten guards; pop",
            model,
            prepare=prep,
            n=1_000,
            warm=50,
            rounds=3,
        )
