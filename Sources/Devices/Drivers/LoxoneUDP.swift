// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// The datagrams of a Loxone Miniserver: its logger's lines in, values for virtual inputs out.
public actor LoxoneUDP: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "loxone_udp", title: "Loxone Miniserver: logger lines in, virtual UDP inputs out",
    transport: .udp, capabilities: [.roomTemperatures, .outdoorTemperature],
    options: [
      .init("listen_port", .number(1...65_535, unit: "", default: 2_000), "Where lines come in."),
      .init("rooms", .rooms, "The Miniserver's name of each room; without it, pems' own names."),
      .init(
        "outdoor_name", .text(default: "temperature_outside"), "The name of the outdoor reading."),
      .init("send_host", .text(default: ""), "Where values go; nothing is sent without it."),
      .init("send_port", .number(1...65_535, unit: "", default: 4_000), "The port they go to."),
      .init("send_seconds", .number(1...600, unit: "s", default: 30), "How often they go."),
    ],
    remarks: [
      "A line is `time;name;value;room;type;tag1;tag2`, in the site's time; of the hour that comes"
        + " twice in autumn the one nearer to the arrival counts. A time more than ten minutes off"
        + " is not believed: the line counts when it comes.",
      "Values go out as `soc=55;pv=1200;grid=-300;load=900;battery=0`.",
    ],
    withoutPems: "It only tells.")

  /// None: it only tells.
  public nonisolated let targets: [CommandTarget] = []
  /// None.
  public nonisolated let lease: Duration? = nil
  private let context: DriverContext
  private let rooms: [String: String]
  private var socket: DatagramSocket?
  private var sender: Task<Void, Never>?

  /// A driver of a configured Miniserver.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    let given = context.settings.rooms("rooms")
    let names =
      given.isEmpty
      ? Dictionary(uniqueKeysWithValues: context.home.rooms.map { ($0.name, $0.name) })
      : given
    rooms = Dictionary(names.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Listens, and sends values now and then.
  public func start() {
    let settings = context.settings
    guard
      let socket = DatagramSocket(
        port: settings.integer("listen_port") ?? 2_000,
        receive: { [weak self] text in
          guard let line = LoxoneLine(text), let self else { return }
          Task { await self.receive(line) }
        })
    else {
      context.notice(
        .alert(
          device: settings.name,
          "cannot listen on UDP port \(settings.integer("listen_port") ?? 0); is it taken?"))
      return
    }
    self.socket = socket
    guard !settings.text("send_host").isEmpty else { return }
    let period = Duration.seconds(settings.number("send_seconds") ?? 30)
    sender = Task { [weak self] in
      while !Task.isCancelled {
        await self?.send()
        try? await Task.sleep(for: period)  // ends when it is cancelled
      }
    }
  }

  /// Listens no more.
  public func stop() {
    sender?.cancel()
    socket?.close()
  }

  private func receive(_ line: LoxoneLine) {
    let time = line.time(arrivedAt: context.now(), calendar: context.home.site.calendar)
    if line.name == context.settings.text("outdoor_name") {
      context.board.post { $0.outdoorTemperature = Reading(Celsius(line.value), at: time) }
    } else if line.type == "temperature", let room = rooms[line.room] {
      context.board.post { $0.roomTemperatures[room] = Reading(Celsius(line.value), at: time) }
    }
  }

  private func send() {
    let snapshot = context.board.snapshot(at: context.now())
    var values: [(String, Double)] = []
    func add<Value: Quantity>(_ key: String, _ reading: Reading<Value>?, _ scale: Double = 1) {
      guard let reading, reading.isFresh(at: snapshot.time, maximumAge: .seconds(300)) else {
        return
      }
      values.append((key, reading.value.rawValue * scale))
    }
    add("soc", snapshot.batteryStateOfCharge, 100)
    add("pv", snapshot.pvPower)
    add("grid", snapshot.gridPower)
    add("load", snapshot.baseLoadPower)
    add("battery", snapshot.batteryPower)
    guard !values.isEmpty else { return }
    let text = values.map { "\($0)=\(String(format: "%g", $1))" }.joined(separator: ";")
    socket?.send(
      text, to: context.settings.text("send_host"),
      port: context.settings.integer("send_port") ?? 4_000)
  }

  /// Refuses: it only tells.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    throw .refused(device: context.settings.name, "it carries nothing out")
  }

  /// Nothing to hand back.
  public func handBack() async throws(DeviceError) {}
}
