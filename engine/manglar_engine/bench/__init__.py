"""The engine beside its rivals on the same input: ratios, memory, agreement; made cities, no files of others."""
