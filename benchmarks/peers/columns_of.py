"""columns_of.py WAY FILE N: ten statuses and a verdict for the cases of a Parquet file, from columns to columns.

write: makes the file, from cases.json, repeated. Prints {"columns": seconds, "parquet": seconds}, CPU, medians of five."""

import gc, json, statistics, sys, time
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
from harness import BODIES, COVERED, CRITERIA, MODALITIES, load, oracle

WAY, FILE, N = sys.argv[1], sys.argv[2], int(sys.argv[3])
OUT = FILE + ".answers"


def median(fn):
    fn()
    out = []
    for _ in range(5):
        gc.collect()
        t = time.process_time()
        fn()
        out.append(time.process_time() - t)
    return statistics.median(out)


def expected():
    want = [oracle(c) for c in load()]
    k = N // len(want)
    return {"approved": k * sum(not w for w in want), **{c: k * sum(c in w for w in want) for c in CRITERIA}}


def check(unmet):
    """unmet: criterion to a Boolean column."""
    bad = np.logical_or.reduce([np.asarray(v, bool) for v in unmet.values()])
    got = {"approved": int((~bad).sum()), **{k: int(np.asarray(v, bool).sum()) for k, v in unmet.items()}}
    if got != expected():
        raise SystemExit(f"{WAY}: wrong answers: {got}, wanted {expected()}")


