// SPDX-License-Identifier: MIT
internal import CModbus
import Foundation

/// One Modbus TCP device. Blocking calls run on a queue of the connection's own, one at a time.
public actor ModbusConnection {
  /// Which table of registers.
  public enum Table: Sendable {
    /// Function 3, writable by function 16.
    case holding
    /// Function 4.
    case input
  }

  private let queue = DeviceQueue("modbus")
  /// The connection's own queue.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  private let device: String
  private let host: String
  private let port: Int
  private let unit: Int
  private let timeout: Duration
  // The actor is the only user; the deinitialiser comes after all of them.
  private nonisolated(unsafe) var context: OpaquePointer?

  /// A connection that is made with the first request.
  ///
  /// - Parameter device: the name that errors show.
  public init(
    device: String, host: String, port: Int = 502, unit: Int = 1,
    timeout: Duration = .milliseconds(1_000)
  ) {
    self.device = device
    self.host = host
    self.port = port
    self.unit = unit
    self.timeout = timeout
  }

  deinit {
    guard let context else { return }
    modbus_close(context)
    modbus_free(context)
  }

  private func connected() throws(DeviceError) -> OpaquePointer {
    if let context { return context }
    guard let made = modbus_new_tcp(host, Int32(port)) else {
      throw .configuration(device: device, "'\(host)' is no address")
    }
    modbus_set_slave(made, Int32(unit))
    let parts = timeout.components
    modbus_set_response_timeout(
      made, UInt32(parts.seconds), UInt32(parts.attoseconds / 1_000_000_000_000))
    guard modbus_connect(made) == 0 else {
      modbus_free(made)
      throw .notConnected(device: device)
    }
    context = made
    return made
  }

  /// Exceptions by which a device refuses a request: MODBUS_ENOBASE + 1 … 11.
  private static let exceptions: ClosedRange<Int32> = 112_345_679...112_345_689

  /// A lost connection is dropped and made again at the next request; a refusal keeps it.
  private func request(_ call: (OpaquePointer) -> Int32) throws(DeviceError) {
    let context = try connected()
    guard call(context) < 0 else { return }
    let code = errno
    let message = String(cString: modbus_strerror(code))
    if Self.exceptions.contains(code) { throw .refused(device: device, message) }
    modbus_close(context)
    modbus_free(context)
    self.context = nil
    throw code == ETIMEDOUT
      ? .timeout(device: device, waitedFor: "an answer over Modbus") : .notConnected(device: device)
  }

  /// Reads registers one after the other; at most 64, which every device allows.
  public func read(
    _ table: Table, at address: Int, count: Int
  ) throws(DeviceError) -> [UInt16] {
    var words = [UInt16](repeating: 0, count: count)
    try request { context in
      switch table {
      case .holding: modbus_read_registers(context, Int32(address), Int32(count), &words)
      case .input: modbus_read_input_registers(context, Int32(address), Int32(count), &words)
      }
    }
    return words
  }

  /// Writes registers in one request.
  public func write(_ words: [UInt16], at address: Int) throws(DeviceError) {
    try request { modbus_write_registers($0, Int32(address), Int32(words.count), words) }
  }

  /// Ends the connection; the next request makes it again.
  public func close() {
    guard let context else { return }
    modbus_close(context)
    modbus_free(context)
    self.context = nil
  }
}
