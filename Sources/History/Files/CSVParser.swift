// SPDX-License-Identifier: MIT
internal import CCSV

/// libcsv's parser: takes bytes in pieces of any size and collects fields and rows.
///
/// Fields are collected one after another, each with a zero byte behind it so that C can read it.
struct CSVParser: ~Copyable {
  private let handle: UnsafeMutablePointer<csv_parser>
  private let collector = Collector()

  /// The parts of the text between the callbacks of libcsv.
  final class Collector {
    var bytes: [UInt8] = []
    /// The position behind each field's zero byte.
    var fieldEnds: [Int] = []
    /// How many fields there are up to the end of each row.
    var rowEnds: [Int] = []
    /// The line each row begins at, counted from 1.
    var rowLines: [Int] = []
    /// The line that the next row begins at.
    var line = 1
    private var newlinesInRow = 0
    private var endedWithReturn = false

    func append(field: UnsafeRawBufferPointer) {
      for byte in field where byte == UInt8(ascii: "\n") { newlinesInRow += 1 }
      bytes.append(contentsOf: field)
      bytes.append(0)
      fieldEnds.append(bytes.count)
    }

    func endRow(terminator: Int32) {
      let isReturn = terminator == Int32(UInt8(ascii: "\r"))
      let hasFields = fieldEnds.count > rowEnds.last ?? 0
      if hasFields {
        rowEnds.append(fieldEnds.count)
        rowLines.append(line)
      }
      // The line feed of a "\r\n" does not begin another line.
      if hasFields || isReturn || !endedWithReturn { line += 1 + newlinesInRow }
      newlinesInRow = 0
      endedWithReturn = isReturn
    }
  }

  /// What stopped the parser.
  struct Failure: Error {
    /// The line it happened in.
    let line: Int
    /// Whether a quoted field was still open at the end.
    let isOpenQuote: Bool
  }

  /// A field longer than this is a quotation mark that is never closed.
  private static let longestFieldBytes = 1_048_576

  init(delimiter: UInt8) {
    handle = .allocate(capacity: 1)
    // Fails only for a null pointer.
    csv_init(handle, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL))
    csv_set_delim(handle, delimiter)
  }

  deinit {
    csv_free(handle)
    handle.deallocate()
  }

  /// Takes the next piece of the text.
  func parse(_ piece: ArraySlice<UInt8>) throws(Failure) {
    let context = Unmanaged.passUnretained(collector).toOpaque()
    let parsed = piece.withUnsafeBytes { buffer in
      csv_parse(handle, buffer.baseAddress, buffer.count, Self.takeField, Self.takeRow, context)
    }
    guard parsed == piece.count else {
      throw Failure(line: collector.line, isOpenQuote: false)
    }
    guard csv_get_buffer_size(handle) <= Self.longestFieldBytes else {
      throw Failure(line: collector.line, isOpenQuote: true)
    }
  }

  /// Ends the text: a last line without a line end becomes a row.
  func finish() throws(Failure) {
    let context = Unmanaged.passUnretained(collector).toOpaque()
    guard csv_fini(handle, Self.takeField, Self.takeRow, context) == 0 else {
      throw Failure(line: collector.line, isOpenQuote: true)
    }
  }

  /// The rows that are complete, which leave the parser; `nil` when there is none.
  func takeRows() -> CSVRows? {
    guard let fieldCount = collector.rowEnds.last else { return nil }
    let byteCount = collector.fieldEnds[fieldCount - 1]
    let restBytes = Array(collector.bytes[byteCount...])
    let restEnds = collector.fieldEnds[fieldCount...].map { $0 - byteCount }
    collector.fieldEnds.removeSubrange(fieldCount...)
    let rows = CSVRows(
      bytes: collector.bytes, fieldEnds: collector.fieldEnds, rowEnds: collector.rowEnds,
      lines: collector.rowLines)
    collector.bytes = restBytes
    collector.bytes.reserveCapacity(rows.bytes.count)
    collector.fieldEnds = restEnds
    collector.fieldEnds.reserveCapacity(rows.fieldEnds.count)
    collector.rowEnds = []
    collector.rowLines = []
    return rows
  }

  private static let takeField:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
      field, length, context in
      guard let context else { return }
      Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
        .append(field: UnsafeRawBufferPointer(start: field, count: length))
    }

  private static let takeRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    terminator, context in
    guard let context else { return }
    Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue().endRow(terminator: terminator)
  }
}

/// Rows as the parser left them, shared by the `CSVRow` values that point into them.
final class CSVRows: Sendable {
  let bytes: [UInt8]
  let fieldEnds: [Int]
  let rowEnds: [Int]
  let lines: [Int]

  init(bytes: [UInt8], fieldEnds: [Int], rowEnds: [Int], lines: [Int]) {
    self.bytes = bytes
    self.fieldEnds = fieldEnds
    self.rowEnds = rowEnds
    self.lines = lines
  }

  var count: Int { rowEnds.count }

  func fields(ofRow row: Int) -> Range<Int> { (row == 0 ? 0 : rowEnds[row - 1])..<rowEnds[row] }

  /// Where the bytes of a field are, without the zero byte behind them.
  func bytes(ofField field: Int) -> Range<Int> {
    (field == 0 ? 0 : fieldEnds[field - 1])..<fieldEnds[field] - 1
  }
}
