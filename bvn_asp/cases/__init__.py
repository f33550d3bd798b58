"""One case under the policies: evaluate, compare, explain, ask."""
