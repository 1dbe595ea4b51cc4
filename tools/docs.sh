#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Writes the pages that are made from the code.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --product pems
.build/debug/pems devices >docs/devices.md
echo "docs: docs/devices.md"
