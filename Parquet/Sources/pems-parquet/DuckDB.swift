// SPDX-License-Identifier: MIT
internal import CDuckDB

/// DuckDB in memory: one connection that belongs to one task.
final class DuckDB {
  /// DuckDB refused a statement; its own words.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private var database: duckdb_database?
  private var connection: duckdb_connection?

  init() throws(Failure) {
    var message: UnsafeMutablePointer<CChar>?
    guard duckdb_open_ext(nil, &database, nil, &message) == 0 else {
      defer { duckdb_free(message) }
      throw Failure(description: message.map { String(cString: $0) } ?? "DuckDB cannot start")
    }
    guard duckdb_connect(database, &connection) == 0 else {
      throw Failure(description: "DuckDB gives no connection")
    }
  }

  deinit {
    duckdb_disconnect(&connection)
    duckdb_close(&database)
  }

  /// Runs statements whose rows nobody wants.
  func run(_ sql: String) throws(Failure) {
    var result = duckdb_result()
    defer { duckdb_destroy_result(&result) }
    guard duckdb_query(connection, sql, &result) == 0 else {
      let words = duckdb_result_error(&result).map { String(cString: $0) }
      throw Failure(description: words ?? "DuckDB failed")
    }
  }

  /// A text as a literal of SQL.
  static func literal(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
