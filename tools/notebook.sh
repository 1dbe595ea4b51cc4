#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes up two months of a house, imports them, exports Parquet and runs the example notebook on it.
# Needs `pems` and `pems-parquet` built; pip's packages go into build/notebook/venv.
set -euo pipefail
cd "$(dirname "$0")/.."
pick() { for path in "$@"; do [ -x "$path" ] && { echo "$path"; return; }; done; echo "notebook: build $1 first" >&2; exit 1; }
pems=$(pick .build/release/pems .build/debug/pems)
parquet=$(pick Parquet/.build/release/pems-parquet Parquet/.build/debug/pems-parquet)
out=build/notebook
mkdir -p "$out"
[ -x "$out/venv/bin/jupyter-nbconvert" ] || {
  python3 -m venv --clear --without-pip "$out/venv"  # Debian's venv brings no pip of its own
  python3 -m pip --python "$out/venv/bin/python3" install -q --disable-pip-version-check nbconvert==7.16.6 ipykernel==6.29.5 pandas==2.2.3 pyarrow==19.0.1 matplotlib==3.10.1
}
python3 - > "$out/house.csv" <<'PY'
import datetime, math, random
random.seed(1)
print("time_utc,pv_power_w,load_power_w,grid_power_w,price_spot_czk_per_kwh")
start = datetime.datetime(2026, 3, 1)
for step in range(61 * 96):
    time = start + datetime.timedelta(minutes=15 * step)
    hour = time.hour + time.minute / 60
    sun = 5000 * max(0, math.sin((hour - 5) / 13 * math.pi)) * random.choice([0.3, 0.8, 1]) if 5 < hour < 18 else 0
    load = 350 + 250 * random.random() + (900 if 17 < hour < 21 else 0)
    price = 2.5 + 1.2 * math.sin((hour - 4) / 24 * 4 * math.pi)
    print(f"{time.isoformat()}Z,{sun:.1f},{load:.1f},{load - sun:.1f},{price:.4f}")
PY
rm -f "$out"/house.db*
"$pems" import "$out/house.csv" --store "$out/house.db"
"$parquet" export "$out/house.parquet" --store "$out/house.db"
PEMS_EXPORT=$PWD/$out/house.parquet "$out/venv/bin/jupyter-nbconvert" --to html --execute \
  --output-dir "$out" Examples/notebooks/export.ipynb
