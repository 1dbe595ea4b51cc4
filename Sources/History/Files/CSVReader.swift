// SPDX-License-Identifier: MIT

/// Reads a table file line by line: text in UTF-8, plain or gzip, with a header, delimited by comma,
/// semicolon or tab, fields quoted where needed.
///
/// The file never sits in memory as a whole. Blank lines are skipped; every other line has as many
/// fields as the header.
public final class CSVReader {
  /// What separates fields.
  public enum Delimiter: String, Sendable, Hashable, CaseIterable {
    /// `,`
    case comma = ","
    /// `;`
    case semicolon = ";"
    /// A tab.
    case tab = "\t"
  }

  /// The path of the file; `-` is standard input.
  public let file: String
  /// What separates fields.
  public let delimiter: Delimiter
  private let names: CSVHeader
  private let input: CompressedInput
  private let parser: CSVParser
  private var rows: CSVRows?
  private var nextIndex = 0
  private var isAtEnd = false

  private static let pieceBytes = 128 * 1_024

  /// Opens a file and reads its header.
  ///
  /// - Parameters:
  ///   - path: the file; `-` is standard input.
  ///   - delimiter: what separates fields; `nil` finds the one that the first line has most of.
  /// - Throws: `cannotOpen`, `empty`, `notText`, `damaged`, `strayQuote`.
  public init(path: String, delimiter: Delimiter? = nil) throws(CSVError) {
    file = path
    input = try CompressedInput(path: path)
    let first = try input.read(limit: Self.pieceBytes)
    let skipped = try Self.checkedStart(of: first, file: path)
    let delimiter = delimiter ?? Self.likelyDelimiter(of: first)
    self.delimiter = delimiter
    parser = CSVParser(delimiter: delimiter.rawValue.utf8.first ?? UInt8(ascii: ","))
    isAtEnd = first.isEmpty
    try Self.parse(first[skipped...], by: parser, file: path)
    rows = parser.takeRows()
    while rows == nil, !isAtEnd {
      (rows, isAtEnd) = try Self.nextRows(of: input, by: parser, file: path)
    }
    guard let rows else { throw CSVError(.empty, file: path) }
    let fields = rows.fields(ofRow: 0)
    var names: [String] = []
    for field in fields {
      guard let name = String(validating: rows.bytes[rows.bytes(ofField: field)], as: UTF8.self)
      else { throw CSVError(.notText("another encoding"), file: path, line: 1) }
      names.append(name)
    }
    self.names = CSVHeader(file: path, names: names)
    nextIndex = 1
  }

  /// The names of the columns.
  public var header: [String] { names.names }

  /// How many bytes of the file on disk are read, and how many it has; 0 where that is not known.
  public var progress: (done: Int, total: Int) { (input.position, input.fileSize) }

  /// The position of a column.
  ///
  /// - Throws: `noColumn` with the nearest name, `repeatedColumn`.
  public func position(of column: String) throws(CSVError) -> Int {
    try names.position(of: column)
  }

  /// The next line, or `nil` at the end.
  ///
  /// - Throws: `fieldCount`, `strayQuote`, `openQuote`, `damaged`.
  public func next() throws(CSVError) -> CSVRow? {
    while true {
      if let rows, nextIndex < rows.count {
        let row = CSVRow(rows: rows, index: nextIndex, header: names)
        nextIndex += 1
        guard row.count == names.names.count else {
          throw CSVError(
            .fieldCount(found: row.count, expected: names.names.count), file: file, line: row.line)
        }
        return row
      }
      guard !isAtEnd else { return nil }
      (rows, isAtEnd) = try Self.nextRows(of: input, by: parser, file: file)
      nextIndex = 0
    }
  }

  private static func nextRows(
    of input: borrowing CompressedInput, by parser: borrowing CSVParser, file: String
  ) throws(CSVError) -> (CSVRows?, isAtEnd: Bool) {
    let piece = try input.read(limit: pieceBytes)
    if piece.isEmpty {
      do throws(CSVParser.Failure) { try parser.finish() } catch {
        throw CSVError(.openQuote, file: file, line: error.line)
      }
    } else {
      try parse(piece[...], by: parser, file: file)
    }
    return (parser.takeRows(), piece.isEmpty)
  }

  private static func parse(
    _ piece: ArraySlice<UInt8>, by parser: borrowing CSVParser, file: String
  ) throws(CSVError) {
    do throws(CSVParser.Failure) { try parser.parse(piece) } catch {
      throw CSVError(error.isOpenQuote ? .openQuote : .strayQuote, file: file, line: error.line)
    }
  }

  /// How many bytes a byte-order mark takes; refuses what is no UTF-8 text.
  private static func checkedStart(of piece: [UInt8], file: String) throws(CSVError) -> Int {
    if piece.starts(with: [0xFF, 0xFE]) || piece.starts(with: [0xFE, 0xFF]) {
      throw CSVError(.notText("UTF-16"), file: file)
    }
    if piece.starts(with: Array("PAR1".utf8)) { throw CSVError(.notText("Parquet"), file: file) }
    if piece.starts(with: Array("PK".utf8)) {
      throw CSVError(.notText("a zip archive or spreadsheet"), file: file)
    }
    if piece.prefix(4_096).contains(0) { throw CSVError(.notText("binary"), file: file) }
    return piece.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  private static func likelyDelimiter(of piece: [UInt8]) -> Delimiter {
    var isQuoted = false
    var counts: [UInt8: Int] = [:]
    for byte in piece {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r"), !counts.isEmpty {
        break
      }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    func count(_ delimiter: Delimiter) -> Int { counts[delimiter.rawValue.utf8.first ?? 0] ?? 0 }
    let most = Delimiter.allCases.max { count($0) < count($1) } ?? .comma
    return count(most) > count(.comma) ? most : .comma
  }
}
