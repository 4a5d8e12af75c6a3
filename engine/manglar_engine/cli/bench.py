"""``manglar-engine bench``: the engine beside its rivals, a row for each piece of work."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from manglar_engine.bench.peer import Peer
from manglar_engine.bench.rows import Bench, Row
from manglar_engine.io.canonical import canonical_bytes


def bench(options: argparse.Namespace) -> int:
    """Measure and print rows as they come: JSON lines, or a table."""
    rows = Bench(options.size, peer=Peer() if options.peer else None).rows(options.only)
    for row in rows:
        print(canonical_bytes(asdict(row)).decode("utf-8") if options.json else _line(row))
        sys.stdout.flush()
    return 0


def _line(row: Row) -> str:
    memory = "" if row.extra_memory_ratio is None else f", memory {row.extra_memory_ratio:,.1f} times less"
    share = "" if row.bandwidth_share is None else f", {100 * row.bandwidth_share:.0f}% of what the machine copies"
    pace = f"{row.ratio:>12,.0f} times ({row.processor_ratio:,.0f} of processor)"
    return f"{row.work:<32} {pace}{memory}, agree to {row.agreement:.0e}{share}; {row.rival}"
