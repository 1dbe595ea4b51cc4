// SPDX-License-Identifier: MIT
public import Foundation
import TimeSeries

/// What a model forecasts.
public enum LearnedTarget: String, Sendable, Hashable, Codable, CaseIterable {
  /// The production of the plant.
  case pv
  /// The base load of the home.
  case load
  /// Day-ahead prices beyond the published ones.
  case price
  /// The stays of cars at their charge points.
  case vehicles
  /// The demand of appliances that are run when it suits.
  case appliances
}

/// What there is to learn from, up to an instant.
public struct LearningPast: Sendable {
  /// Nothing later is looked at.
  public let end: Date
  /// The plant's past; `nil` without a plant.
  public let plant: PVHistory?
  /// The base load's past; `nil` where none is measured.
  public let load: LoadHistory?
  /// The plant's past with physics of the weather that was, for the watch over the plant; `nil` where no
  /// weather is measured.
  public let plantInWeatherThatWas: PVHistory?

  /// Published prices, those of hours to come among them; `nil` where none are known.
  public var price: PriceHistory?
  /// The stays of cars; `nil` where nobody sees them.
  public var vehicles: VehiclePast?
  /// The power of appliances; `nil` where none is measured.
  public var appliances: AppliancePast?

  /// A past.
  public init(
    end: Date, plant: PVHistory?, load: LoadHistory?, plantInWeatherThatWas: PVHistory? = nil
  ) {
    self.end = end
    self.plant = plant
    self.load = load
    self.plantInWeatherThatWas = plantInWeatherThatWas
  }

  /// The targets there is something to learn about.
  public var targets: [LearnedTarget] {
    LearnedTarget.allCases.filter { target in
      switch target {
      case .pv: plant != nil
      case .load: load != nil
      case .price: price != nil
      case .vehicles: vehicles != nil
      case .appliances: appliances != nil
      }
    }
  }

  /// The same past without what lies further back than so many days.
  public func recent(days: Int) -> LearningPast {
    func range(_ hours: SiteHours) -> Range<Int> {
      let first = end.addingTimeInterval(-Double(days) * 86_400)
        .timeIntervalSince(hours.grid.start)
      return max(0, min(hours.grid.count, Int(first / 3_600)))..<hours.grid.count
    }
    var recent = LearningPast(
      end: end, plant: plant.map { $0.part(range($0.hours)) },
      load: load.map { $0.part(range($0.hours)) },
      plantInWeatherThatWas: plantInWeatherThatWas.map { $0.part(range($0.hours)) })
    let first = end.addingTimeInterval(-Double(days) * 86_400)
    recent.price = price.map { $0.part(range($0.hours)) }
    recent.vehicles = vehicles?.since(first)
    recent.appliances = appliances?.since(first)
    return recent
  }
}

/// A model on its way to the registry.
public struct TrainedModel: Sendable {
  /// What it forecasts.
  public let target: LearnedTarget
  /// What became of the training.
  public let report: ForecasterReport
  /// The model as files.
  public let files: [String: Data]
  /// How it was grown, for people.
  public let parameters: [String: String]

  /// A model and how it came to be.
  public init(
    target: LearnedTarget, report: ForecasterReport, files: [String: Data],
    parameters: [String: String]
  ) {
    self.target = target
    self.report = report
    self.files = files
    self.parameters = parameters
  }
}
