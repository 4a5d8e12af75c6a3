"""Use cases of search: sources tell, the log says what changed, the index is written. See ADR 0011."""

from manglar.search.services.following import follow_log, read_waiting, rebuild
from manglar.search.services.sources import SOURCES, Change, Paper, Source, register
from manglar.search.services.writing import write

__all__ = ["SOURCES", "Change", "Paper", "Source", "follow_log", "read_waiting", "rebuild", "register", "write"]