if WAY == "write":
    import bench_bvn

    batch = bench_bvn.columns(load())
    with pq.ParquetWriter(FILE, batch.schema) as writer:
        table = pa.Table.from_batches([batch] * min(100, N // 10_000)).combine_chunks()
        for _ in range(max(1, N // len(table))):
            writer.write_table(table, row_group_size=1_000_000)
    sys.exit()

table = pq.read_table(FILE, use_threads=False)


def by_hand(col):
    """col: name to NumPy array, as OpenFisca takes them."""
    req = {b: col[f"req_{b}"] for b in BODIES}
    return {
        "age": col["age"] < 18,
        "pain": col["pain_months"] < 6,
        "conservative": ~(
            (sum(col[f"m_{m}"].astype(np.int8) for m in MODALITIES) >= 3) & (col["conservative_weeks"] > 6)
        ),
        "modic": np.logical_or.reduce([req[b] & (col[f"modic_{b}"] != 1) & (col[f"modic_{b}"] != 2) for b in BODIES]),
        "level": np.logical_or.reduce([req[b] for b in BODIES if b not in COVERED]),
        "count": sum(r.astype(np.int8) for r in req.values()) > 4,
        "bmi": col["bmi10"] > 400,
        "pregnancy": col["pregnant"],
        "infection": col["active_infection"],
        "prior": np.logical_or.reduce([req[b] & col[f"prior_{b}"] for b in BODIES]),
    }


def arrays(t):
    """The columns of the file as OpenFisca's, by its names."""
    one = lambda n: t.column(n).combine_chunks()
    num = lambda n: one(n).to_numpy(zero_copy_only=False)
    code = lambda n: one(n).indices.to_numpy() if pa.types.is_dictionary(one(n).type) else None
    col = {
        "age": num("age"),
        "pain_months": num("pain_duration [months]"),
        "conservative_weeks": num("care_duration [weeks]"),
        "bmi10": np.rint(num("bmi") * 10).astype(np.int32),
        "pregnant": num("pregnant"),
        "active_infection": num("active_infection"),
    }
    for b in BODIES:
        col[f"req_{b}"], col[f"prior_{b}"] = num(f"requested.{b}"), num(f"prior_ablation.{b}")
        names = one(f"modic.{b}").dictionary.to_pylist()
        lut = np.array([["none", "type_1", "type_2", "type_3"].index(n) for n in names], np.int32)
        col[f"modic_{b}"] = lut[code(f"modic.{b}")]
    for m in MODALITIES:
        names = one(f"care.{m}").dictionary.to_pylist()
        col[f"m_{m}"] = np.array([n == "tried" for n in names])[code(f"care.{m}")]
    return col


def write(unmet):
    bad = np.logical_or.reduce([np.asarray(v, bool) for v in unmet.values()])
    words = pa.DictionaryArray.from_arrays(pa.array(bad.astype(np.int8)), ["approve", "deny"])
    pq.write_table(
        pa.table({"verdict": words, **{k: pa.array(np.asarray(v, bool)) for k, v in unmet.items()}}),
        OUT,
        compression="zstd",
    )


read = lambda: pq.read_table(FILE, use_threads=False)
if WAY == "copy":  # nothing is decided: what it costs to read the columns and to write them elsewhere in memory
    buffers = [np.frombuffer(b, np.uint8) for c in table.columns for x in c.chunks for b in x.buffers() if b]
    places = [each.copy() for each in buffers]
    columns = median(lambda: [np.copyto(place, each) for place, each in zip(places, buffers, strict=True)])
    parquet = median(lambda: pq.write_table(read(), OUT, compression="zstd"))
elif WAY == "numpy":
    ready = arrays(table)
    check(by_hand(ready))
    columns, parquet = median(lambda: by_hand(ready)), median(lambda: write(by_hand(arrays(read()))))
elif WAY == "openfisca":
    import bench_openfisca as b
    from openfisca_core.simulations import SimulationBuilder

    def fisca(col):
        sim = SimulationBuilder().build_default_simulation(b.tbs, N)
        for name, v in col.items():
            sim.set_input(name, b.P, v)
        return {k: sim.calculate(f"unmet_{k}", b.P) for k in CRITERIA}

    ready = arrays(table)
    check(fisca(ready))
    columns, parquet = median(lambda: fisca(ready)), median(lambda: write(fisca(arrays(read()))))
elif WAY == "zen":
    import bench_zen as b

    def cases(col):
        lists = {k: v.tolist() for k, v in col.items()}
        return [
            {
                "age": lists["age"][i],
                "pain_months": lists["pain_months"][i],
                "conservative_weeks": lists["conservative_weeks"][i],
                "bmi10": lists["bmi10"][i],
                "pregnant": lists["pregnant"][i],
                "active_infection": lists["active_infection"][i],
                "modalities": [m for m in MODALITIES if lists[f"m_{m}"][i]],
                "levels": [
                    {"body": y, "modic": lists[f"modic_{y}"][i], "prior_ablation": lists[f"prior_{y}"][i]}
                    for y in BODIES
                    if lists[f"req_{y}"][i]
                ],
            }
            for i in range(N)
        ]

    def zen(cs):
        got = [
            set(b.unmet(r["data"]["result"]))
            for r in b.engine.evaluate_batch([{"key": "bvna", "context": c} for c in cs])
        ]
        return {k: np.array([k in g for g in got]) for k in CRITERIA}

    ready = cases(arrays(table))
    check(zen(ready))
    columns, parquet = median(lambda: zen(ready)), median(lambda: write(zen(cases(arrays(read())))))
else:
    import pathlib
    from bvn_asp.batch import batch
    from bvn_asp.batch.decide import Decider
    from bvn_asp import Library

    from bvn_asp.batch.files import ROWS

    library = Library(pathlib.Path(__file__).parent / "policy")
    decider = Decider(library, table.schema.names, parts=("verdict", "statuses"))
    batches = [s for x in table.to_batches() for s in (x.slice(i, ROWS) for i in range(0, len(x), ROWS))]

    def decide():
        """Two Arrow Boolean columns an entry: met, may be met. Or one NumPy byte a status, as the peers give."""
        found = [decider.decide(x).answers["ten-criteria"].statuses for x in batches]
        return [{k: x[k] if WAY == "bvn-bytes" else x.arrow(k) for k in CRITERIA} for x in found]

    got = decide()
    if WAY == "bvn-bytes":
        check({k: np.concatenate([x[k] for x in got]) == 0 for k in CRITERIA})
    else:
        check({k: ~np.concatenate([x[k][1].to_numpy(zero_copy_only=False) for x in got]) for k in CRITERIA})
    assert (
        batch(library, pathlib.Path(FILE), pathlib.Path(OUT + ".parquet"), parts=("verdict", "statuses")).verdicts[
            "ten-criteria"
        ]["approve"]
        == expected()["approved"]
    )
    columns = median(decide)
    parquet = median(
        lambda: batch(library, pathlib.Path(FILE), pathlib.Path(OUT + ".parquet"), parts=("verdict", "statuses"))
    )
print(json.dumps({"columns": columns, "parquet": parquet}))
