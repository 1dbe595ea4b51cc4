// SPDX-License-Identifier: MIT
public import Foundation

extension PlanningProblem {
  /// Reads a problem in the format `hems-bench-1` with its extensions (docs/formats.md).
  ///
  /// - Throws: `unreadable` with the field's path, or what `validate()` finds.
  public init(json data: Data) throws(PlanningError) {
    let fields = try JSONFields(data: data)
    if let format = fields.text("format"), format != "hems-bench-1" {
      throw .unreadable(reason: "format '\(format)' is not known; 'hems-bench-1' is")
    }
    guard let connection = try fields.object("grid") else {
      throw .unreadable(reason: "grid is missing")
    }
    let base = try fields.numbers("base_kw")
    let count = try fields.integer("K", default: base.count)
    let steps = try fields.numberOrNumbers("dt_h", count: count)
    guard steps.count == count else {
      throw .wrongLength(field: "dt_h", count: steps.count, expected: count)
    }
    self.init(
      name: fields.text("name") ?? "problem", stepHours: steps, grid: try Grid(connection),
      baseLoadKilowatts: base, pvKilowatts: try fields.optionalNumbers("pv_kw"),
      outdoorCelsius: try fields.optionalNumbers("tout"),
      solarKilowattsPerSquareMetre: try fields.optionalNumbers("solar"))
    if let text = fields.text("start") {
      guard let start = try? Date(text, strategy: .iso8601) else {
        throw .unreadable(reason: "start '\(text)' is not an ISO 8601 instant")
      }
      self.start = start
    }
    heatingLimitKilowatts = try fields.optionalNumber("heating_limit_kw")
    try readDevices(fields)
    try validate()
    scenarios = try ScenarioSet(fields.object("stochastic"), problem: self)
    try validate()
  }

  private mutating func readDevices(_ fields: JSONFields) throws(PlanningError) {
    let batteryFields = try fields.objects("batteries")
    let single = try fields.object("battery")
    for (index, item) in (batteryFields + (single.map { [$0] } ?? [])).enumerated() {
      batteries.append(
        try Battery(item, defaultName: index == 0 ? "battery" : "battery\(index + 1)"))
    }
    let chargerFields = try fields.objects("chargers")
    let vehicle = try fields.object("ev")
    for (index, item) in (chargerFields + (vehicle.map { [$0] } ?? [])).enumerated() {
      chargers.append(try Charger(item, defaultName: index == 0 ? "ev" : "ev\(index + 1)"))
    }
    let reference = try fields.optionalNumber("dt_ref_h") ?? Self.usualStep(stepHours)
    for (index, item) in try fields.objects("rooms").enumerated() {
      rooms.append(
        try Room(item, referenceStepHours: reference, defaultName: "room\(index)"))
    }
    for (index, item) in try fields.objects("deferrable").enumerated() {
      deferrableLoads.append(
        try DeferrableLoad(item, stepCount: stepCount, defaultName: "load\(index)"))
    }
  }

  /// The most frequent step length, the shorter one among equals.
  static func usualStep(_ hours: [Double]) -> Double {
    var counts: [Double: Int] = [:]
    for value in hours { counts[value, default: 0] += 1 }
    let usual = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
    return usual?.key ?? 0.25
  }
}

extension PlanningProblem.Grid {
  init(_ fields: JSONFields) throws(PlanningError) {
    let spot = try fields.optionalNumbers("spot")
    self.init(
      importLimitKilowatts: try fields.number("import_limit_kw"),
      exportLimitKilowatts: try fields.number("export_limit_kw"),
      importPrices: try fields.has("import_price")
        ? fields.numbers("import_price") : Self.sum(spot, fields, "dist", sign: 1),
      exportPrices: try fields.has("export_price")
        ? fields.numbers("export_price") : Self.sum(spot, fields, "fee", sign: -1))
    spotPrices = spot
    exportPenaltyPerKilowattHour = try fields.number("export_penalty", default: 0)
    curtailmentPenaltyPerKilowattHour = try fields.number("curtail_penalty", default: 0)
    peakFreeKilowatts = try fields.number("peak_free_kw", default: 0)
    peakPricePerKilowatt = try fields.number("peak_price", default: 0)
    emissionsKilogramsPerKilowattHour = try fields.optionalNumbers("emission_kg_per_kwh")
    emissionPricePerKilogram = try fields.number("emission_price", default: 0)
    if let phaseFields = try fields.object("phases") {
      phases = PlanningProblem.PhaseLimits(
        importLimitKilowatts: try phaseFields.number("import_limit_kw"))
      if phaseFields.has("base_shares") {
        phases?.baseLoadShares = try phaseFields.numbers("base_shares")
      }
    }
  }

  private static func sum(
    _ spot: [Double], _ fields: JSONFields, _ key: String, sign: Double
  ) throws(PlanningError) -> [Double] {
    let other = try fields.numberOrNumbers(key, count: spot.count)
    guard other.count == spot.count else {
      throw .wrongLength(field: "grid.\(key)", count: other.count, expected: spot.count)
    }
    return zip(spot, other).map { $0 + sign * $1 }
  }
}

