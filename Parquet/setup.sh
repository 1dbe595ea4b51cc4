#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# DuckDB out of its pinned wheel into .deps/, for pems-parquet alone. Needs libpython3.11 (Debian 12).
set -euo pipefail
cd "$(dirname "$0")"
[ -e .deps/duckdb/libduckdb.so ] && exit 0
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
ldconfig -p | grep -q 'libpython3.11.so.1.0' || fail "libpython3.11 is missing: apt-get install libpython3.11"
case "$(uname -m)" in
  x86_64) platform=manylinux_2_28_x86_64
    sha=5a3601121c7cc50d0b70412995634682fafcb58a0156d5d663dfd0b3bbe30a33 ;;
  aarch64) platform=manylinux_2_28_aarch64
    sha=bcdf10dfbc2c1a6bdc5b2a94bba5b15481e552c5745c2af1994617b0eb6bc750 ;;
  *) fail "there is no DuckDB for $(uname -m)" ;;
esac
mkdir -p .deps/wheels .deps/duckdb
python3 -m pip download -q --no-deps --only-binary=:all: --platform "$platform" --python-version 3.11 \
  -d .deps/wheels duckdb==2.0.0 || fail "cannot download the wheel duckdb 2.0.0"
wheel=$(find .deps/wheels -name 'duckdb-2.0.0-*.whl' | head -n 1)
echo "$sha  $wheel" | sha256sum -c --quiet - || { rm -f "$wheel"; fail "duckdb has not the pinned sha256"; }
python3 - "$wheel" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(n for n in archive.namelist() if n.startswith("_duckdb.cpython-311"))
    with open(".deps/duckdb/libduckdb.so", "wb") as library: library.write(archive.read(name))
PY
rm -rf .deps/wheels
