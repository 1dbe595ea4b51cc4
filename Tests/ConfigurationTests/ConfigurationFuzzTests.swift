// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Configuration

@Suite("Damaged configurations")
struct ConfigurationFuzzTests {
  private static let values = [
    "", "~", "-1", "0", "1e9", "1e400", "-0", "99999999999999999999", "true", "[]", "{}", "[1]",
    "{a: 1}", "\"24:00\"", "\"00:00\"", "text", "\"\"", "*x", "&x 1", "!t 1", "${HOME}", "0x10",
    "é",
  ]

  /// Stand-ins for wrong values must never trap, whatever is wrong together.
  @Test("any damage gives a home or problems with a line, and never a trap", arguments: 0..<400)
  func damage(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let path = ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml")
    let whole =
      seed % 4 == 0 ? try String(contentsOf: path, encoding: .utf8) : ConfigurationText.small
    var lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      let index = Int.random(in: lines.indices, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: lines.remove(at: index)
      case 1: lines.swapAt(index, Int.random(in: lines.indices, using: &random))
      default:
        guard let value = Self.values.randomElement(using: &random) else { continue }
        lines[index] = replaceValue(in: lines[index], by: value, using: &random)
      }
    }
    do throws(ConfigurationError) {
      _ = try HomeConfiguration(text: lines.joined(separator: "\n"), file: "pems.yaml")
    } catch {
      #expect(!error.problems.isEmpty)
      #expect(error.problems.allSatisfy { ($0.line ?? 0) >= 1 && $0.file == "pems.yaml" })
    }
  }

  @Test("damaged bytes of a configuration: a home, or problems that have a line")
  func bytes() {
    var random = SplitMix64(seed: 31)
    let seeds = [Array(ConfigurationText.small.utf8)]
    let found = Fuzzing(seeds: seeds).run(using: &random) { input in
      do throws(ConfigurationError) {
        _ = try HomeConfiguration(text: String(decoding: input, as: UTF8.self), file: "pems.yaml")
        return .numbers([])
      } catch {
        // A problem without a line would be told as what no parser may give.
        return error.problems.contains { $0.line == nil } ? .numbers([.nan]) : .refused
      }
    }
    #expect(found.isEmpty)
  }

  @Test("damaged files of secrets")
  func environment() {
    var random = SplitMix64(seed: 32)
    let seeds = [Array("# keys\nexport TOKEN=\"a b\"\nUSER='x'\nEMPTY=\n".utf8)]
    let found = Fuzzing(seeds: seeds).run(using: &random) { input in
      do throws(ConfigurationError) {
        let variables = try EnvironmentFile.variables(
          of: String(decoding: input, as: UTF8.self), file: ".env")
        return .numbers(variables.keys.allSatisfy { EnvironmentFile.isName($0) } ? [] : [.nan])
      } catch { return .refused }
    }
    #expect(found.isEmpty)
  }

  /// One of the values of a line, whether it stands alone or in braces.
  private func replaceValue(
    in line: String, by value: String, using random: inout SplitMix64
  ) -> String {
    let places = line.ranges(of: ": ")
    guard let place = places.randomElement(using: &random) else { return line }
    let rest = line[place.upperBound...]
    let end = rest.firstIndex { $0 == "," || $0 == "}" } ?? rest.endIndex
    return line[..<place.upperBound] + value + rest[end...]
  }
}
