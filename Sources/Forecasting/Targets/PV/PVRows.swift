// SPDX-License-Identifier: MIT
import Learning

/// Features of one issue and its daylight targets, with the past they came from.
struct PVIssue: Sendable {
  /// The first hour that was not over.
  let issueHour: Int
  /// The hours of the grid that are forecast, day and night.
  let targets: [Int]
  /// The places in `targets` where production is possible and physics is known.
  let daylight: [Int]
  let past: PVPast
  /// One row for each of `daylight`.
  let features: FeatureMatrix

  init(
    _ history: PVHistory, sums: PVSums, features wanted: [Feature<PVContext>], issueHour: Int,
    targets: [Int]
  ) {
    self.issueHour = issueHour
    self.targets = targets
    past = PVPast(history, sums: sums, issueHour: issueHour)
    daylight = targets.indices.filter {
      history.sun.isDay[targets[$0]] && history.physics[targets[$0]] != nil
    }
    var matrix = FeatureMatrix(names: wanted.map(\.declaration.name))
    var days: [Int: PVDay] = [:]
    for row in daylight {
      let index = targets[row]
      let place = history.hours.day[index]
      let day = days[place] ?? PVDay(history, day: place)
      days[place] = day
      let context = PVContext(
        history: history, past: past, day: day, index: index, lead: index - issueHour)
      matrix.append(wanted.map { $0.value(context) })
    }
    features = matrix
  }
}

/// The rows of many issues: computed once, used by every model that is trained later.
struct PVRows: Sendable {
  let history: PVHistory
  let sums: PVSums
  let features: [Feature<PVContext>]
  private var issues: [PVIssue] = []

  /// The weight of an hour in which production was held down and physics stands in for it.
  static let imputedWeight = 0.5

  init(_ history: PVHistory) {
    self.history = history
    sums = PVSums(history)
    features = PVFeatures.available(for: history)
  }

  /// The features of an issue.
  func issue(at issueHour: Int, schedule: IssueSchedule) -> PVIssue {
    PVIssue(
      history, sums: sums, features: features, issueHour: issueHour,
      targets: schedule.targets(ofIssue: issueHour, hours: history.hours))
  }

  /// Adds the issues of a schedule on a local day.
  mutating func add(day: Int, schedule: IssueSchedule) {
    for issueHour in schedule.issues(onDay: day, hours: history.hours) {
      let issue = issue(at: issueHour, schedule: schedule)
      if !issue.daylight.isEmpty { issues.append(issue) }
    }
  }

  /// What can be learned from targets before an hour, as shares of the capacity.
  ///
  /// - Parameter isResidual: whether the target is what the unbiased physics leaves over.
  func examples(targetsBefore limit: Int, isResidual: Bool) -> TrainingExamples? {
    var examples = TrainingExamples(
      features: FeatureMatrix(names: features.map(\.declaration.name)), targets: [])
    for issue in issues {
      for (row, place) in issue.daylight.enumerated() where issue.targets[place] < limit {
        let index = issue.targets[place]
        guard let measured = history.actual(index), let physics = history.physics[index] else {
          continue
        }
        let expected = physics * issue.past.bias
        let isCensored = history.isCensored[index]
        let actual = isCensored ? max(measured, min(history.limit, expected)) : measured
        examples.append(
          row: row, of: issue.features,
          target: (actual - (isResidual ? expected : 0)) / history.capacity,
          weight: isCensored ? Self.imputedWeight : 1)
      }
    }
    return examples.count > 0 ? examples : nil
  }
}

extension PVFeatures {
  /// The features that a plant's sources can fill.
  static func available(for history: PVHistory) -> [Feature<PVContext>] {
    let weather = history.weather
    let sources: [(has: Bool, names: Set<String>)] = [
      (weather.globalHorizontal != nil, ["ghi", "ghi_1h_before", "ghi_1h_after"]),
      (
        weather.globalHorizontal != nil && history.sun.elevation != nil,
        [
          "sky_index", "sky_index_2h_before", "sky_index_1h_before", "sky_index_1h_after",
          "sky_index_2h_after", "sky_index_day",
        ]
      ),
      (weather.temperature != nil, ["air_temperature"]),
      (weather.windSpeed != nil, ["wind_speed", "wind_speed_day_highest"]),
      (weather.cloudCover != nil, ["cloud_cover", "cloud_cover_change", "cloud_cover_day_mean"]),
      (weather.humidity != nil, ["humidity", "humidity_day_mean"]),
      (weather.precipitation != nil, ["precipitation", "precipitation_day"]),
      (weather.snowfall != nil, ["snowfall_day"]),
      (
        !history.others.isEmpty,
        ["other_forecast_mean", "other_forecast_lowest", "other_forecast_highest"]
      ),
      (
        history.sun.elevation != nil,
        [
          "sun_elevation", "sun_azimuth", "clearness", "clearness_1h_before",
          "clearness_1h_after", "day_clearness", "day_clearness_spread",
        ]
      ),
    ]
    let absent = sources.filter { !$0.has }.reduce(into: Set<String>()) { $0.formUnion($1.names) }
    return all.filter { !absent.contains($0.declaration.name) }
  }
}
