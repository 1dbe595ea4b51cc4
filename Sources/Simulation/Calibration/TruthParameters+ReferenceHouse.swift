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
      "chodba_dole": room(loss: 0.997, capacity: 0.847, wander: 0.121),
      "chodba_nahore": room(loss: 0.978, capacity: 1.819, wander: 0.294),
      "hosti": room(loss: 1.009, capacity: 1.140, heatedWander: 0.027),
      "koupelna_dole": room(loss: 0.300, capacity: 1.542, disturbance: 0.226),
      "koupelna_nahore": room(loss: 0.569, capacity: 1.006, disturbance: 0.083),
      "kuchyne": room(loss: 0.995, capacity: 1.130, wander: 0.195),
      "loznice": room(loss: 1.000, capacity: 1.514, heatedWander: 0.251),
      "obyvak": room(loss: 0.997, capacity: 0.775, wander: 0.131),
      "pokoj_1": room(loss: 0.985, capacity: 1.296, heatedWander: 0.359),
      "pokoj_2": room(loss: 0.998, capacity: 0.848),
      "pracovna": room(loss: 0.978, capacity: 0.857, heatedWander: 0.111),
      "satna_dole": room(loss: 1.002, capacity: 1.093, wander: 0.247),
      "satna_nahore": room(loss: 1.005, capacity: 0.677, wander: 0.196),
      "spajz": room(loss: 1.148, capacity: 1.000, disturbance: 0.197),
      "technicka_mistnost": room(loss: 0.543, capacity: 1.710, disturbance: 0.190),
      "zachod": room(loss: 1.627, capacity: 0.785, disturbance: 0.348),
      "zadveri": room(loss: 0.986, capacity: 0.550, heatedWander: 0.042),
    ])

  /// What the thermostats of the reference house aim at for the rooms to have their recorded means:
  /// less than the mean where neighbours and people keep a room warmer than its thermostat asks.
  public static let referenceHouseSetpoints: [String: Celsius] = [
    "chodba_dole": Celsius(21.60), "chodba_nahore": Celsius(20.27), "hosti": Celsius(19.00),
    "koupelna_dole": Celsius(18.96), "koupelna_nahore": Celsius(19.50), "kuchyne": Celsius(22.39),
    "loznice": Celsius(20.20), "obyvak": Celsius(22.29), "pokoj_1": Celsius(20.47),
    "pokoj_2": Celsius(18.78), "pracovna": Celsius(19.76), "satna_dole": Celsius(18.03),
    "satna_nahore": Celsius(18.85), "technicka_mistnost": Celsius(18.69), "zachod": Celsius(18.05),
    "zadveri": Celsius(16.63),
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
