"""What would make a case approvable."""
