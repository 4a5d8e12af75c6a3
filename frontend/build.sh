#!/bin/sh
# Rebuilds the vendored front end. Needs Node 20 or newer and Python 3.11 with venv.
# Nobody needs this to run Manglar: the result is committed under office/manglar/design.
set -eu
cd "$(dirname "$0")"
npm ci --ignore-scripts
if [ ! -x .venv/bin/python ]; then "${PYTHON:-python3}" -m venv .venv; fi
.venv/bin/python -m pip install --quiet --requirement requirements.txt
.venv/bin/python fonts.py node_modules/@uswds/uswds/dist/fonts/public-sans fonts
node build.mjs
