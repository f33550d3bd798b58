"""All that knows clingo: policies and worlds in one ground program, and the questions that are asked of it."""
