// SPDX-License-Identifier: MIT
import Foundation

/// What services are asked for.
enum FeedSubject: String, Encodable {
  case prices, weather, ensemble, pv
  /// Exchange rates, which prices in other money need.
  case rates

  /// Those that somebody asks for by themselves.
  static let asked: [FeedSubject] = [.prices, .weather, .ensemble, .pv]
}

/// What one run of `pems fetch` brought.
struct FeedReport: Encodable {
  /// What became of one service.
  struct Line: Encodable {
    let subject: FeedSubject
    let service: String
    let isFetched: Bool
    let note: String
  }

  enum CodingKeys: String, CodingKey {
    case at, store, lines, pricedSteps, askedSteps, newPrices, hasAllPrices
  }

  let at: Date
  let store: String
  /// What services were asked for.
  let asked: Set<FeedSubject>
  private(set) var lines: [Line] = []
  /// How many quarter-hours of today and tomorrow have a price now, and how many there are.
  var pricedSteps = 0
  var askedSteps = 0
  var newPrices = 0
  /// Whether every price is known that can be out by now.
  var hasAllPrices = false

  /// Whether something came that a plan could not know before.
  var bringsNews: Bool {
    newPrices > 0 || lines.contains { $0.subject == .weather && $0.isFetched }
  }

  init(at: Date, store: String, asked: Set<FeedSubject>) {
    self.at = at
    self.asked = asked
    self.store = store
  }

  mutating func add(_ subject: FeedSubject, _ service: String, _ note: String) {
    lines.append(Line(subject: subject, service: service, isFetched: true, note: note))
  }

  mutating func fail(_ subject: FeedSubject, _ service: String, _ note: String) {
    lines.append(Line(subject: subject, service: service, isFetched: false, note: note))
  }

  /// Whether every subject that was asked for has at least one answer.
  var isUsable: Bool {
    Set(lines.map(\.subject)).allSatisfy { subject in
      lines.contains { $0.subject == subject && $0.isFetched }
    }
  }

  /// The report for people.
  var text: String {
    let width = lines.map { $0.service.count }.max() ?? 0
    return lines.map { line in
      line.subject.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
        + line.service.padding(toLength: width, withPad: " ", startingAt: 0)
        + (line.isFetched ? "  " : "  FAILED  ") + line.note
    }.joined(separator: "\n")
  }
}
