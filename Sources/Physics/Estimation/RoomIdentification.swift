// SPDX-License-Identifier: MIT
public import TimeSeries

/// Why a room is not described by a model of its own.
public enum RoomDoubt: String, Sendable, Hashable, Codable {
  /// There is (nearly) no reading.
  case deadSensor
  /// The sensor repeats one number.
  case frozenSensor
  /// Fewer than three days of believed readings.
  case tooFewDays
  /// The fit is no better than "as now" or "as yesterday" on days it had not seen.
  case noBetterThanReference
  /// Heat would cool the room or warm it beyond reason.
  case implausibleResponse
  /// The slowest time constant is below 3 h.
  case implausibleTimeConstant
}

/// What else somebody should know about a room's model.
public enum RoomRemark: Sendable, Hashable, Codable {
  /// The heater was never on: what heat does is the other rooms' or the prior's.
  case neverHeated
  /// The heater was hardly ever off: loss and heating cannot be told apart.
  case alwaysHeated
  /// The heat of another room warms this room, and this room's heat the other: sensors or relays
  /// look exchanged.
  case swapped(with: String)
  /// A window was open for this share of the time; those steps were left out.
  case windowOpen(Fraction)
  /// Less than three weeks of data: loss and time constant rest on the prior in part.
  case shortRecord(days: Double)
  /// The walls are slower than weeks of data can show: no time constant is claimed.
  case timeConstantUnknown

  /// One sentence for people.
  public var sentence: String {
    switch self {
    case .neverHeated: "never heated: the effect of its heater is assumed, not measured"
    case .alwaysHeated: "hardly ever unheated: loss and heating cannot be told apart"
    case .swapped(let other): "looks exchanged with \(other): check sensors and relays"
    case .windowOpen(let share):
      "a window seems open \(Int((100 * share.rawValue).rounded())) % of the time"
    case .shortRecord(let days): "only \(Int(days.rounded())) days of data"
    case .timeConstantUnknown: "its walls are slower than these data can show"
    }
  }
}

/// How well a model forecasts 24 h on days it was not fitted to.
public struct RoomScores: Sendable, Hashable, Codable {
  /// Mean magnitude of the error of the model.
  public let model: Kelvins
  /// The same for "as now".
  public let persistence: Kelvins
  /// The same for "as yesterday at this hour".
  public let yesterday: Kelvins
}

/// What identification found out about one room.
public struct RoomIdentification: Sendable {
  /// The room's name.
  public let name: String
  /// Why the room's own model was not accepted; `nil` when it was.
  public internal(set) var doubt: RoomDoubt?
  /// What else to know.
  public let remarks: [RoomRemark]
  /// Held-back scores; `nil` where nothing could be scored.
  public let scores: RoomScores?
  /// Properties with intervals; `nil` without a model of its own.
  public internal(set) var findings: RoomFindings?
  /// Nodes of the model: 1 air, 2 with walls or a slow heater, 3 with both.
  public var nodeCount: Int { fit.structure.nodeCount }
  /// Whether the model has a slow heater.
  public var hasSlab: Bool { fit.structure.hasSlab }

  /// Whether it runs on the other rooms' median or the shipped prior.
  public internal(set) var isPooled = false

  var fit: RoomFit
  /// Unit of heat: kW, or K for water; 0 when never heated.
  let fullHeat: Double
  let heatIsPower: Bool
}

/// Thermal properties of a room, as people understand them.
public struct RoomFindings: Sendable, Hashable {
  /// Loss to outdoors in steady state; `nil` where heat is not known in watts.
  public let heatLoss: Estimated<WattsPerKelvin>?
  /// Slowest time constant, neighbours moving along.
  public let timeConstant: Estimated<Hours>
  /// Energy that warms the room by 1 K within six hours; `nil` where heat is not known in watts.
  public let energyPerKelvin: Estimated<KilowattHoursPerKelvin>?
  /// Warming by full heat after very long; `nil` when never heated.
  public let steadyWarming: Estimated<Kelvins>?
  /// Warming in the first three hours of full heat; `nil` when never heated.
  public let heatUpRate: Estimated<KelvinsPerHour>?
  /// Cooling in the first three hours without heat, 20 K above outdoors.
  public let coolDownRate: Estimated<KelvinsPerHour>
  /// Area that would let in the heat of the sun; `nil` where heat is not known in watts.
  public let solarAperture: Estimated<SquareMetres>?
  /// Conductance to all other rooms; `nil` where heat is not known in watts or there are none.
  public let coupling: Estimated<WattsPerKelvin>?
}
