"""What goes on a page or a sheet of paper about a case."""
