"""Hazard times exposure times vulnerability: damage tables, tiles of ruptures, curves."""
