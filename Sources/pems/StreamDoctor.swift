// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import History
import Household
import Quality
import Spelling
import TimeSeries

/// What a home needs to know, and whether its stores have it.
struct StreamDoctor {
  /// The state of one signal in one store.
  enum Status: String, Encodable {
    /// Fresh and nothing wrong with it.
    case found
    /// Not there.
    case missing
    /// There, but nothing new for too long.
    case stale
    /// There, but its readings cannot all be true.
    case suspicious
    /// The store did not answer.
    case unknown
  }

  /// The verdict on one signal.
  struct Check: Encodable {
    let signal: String
    let store: String
    let status: Status
    /// Whether the home cannot be planned well without it.
    let isNeeded: Bool
    let newest: Date?
    let note: String
  }

  /// How much of a stream is judged, in seconds.
  private static let judgedSeconds = 14 * 86_400.0
  /// From this share of bad readings on a stream is suspicious.
  private static let allowedSpoiltShare = 0.01

  let configuration: HomeConfiguration
  let store: String
  let now: Date
  let staleAfterSeconds: Double

  /// The signals that this home cannot be planned well without.
  var needed: [SignalName] {
    let home = configuration.home
    var needed: [SignalName] = [.loadPower, .gridPower, .outdoorTemperature]
    if case .spot = home.tariff.energy {
      needed.append(.spotPrice(currency: home.site.currency))
    }
    if !home.pvArrays.isEmpty { needed.append(.pvPower) }
    if home.battery != nil { needed += [.batteryPower, .batteryStateOfCharge] }
    needed += home.rooms.map { .roomTemperature($0.name) }
    needed += home.rooms.filter { $0.heater != nil }.map { .roomHeat($0.name) }
    return needed + home.chargePoints.map { .chargePointPower($0.name) }
  }

  /// The verdict on each needed signal in the embedded store; a store that is not there has none.
  func checkStore() -> [Check] {
    do throws(HistoryError) {
      let history = try SQLiteHistory(file: store, access: .reading)
      let known = try history.signals().filter { $0.span != nil }.map(\.signal.text)
      var checks: [Check] = []
      for signal in needed {
        guard let newest = try history.span(of: signal)?.upperBound else {
          checks.append(missing(signal, store, Self.near(signal.text, known)))
          continue
        }
        let samples = try history.samples(of: signal, in: judged(newest))
        checks.append(judge(signal, store, newest, samples))
      }
      return checks
    } catch {
      return [
        Check(
          signal: "all", store: store, status: .unknown, isNeeded: true, newest: nil,
          note: "\(error)")
      ]
    }
  }

  /// The verdict on each mapped signal in the configured InfluxDB; none without one.
  func checkInflux() -> [Check] {
    guard let settings = configuration.history.influx else { return [] }
    let mapping = InfluxMapping(settings, home: configuration.home)
    let server = InfluxServer(settings)
    let history = InfluxHistory(
      server, mapping: mapping, patience: .init(attempts: 2) { Thread.sleep(forTimeInterval: $0) })
    let catalogue = InfluxCatalogue(server)
    return mapping.sources.sorted { $0.key < $1.key }.map { signal, source in
      let name = "\(settings.address)/\(source.database ?? settings.database)"
      do throws(InfluxError) {
        guard let newest = try history.newestTime(of: signal) else {
          return missing(signal, name, try Self.advice(source, catalogue))
        }
        return judge(signal, name, newest, try history.samples(of: signal, in: judged(newest)))
      } catch {
        return Check(
          signal: signal.text, store: name, status: .unknown, isNeeded: needed.contains(signal),
          newest: nil, note: "\(error)")
      }
    }.sorted { ($0.store, $0.signal) < ($1.store, $1.signal) }
  }

  private func judged(_ newest: Date) -> Range<Date> {
    newest.addingTimeInterval(-Self.judgedSeconds)..<newest.addingTimeInterval(1)
  }

  private func missing(_ signal: SignalName, _ store: String, _ note: String) -> Check {
    Check(
      signal: signal.text, store: store, status: .missing, isNeeded: needed.contains(signal),
      newest: nil, note: note)
  }

  private func judge(
    _ signal: SignalName, _ store: String, _ newest: Date, _ samples: [Sample]
  ) -> Check {
    let age = now.timeIntervalSince(newest)
    if age > staleAfterSeconds {
      let note = "nothing new for \(Self.duration(age)): is its source running?"
      return Check(
        signal: signal.text, store: store, status: .stale, isNeeded: needed.contains(signal),
        newest: newest, note: note)
    }
    let quality = StreamQuality.assess(samples, of: signal)
    let isBad = quality.spoiltShare.rawValue > Self.allowedSpoiltShare
    let worst = quality.findings.filter(\.spoilsReadings).max { $0.count < $1.count }
    return Check(
      signal: signal.text, store: store, status: isBad ? .suspicious : .found,
      isNeeded: needed.contains(signal), newest: newest,
      note: isBad ? worst.map { "\($0)" } ?? "" : "")
  }

  /// Which part of a place is not there, and what is called almost the same.
  private static func advice(
    _ source: InfluxSource, _ catalogue: InfluxCatalogue
  ) throws(InfluxError) -> String {
    let measurements = try catalogue.measurements(in: source.database)
    for term in source.terms {
      guard measurements.contains(term.measurement) else {
        return "no measurement '\(term.measurement)'; " + near(term.measurement, measurements)
      }
      let fields = try catalogue.fields(of: term.measurement, in: source.database)
      guard fields.contains(term.field) else {
        return "no field '\(term.field)' in '\(term.measurement)'; " + near(term.field, fields)
      }
    }
    return "its fields are there, but no point with all of them and the tags of the mapping"
  }

  private static func near(_ name: String, _ known: [String]) -> String {
    if let near = NearestMatch.of(name, in: known) { return "did you mean '\(near)'?" }
    return known.isEmpty ? "there is nothing" : "there is nothing of a similar name"
  }

  static func duration(_ seconds: Double) -> String {
    seconds < 2 * 86_400 ? "\(Int(seconds / 3_600)) h" : "\(Int(seconds / 86_400)) days"
  }
}
