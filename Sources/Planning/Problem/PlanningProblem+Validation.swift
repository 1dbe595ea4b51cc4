// SPDX-License-Identifier: MIT

extension PlanningProblem {
  /// More than this is no home's power or energy, but watts given as kilowatts.
  static let absurdKilowatts = 1000.0

  /// Checks lengths, finiteness and ranges; a valid problem always gets a plan.
  ///
  /// - Throws: the first thing that is wrong, by its name in the problem.
  public func validate() throws(PlanningError) {
    guard !stepHours.isEmpty else { throw .emptyHorizon }
    try check(stepHours, "dt_h", 1e-6...24)
    try check(baseLoadKilowatts, "base_kw", -Self.absurdKilowatts...Self.absurdKilowatts)
    if !pvKilowatts.isEmpty { try check(pvKilowatts, "pv_kw", 0...Self.absurdKilowatts) }
    try validateGrid()
    for battery in batteries { try validate(battery) }
    for charger in chargers { try validate(charger) }
    if !rooms.isEmpty {
      try check(outdoorCelsius, "tout", -90...70)
      try check(solarKilowattsPerSquareMetre, "solar", -0.1...3)
    }
    for room in rooms { try validate(room) }
    for load in deferrableLoads { try validate(load) }
    try validateScenarios()
  }

  private func validateGrid() throws(PlanningError) {
    try check(grid.importPrices, "grid.import_price", -1e5...1e5)
    try check(grid.exportPrices, "grid.export_price", -1e5...1e5)
    if !grid.spotPrices.isEmpty { try check(grid.spotPrices, "grid.spot", -1e5...1e5) }
    if !grid.emissionsKilogramsPerKilowattHour.isEmpty {
      try check(grid.emissionsKilogramsPerKilowattHour, "grid.emission_kg_per_kwh", -10...100)
    }
    try check(grid.importLimitKilowatts, "grid.import_limit_kw", 0...Self.absurdKilowatts)
    try check(grid.exportLimitKilowatts, "grid.export_limit_kw", 0...Self.absurdKilowatts)
    try check(grid.exportPenaltyPerKilowattHour, "grid.export_penalty", -1e5...1e5)
    try check(grid.curtailmentPenaltyPerKilowattHour, "grid.curtail_penalty", -1e5...1e5)
    try check(grid.peakFreeKilowatts, "grid.peak_free_kw", 0...Self.absurdKilowatts)
    try check(grid.peakPricePerKilowatt, "grid.peak_price", 0...1e6)
    if let limit = heatingLimitKilowatts {
      try check(limit, "heating_limit_kw", 0...Self.absurdKilowatts)
    }
    if let phases = grid.phases {
      try check(phases.importLimitKilowatts, "grid.phases.import_limit_kw", 0...1000)
      guard phases.baseLoadShares.count == 3 else {
        throw .wrongLength(
          field: "grid.phases.base_shares", count: phases.baseLoadShares.count, expected: 3)
      }
    }
  }

  private func validate(_ battery: Battery) throws(PlanningError) {
    let field = "battery \(battery.name): "
    try check(battery.capacityKilowattHours, field + "cap_kwh", 1e-6...1e5)
    try check(battery.chargeLimitKilowatts, field + "p_ch_kw", 0...Self.absurdKilowatts)
    try check(battery.dischargeLimitKilowatts, field + "p_dis_kw", 0...Self.absurdKilowatts)
    try check(battery.chargeEfficiency, field + "eta_ch", 0.01...1)
    try check(battery.dischargeEfficiency, field + "eta_dis", 0.01...1)
    try check(battery.minimumFraction, field + "soc_min", 0...1)
    try check(battery.maximumFraction, field + "soc_max", battery.minimumFraction...1)
    try check(battery.initialFraction, field + "soc0", 0...1.2)
    try check(battery.wearPerKilowattHour, field + "wear_per_kwh", 0...1e5)
    try check(battery.terminalValuePerKilowattHour, field + "terminal_value", -1e5...1e5)
    if !battery.powerFactors.isEmpty {
      try check(battery.powerFactors, field + "power_factor", 0...1)
    }
    if let taper = battery.taperFromFraction {
      try check(taper, field + "taper_from", 0...0.999)
      try check(battery.taperEndFactor, field + "taper_end", 0...1)
    }
  }

