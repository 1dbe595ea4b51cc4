// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// A progress bar for each of several things that go on side by side, and one for all of them.
///
/// Drawn on the error output of a terminal, at most ten times a second; nothing elsewhere.
final class ProgressBars: Sendable {
  /// How many of those under way are shown.
  private static let shownAtOnce = 8
  private static let width = 30

  private struct State {
    var shares: [String: Double]
    var drawnLines = 0
    var nextDrawing = ContinuousClock.now
  }

  private let names: [String]
  private let state: Mutex<State>

  /// Bars that are all at zero.
  init(_ names: [String]) {
    self.names = names
    state = Mutex(State(shares: [:]))
  }

  /// Moves a bar to a share, 0…1.
  func show(_ name: String, share: Double) {
    guard Terminal.isInteractive else { return }
    state.withLock { state in
      state.shares[name] = share
      guard ContinuousClock.now >= state.nextDrawing else { return }
      state.nextDrawing = ContinuousClock.now + .milliseconds(100)
      draw(&state)
    }
  }

  /// Draws the end and goes on below.
  func finish() {
    guard Terminal.isInteractive else { return }
    state.withLock { draw(&$0) }
  }

  private func draw(_ state: inout State) {
    let underWay = names.filter { (0..<1).contains(state.shares[$0] ?? 1) }
    let done = names.reduce(0) { $0 + (state.shares[$1] ?? 0) }
    var lines = underWay.prefix(Self.shownAtOnce).map {
      Self.bar($0, state.shares[$0] ?? 0)
    }
    lines.append(Self.bar("all \(names.count)", done / Double(max(1, names.count))))
    // Back to the first line of the last drawing, and every line is cleared before it is written.
    var text = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A" : ""
    let count = max(lines.count, state.drawnLines)
    for index in 0..<count {
      text += "\r\u{1B}[K" + (index < lines.count ? lines[index] : "") + "\n"
    }
    state.drawnLines = count
    FileHandle.standardError.write(Data(text.utf8))
  }

  private static func bar(_ name: String, _ share: Double) -> String {
    let filled = min(width, Int(share * Double(width)))
    return name.padding(toLength: 28, withPad: " ", startingAt: 0) + " "
      + String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
      + String(format: " %3.0f %%", share * 100)
  }
}
