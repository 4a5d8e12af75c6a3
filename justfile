# Órdenes de desarrollo: las mismas que ejecuta la integración continua. «just» sin nada las lista.
set shell := ["sh", "-cu"]
python := env("MANGLAR_PYTHON", justfile_directory() / ".venv/bin/python")
bin := parent_directory(python)

_list:
    @just --list

# Todo lo que debe pasar antes de entregar
all: check engine test test-postgres browser

# Formato, estilo, tipos, muros de la casa; no cambia nada
check: lint types contracts catalogues
    cd office && {{python}} -m pytest tests/architecture -q -p no:randomly

lint:
    cd office && {{bin}}/ruff check manglar tests ../tools ../start.py
    cd engine && {{bin}}/ruff check .
    {{bin}}/djade --check $(git ls-files 'office/manglar/*.html')

types:
    cd office && {{bin}}/mypy manglar
    cd engine && {{bin}}/mypy manglar_engine

# Los catálogos de traducción están completos y compilados
catalogues:
    {{python}} tools/messages.py --check

contracts:
    cd office && {{bin}}/lint-imports
    cd engine && {{bin}}/lint-imports

# Arregla lo que una máquina puede arreglar
fix:
    cd office && {{bin}}/ruff check --fix manglar tests ../tools ../start.py
    {{bin}}/djade $(git ls-files 'office/manglar/*.html') || true

# Rápidas: SQLite, sin navegador (menos de 3 minutos)
test *args:
    cd office && {{python}} -m pytest -n 2 -m "not browser" {{args}}

# Las mismas sobre PostgreSQL
test-postgres *args:
    cd office && {{python}} ../tools/with_postgres.py {{python}} -m pytest -n 2 -m "not browser" {{args}}

test-both: test test-postgres

# En un navegador de verdad
browser *args:
    cd office && {{python}} -m pytest -m browser {{args}}

# Un recorrido con fotografías: just journeys walk
journeys name:
    cd office && {{python}} -m pytest -m browser tests/journeys/test_{{name}}.py -rP

# Lighthouse en las diez páginas principales, la mediana de cinco: pide node y npm
lighthouse:
    cd office && MANGLAR_LIGHTHOUSE_RUNS=5 {{python}} -m pytest -m browser tests/journeys/test_lighthouse.py -rP

# El motor solo, donde no hay Django
engine *args:
    cd engine && {{python}} -m pytest -n 2 {{args}}

# El motor sobre un planificador de Dask con dos trabajadores, uno de los cuales muere
engine-cluster *args:
    cd engine && {{python}} -m pytest -m cluster {{args}}

# El motor con cien mil eventos: minutos, con su memoria medida
engine-large *args:
    cd engine && {{python}} -m pytest -m large -rP {{args}}

# Las figuras de docs/method, hechas por el motor
figures:
    {{python}} tools/method_figures.py

# La referencia del motor, hecha de lo que dicen sus nombres públicos
reference:
    {{python}} tools/engine_reference.py

# La rueda del motor, sola en un entorno nuevo: el tutorial y lo que tarda en importarse
engine-wheel:
    {{python}} tools/engine_wheel.py

# La fotografía del README
screenshot:
    cd office && {{python}} ../tools/screenshot.py

# La búsqueda con 20,000 registros: consultas por página y milisegundos
bench-search:
    cd office && {{python}} ../tools/search_bench.py

bench-search-postgres:
    cd office && {{python}} ../tools/with_postgres.py {{python}} ../tools/search_bench.py

# El candado de dependencias
lock:
    {{bin}}/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements/run.in -o requirements/run.txt
    {{bin}}/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -c requirements/run.txt requirements/dev.in -o requirements/dev.txt

# Catálogos de traducción: lee los mensajes del código, renueva los .po y compila los .mo
messages:
    {{python}} tools/messages.py

# Cada página medida en la ciudad de prueba, en las dos bases: just bench pages [--size small --check]
bench name *args:
    {{python}} tools/bench_{{name}}.py {{args}}
