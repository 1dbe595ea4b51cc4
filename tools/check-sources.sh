#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The rules of the house plan and the style guide that the compiler does not know. They are written
# once, in Tests/ArchitectureTests, where each of them is tested against an example that breaks it.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --build-tests
swift test --skip-build --filter ArchitectureTests
