#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what pems builds against, and nothing else:
#   Debian packages (needs root or sudo when one is missing), and the native libraries that only
#   PyPI wheels carry, unpacked into .deps/ (pinned version and sha256, no root). Where the reference
#   material lies beside the project, also a Python for its simulators, in .deps/simulators.
# Safe to run again: it looks first and returns at once when everything is there.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
deps=$root/.deps

packages=(
  libsqlite3-dev libyaml-dev libcsv-dev zlib1g-dev libgomp1 libcurl4-openssl-dev libexpat1-dev
  libmosquitto-dev libmodbus-dev libwebsockets-dev mosquitto
  python3 python3-pip ca-certificates make git
)

fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

require_toolchain() {
  command -v swift >/dev/null || fail "no 'swift' on PATH. Install a Swift 6.2 or newer toolchain and put its usr/bin on PATH."
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  case "$version" in
    6.[01]|[0-5].*) fail "Swift $version is too old: pems needs 6.2 or newer." ;;
  esac
}

install_packages() {
  command -v dpkg-query >/dev/null || fail "this is not a Debian system. Install by hand: ${packages[*]}"
  local missing=() name
  for name in "${packages[@]}"; do
    dpkg-query -W -f '${Status}\n' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  # A Python that was installed in another way serves as well as Debian's own.
  if python3 -m pip --version >/dev/null 2>&1; then
    local kept=()
    for name in "${missing[@]+"${missing[@]}"}"; do
      case "$name" in python3|python3-pip) ;; *) kept+=("$name") ;; esac
    done
    missing=("${kept[@]+"${kept[@]}"}")
  fi
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "missing Debian packages and neither root nor sudo: ${missing[*]}"
    as_root=(sudo)
  fi
  echo "setup: installing ${missing[*]}"
  "${as_root[@]+"${as_root[@]}"}" apt-get -o DPkg::Lock::Timeout=500 -qq update ||
    fail "apt-get update failed. Missing packages: ${missing[*]}"
  "${as_root[@]+"${as_root[@]}"}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=500 -qq install -y --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "apt-get could not install: ${missing[*]}"
}

# wheel NAME VERSION PLATFORM SHA256: downloads into .deps/wheels, verifies, prints the file's path.
wheel() {
  local name=$1 version=$2 platform=$3 sha=$4 file log
  mkdir -p "$deps/wheels"
  file=$(find "$deps/wheels" -maxdepth 1 -name "$name-$version-*.whl" | head -n 1)
  if [ -z "$file" ]; then
    log=$(python3 -m pip download -q --no-deps --only-binary=:all: --platform "$platform" \
      --python-version 3.11 -d "$deps/wheels" "$name==$version" 2>&1) ||
      fail "cannot download the wheel $name $version: $log"
    file=$(find "$deps/wheels" -maxdepth 1 -name "$name-$version-*.whl" | head -n 1)
  fi
  if ! echo "$sha  $file" | sha256sum -c --quiet - >/dev/null 2>&1; then
    rm -f "$file"
    fail "$name $version does not have the pinned sha256 $sha; the download was removed."
  fi
  printf '%s\n' "$file"
}

# unpack WHEEL PREFIX DESTINATION: the files below PREFIX in the wheel.
unpack() {
  python3 - "$@" <<'PY'
import pathlib, sys, zipfile
wheel, prefix, destination = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(prefix) and not name.endswith("/"):
            path = pathlib.Path(destination, name[len(prefix):].lstrip("/") or pathlib.Path(name).name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))
PY
}

# library NAME VERSION PLATFORM SHA256 PREFIX=DESTINATION...: parts of a wheel into .deps/DESTINATION.
library() {
  local name=$1 version=$2 platform=$3 sha=$4 file part
  local mark=$deps/.have-$name-$version
  [ -e "$mark" ] && return 0
  echo "setup: $name $version"
  file=$(wheel "$name" "$version" "$platform" "$sha")
  for part in "${@:5}"; do
    rm -rf "${deps:?}/${part#*=}"
    unpack "$file" "${part%%=*}" "$deps/${part#*=}"
  done
  rm -f "$file"
  touch "$mark"
}

wheels() {
  local highs=highsbox-1.15.1.data/purelib/highsbox/highs_dist=highs
  local lightgbm=lightgbm/lib/lib_lightgbm.so=lightgbm/lib
  # XGBoost looks for its OpenMP runtime beside its own folder.
  local xgboost=xgboost/lib/libxgboost.so=xgboost/lib openmp=xgboost_cpu.libs=xgboost_cpu.libs
  case "$(uname -m)" in
    x86_64)
      library highsbox 1.15.1 manylinux2014_x86_64 \
        17f30d23ef37488467732b45f141146f7c287826a576b4514ae39a8cc4068b28 "$highs"
      library lightgbm 4.7.0 manylinux_2_28_x86_64 \
        d23e922acd891e77212e4d0fbcee9ba973c96dee479491341d05ba595357ebb7 "$lightgbm"
      library xgboost_cpu 3.2.0 manylinux_2_28_x86_64 \
        9c10b1653e1a689bf4094a328144cf3633c9be0e5217a76fbdc2fde6abcb2950 "$xgboost" "$openmp" ;;
    aarch64)
      library highsbox 1.15.1 manylinux2014_aarch64 \
        d1a3c1742d6fae36a3a18e0c7500530e46de5faa1a42dee65677bf0ae80acda3 "$highs"
      library lightgbm 4.7.0 manylinux2014_aarch64 \
        d4529acec5c6fefe4768302a529707d0ead90f6a6f42df694b856212e09695b8 "$lightgbm"
      library xgboost_cpu 3.2.0 manylinux_2_28_aarch64 \
        896b9e2bc52ec0921edf92ddd1cebedf47032e94992b7aca0293524d380ce6e9 "$xgboost" "$openmp" ;;
    *) fail "pems is built for x86-64 and ARM64; this machine is $(uname -m)." ;;
  esac
  library plotly 7.1.0 any \
    dbb7fa18afce40d0a8e80d1bf162eceb3faa0ce5a77fe741ad09a74cf78f53f3 \
    plotly/package_data/plotly.min.js=plotly
}

# A Python of the tests' own, for the simulators of the reference material; only where that lies
# beside the project. Without it those tests are skipped, so that no network is no failure here.
simulator_python() {
  [ -d "$root/../shared/simulators" ] || return 0
  local folder=$deps/simulators log
  "$folder/bin/python3" -c 'import paho.mqtt, pymodbus, tzdata' 2>/dev/null && return 0
  echo "setup: a Python with paho-mqtt, pymodbus and tzdata for the simulators"
  log=$( (python3 -m venv --clear --without-pip "$folder" &&
    python3 -m pip --python "$folder/bin/python3" install -q --no-deps --only-binary=:all: \
      --disable-pip-version-check --require-hashes -r "$root/Tests/Acceptance/requirements.txt") 2>&1) ||
    echo "setup: no Python for the simulators; tests that need them will be skipped: $log" >&2
}

require_toolchain
install_packages
wheels
simulator_python
