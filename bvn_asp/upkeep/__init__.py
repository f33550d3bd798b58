"""Do policies and cases fit each other? Tests, coverage, mutation, synthesis, lint."""
