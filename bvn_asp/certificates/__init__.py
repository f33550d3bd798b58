"""Proofs that somebody else can check: a question as a formula, made from the texts anew without clingo."""
