// SPDX-License-Identifier: MIT
import TimeSeries

/// A record without its faults: complete inputs, and per room which readings may be believed.
struct CleanedRecord: Sendable {
  /// One room, ready for the kernels.
  struct Room: Sendable {
    let name: String
    /// °C, gaps filled by straight lines (only ``usable`` steps are ever compared with a model).
    let temperature: [Double]
    /// Whether the reading is there and plausible.
    var usable: [Bool]
    /// Steps in which a window seems open: the reading is right, the model cannot be.
    let windowOpen: [Bool]
    /// Share of full heat; ``fullHeat`` is its unit.
    let heat: [Double]
    /// 99 % quantile of heat when on: kW, or K for water; 0 when never heated.
    let fullHeat: Double
    /// Whether ``fullHeat`` is a power.
    let heatIsPower: Bool
  }

  let stepHours: Double
  let outdoor: [Double]
  /// kW/m².
  let irradiances: [[Double]]
  var rooms: [Room]
  /// sin, cos, sin 2, cos 2 of the local hour.
  let waves: [[Double]]
  let diagnostics: [Diagnostic]

  var count: Int { outdoor.count }
  var stepsPerHour: Double { 1 / stepHours }

  /// The first steps of the record alone.
  func prefix(_ count: Int) -> CleanedRecord {
    CleanedRecord(
      stepHours: stepHours, outdoor: Array(outdoor.prefix(count)),
      irradiances: irradiances.map { Array($0.prefix(count)) },
      rooms: rooms.map { room in
        Room(
          name: room.name, temperature: Array(room.temperature.prefix(count)),
          usable: Array(room.usable.prefix(count)),
          windowOpen: Array(room.windowOpen.prefix(count)), heat: Array(room.heat.prefix(count)),
          fullHeat: room.fullHeat, heatIsPower: room.heatIsPower)
      }, waves: waves.map { Array($0.prefix(count)) }, diagnostics: diagnostics)
  }

  /// Steps of some hours, at least one.
  func steps(ofHours hours: Double) -> Int { max(1, Int((hours / stepHours).rounded())) }
}

extension CleanedRecord {
  /// Rooms change by less in a quarter of an hour, except at the sensor.
  private static let largestJumpKelvins = 2.0
  /// A sensor that repeats a number for longer is taken for stuck, unless its resolution is coarse.
  private static let stuckHours = 12.0
  /// A fall this fast with the heater on has an open window as its likely cause (K/h).
  private static let windowFallPerHour = 1.5
  /// Temperatures no room and no weather here has.
  private static let plausibleRoom = -5.0...45.0
  private static let plausibleOutdoor = -45.0...50.0

  /// Finds and masks faults, fills the inputs.
  init(_ record: HouseRecord) {
    let hours = record.grid.stepHours
    var diagnostics: [Diagnostic] = []
    stepHours = hours
    let outdoorReadings = record.outdoor.values.map { value -> Double? in
      value.flatMap { Self.plausibleOutdoor.contains($0.rawValue) ? $0.rawValue : nil }
    }
    outdoor = Self.filled(outdoorReadings) ?? Array(repeating: 0, count: record.grid.count)
    Self.note(outdoorReadings, "outdoor temperature", &diagnostics)
    irradiances = record.irradiances.map { series in
      Self.filled(series.values.map { $0.map { max(0, $0.rawValue) / 1_000 } })
        ?? Array(repeating: 0, count: record.grid.count)
    }
    waves = (0..<4).map { wave in
      record.localHours.map { DailyGainProfile.waves(atLocalHour: $0)[wave] }
    }
    var rooms: [Room] = []
    for room in record.rooms { rooms.append(Self.clean(room, hours, &diagnostics)) }
    self.rooms = rooms
    self.diagnostics = diagnostics
  }

  private static func clean(
    _ room: HouseRecord.Room, _ hours: Double, _ diagnostics: inout [Diagnostic]
  ) -> Room {
    var readings = room.temperature.values.map { value -> Double? in
      value.flatMap { plausibleRoom.contains($0.rawValue) ? $0.rawValue : nil }
    }
    let jumps = removeJumps(&readings, hours)
    let stuck = removeStuck(&readings, hours)
    if jumps > 0 {
      diagnostics.append(
        Diagnostic(
          .note, subject: room.name,
          message: "\(jumps) readings jump by more than \(largestJumpKelvins) K and are left out"))
    }
    if stuck > 0 {
      diagnostics.append(
        Diagnostic(
          .warning, subject: room.name,
          message: "the sensor repeats one number for \(Int(Double(stuck) * hours)) h in all; "
            + "those readings are left out, check the sensor"))
    }
    note(readings, room.name, &diagnostics)
    let (heat, full, isPower) = heat(of: room)
    let usable = readings.map { $0 != nil }
    let temperature = filled(readings) ?? Array(repeating: 20, count: readings.count)
    let open = windowEvents(temperature, usable, heat, hours)
    let openSteps = open.count { $0 }
    if openSteps > 0 {
      diagnostics.append(
        Diagnostic(
          .note, subject: room.name,
          message: "windows seem open for \(Int(Double(openSteps) * hours)) h in all"))
    }
    return Room(
      name: room.name, temperature: temperature, usable: usable, windowOpen: open, heat: heat,
      fullHeat: full, heatIsPower: isPower)
  }

