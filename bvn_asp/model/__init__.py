"""What files say: the vocabulary, cases, policies. No solver."""
