#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the benchmarks, all or those named: tools/bench.sh [NAME …]. The references they are measured
# against, which pems itself never needs, are put into .deps/references first.
set -euo pipefail
cd "$(dirname "$0")/.."
references=$PWD/.deps/references
pvlib=0.16.1

if ! PYTHONPATH=$references python3 -c "import pvlib; assert pvlib.__version__ == '$pvlib'" 2>/dev/null; then
  rm -rf "$references"
  python3 -m pip install -q --root-user-action=ignore --target "$references" "pvlib==$pvlib" || {
    echo "bench: pvlib $pvlib cannot be installed; the sun is timed without its reference" >&2
    rm -rf "$references"
  }
fi
if [ -d "$references" ]; then
  export PEMS_PVLIB_PYTHON=python3 PYTHONPATH=$references
fi
swift run -c release --package-path Benchmarks benchmarks "$@"
