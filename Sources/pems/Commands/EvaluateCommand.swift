// SPDX-License-Identifier: MIT
import CommandLineParsing

/// `pems evaluate`: forecasts of the past, scored without knowing what came.
let evaluateCommand = CommandLineCommand(
  "evaluate", "Walk forward through measured series and write forecasts to be scored.",
  commands: [
    evaluateEVCommand,
    evaluateLoadCommand,
    evaluatePVCommand,
    evaluateRoomsCommand,
  ])
