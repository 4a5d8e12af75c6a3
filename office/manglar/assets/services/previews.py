"""What an import of assets is asked for, and what it says that it would do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from manglar.foundation.outcomes import RowOutcome
from manglar.foundation.provenance import Mark
from manglar.foundation.sentences import Said, spoken

LISTED = 5_000


@dataclass(frozen=True, slots=True)
class AssetOptions:
    """What a person may choose about an import of assets."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""
    layer: str = ""
    swap: bool = False
    mark: str = Mark.SOURCE
    source_text: str = ""
    is_critical: bool = False
    position_is_approximate: bool = False


@dataclass(slots=True)
class AssetPreview:
    """What an import would do, or did; lists stop at 5,000 rows, counts do not, and no row of the file is lost."""

    kind: str
    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    outside_count: int = 0
    disagreement_count: int = 0
    odd_count: int = 0
    outside: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    lookalikes: list[dict[str, Any]] = field(default_factory=list)
    disagreements: list[dict[str, Any]] = field(default_factory=list)
    odd: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    lines: list[RowOutcome] = field(default_factory=list)
    is_applied: bool = False
    import_id: str = ""

    def as_data(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return dict(spoken(asdict(replace(self, lines=[]))))

    @property
    def counts(self) -> dict[str, int]:
        """The counts that an import keeps."""
        return {
            "rows": self.rows, "created": self.created, "changed": self.changed, "unchanged": self.unchanged,
            "duplicates": len(self.duplicates), "lookalikes": len(self.lookalikes), "outside": self.outside_count,
            "disagreements": self.disagreement_count, "odd": self.odd_count,
        }
