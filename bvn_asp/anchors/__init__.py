"""Where the words of each criterion stand in its source, kept without the words, and finding them in a user's copy."""
