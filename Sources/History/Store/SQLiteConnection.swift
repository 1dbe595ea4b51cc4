// SPDX-License-Identifier: MIT
internal import CSQLite

/// One connection to a database file; one thread at a time.
final class SQLiteConnection {
  /// The path of the file.
  let file: String
  let handle: OpaquePointer

  /// Opens a file, which is created when it is not there and may be written.
  ///
  /// - Parameter busyMilliseconds: how long to wait while another connection writes.
  init(file: String, isReadOnly: Bool, busyMilliseconds: Int) throws(HistoryError) {
    var opened: OpaquePointer?
    let access = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let code = sqlite3_open_v2(file, &opened, access | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened, code == SQLITE_OK else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw .cannotOpen(file: file, reason: reason)
    }
    handle = opened
    self.file = file
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Int32(busyMilliseconds))
  }

  deinit { sqlite3_close_v2(handle) }

  /// Whether a transaction has begun and not ended.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// How many rows the last statement has inserted or updated.
  var changedRows: Int { Int(sqlite3_changes64(handle)) }

  /// Runs statements without results.
  func run(_ sql: String) throws(HistoryError) {
    try check(sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// The number that a statement gives in the first column of its first row.
  func number(_ sql: String) throws(HistoryError) -> Int64 {
    let statement = try SQLiteStatement(self, sql)
    defer { statement.reset() }
    guard try statement.step() else { return 0 }
    return statement.integer(0)
  }

  /// Runs `body` so that all of it is stored or nothing; inside another one it is part of that.
  func transaction<Result, Failure: Error>(
    wrapping wrap: (HistoryError) -> Failure, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard !isInTransaction else { return try body() }
    do { try run("BEGIN IMMEDIATE") } catch { throw wrap(error) }
    do throws(Failure) {
      let result = try body()
      do { try run("COMMIT") } catch { throw wrap(error) }
      return result
    } catch {
      rollBack()
      throw error
    }
  }

  /// A full disk or an I/O error may have ended the transaction already.
  private func rollBack() {
    guard isInTransaction else { return }
    // The failure that led here is the one to report; the rollback happens on closing at the latest.
    try? run("ROLLBACK")
  }

  /// Turns a status code into an error.
  func check(_ code: Int32) throws(HistoryError) {
    switch code & 0xFF {
    case SQLITE_OK, SQLITE_ROW, SQLITE_DONE: return
    default: throw error(code)
    }
  }

  private func error(_ code: Int32) -> HistoryError {
    let reason = String(cString: sqlite3_errmsg(handle))
    return switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: .busy(file: file)
    case SQLITE_FULL: .full(file: file)
    case SQLITE_READONLY: .readOnly(file: file)
    case SQLITE_NOTADB: .notAStore(file: file, reason: "something else (\(reason))")
    case SQLITE_CORRUPT: .corrupt(file: file, reason: reason)
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .cannotOpen(file: file, reason: reason)
    default: .failed(file: file, reason: "\(reason), SQLite code \(code)")
    }
  }
}

/// A prepared statement.
final class SQLiteStatement {
  private let connection: SQLiteConnection
  private let handle: OpaquePointer

  init(_ connection: SQLiteConnection, _ sql: String) throws(HistoryError) {
    var prepared: OpaquePointer?
    try connection.check(
      sqlite3_prepare_v3(
        connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil))
    guard let prepared else { throw .failed(file: connection.file, reason: "an empty statement") }
    self.connection = connection
    handle = prepared
  }

  deinit { sqlite3_finalize(handle) }

  /// Gives the parameter at `index`, counted from 1, its value.
  func bind(_ index: Int32, _ value: Int64) throws(HistoryError) {
    try connection.check(sqlite3_bind_int64(handle, index, value))
  }

  /// Gives the parameter at `index`, counted from 1, its value.
  func bind(_ index: Int32, _ value: Double) throws(HistoryError) {
    try connection.check(sqlite3_bind_double(handle, index, value))
  }

  /// Gives the parameter at `index`, counted from 1, its value.
  func bind(_ index: Int32, _ value: String) throws(HistoryError) {
    try connection.check(shim_bind_text(handle, index, value, Int32(value.utf8.count)))
  }

  /// Goes to the next row; `false` at the end, when the statement can be run anew.
  func step() throws(HistoryError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    try connection.check(code)
    return false
  }

  /// Ends a run before its last row.
  func reset() { sqlite3_reset(handle) }

  /// The value of a column of the row, counted from 0.
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// The value of a column of the row, counted from 0.
  func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// Whether a column of the row is empty.
  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// The value of a column of the row, counted from 0.
  func text(_ column: Int32) -> String {
    sqlite3_column_text(handle, column).map { String(cString: $0) } ?? ""
  }
}
