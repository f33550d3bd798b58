"""What it costs: every module here with a function `run() -> Table` is a benchmark; `python -m benchmarks` runs them.

To add one, add a file. Names that begin with `_` are helpers.
"""
