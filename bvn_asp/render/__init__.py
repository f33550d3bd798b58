"""Turns answers into something to read: blocks for people, as text or Markdown, and data for programs, as JSON."""
