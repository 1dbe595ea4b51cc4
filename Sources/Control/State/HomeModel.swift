// SPDX-License-Identifier: MIT
public import Household
public import Physics
public import TimeSeries

/// How often pems decides and how finely it plans.
public struct ControlSettings: Sendable, Hashable {
  /// Time between two decisions, seconds.
  public let cycleSeconds: Int
  /// Length of a step of the plan, seconds.
  public let planStepSeconds: Int
  /// Steps of the plan's horizon.
  public let planStepCount: Int
  /// A plan older than this is made anew.
  public let planLifetime: Duration
  /// A new plan is made when PV is off by this share of the forecast.
  public let pvDeviation: Fraction

  /// The rhythm of control: by default every five minutes, a plan for 48 h in quarter-hours, made
  /// anew every hour or when PV is off by a fifth.
  public init(
    cycleSeconds: Int = 300, planStepSeconds: Int = 900, planStepCount: Int = 192,
    planLifetime: Duration = .hours(1), pvDeviation: Fraction = Fraction(0.2)
  ) {
    self.cycleSeconds = cycleSeconds
    self.planStepSeconds = planStepSeconds
    self.planStepCount = planStepCount
    self.planLifetime = planLifetime
    self.pvDeviation = pvDeviation
  }
}

/// A home with what follows from its configuration once and for all.
public struct HomeModel: Sendable {
  /// The home.
  public let home: Home
  /// The rhythm.
  public let settings: ControlSettings
  /// Its rooms as a thermal network, in the order of the home's rooms.
  public let network: ThermalNetwork
  /// The planes whose sun drives the network, after that on the level.
  let facades: [Facade]
  /// Follows the rooms from one decision to the next.
  let tracker: HouseTracker
  /// The network advanced by one step of the plan.
  let planNetwork: DiscreteThermalNetwork
  /// Each room in the planner's form.
  let roomModels: [RoomStepModel]

  /// Prepares a home for control.
  ///
  /// - Parameter rooms: identified rooms, in place of what the configuration says of them.
  /// - Throws: ``RoomModelsError`` when the thermal properties of a room are impossible, or when the
  ///   identified rooms are not those of the home.
  public init(
    home: Home, settings: ControlSettings, rooms: RoomModels? = nil
  ) throws(RoomModelsError) {
    self.home = home
    self.settings = settings
    network = try ThermalNetwork(rooms: home.rooms, models: rooms)
    facades = ThermalNetwork.facades(of: home.rooms, models: rooms)
    do throws(ThermalNetworkError) {
      tracker = try HouseTracker(
        network, noises: home.rooms.map { rooms?.noises?[$0.name] },
        stepSeconds: settings.cycleSeconds)
      planNetwork = try DiscreteThermalNetwork(
        network, stepSeconds: Double(settings.planStepSeconds))
      roomModels = try planNetwork.roomStepModels()
    } catch {
      throw .impossible(error)
    }
  }

  /// The irradiances that drive the rooms, in the order of the network: the level, and the planes of
  /// windows that configuration or models know.
  func irradiances(
    _ horizontal: Series<WattsPerSquareMetre>
  ) -> [Series<WattsPerSquareMetre>] {
    guard !facades.isEmpty else { return [horizontal] }
    return [horizontal]
      + FacadeIrradiance.series(
        globalHorizontal: horizontal, location: home.site.location, facades: facades)
  }
}
