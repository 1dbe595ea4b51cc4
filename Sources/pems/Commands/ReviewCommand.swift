// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Foundation
import Household

/// `pems review`: what the journals of a running pems show: which stage is earned, how its wishes
/// compare with what was done, and which comfort people wish again and again. It changes nothing.
let reviewCommand = CommandLineCommand(
  "review", "Show which stage pems has earned and which comfort people wish; changes nothing.",
  examples: ["pems review --config /etc/pems/pems.yaml", "pems review --json"],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .flag("json", "Print the review as JSON."),
  ],
  run: { input in
    let configuration = try configuration(at: try input.require("config"))
    let folder = JournalFolder(path: configuration.service.stateFolder)
    let records = folder.lines("outcomes").compactMap { try? OutcomeRecord(line: $0) }
    guard !records.isEmpty else {
      throw CommandFailure.failed(
        "\(folder.path) has no outcomes yet; let 'pems run' run for a while")
    }
    let review = StageReview(records, home: configuration.home)
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let wishes = folder.lines("wishes").compactMap {
      try? decoder.decode(WishRecord.self, from: Data($0.utf8))
    }
    let proposals = ComfortProposal.proposals(
      from: wishes, calendar: configuration.home.site.calendar, now: Date())
    let page = ReviewPage(review: review, comfort: proposals, home: configuration.home)
    print(input.flag("json") ? try page.json() : page.text, terminator: "")
    return ExitCode.done
  })

/// The daily files of a running pems.
private struct JournalFolder {
  let path: String

  /// The lines of all days of a kind in order of time; half lines that a power cut left are the
  /// reader's to skip.
  func lines(_ kind: String) -> [Substring] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".\(kind).jsonl") }.sorted().flatMap { name in
      (try? String(contentsOfFile: URL(filePath: path).appending(path: name).path, encoding: .utf8))?
        .split(separator: "\n") ?? []
    }
  }
}

private struct ReviewPage: Encodable {
  let review: StageReview
  let comfort: [ComfortProposal]
  let home: Home

  private enum CodingKeys: String, CodingKey {
    case review, comfort
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  var text: String {
    var text = "Stage \(review.stage.rawValue): "
    switch review.proposal {
    case .promote: text += "\(review.proposed.rawValue) is earned; set control.stage to go on\n"
    case .stay: text += "stay\n"
    case .demote: text += "not earned any more; set control.stage to \(review.proposed.rawValue)\n"
    }
    for finding in review.findings { text += "  \(finding.isMet ? "+" : "-") \(finding.text)\n" }
    text +=
      "\nDays: what was measured, and what pems' hours would have saved, \(home.site.currency)\n"
    text += "  day         recorded   paid  heaters  battery  heaters as pems wanted\n"
    for day in review.days.suffix(Self.shownDays) {
      text +=
        "  "
        + day.start.formatted(
          Date.ISO8601FormatStyle(timeZone: home.site.timeZone).year().month().day())
        + String(
          format: "  %6.0f %% %8.2f %8.2f %8.2f %6.0f %%\n", 100 * day.coverage, day.measuredCost,
          day.heatingAdvantage, day.batteryAdvantage, 100 * day.heatingAgreement)
    }
    text += "\nComfort that was wished again and again (change the configuration if you agree):\n"
    if comfort.isEmpty { text += "  none\n" }
    for proposal in comfort { text += "  \(proposal)\n" }
    return text
  }

  private static let shownDays = 14
}
