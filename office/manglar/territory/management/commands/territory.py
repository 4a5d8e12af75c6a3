"""``manglar territory``: import, list and draw the divisions of the territory."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from manglar.accounts.actors import program
from manglar.foundation.management.base import Command as Base
from manglar.foundation.provenance import Mark
from manglar.foundation.sentences import say
from manglar.territory import selectors, services
from manglar.territory.choices import Level

BY = program("línea de comandos")


class Command(Base):
    exit_code_when_not_ok = 2
    help = "El territorio: importar divisiones y límites, verlos, y escribir las teselas del mapa."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="import|list|tiles|layer")
        importing = verbs.add_parser("import", help="importar un archivo de divisiones")
        importing.add_argument("file", help="GeoJSON, GeoPackage, shapefile (.zip o .shp) o CSV")
        importing.add_argument("--level", choices=Level.values, default=Level.CORREGIMIENTO.value, help="nivel")
        importing.add_argument("--government", default="", help="código del gobierno dueño (si no, el de la casa)")
        importing.add_argument("--map", action="append", default=[], metavar="campo=COLUMNA", help="p. ej. name=BARRIO")
        importing.add_argument("--only-districts", nargs="+", default=[], metavar="DISTRITO", help="solo los de estos")
        importing.add_argument("--create-parents", action="store_true", help="crear los distritos que falten")
        importing.add_argument("--leave-refused", action="store_true", help="dejar fuera las filas que no sirven")
        importing.add_argument("--schematic", action="store_true", help="es un esquema, no un límite oficial")
        importing.add_argument("--mark", choices=Mark.values, default=Mark.SOURCE.value, help="procedencia")
        importing.add_argument("--source", default="", help="de dónde sale el archivo")
        importing.add_argument("--population-year", type=int, help="año de la población, si la columna no lo dice")
        importing.add_argument("--code-prefix", default="", help="texto que se antepone a los códigos")
        importing.add_argument("--crs", default="", help="sistema de coordenadas si el archivo no lo dice")
        importing.add_argument("--layer", default="", help="capa u hoja, si hay varias")
        importing.add_argument("--swap", action="store_true", help="latitud y longitud están cambiadas")
        importing.add_argument("--dry-run", action="store_true", help="mostrar qué pasaría, sin escribir")
        listing = verbs.add_parser("list", help="ver las divisiones que existen")
        listing.add_argument("--on", default="", metavar="AAAA-MM-DD", help="las de ese día (si no, las de hoy)")
        listing.add_argument("--level", choices=Level.values, default="", help="solo este nivel")
        layer = verbs.add_parser("layer", help="cargar una capa de muchos puntos (edificios, árboles)")
        layer.add_argument("file", help="GeoParquet, o lo que GDAL lea con su sistema de coordenadas")
        layer.add_argument("--slug", required=True, help="nombre corto; si ya existe, se sustituye")
        layer.add_argument("--title", required=True, help="título que se ve en el mapa")
        layer.add_argument("--class-column", default="", help="columna que dice de qué clase es cada uno")
        layer.add_argument("--government", default="", help="código del gobierno dueño (si no, el de la casa)")
        layer.add_argument("--mark", choices=Mark.values, required=True, help="procedencia")
        layer.add_argument("--source", required=True, help="de dónde sale el archivo")
        verbs.add_parser("tiles", help="escribir otra vez las teselas del mapa")

    def work(self, **options: Any) -> dict[str, Any]:
        verbs = {"import": self._import, "list": self._list, "tiles": self._tiles, "layer": self._layer}
        return verbs[options["verb"]](options)

    def _layer(self, options: dict[str, Any]) -> dict[str, Any]:
        text = services.LayerText(options["slug"], options["title"], options["mark"], options["source"], options["class_column"])
        made = services.load_layer(
            by=BY, government=services.owner_named(options["government"]), path=Path(options["file"]), text=text,
            at=timezone.now(),
        )
        outside = made.counts.get("", 0)
        return {
            "id": made.public_id, "slug": made.slug, "count": made.count, "outside": outside, "parts": made.parts,
            "sentence": f"Capa «{made.title}»: {made.count:,} lugares; {outside:,} fuera de todo límite.",
        }

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        name, content = services.asked_file(options["file"])
        chosen = services.ImportOptions(
            mapping=services.asked_columns(options["map"]), only=tuple(options["only_districts"]),
            create_parents=options["create_parents"], leave_refused=options["leave_refused"],
            is_schematic=options["schematic"], mark=options["mark"], source_text=options["source"],
            population_year=options["population_year"], code_prefix=options["code_prefix"], crs=options["crs"],
            layer=options["layer"], swap=options["swap"],
        )
        with self.bar("Importando") as report:
            preview = services.import_territory(
                by=BY, government=services.owner_named(options["government"]), name=name, content=content,
                on=timezone.localdate(), level=options["level"], options=chosen, dry_run=options["dry_run"],
                report=report,
            )
        usable = options["leave_refused"] or not preview.refused
        told = said(preview)
        if not usable:
            hint = say("Así no se puede importar: corrija las filas rechazadas o déjelas fuera con --leave-refused.")
            told = f"{told}\n{hint}"
        return {"ok": usable, "dry_run": options["dry_run"], **preview.as_data(), "sentence": told}

    def _list(self, options: dict[str, Any]) -> dict[str, Any]:
        day = services.asked_day(options["on"]) if options["on"] else timezone.localdate()
        divisions = [
            {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent.code if each.parent else "",
             "population": each.population, "population_year": each.population_year, "area_km2": each.area_km2,
             "public_id": each.public_id}
            for each in selectors.divisions_on(day, level=options["level"])
        ]
        lines = [f"{each['code']:<10} {each['level']:<15} {each['name']}" for each in divisions]
        return {"on": day.isoformat(), "divisions": divisions,
                "sentence": "\n".join(lines) or say("No hay divisiones: impórtelas con «manglar territory import ARCHIVO».")}

    def _tiles(self, options: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # one shape for all verbs
        written = services.write_division_tiles()
        return {"written": bool(written), "sentence": say("Teselas escritas.") if written else say("No hay límites que dibujar.")}


def said(preview: services.TerritoryPreview) -> str:
    """What an import did, or would do, in words."""
    head = say(
        "{rows} filas: {created} nuevas, {changed} con cambios, {replaced} límites nuevos, {unchanged} iguales, {left} fuera, {refused} rechazadas.",
        rows=preview.rows, created=len(preview.created), changed=len(preview.changed), replaced=len(preview.replaced),
        unchanged=preview.unchanged, left=len(preview.left), refused=len(preview.refused),
    )  # fmt: skip
    parts: list[Any] = [head, say("Guardado.") if preview.is_applied else say("No se escribió nada.")]
    if preview.parents_created:
        parts.append(say("Se crea lo que faltaba: {names}.", names=", ".join(preview.parents_created)))
    for title, notes in (
        (say("Rechazadas:"), preview.refused), (say("Fuera:"), preview.left), (say("Reparadas:"), preview.repaired),
        (say("Cambios:"), preview.changed),
    ):  # fmt: skip
        parts += [title, *(f"  {note}" for note in notes[:50])] if notes else []
    parts += [
        say("Se solapan {one} y {other}: {area:,.0f} m².", one=each.one, other=each.other, area=each.area_m2)
        for each in preview.overlaps[:50]
    ]
    return "\n".join(map(str, [*parts, *preview.notes]))
