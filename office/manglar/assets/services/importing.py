"""The import of assets."""

import datetime as dt
import hashlib
from typing import Any

from django.utils.translation import override

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.assets.models import Asset, AssetImport, AssetKind
from manglar.assets.permissions import may_change_assets
from manglar.assets.services.assetfile import HEADERS, read_assets
from manglar.assets.services.planning import AssetPlan, Say, make_plan, stamp_of
from manglar.assets.services.previews import AssetOptions, AssetPreview
from manglar.foundation.bulk import fill, insert_rows, prepared_rows
from manglar.foundation.outcomes import Headings, outcome_counts
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import SOURCE_LANGUAGE, say
from manglar.governments.models import Government
from manglar.margin.selectors import columns_for
from manglar.margin.services import remember_columns
from manglar.operations.filetypes import clean_name
from manglar.operations.services import file_import
from manglar.territory.services import headings_of, read_table

#: What the columns of a file of assets are remembered as, and its imports listed under.
IMPORT = "activos"


def look_at_assets(*, government: Government, name: str, content: bytes, options: AssetOptions) -> Headings:
    """The columns of a file of assets, and what each was understood as."""
    table = read_table(name, content, crs=options.crs, layer=options.layer)
    remembered = columns_for(government, IMPORT, table.columns)
    return headings_of(table, HEADERS, asked=options.mapping, remembered=remembered)


def import_assets(
    *, by: Actor, government: Government, name: str, content: bytes, kind: AssetKind, at: dt.datetime,
    options: AssetOptions | None = None, dry_run: bool = False, report: Say | None = None,
) -> AssetPreview:
    """Import assets of one kind from a file: all or nothing, nothing lost, and the same file twice changes nothing."""
    require(may_change_assets, by, government)
    options, tell = options or AssetOptions(), report or _silent
    tell(0.05, "Leyendo el archivo")
    table = read_table(name, content, crs=options.crs, layer=options.layer, swap=options.swap)
    mapping = options.mapping or columns_for(government, IMPORT, table.columns)
    reading = read_assets(table, mapping=mapping, kind_name=str(kind), crs=options.crs, swap=options.swap)
    plan = make_plan(reading, government=government, kind=kind, options=options, tell=tell)
    if dry_run or not (plan.new or plan.changed):
        return plan.preview
    load = AssetImport(
        government=government, file_name=clean_name(name), sha256=hashlib.sha256(content).hexdigest(), kind=kind,
        counts=plan.preview.counts, report=_report(plan), at=at,
    )
    if not options.source_text:
        for asset in plan.new:
            asset.source_text = load.file_name
    tell(0.8, "Guardando")
    prepared = prepared_rows(Asset, plan.new)
    with file_import(
        "assets.imported", by=by, government=government, kind=IMPORT, name=name, content=content, at=at
    ) as held:
        if stamp_of(government, kind) != plan.stamp:
            raise Conflict(say("Otra persona cambió estos activos mientras se comparaba el archivo: repita la carga."))
        held.counts = outcome_counts(plan.preview.lines)
        load.save()
        _write(plan, load, prepared)
        if options.mapping:
            remember_columns(
                by=by, government=government, kind=IMPORT, headers=table.columns, mapping=options.mapping, at=at
            )
    plan.preview.is_applied, plan.preview.import_id = True, held.public_id
    tell(1.0, "Hecho")
    return plan.preview


def _silent(fraction: float, step: str) -> None:
    """Nobody watches."""


def _report(plan: AssetPlan) -> dict[str, Any]:
    with override(SOURCE_LANGUAGE):  # what is kept is kept in the language of the record
        data = plan.preview.as_data()
    kept = ("columns", "outside", "duplicates", "lookalikes", "disagreements", "odd", "notes")
    return {key: data[key] for key in kept}


def _write(plan: AssetPlan, load: AssetImport, prepared: list[list[Any]]) -> None:
    insert_rows(Asset, fill(Asset, prepared, {"imported_by": load.pk}))
    fields = sorted({_column(key) for _, before in plan.changed for key in before})
    if fields:
        Asset.objects.bulk_update([asset for asset, _ in plan.changed], fields, batch_size=200)


def _column(key: str) -> str:
    return "division" if key == "division_id" else key
