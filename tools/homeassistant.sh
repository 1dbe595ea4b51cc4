#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs pems against a real Home Assistant 2024.3.3 out of PyPI, in an environment of its own that is made
# once (about two minutes; needs Python 3.11). HA_VENV names a ready one, PEMS_SIMULATOR_PYTHON another
# Python with paho-mqtt than the one that `make setup` made.
set -euo pipefail
cd "$(dirname "$0")/.."
freeze=../shared/simulators/homeassistant/requirements-ha-2024.3.3-py311.txt
[ -f "$freeze" ] || { echo "homeassistant: no reference material beside the project: $freeze" >&2; exit 1; }
if [ -z "${HA_VENV:-}" ]; then
  HA_VENV=$PWD/build/homeassistant
  if [ ! -x "$HA_VENV/bin/hass" ]; then
    python3.11 -m venv "$HA_VENV"
    "$HA_VENV/bin/pip" install --quiet --requirement "$freeze"
  fi
fi
export HA_VENV
python=${PEMS_SIMULATOR_PYTHON:-.deps/simulators/bin/python3}
[ -x "$(command -v "$python")" ] || python=python3
exec "$python" Tests/Acceptance/homeassistant.py
