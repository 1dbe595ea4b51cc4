// SPDX-License-Identifier: MIT
import Control
import Foundation
import TestSupport
import Testing

@testable import pems

@Suite("The state of a running pems")
struct RunStateTests {
  @Test("comes back as it was written; none yet is a new one and no damage")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let file = RunStateFile(folder: folder.path("state"))
    var problems: [String] = []
    #expect(file.read { problems.append($0) } == RunState())
    #expect(file.readRooms { problems.append($0) } == nil)
    var state = RunState()
    state.isStopped = true
    state.isRunning = true
    try file.write(state)
    #expect(file.read { problems.append($0) } == state)
    #expect(problems == [])
  }

  @Test(
    "a damaged file is told with its name",
    arguments: ["", "{", #"{"isRunning":true}"#, #"{"overrides":1,"isRunning":true}"#])
  func damaged(text: String) throws {
    let folder = try TemporaryFolder()
    let file = RunStateFile(folder: folder.url.path)
    for name in ["state.json", "rooms.json"] {
      try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    }
    var problems: [String] = []
    #expect(file.read { problems.append($0) } == RunState())
    #expect(file.readRooms { problems.append($0) } == nil)
    #expect(problems.count == 2)
    #expect(problems.first?.contains("state.json") == true)
    #expect(problems.last?.contains("rooms.json") == true)
  }
}
