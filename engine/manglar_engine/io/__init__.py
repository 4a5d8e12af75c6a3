"""Bytes in and out: formats only, no knowledge of faults, assets or damage."""
