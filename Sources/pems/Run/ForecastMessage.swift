// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What is told of the forecasts on MQTT: a day ahead, as energies and hour by hour.
struct ForecastMessage {
  static let topic = "pems/forecast"
  private static let day = 86_400.0

  /// The fields of the message, for JSON.
  let fields: [String: any Sendable]

  /// The day that begins with the step of `time`.
  init(pv: QuantileForecast<Watts>, baseLoad: QuantileForecast<Watts>, at time: Date) {
    let grid = pv.grid
    let steps = (0..<grid.count).filter {
      let step = grid.date(at: $0)
      return step.addingTimeInterval(Double(grid.stepSeconds)) > time
        && step < time.addingTimeInterval(Self.day)
    }
    func energy(_ power: QuantileForecast<Watts>) -> Double {
      let kilowattHours =
        steps.reduce(0) { $0 + power.mean[$1].rawValue }
        * Double(grid.stepSeconds) / 3.6e6
      return (kilowattHours * 10).rounded() / 10
    }
    func band(_ power: QuantileForecast<Watts>, _ step: Int) -> [Double] {
      [power.p10[step], power.p50[step], power.p90[step]].map { $0.rawValue.rounded() }
    }
    let everyHour = max(1, 3_600 / grid.stepSeconds)
    let hours = stride(from: 0, to: steps.count, by: everyHour).map { steps[$0] }
    fields = [
      "issued_at": pv.issuedAt.formatted(.iso8601),
      "pv_24h_kwh": energy(pv),
      "base_load_24h_kwh": energy(baseLoad),
      "hours": hours.map { step -> [String: any Sendable] in
        [
          "time": grid.date(at: step).formatted(.iso8601),
          "pv_w": band(pv, step),
          "base_load_w": band(baseLoad, step),
        ]
      },
    ]
  }
}
