// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import History

@Suite("SQLite store in trouble")
struct SQLiteFailureTests {
  let folder: TemporaryFolder
  let always = Date.distantPast..<Date.distantFuture

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path("history.db") }

  func samples(_ count: Int) -> [Sample] {
    (0..<count).map { Sample(time: Date(milliseconds: Int64($0) * 900_000), value: Double($0) / 3) }
  }

  func openFailure(
    _ access: SQLiteHistory.Access, schema: StoreSchema = .current
  ) -> HistoryError? {
    #expect(throws: HistoryError.self) {
      try SQLiteHistory(file: path, access: access, schema: schema)
    }
  }

  @Test("names the file that is not there")
  func missing() {
    #expect(openFailure(.reading) == .missing(file: path))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("cannot make a store in a folder that is not there")
  func noFolder() {
    let path = folder.path("none/history.db")
    let error = #expect(throws: HistoryError.self) {
      try SQLiteHistory(file: path, access: .writing)
    }
    guard case .cannotOpen = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
  }

  @Test(
    "leaves a file alone that is no database", arguments: [SQLiteHistory.Access.reading, .writing])
  func notADatabase(access: SQLiteHistory.Access) throws {
    let content = Data(String(repeating: "a,b\n1,2\n", count: 1_000).utf8)
    try content.write(to: URL(filePath: path))
    guard case .notAStore = openFailure(access) else { return #expect(Bool(false)) }
    #expect(try Data(contentsOf: URL(filePath: path)) == content)
  }

  @Test(
    "leaves the database of another program alone",
    arguments: [SQLiteHistory.Access.reading, .writing])
  func foreignDatabase(access: SQLiteHistory.Access) throws {
    try SQLiteConnection(file: path, isReadOnly: false, busyMilliseconds: 0)
      .run("CREATE TABLE states(id INTEGER); PRAGMA user_version = 1")
    let content = try Data(contentsOf: URL(filePath: path))
    #expect(openFailure(access) == .notAStore(file: path, reason: "a database of another program"))
    #expect(try Data(contentsOf: URL(filePath: path)) == content)
  }

  @Test("does not take an empty file for a store to read")
  func emptyFile() throws {
    try Data().write(to: URL(filePath: path))
    #expect(openFailure(.reading) == .notAStore(file: path, reason: "an empty file"))
  }

  @Test("says that a damaged store is damaged")
  func corrupt() throws {
    try SQLiteHistory(file: path, access: .writing).store(samples(20_000), for: .pvPower)
    var content = try Data(contentsOf: URL(filePath: path))
    for index in 3 * 4_096..<content.count { content[index] = 0xA5 }
    try content.write(to: URL(filePath: path))
    let error = #expect(throws: HistoryError.self) {
      try SQLiteHistory(file: path, access: .reading).samples(of: .pvPower, in: always)
    }
    guard case .corrupt = error else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test("says that the store is locked, and that trying again can help")
  func busy() throws {
    let first = try SQLiteHistory(file: path, access: .writing)
    let second = try SQLiteHistory(file: path, access: .writing, patience: .zero)
    try first.connection.run("BEGIN IMMEDIATE")
    let error = #expect(throws: HistoryError.self) { try second.store(samples(1), for: .pvPower) }
    #expect(error == .busy(file: path))
    #expect(error?.isTransient == true)
    try first.connection.run("ROLLBACK")
    try second.store(samples(1), for: .pvPower)
  }

  @Test("does not write through a store that was opened for reading")
  func readOnly() throws {
    try SQLiteHistory(file: path, access: .writing).store(samples(3), for: .pvPower)
    let reader = try SQLiteHistory(file: path, access: .reading)
    let error = #expect(throws: HistoryError.self) { try reader.store(samples(5), for: .pvPower) }
    #expect(error == .readOnly(file: path))
  }

  /// The store may have 4, 5, 6 … pages, so that each write of a page fails once.
  @Test("stores all or nothing whichever page the disk is full at")
  func fullDisk() throws {
    var failures = 0
    for pages in 4...80 {
      try? FileManager.default.removeItem(atPath: path)
      try SQLiteHistory(file: path, access: .writing).store(samples(2), for: .loadPower)
      let limited = try SQLiteHistory(
        file: path, access: .writing, schema: .current, pageLimit: pages)
      do throws(HistoryError) {
        try limited.store(samples(10_000), for: .pvPower)
        #expect(try limited.samples(of: .pvPower, in: always) == samples(10_000))
        #expect(failures > 20)
        return
      } catch {
        failures += 1
        #expect(error == .full(file: path))
      }
      #expect(try limited.signals().map(\.signal) == [.loadPower])
      #expect(try limited.samples(of: .loadPower, in: always) == samples(2))
      try limited.store(samples(3), for: .loadPower)
    }
    Issue.record("the store never had room")
  }

  let current = StoreSchema.current.version

  static let nextVersion = StoreSchema(
    migrations: StoreSchema.current.migrations + [
      "ALTER TABLE signal ADD COLUMN note TEXT; UPDATE signal SET note = 'from ' || name;"
    ])

  @Test("brings a store of an older version up to date and keeps its readings")
  func migration() throws {
    try SQLiteHistory(file: path, access: .writing).store(samples(3), for: .pvPower)
    #expect(
      openFailure(.reading, schema: Self.nextVersion)
        == .olderVersion(file: path, found: current, supported: current + 1))
    let migrated = try SQLiteHistory(file: path, access: .writing, schema: Self.nextVersion)
    #expect(try migrated.samples(of: .pvPower, in: always) == samples(3))
    #expect(try migrated.connection.number("SELECT note = 'from pv_power_w' FROM signal") == 1)
    #expect(try migrated.connection.number("PRAGMA user_version") == Int64(current + 1))
  }

  @Test(
    "leaves a store of a newer version alone", arguments: [SQLiteHistory.Access.reading, .writing])
  func newerVersion(access: SQLiteHistory.Access) throws {
    _ = try SQLiteHistory(file: path, access: .writing, schema: Self.nextVersion)
    #expect(
      openFailure(access)
        == .newerVersion(file: path, found: current + 1, supported: current))
  }

  @Test("leaves a store as it was when bringing it up to date fails in the middle")
  func failedMigration() throws {
    try SQLiteHistory(file: path, access: .writing).store(samples(3), for: .pvPower)
    let broken = StoreSchema(
      migrations: StoreSchema.current.migrations + ["DELETE FROM sample; SELECT nothing;"])
    guard case .failed = openFailure(.writing, schema: broken) else { return #expect(Bool(false)) }
    let store = try SQLiteHistory(file: path, access: .reading)
    #expect(try store.samples(of: .pvPower, in: always) == samples(3))
  }

  @Test("each error says the file and what to do")
  func descriptions() {
    let errors: [HistoryError] = [
      .missing(file: path), .cannotOpen(file: path, reason: "r"), .full(file: path),
      .notAStore(file: path, reason: "r"), .corrupt(file: path, reason: "r"), .busy(file: path),
      .readOnly(file: path), .newerVersion(file: path, found: 2, supported: 1),
      .olderVersion(file: path, found: 1, supported: 2),
    ]
    for error in errors {
      #expect(error.description.hasPrefix(path + ": "))
      #expect(error.description.contains(";"), "what to do: \(error)")
    }
  }
}
