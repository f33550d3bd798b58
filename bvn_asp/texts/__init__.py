"""Two texts and more: where they part, on which patient."""
