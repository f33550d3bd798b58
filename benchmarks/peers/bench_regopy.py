"""Rego through regopy (rego-cpp, an interpreter of Rego in C++; not OPA): query data.bvna.unmet per case."""

import json, sys
from importlib.metadata import version
from regopy import Interpreter
from harness import HERE, run

V = f"regopy {version('regopy')}"
REGO = (HERE / "policy.rego").read_text()


def interp():
    r = Interpreter()
    r.add_module("bvna.rego", REGO)
    return r


def by_query():
    r = interp()

    def decide(inputs):
        out = []
        for i in inputs:
            r.set_input(i)
            out.append(sorted(json.loads(str(r.query("data.bvna.unmet")))["expressions"][0]))
        return out

    return decide


def by_bundle():
    r = interp()
    b = r.build(None, ["bvna/unmet"])

    def decide(inputs):
        out = []
        for i in inputs:
            r.set_input(i)
            out.append(sorted(json.loads(str(r.query_bundle_entrypoint(b, "bvna/unmet")))["expressions"][0]))
        return out

    return decide


if __name__ == "__main__":
    modes = sys.argv[1:] or ["query", "bundle"]
    if "query" in modes:
        run(f"{V} query", "set_input(case); query('data.bvna.unmet')", by_query(), n=1_000)
    if "bundle" in modes:
        run(
            f"{V} built bundle",
            "build(entrypoint) once; set_input(case); query_bundle_entrypoint",
            by_bundle(),
            n=1_000,
        )
