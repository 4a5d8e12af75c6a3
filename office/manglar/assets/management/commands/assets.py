"""``manglar assets``: import what the city has, and see it."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.accounts.actors import program
from manglar.assets import selectors, services
from manglar.assets.models import AssetKind
from manglar.foundation.management.base import Command as Base
from manglar.foundation.provenance import Mark
from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.foundation.translated import in_page_language, translated
from manglar.governments.models import Government
from manglar.territory.selectors import division_by_code
from manglar.territory.services import asked_columns, asked_file, owner_named

BY = program("línea de comandos")


class Command(Base):
    help = "Los activos: importar lo que la ciudad tiene y verlo. Una importación se deshace con «manglar imports undo»."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="import|list|kinds|locate")
        importing = verbs.add_parser("import", help="importar un archivo de activos de una clase")
        importing.add_argument("file", help="GeoJSON, GeoPackage, shapefile (.zip o .shp), CSV o XLSX")
        importing.add_argument("--kind", required=True, help="clase; véalas con «manglar assets kinds»")
        importing.add_argument("--new-kind", default="", metavar="NOMBRE", help="crear la clase con este nombre")
        importing.add_argument("--map", action="append", default=[], metavar="campo=COLUMNA", help="p. ej. people=Matricula")
        importing.add_argument("--crs", default="", help="sistema de coordenadas si el archivo no lo dice")
        importing.add_argument("--layer", default="", help="capa u hoja, si hay varias")
        importing.add_argument("--swap", action="store_true", help="latitud y longitud están cambiadas")
        importing.add_argument("--critical", action="store_true", help="todos son críticos")
        importing.add_argument("--approximate", action="store_true", help="su lugar es aproximado")
        importing.add_argument("--mark", choices=Mark.values, default=Mark.SOURCE.value, help="procedencia")
        importing.add_argument("--source", default="", help="de dónde sale el archivo")
        importing.add_argument("--dry-run", action="store_true", help="mostrar qué pasaría, sin escribir")
        listing = verbs.add_parser("list", help="ver activos")
        listing.add_argument("--kind", default="", help="solo esta clase")
        listing.add_argument("--division", default="", metavar="CÓDIGO", help="solo este territorio")
        listing.add_argument("--limit", type=int, default=100, help="cuántos, como mucho")
        verbs.add_parser("kinds", help="ver las clases")
        verbs.add_parser("locate", help="buscar otra vez el territorio de cada activo")
        for verb in verbs.choices.values():
            verb.add_argument("--government", default="", help="código del gobierno (si no, el de la casa)")

    def work(self, **options: Any) -> dict[str, Any]:
        government = owner_named(options["government"])
        services.ensure_kinds(by=BY)
        verb = {"import": self._import, "list": self._list, "kinds": self._kinds,
                "locate": self._locate}[options["verb"]]
        return verb(government, options)

    def _import(self, government: Government, options: dict[str, Any]) -> dict[str, Any]:
        name, content = asked_file(options["file"])
        chosen = services.AssetOptions(
            mapping=asked_columns(options["map"]), crs=options["crs"], layer=options["layer"], swap=options["swap"],
            mark=options["mark"], source_text=options["source"], is_critical=options["critical"],
            position_is_approximate=options["approximate"],
        )
        kind = _kind(government, options["kind"], options["new_kind"], dry_run=options["dry_run"])
        with self.bar("Importando") as report:
            preview = services.import_assets(
                by=BY, government=government, name=name, content=content, kind=kind, at=timezone.now(),
                options=chosen, dry_run=options["dry_run"], report=report,
            )
        return {"ok": True, "dry_run": options["dry_run"], **preview.as_data(), "sentence": said(preview)}

    def _list(self, government: Government, options: dict[str, Any]) -> dict[str, Any]:
        division = division_by_code(options["division"]) if options["division"] else None
        if options["division"] and division is None:
            raise InvalidInput(say("No hay un territorio con el código «{division}».", division=options["division"]))
        found = selectors.assets_of(government, kind=options["kind"], division=division)
        assets = [
            {"public_id": each.public_id, "kind": each.kind.code, "name": each.name, "lon": each.lon, "lat": each.lat,
             "division": each.division.code if each.division else "", "people": each.people,
             "is_critical": each.is_critical, "is_outside": each.is_outside}
            for each in found[: max(1, options["limit"])]
        ]
        lines = [f"{each['kind']:<20} {each['division']:<8} {each['name']}" for each in assets]
        total = found.count()
        return {"assets": assets, "total": total, "sentence": "\n".join([*lines, str(say("{shown} de {total}.", shown=len(assets), total=total))])}

    def _kinds(self, government: Government, options: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # one shape
        found = [{"code": each.code, "name": each.name, "count": getattr(each, "count", 0)}
                 for each in selectors.kinds_with_counts(government)]
        lines = [f"{each['code']:<22} {in_page_language(each['name'])} ({each['count']})" for each in found]
        return {"kinds": found, "sentence": "\n".join(lines)}

    def _locate(self, government: Government, options: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # one shape
        done = services.locate_assets(by=BY, government=government)
        said = say("{assets} activos: {moved} cambian de territorio, {outside} fuera.", **done)
        return {**done, "sentence": said}


def _kind(government: Government, code: str, new_name: str, *, dry_run: bool) -> AssetKind:
    found = selectors.kind_by_code(code)
    if found is not None:
        return found
    if new_name and dry_run:
        return AssetKind(code=code, name=translated(new_name))
    if new_name:
        return services.record_kind(by=BY, government=government, code=code, name=translated(new_name))
    known = ", ".join(each.code for each in selectors.kinds())
    raise InvalidInput(
        say("No existe la clase «{code}». Hay: {known}. Créela con --new-kind NOMBRE.", code=code, known=known)
    )


def said(preview: services.AssetPreview) -> str:
    """What an import did, or would do, in words."""
    parts: list[Any] = [
        say(
            "{rows} filas: {created} activos nuevos, {changed} con cambios, {unchanged} iguales, {repeated} filas repetidas.",
            rows=preview.rows, created=preview.created, changed=preview.changed, unchanged=preview.unchanged,
            repeated=preview.counts["duplicates"],
        ),
        say("Guardado como {load}.", load=preview.import_id) if preview.is_applied else say("No se escribió nada."),
    ]  # fmt: skip
    if preview.outside_count:
        parts.append(say("Fuera de todo límite o sin lugar: {count}.", count=preview.outside_count))
    parts += [_about(each, each["sentence"]) for each in preview.outside[:20]]
    parts += [
        say("  Fila {row} repite la {of_row}: {name}.", row=each["row"], of_row=each["of_row"], name=each["name"])
        for each in preview.duplicates[:20]
    ]
    if preview.lookalikes:
        like = len(preview.lookalikes)
        parts.append(say("Se parecen (mismo nombre y lugar, otros datos; se guardan todas): {count} grupos.", count=like))
    if preview.disagreement_count:
        parts.append(say("Dicen otro territorio que el de su lugar: {count}.", count=preview.disagreement_count))
    parts += [
        _about(each, say("dice {said}, está en {found}", said=each["said"], found=each["found"]))
        for each in preview.disagreements[:20]
    ]
    if preview.odd_count:
        parts.append(say("Cosas raras: {count}.", count=preview.odd_count))
    parts += [_about(each, each["sentence"]) for each in preview.odd[:20]]
    return "\n".join(map(str, [*parts, *preview.notes]))


def _about(each: dict[str, Any], sentence: object) -> object:
    return say("  Fila {row}: {name}: {sentence}.", row=each["row"], name=each["name"], sentence=sentence)
