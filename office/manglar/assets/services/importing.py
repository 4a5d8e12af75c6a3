"""The import of assets, and the way back."""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import override

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.assets.choices import ImportState
from manglar.assets.models import Asset, AssetImport, AssetKind
from manglar.assets.permissions import may_change_assets
from manglar.assets.services.assetfile import read_assets
from manglar.assets.services.planning import AssetOptions, AssetPlan, AssetPreview, Say, make_plan, stamp_of
from manglar.audit.services import act
from manglar.foundation.bulk import fill, insert_rows, prepared_rows
from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import SOURCE_LANGUAGE, say
from manglar.governments.models import Government
from manglar.operations.filetypes import clean_name
from manglar.territory.services import read_table


def import_assets(
    *, by: Actor, government: Government, name: str, content: bytes, kind: AssetKind, at: dt.datetime,
    options: AssetOptions | None = None, dry_run: bool = False, report: Say | None = None,
) -> AssetPreview:
    """Import assets of one kind from a file: all or nothing, nothing lost, and the same file twice changes nothing."""
    require(may_change_assets, by, government)
    options, tell = options or AssetOptions(), report or _silent
    tell(0.05, "Leyendo el archivo")
    table = read_table(name, content, crs=options.crs, layer=options.layer, swap=options.swap)
    reading = read_assets(table, mapping=options.mapping, kind_name=str(kind), crs=options.crs, swap=options.swap)
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
    with act("assets.imported", by=by, government_id=government.pk, subject=load.public_id, reason=load.file_name):
        if stamp_of(government, kind) != plan.stamp:
            raise Conflict(say("Otra persona cambió estos activos mientras se comparaba el archivo: repita la carga."))
        load.save()
        _write(plan, load, prepared)
    plan.preview.is_applied, plan.preview.import_id = True, load.public_id
    tell(1.0, "Hecho")
    return plan.preview


def _silent(fraction: float, step: str) -> None:
    """Nobody watches."""


def _report(plan: AssetPlan) -> dict[str, Any]:
    with override(SOURCE_LANGUAGE):  # what is kept is kept in the language of the record
        data = plan.preview.as_data()
    kept = ("columns", "outside", "duplicates", "lookalikes", "disagreements", "odd", "notes")
    before = [{"asset": asset.public_id, "before": _kept(values)} for asset, values in plan.changed]
    return {**{key: data[key] for key in kept}, "changed": before}


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in values.items()}


def _write(plan: AssetPlan, load: AssetImport, prepared: list[list[Any]]) -> None:
    insert_rows(Asset, fill(Asset, prepared, {"imported_by": load.pk}))
    fields = sorted({_column(key) for _, before in plan.changed for key in before})
    if fields:
        Asset.objects.bulk_update([asset for asset, _ in plan.changed], fields, batch_size=200)


def _column(key: str) -> str:
    return "division" if key == "division_id" else key


def undo_import(*, by: Actor, load: AssetImport, reason: str = "") -> dict[str, int]:
    """Take back an import: what it created goes, what it changed is again as it was."""
    require(may_change_assets, by, load.government)
    with act("assets.import_undone", by=by, government_id=load.government_id, subject=load.public_id, reason=reason):
        held = AssetImport.objects.select_for_update().get(pk=load.pk)
        if held.state == ImportState.UNDONE:
            raise Conflict(say("Esta carga ya se deshizo."))
        later = AssetImport.objects.filter(
            government=held.government, kind=held.kind, pk__gt=held.pk, state=ImportState.APPLIED)
        if later.exists():
            raise Conflict(
                say(
                    "Después se cargó «{file_name}»: deshaga antes esa carga.",
                    file_name=later.order_by("-pk")[0].file_name,
                )
            )
        restored = _restore(held)
        removed = _remove(held)
        held.state = ImportState.UNDONE
        held.save(update_fields=["state"])
    return {"removed": removed, "restored": restored}


def _restore(load: AssetImport) -> int:
    befores = {each["asset"]: each["before"] for each in load.report.get("changed", [])}
    assets = list(Asset.objects.filter(government=load.government, public_id__in=befores))
    fields: set[str] = set()
    for asset in assets:
        for key, value in befores[asset.public_id].items():
            setattr(asset, key, Decimal(value) if key == "value_pab" and value is not None else value)
            fields.add(_column(key))
    if fields:
        Asset.objects.bulk_update(assets, sorted(fields), batch_size=200)
    return len(assets)


def _remove(load: AssetImport) -> int:
    try:
        removed, _ = Asset.objects.filter(imported_by=load).delete()
    except ProtectedError as error:
        raise Conflict(say("Otros registros ya se apoyan en activos de esta carga: no se puede deshacer.")) from error
    return removed
