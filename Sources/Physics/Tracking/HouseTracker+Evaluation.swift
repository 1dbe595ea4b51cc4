// SPDX-License-Identifier: MIT
import TimeSeries

extension HouseTracker {
  /// Forecasts a record's rooms 24 h from every second hour, each from the filtered state at its
  /// origin, with weather and heat as they were: the same judgement for described and identified
  /// models.
  ///
  /// - Parameters:
  ///   - record: heat in watts; rooms in the order of the network.
  ///   - first: position of the first origin; everything before it is followed.
  ///   - strideHours: distance of origins.
  /// - Returns: `nil` when the record is of other rooms, of another step, or too short. Quantiles of
  ///   its points are all the forecast.
  public func evaluation(
    of record: HouseRecord, from first: Int, strideHours: Double = 2
  ) -> RoomEvaluation? {
    let cleaned = CleanedRecord(record)
    let horizon = cleaned.steps(ofHours: 24)
    guard record.rooms.map(\.name) == network.rooms.map(\.name), first > 0,
      record.grid.stepSeconds == stepSeconds, first + horizon < cleaned.count
    else { return nil }
    let whole = forcing(cleaned, record.localHours)
    let stride = cleaned.steps(ofHours: strideHours)
    var belief = start(
      cleaned.rooms.map { Celsius($0.temperature.first ?? 20) }, at: record.grid.start)
    var points: [RoomEvaluation.Point] = []
    // A reading is of the start of its step: the heat of one step leads to the next reading.
    for step in 1..<cleaned.count - horizon {
      advance(&belief, through: whole.slice(step - 1..<step))
      for (room, readings) in cleaned.rooms.enumerated() {
        correct(
          &belief, room: room,
          reading: readings.usable[step] ? Celsius(readings.temperature[step]) : nil,
          isHeated: readings.heat[step] > 0)
      }
      guard step >= first, (step - first) % stride == 0 else { continue }
      points += forecasts(from: belief, whole, cleaned, origin: step, horizon: horizon)
    }
    return RoomEvaluation(points: points, roomCount: network.rooms.count)
  }

  private func forecasts(
    from belief: HouseBelief, _ whole: ThermalForcing, _ record: CleanedRecord, origin: Int,
    horizon: Int
  ) -> [RoomEvaluation.Point] {
    var ahead = whole.slice(origin..<origin + horizon)
    let unknown = disturbanceGains(of: belief, steps: horizon, stepHours: record.stepHours)
    for (room, gains) in unknown.enumerated() {
      for (step, gain) in gains.enumerated() { ahead.addGain(gain, inRoom: room, at: step) }
    }
    let course = simulate(from: belief, forcing: ahead)
    return (0..<horizon).flatMap { step in
      record.rooms.indices.compactMap { room in
        let target = origin + 1 + step
        guard record.rooms[room].usable[target] else { return nil }
        let forecast = course.temperature(ofRoom: room, atEndOf: step)
        return RoomEvaluation.Point(
          origin: origin, target: target, room: room,
          reading: Celsius(record.rooms[room].temperature[target]), p10: forecast, p50: forecast,
          p90: forecast, mean: forecast)
      }
    }
  }

  /// Weather, heat and gains of all steps of a record.
  private func forcing(_ record: CleanedRecord, _ localHours: [Double]) -> ThermalForcing {
    var forcing = ThermalForcing(network: network, stepCount: record.count)
    for step in 0..<record.count {
      forcing.setOutdoor(Celsius(record.outdoor[step]), at: step)
      for (facade, sun) in record.irradiances.prefix(network.facadeCount).enumerated() {
        forcing.setIrradiance(WattsPerSquareMetre(1_000 * sun[step]), onFacade: facade, at: step)
      }
      forcing.setDailyGains(of: network, localHour: localHours[step], at: step)
      for (index, room) in record.rooms.enumerated() where room.heatIsPower {
        forcing.setHeat(Watts(1_000 * room.heat[step] * room.fullHeat), inRoom: index, at: step)
      }
    }
    return forcing
  }
}
