// SPDX-License-Identifier: MIT
public import TimeSeries

extension TruthParameters {
  /// The truth of the reference house against `Examples/reference-house/pems.yaml`.
  ///
  /// Found by 30 steps of ``TruthCalibration`` over a simulated December with the outdoor mean of the
  /// records (weather seed 22, December 2024); `ReferenceHouseTests` shows the figures it leads to
  /// and repeats the last step.
  public static let referenceHouse = TruthParameters(
    rooms: [
      "chodba_dole": room(loss: 0.994, capacity: 0.849, wander: 0.122),
      "chodba_nahore": room(loss: 0.977, capacity: 1.809, wander: 0.293),
      "hosti": room(loss: 0.999, capacity: 1.145, heatedWander: 0.027),
      "koupelna_dole": room(loss: 0.759, capacity: 1.466, disturbance: 0.225),
      "koupelna_nahore": room(loss: 0.881, capacity: 1.041, disturbance: 0.083),
      "kuchyne": room(loss: 0.989, capacity: 1.172, wander: 0.200),
      "loznice": room(loss: 1.000, capacity: 1.509, heatedWander: 0.251),
      "obyvak": room(loss: 0.996, capacity: 0.798, wander: 0.134),
      "pokoj_1": room(loss: 0.982, capacity: 1.302, heatedWander: 0.363),
      "pokoj_2": room(loss: 1.000, capacity: 0.845),
      "pracovna": room(loss: 0.977, capacity: 0.848, heatedWander: 0.109),
      "satna_dole": room(loss: 1.002, capacity: 1.086, wander: 0.246),
      "satna_nahore": room(loss: 1.002, capacity: 0.698, wander: 0.196),
      "spajz": room(loss: 1.377, capacity: 1.000, disturbance: 0.192),
      "technicka_mistnost": room(loss: 0.717, capacity: 1.801, disturbance: 0.191),
      "zachod": room(loss: 1.238, capacity: 0.863, disturbance: 0.345),
      "zadveri": room(loss: 0.983, capacity: 0.558, heatedWander: 0.044),
    ])

  /// What the thermostats of the reference house aim at for the rooms to have their recorded means:
  /// less than the mean where neighbours and people keep a room warmer than its thermostat asks.
  public static let referenceHouseSetpoints: [String: Celsius] = [
    "chodba_dole": Celsius(21.60), "chodba_nahore": Celsius(20.28), "hosti": Celsius(18.99),
    "koupelna_dole": Celsius(18.77), "koupelna_nahore": Celsius(19.50), "kuchyne": Celsius(22.39),
    "loznice": Celsius(20.20), "obyvak": Celsius(22.29), "pokoj_1": Celsius(20.47),
    "pokoj_2": Celsius(18.78), "pracovna": Celsius(19.76), "satna_dole": Celsius(18.01),
    "satna_nahore": Celsius(18.84), "technicka_mistnost": Celsius(18.59),
    "zachod": Celsius(17.89), "zadveri": Celsius(16.63),
  ]

  private static func room(
    loss: Double, capacity: Double, disturbance: Double = 0.02, wander: Double = 0.02,
    heatedWander: Double = 0
  ) -> RoomTruth {
    var room = RoomTruth()
    room.heatLossFactor = loss
    room.heatCapacityFactor = capacity
    room.disturbanceKelvinsPerHour = disturbance
    room.sensorWander = Kelvins(wander)
    room.heatedSensorWander = Kelvins(heatedWander)
    return room
  }
}
