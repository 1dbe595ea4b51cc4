// SPDX-License-Identifier: MIT

/// The tables of the store, and how a file of an older version becomes one of this version.
struct StoreSchema {
  /// `PRAGMA application_id` of the file, the letters "pems".
  static let applicationID: Int64 = 0x7065_6D73

  /// What turns version n − 1 into version n, at position n − 1. A step that was released is never
  /// changed; a new version is a new step.
  let migrations: [String]

  /// The tables of this program.
  ///
  /// A series is one contiguous piece of the file because the rows lie in the order of their key.
  /// `t` is in milliseconds since 1970, UTC. `copied` tells how far a signal was copied out of
  /// another store, from the beginning that was asked for to the last reading that was found.
  static let current = StoreSchema(migrations: [
    """
    CREATE TABLE signal(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE sample(
      signal INTEGER NOT NULL REFERENCES signal(id), t INTEGER NOT NULL, v REAL NOT NULL,
      PRIMARY KEY(signal, t)) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE copied(
      source TEXT NOT NULL, signal TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
      PRIMARY KEY(source, signal)) STRICT, WITHOUT ROWID;
    """,
  ])

  /// The version that `migrations` lead to.
  var version: Int { migrations.count }

  /// Checks that the file is a store of a version this program can read.
  func checkReadable(_ connection: SQLiteConnection) throws(HistoryError) {
    let found = try checkedVersion(connection)
    guard found > 0 else { throw .notAStore(file: connection.file, reason: "an empty file") }
    guard found == version else {
      throw .olderVersion(file: connection.file, found: found, supported: version)
    }
  }

  /// Makes the tables in a new file, or brings those of an older version up to date.
  func prepare(_ connection: SQLiteConnection) throws(HistoryError) {
    if try checkedVersion(connection) == version { return }
    try connection.transaction(wrapping: { $0 }) { () throws(HistoryError) in
      // Another program may have done it while this one waited for the lock.
      let found = try checkedVersion(connection)
      for migration in migrations.dropFirst(found) { try connection.run(migration) }
      try connection.run("PRAGMA application_id = \(Self.applicationID)")
      try connection.run("PRAGMA user_version = \(version)")
    }
  }

  /// The version of the file; 0 when it is new.
  private func checkedVersion(_ connection: SQLiteConnection) throws(HistoryError) -> Int {
    let isEmpty = try connection.number("SELECT count(*) FROM sqlite_schema") == 0
    let application = try connection.number("PRAGMA application_id")
    guard isEmpty || application == Self.applicationID else {
      throw .notAStore(file: connection.file, reason: "a database of another program")
    }
    let found = Int(try connection.number("PRAGMA user_version"))
    guard found <= version else {
      throw .newerVersion(file: connection.file, found: found, supported: version)
    }
    return found
  }
}
