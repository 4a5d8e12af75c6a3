"""The command line: ``run``, ``warmup`` and ``bench``, ``seismic`` and ``faults``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from manglar_engine.cli.bar import Bar
from manglar_engine.cli.city import City, read_city
from manglar_engine.errors import EngineError
from manglar_engine.hazard.fault_reading import read_faults_geojson
from manglar_engine.io.canonical import canonical_bytes
from manglar_engine.io.files import not_written, refuse_occupied, write_whole
from manglar_engine.report.numbers import money, percent
from manglar_engine.report.sentence import plain_sentence
from manglar_engine.studies.result import SeismicResult
from manglar_engine.studies.seismic import seismic_risk
from manglar_engine.vocabulary import ENGINE_VERSION

BAD_INPUT = 2
INTERRUPTED = 130
SEISMIC = ("result.json", "manifest.json")
WORST = 10
"""Territories shown on the terminal; all of them stand in the JSON."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, 2 for bad input, 130 when interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except EngineError as error:
        print(f"manglar-engine: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("\nmanglar-engine: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manglar-engine", description="What shocks do to a city, with intervals and sources."
    )
    parser.add_argument("--version", action="version", version=ENGINE_VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    seismic = commands.add_parser("seismic", help="expected earthquake damage of a city")
    seismic.add_argument("city", metavar="CITY.toml", help="where faults and assets are")
    seismic.add_argument("--json", action="store_true", help="print the whole result as JSON")
    seismic.add_argument("--out", metavar="DIR", type=Path, help="write result.json and manifest.json")
    seismic.add_argument("--lang", choices=("es", "en"), default="es", help="language of the text")
    seismic.set_defaults(run=_seismic)
    faults = commands.add_parser("faults", help="read a fault file and tell what was understood")
    faults.add_argument("file", metavar="FILE", help="GeoJSON lines")
    faults.add_argument("--json", action="store_true", help="print the faults as JSON")
    faults.add_argument("--lang", choices=("es", "en"), default="es", help="language of the notes")
    faults.set_defaults(run=_faults)
    _add_run(commands)
    return parser


def _later(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command that loads its module, and the compiler with it, only when it is called."""

    def command(options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"manglar_engine.{module}"), name)(options))

    return command


def _add_run(commands: Any) -> None:
    run = commands.add_parser("run", help="impact of any hazards on a city's assets")
    run.add_argument("city", metavar="CITY.toml", help="where hazards, assets and functions are")
    run.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    run.add_argument("--out", metavar="DIR", type=Path, help="write JSON, Parquet and Zarr, with the manifest")
    run.add_argument("--resume", metavar="DIR", type=Path, help="keep finished tiles here and go on from them")
    run.add_argument("--scheduler", default="threads", help="threads, processes or tcp://host:port of a Dask scheduler")
    run.add_argument("--workers", type=int, default=0, help="how many; 0 for all the processors")
    run.add_argument("--batch", type=int, default=1, help="tiles in one task; more for a cluster")
    run.add_argument("--lang", choices=("es", "en"), default="es", help="language of the text")
    run.set_defaults(run=_later("cli.run", "run_city"))
    warmup = commands.add_parser("warmup", help="compile the loops once, so that the first run does not wait")
    warmup.set_defaults(run=_later("cli.run", "warm_up"))
    bench = commands.add_parser("bench", help="the engine beside its rivals: ratios, memory, agreement")
    bench.add_argument("--json", action="store_true", help="one JSON object a row")
    bench.add_argument("--size", choices=("small", "full"), default="small", help="full takes minutes and gigabytes")
    bench.add_argument("--peer", action="store_true", help="beside CLIMADA, which must be installed here")
    bench.add_argument("--only", default="", metavar="TEXT", help="rows whose name holds this text")
    bench.set_defaults(run=_later("cli.bench", "bench"))


def _seismic(options: argparse.Namespace) -> int:
    if options.out:
        refuse_occupied(options.out, SEISMIC, mark="manifest.json", beside=[Path(options.city)])
    city = read_city(options.city)
    bar = Bar(sys.stderr)
    try:
        result = seismic_risk(
            city.reading.faults,
            city.exposure,
            city.vulnerability,
            city.settings,
            retrofit=city.retrofit,
            progress=bar,
        )
    finally:
        bar.close()
    if options.out:
        try:
            write_whole(options.out / "result.json", result.to_json())
            write_whole(options.out / "manifest.json", canonical_bytes(result.manifest))
        except OSError as error:
            raise not_written(options.out, error) from error
    if options.json:
        print(result.to_json().decode("utf-8"))
    else:
        print(_text(city, result, options.lang))
    return 0


def _text(city: City, result: SeismicResult, lang: str) -> str:
    lines = [city.name, plain_sentence(result, lang, city.names), ""]
    worst = sorted(result.by_territory, key=lambda row: (-row.ead_pab.mean, row.code))[:WORST]
    for row in worst:
        name = city.names.get(row.code, row.code)
        share = percent(row.share_of_total)
        lines.append(f"{name:<32} {money(row.ead_pab.mean, lang):>20} {share:>5}")
    lines += ["", *(f"- {getattr(note, lang)}" for note in result.notes if note.kind == "limit")]
    lines.append(f"\n{result.manifest_digest}")
    return "\n".join(lines)


def _faults(options: argparse.Namespace) -> int:
    reading = read_faults_geojson(options.file)
    if options.json:
        print(canonical_bytes([fault.to_json() for fault in reading.faults]).decode("utf-8"))
        return 0
    for fault in reading.faults:
        slip = fault.slip_mm_yr
        print(
            f"{fault.id:<8} {fault.name:<32} {fault.slip_type:<18} {fault.length_km:7.1f} km "
            f"{slip.best:6.2f} mm/yr ({slip.min:.2f}-{slip.max:.2f})"
        )
    print()
    for note in reading.notes:
        print(f"{note.kind:<12} {note.row:<36} {note.field:<18} {getattr(note, options.lang)}")
    return 0


if __name__ == "__main__":  # python -m manglar_engine.cli.main, where no script is installed
    sys.exit(main())
