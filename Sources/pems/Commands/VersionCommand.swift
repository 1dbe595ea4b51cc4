// SPDX-License-Identifier: MIT
import CommandLineParsing

/// The version of this program.
let pemsVersion = "0.1.0"

/// `pems version`.
let versionCommand = CommandLineCommand(
  "version", "Print the version.", examples: ["pems version"],
  run: { _ in
    print("pems \(pemsVersion)")
    return ExitCode.done
  })
