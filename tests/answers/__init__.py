"""Matching questions with approved answers."""