  /// Heat as a share of full heat; negative readings and counter jumps count as missing.
  private static func heat(
    of room: HouseRecord.Room
  ) -> (share: [Double], full: Double, isPower: Bool) {
    let (values, isPower): ([Double?], Bool) =
      switch room.heating {
      case .power(let series): (series.values.map { $0.map { $0.rawValue / 1_000 } }, true)
      case .supply(let series): (series.values.map { $0.map(\.rawValue) }, false)
      case .none: ([], false)
      }
    let positive = values.compactMap { $0 }.filter { $0 > 1e-6 }
    guard let typical = quantile(positive, 0.99), typical > 0 else {
      return (Array(repeating: 0, count: room.temperature.grid.count), 0, isPower)
    }
    // A counter that jumps shows a step many times above everything else.
    let limit = 3 * (quantile(positive, 0.9) ?? typical)
    let believed = values.map { value -> Double? in
      value.flatMap { $0 >= -1e-6 && $0 <= limit ? max(0, $0) : nil }
    }
    let full = quantile(believed.compactMap { $0 }.filter { $0 > 1e-6 }, 0.99) ?? typical
    return (believed.map { ($0 ?? 0) / full }, full, isPower)
  }

  /// Single readings far from both neighbours' level.
  private static func removeJumps(_ readings: inout [Double?], _ hours: Double) -> Int {
    let limit = largestJumpKelvins * max(1, (hours / 0.25).squareRoot())
    var removed = 0
    for index in readings.indices.dropFirst().dropLast() {
      guard let before = readings[index - 1], let value = readings[index],
        let after = readings[index + 1]
      else { continue }
      let outside = min(abs(value - before), abs(value - after))
      if outside > limit, (value - before) * (value - after) > 0 {
        readings[index] = nil
        removed += 1
      }
    }
    return removed
  }

  /// Runs of one number longer than ``stuckHours``. Where a coarse sensor repeats itself often and
  /// long, its typical run is no fault: only runs four times as long are.
  private static func removeStuck(_ readings: inout [Double?], _ hours: Double) -> Int {
    var runs: [Range<Int>] = []
    var first = 0
    for index in 1...max(1, readings.count) {
      if index < readings.count, readings[index] == readings[first] { continue }
      if readings.indices.contains(first), readings[first] != nil { runs.append(first..<index) }
      first = index
    }
    let changes = Set(readings.compactMap { $0 }).count
    let typical = quantile(runs.map { Double($0.count) * hours }, 0.9) ?? 0
    let limit = changes < 3 ? stuckHours : max(stuckHours, 4 * typical)
    let stuck = runs.filter { Double($0.count) * hours > limit }
    for run in stuck { for index in run.dropFirst() { readings[index] = nil } }
    return stuck.reduce(0) { $0 + $1.count - 1 }
  }

  /// Falls that a heated room can only have through a window, and the two hours after them.
  private static func windowEvents(
    _ temperature: [Double], _ usable: [Bool], _ heat: [Double], _ hours: Double
  ) -> [Bool] {
    var open = [Bool](repeating: false, count: temperature.count)
    let span = max(1, Int((0.5 / hours).rounded()))
    guard temperature.count > span, hours <= 1 else { return open }
    let after = Int((2 / hours).rounded())
    for index in span..<temperature.count where usable[index] && usable[index - span] {
      let fall = (temperature[index - span] - temperature[index]) / (Double(span) * hours)
      let heated = heat[(index - span)..<index].contains { $0 > 0.3 }
      if fall > windowFallPerHour, heated {
        for step in (index - span)..<min(temperature.count, index + after) { open[step] = true }
      }
    }
    return open
  }

  /// Straight lines through gaps, the nearest reading at the ends; `nil` without any reading.
  static func filled(_ readings: [Double?]) -> [Double]? {
    var result = [Double](repeating: 0, count: readings.count)
    var last: Int?
    for (index, reading) in readings.enumerated() {
      guard let reading else { continue }
      if let last {
        let start = result[last]
        for step in last + 1..<max(index, last + 1) {
          result[step] = start + (reading - start) * Double(step - last) / Double(index - last)
        }
      } else {
        for step in 0..<index { result[step] = reading }
      }
      result[index] = reading
      last = index
    }
    guard let last else { return nil }
    for step in last + 1..<max(readings.count, last + 1) { result[step] = result[last] }
    return result
  }

  private static func note(
    _ readings: [Double?], _ subject: String, _ diagnostics: inout [Diagnostic]
  ) {
    let missing = readings.count { $0 == nil }
    guard missing > 0 else { return }
    let percent = 100 * Double(missing) / Double(max(1, readings.count))
    diagnostics.append(
      Diagnostic(
        percent > 20 ? .warning : .note, subject: subject,
        message: "\(Int(percent.rounded())) % of the readings are missing or not usable"))
  }
}
