// SPDX-License-Identifier: MIT
import Foundation

/// Damages good inputs of a parser, again and again, and looks at what becomes of them.
///
/// The same seed gives the same inputs. `make fuzz` sets PEMS_FUZZ_INPUTS to what all parsers
/// together get, and sums up the lines that are printed; `make test` gives them a minute together.
public struct Fuzzing: Sendable {
  /// How many parsers share inputs and time.
  private static let parserCount = 48
  /// One input may take so much of a processor; more is a hang in the making.
  private static let longestSeconds = 2.0
  /// The processor time of all parsers together, where their inputs are not counted.
  private static let usualSeconds = 60.0
  /// A slow machine gives each parser at least so many inputs.
  private static let leastInputs = 300

  /// How many inputs one parser gets; `nil` where its time is limited instead.
  private static let countedInputs: Int? = ProcessInfo.processInfo
    .environment["PEMS_FUZZ_INPUTS"].flatMap { Int($0) }.map { max(1, $0 / parserCount + 1) }

  /// What a parser made of an input.
  public enum Outcome: Sendable {
    /// It refused it.
    case refused
    /// It took it and gave these numbers.
    case numbers([Double])
  }

  private let seeds: [[UInt8]]
  private let splices: [[UInt8]]

  /// Fuzzing from good inputs without any zero in them, so that a zero in a result needs a reason.
  public init(seeds: [[UInt8]]) {
    self.seeds = seeds
    splices = Self.dictionary.map { Array($0.utf8) }
  }

  /// What breaks parsers more often than random bytes do.
  private static let dictionary = [
    "null", "NaN", "nan", "Infinity", "-Infinity", "1e999", "-1e999", "99999999999999999999", "-1",
    "1e-400", "\"\"", "[]", "{}", "true", "{", "}", "[", "]", "\"", "\\", ",", ":", ";", "\n",
    "\r\n", "\0", "\u{FEFF}", "<", ">", "</", "&#x0;", "&amp;", "<![CDATA[", "<!--", "é", "€",
    "2026-02-30T25:61:00Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59+14:00", "+99:99", "1969",
    "-9223372036854775808", "9223372036854775807", "4294967296", " ", "\t", "'", "#", "%s", "${A}",
  ]

  /// Runs a parser over damaged inputs.
  ///
  /// - Returns: complaints, each with the number of its input and the input itself.
  public func run(
    using random: inout some RandomNumberGenerator, _ parse: ([UInt8]) -> Outcome
  ) -> [String] {
    var complaints: [String] = []
    var number = 0
    let end = Self.processorSeconds + Self.usualSeconds / Double(Self.parserCount)
    func goesOn() -> Bool {
      Self.countedInputs.map { number < $0 }
        ?? (number < Self.leastInputs || Self.processorSeconds < end)
    }
    while goesOn(), complaints.count < 5 {
      let input = mutated(using: &random)
      let start = Self.processorSeconds
      let outcome = parse(input)
      let elapsed = Self.processorSeconds - start
      if elapsed > Self.longestSeconds {
        complaints.append("input \(number) took \(elapsed) s: \(Self.shown(input))")
      }
      if case .numbers(let numbers) = outcome, let complaint = Self.complaint(numbers, input) {
        complaints.append("input \(number): \(complaint): \(Self.shown(input))")
      }
      number += 1
    }
    if Self.countedInputs != nil { print("fuzzed \(number) inputs") }
    return complaints
  }

  /// The time that this thread had of a processor: what other programs do changes nothing.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// A good input with one to six damages.
  private func mutated(using random: inout some RandomNumberGenerator) -> [UInt8] {
    guard var input = seeds.randomElement(using: &random) else { return [] }
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      guard !input.isEmpty else { break }
      let place = Int.random(in: input.indices, using: &random)
      let end = min(input.count, place + Int.random(in: 1...24, using: &random))
      switch Int.random(in: 0..<8, using: &random) {
      case 0: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: input[place] = UInt8.random(in: 0...255, using: &random)
      case 2: input.removeSubrange(place..<end)
      case 3: input.insert(contentsOf: input[place..<end], at: place)
      case 4: input.insert(contentsOf: splices.randomElement(using: &random) ?? [], at: place)
      case 5: input.replaceSubrange(place..<end, with: splices.randomElement(using: &random) ?? [])
      case 6: input.removeSubrange(place...)
      default:
        let other = seeds.randomElement(using: &random) ?? input
        input = Array(input[..<place] + other[min(place, other.count)...])
      }
    }
    return input
  }

  /// What is wrong with a result: no number, or a zero that the input does not have.
  private static func complaint(_ numbers: [Double], _ input: [UInt8]) -> String? {
    if let odd = numbers.first(where: { !$0.isFinite }) { return "\(odd) came out" }
    return numbers.contains(0) && !spellsZero(input) ? "a silent zero" : nil
  }

  /// Whether any word of the text is a number that is zero, or too small for a `Double`.
  private static func spellsZero(_ input: [UInt8]) -> Bool {
    let letters = Set("0123456789+-.eE".utf8)
    return input.split(whereSeparator: { !letters.contains($0) }).contains { word in
      let mantissa = word.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
      let digits = mantissa.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      let value = Double(String(decoding: word, as: UTF8.self)) ?? 1
      return (!digits.isEmpty && digits.allSatisfy { $0 == UInt8(ascii: "0") })
        || abs(value) < 1e-290
    } || String(decoding: input, as: UTF8.self).contains("false")
  }

  private static func shown(_ input: [UInt8]) -> String {
    String(decoding: input.prefix(1_500), as: UTF8.self)
  }
}
