"""Answers as sentences that a person can repeat."""