  private func validate(_ charger: Charger) throws(PlanningError) {
    let field = "ev \(charger.name): "
    try check(charger.maximumKilowatts, field + "p_max_kw", 0...Self.absurdKilowatts)
    try check(charger.minimumKilowatts, field + "p_min_kw", 0...charger.maximumKilowatts)
    try check(charger.efficiency, field + "eta", 0.01...1)
    try check(charger.shortfallPenaltyPerKilowattHour, field + "short_penalty", 0...1e6)
    try check(charger.startCost, field + "start_cost", 0...1e6)
    try check(charger.dischargeLimitKilowatts, field + "v2g_kw", 0...Self.absurdKilowatts)
    try check(charger.dischargeEfficiency, field + "v2g_eta", 0.01...1)
    var previousEnd = 0
    for session in charger.sessions {
      try check(
        Double(session.start), field + "session start (after the one before)",
        Double(previousEnd)...1e9)
      try check(
        Double(session.end), field + "session end",
        Double(min(session.start, stepCount))...Double(stepCount))
      try check(session.initialKilowattHours, field + "e0_kwh", 0...1e5)
      try check(session.targetKilowattHours, field + "target_kwh", 0...1e5)
      try check(session.maximumKilowattHours, field + "max_kwh", 0...1e5)
      previousEnd = session.end
    }
  }

  private func validate(_ room: Room) throws(PlanningError) {
    let field = "room \(room.name): "
    try check(room.powerKilowatts, field + "power_kw", 0...100)
    try check(room.referenceStepHours, field + "dt_ref_h", 1e-6...24)
    try check(room.retention, field + "a", 1e-6...1)
    try check(room.kelvinPerKilowatt, field + "b_power_K_per_kw", -0.0...1000)
    try check(room.outdoorWeight, field + "b_tout", -1...2)
    try check(room.kelvinPerSolarKilowatt, field + "b_solar_K_per_kwm2", -100...1000)
    try check(room.initialCelsius, field + "T0", -60...90)
    try check(room.lowerCelsius, field + "T_lo", -273...200)
    try check(room.upperCelsius, field + "T_hi", -273...200)
    try check(room.terminalCelsius, field + "T_term", -273...200)
    try check(room.capacityKilowattHoursPerKelvin, field + "C_kwh_per_K", 0...1e4)
    try check(room.terminalHeatValuePerKilowattHour, field + "term_heat_value", 0...1e5)
    try check(room.switchOnCost, field + "switch_on_cost", 0...1e5)
    try check(Double(room.minimumOnSteps), field + "min_on_steps", 1...Double(64))
    try check(Double(room.minimumOffSteps), field + "min_off_steps", 1...Double(64))
    if !room.heatFactors.isEmpty { try check(room.heatFactors, field + "heat_factor", 0...1_000) }
    if !room.extraKelvin.isEmpty { try check(room.extraKelvin, field + "extra_K", -50...50) }
    for neighbour in room.neighbours {
      try check(
        Double(neighbour.room), field + "neighbour", 0...Double(rooms.count - 1))
      try check(neighbour.exchange, field + "neighbour exchange", 0...1)
    }
    for penalty in [room.coldPenalty, room.warmPenalty] {
      try check(penalty.first, field + "penalty", 0...1e6)
      try check(penalty.second, field + "penalty", 0...1e6)
    }
  }

  private func validate(_ load: DeferrableLoad) throws(PlanningError) {
    let field = "deferrable \(load.name): "
    try check(load.powerKilowatts, field + "power_kw", 0...Self.absurdKilowatts)
    try check(Double(load.steps), field + "steps", 0...1e5)
    try check(Double(load.windowStart), field + "window start", 0...Double(stepCount))
    try check(
      Double(load.windowEnd), field + "window end",
      Double(load.windowStart)...Double(stepCount))
  }

  private func validateScenarios() throws(PlanningError) {
    guard let set = scenarios else { return }
    try check(set.riskLevel, "stochastic.cvar_alpha", 0...0.9999)
    try check(set.riskWeight, "stochastic.cvar_weight", 0...1)
    var total = 0.0
    for scenario in set.scenarios {
      try check(scenario.probability, "stochastic probability", 0...1)
      try check(scenario.pvKilowatts, "stochastic.pv", 0...Self.absurdKilowatts)
      try check(scenario.baseLoadKilowatts, "stochastic base load", -1000...1000)
      try check(scenario.importPrices, "stochastic import price", -1e5...1e5)
      try check(scenario.exportPrices, "stochastic export price", -1e5...1e5)
      total += scenario.probability
    }
    try check(total, "sum of the scenarios' probabilities", 0.999...1.001)
  }

  private func check(
    _ values: [Double], _ field: String, _ range: ClosedRange<Double>
  ) throws(PlanningError) {
    guard values.count == stepCount else {
      throw .wrongLength(field: field, count: values.count, expected: stepCount)
    }
    for (step, value) in values.enumerated() {
      guard value.isFinite else { throw .notFinite(field: field, step: step) }
      guard range.contains(value) else {
        throw .outOfRange(
          field: "\(field) at step \(step)", value: value,
          allowed: "\(range.lowerBound)…\(range.upperBound)")
      }
    }
  }

  private func check(
    _ value: Double, _ field: String, _ range: ClosedRange<Double>
  ) throws(PlanningError) {
    guard value.isFinite else { throw .notFinite(field: field, step: nil) }
    guard range.contains(value) else {
      throw .outOfRange(
        field: field, value: value, allowed: "\(range.lowerBound)…\(range.upperBound)")
    }
  }
}