extension PlanningProblem.Battery {
  init(_ fields: JSONFields, defaultName: String) throws(PlanningError) {
    self.init(
      name: fields.text("name") ?? defaultName,
      capacityKilowattHours: try fields.number("cap_kwh"),
      chargeLimitKilowatts: try fields.number("p_ch_kw"),
      dischargeLimitKilowatts: try fields.number("p_dis_kw"),
      chargeEfficiency: try fields.number("eta_ch"),
      dischargeEfficiency: try fields.number("eta_dis"),
      initialFraction: try fields.number("soc0"))
    minimumFraction = try fields.number("soc_min", default: 0)
    maximumFraction = try fields.number("soc_max", default: 1)
    wearPerKilowattHour = try fields.number("wear_per_kwh", default: 0)
    terminalValuePerKilowattHour = try fields.number("terminal_value", default: 0)
    powerFactors = try fields.optionalNumbers("power_factor")
    taperFromFraction = try fields.optionalNumber("taper_from")
    taperEndFactor = try fields.number("taper_end", default: 0.1)
    chargesFromGrid = try fields.flag("charge_from_grid") ?? true
    dischargesToGrid = try fields.flag("discharge_to_grid") ?? true
  }
}

extension PlanningProblem.Charger {
  init(_ fields: JSONFields, defaultName: String) throws(PlanningError) {
    var sessions: [Session] = []
    for item in try fields.objects("sessions") {
      var session = Session(
        start: try item.integer("start"), end: try item.integer("end"),
        initialKilowattHours: try item.number("e0_kwh"),
        targetKilowattHours: try item.number("target_kwh"),
        maximumKilowattHours: try item.number("max_kwh"))
      session.reserveKilowattHours = try item.number("reserve_kwh", default: 0)
      session.taperFromKilowattHours = try item.optionalNumber("taper_from_kwh")
      sessions.append(session)
    }
    self.init(
      name: fields.text("name") ?? defaultName,
      minimumKilowatts: try fields.number("p_min_kw"),
      maximumKilowatts: try fields.number("p_max_kw"),
      efficiency: try fields.number("eta"),
      shortfallPenaltyPerKilowattHour: try fields.number("short_penalty"), sessions: sessions)
    startCost = try fields.number("start_cost", default: 0)
    isChargingInitially = try fields.flag("on_prev") ?? false
    dischargeLimitKilowatts = try fields.number("v2g_kw", default: 0)
    dischargeEfficiency = try fields.number("v2g_eta", default: efficiency)
    dischargeWearPerKilowattHour = try fields.number("v2g_wear_per_kwh", default: 0)
  }
}

extension PlanningProblem.Room {
  init(
    _ fields: JSONFields, referenceStepHours: Double, defaultName: String
  ) throws(PlanningError) {
    self.init(
      name: fields.text("name") ?? defaultName,
      powerKilowatts: try fields.number("power_kw"), referenceStepHours: referenceStepHours,
      retention: try fields.number("a"),
      kelvinPerKilowatt: try fields.number("b_power_K_per_kw"),
      outdoorWeight: try fields.number("b_tout"),
      kelvinPerSolarKilowatt: try fields.number("b_solar_K_per_kwm2", default: 0),
      initialCelsius: try fields.number("T0"), lowerCelsius: try fields.numbers("T_lo"),
      upperCelsius: try fields.numbers("T_hi"), terminalCelsius: try fields.number("T_term"),
      capacityKilowattHoursPerKelvin: try fields.number("C_kwh_per_K"))
    for row in try fields.rows("neighbours") {
      guard row.count == 2, let room = Int(exactly: row[0]) else {
        throw .unreadable(
          reason: "\(fields.path).neighbours: a pair of room and exchange is needed")
      }
      neighbours.append(PlanningProblem.Neighbour(room: room, exchange: row[1]))
    }
    extraKelvin = try fields.optionalNumbers("extra_K")
    heatFactors = try fields.optionalNumbers("heat_factor")
    isOnInitially = try fields.flag("u_prev") ?? false
    stepsInState = try fields.integer("steps_in_state", default: 1)
    minimumOnSteps = try fields.integer("min_on_steps", default: 1)
    minimumOffSteps = try fields.integer("min_off_steps", default: 1)
    switchOnCost = try fields.number("switch_on_cost", default: 0)
    if let penalty = try Self.penalty(fields, "lo_pen") { coldPenalty = penalty }
    if let penalty = try Self.penalty(fields, "hi_pen") { warmPenalty = penalty }
    penaltyTierKelvin = try fields.number("pen_tier_K", default: 0.5)
    terminalHeatValuePerKilowattHour = try fields.number("term_heat_value", default: 0)
    if fields.has("phase") { phase = try fields.integer("phase") }
    for row in try fields.rows("fixed") {
      guard row.count == 2, let step = Int(exactly: row[0]) else {
        throw .unreadable(reason: "\(fields.path).fixed: a pair of step and 0 or 1 is needed")
      }
      fixedRelay[step] = row[1] != 0
    }
  }

  private static func penalty(
    _ fields: JSONFields, _ key: String
  ) throws(PlanningError) -> PlanningProblem.Penalty? {
    guard fields.has(key) else { return nil }
    let parts = try fields.numbers(key)
    guard parts.count == 2 else {
      throw .unreadable(reason: "\(fields.path).\(key): two numbers are needed")
    }
    return PlanningProblem.Penalty(first: parts[0], second: parts[1])
  }
}

extension PlanningProblem.DeferrableLoad {
  init(
    _ fields: JSONFields, stepCount: Int, defaultName: String
  ) throws(PlanningError) {
    let window =
      fields.has("window") ? try fields.numbers("window") : [0, Double(stepCount)]
    guard window.count == 2, let start = Int(exactly: window[0]),
      let end = Int(exactly: window[1])
    else { throw .unreadable(reason: "\(fields.path).window: two step numbers are needed") }
    self.init(
      name: fields.text("name") ?? defaultName, powerKilowatts: try fields.number("power_kw"),
      steps: try fields.integer("steps"), windowStart: start, windowEnd: end,
      isInterruptible: try fields.flag("interruptible") ?? false)
    isRunning = try fields.flag("running") ?? false
    missedStepPenalty = try fields.number("missed_step_penalty", default: 100)
  }
}
