// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// A room's heater as the planner knows one: an electric power, and in each step the heat for each
/// unit of it.
///
/// Heat pumps and water give other heat in each step, at the band's target and the outdoor
/// temperature of the step. Where a heat pump draws as much as its water circuit takes, the power is
/// the mean of the horizon: the price of the heat is right in each step, its amount in the mean.
struct HeaterCourse {
  /// Electricity while it is on.
  let power: Watts
  /// Heat over electricity in each step.
  let factors: [Double]
  /// Whether the factors say anything: heat is not the electricity.
  let isConverted: Bool

  init(_ heater: RoomHeater, outdoors: [Celsius], targets: [Celsius]) {
    let outputs = zip(outdoors, targets).map { heater.output(outdoors: $0, room: $1) }
    // Where the water is no warmer than the room there is nothing to draw power for.
    let drawn = outputs.filter { $0.heat > .zero && $0.electricity > .zero }.map(\.electricity)
    power =
      heater.water == nil || drawn.isEmpty
      ? heater.power : drawn.reduce(.zero, +) / Double(drawn.count)
    factors = outputs.map { $0.electricity > .zero ? $0.heat / $0.electricity : 0 }
    isConverted = heater.heatPump != nil || heater.water != nil
  }

  /// Heat into the room in a step in which it is on.
  func heat(at step: Int) -> Watts { power * factors[step] }
}
