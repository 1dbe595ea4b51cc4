// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TestSupport
import Testing

@Suite("Model registry")
struct ModelRegistryTests {
  private static let day = 86_400.0
  private static let time = Date(timeIntervalSince1970: 1_767_225_600)

  private static func metadata(_ target: String = "load") -> ModelMetadata {
    ModelMetadata(
      target: target, createdAt: time, features: ["hour"], parameters: ["rounds": "250"],
      trainedOn: time.addingTimeInterval(-30 * day)...time, rowCount: 720, dataHash: "00",
      metrics: ["pinball": 1.5])
  }

  private static func registry(_ folder: TemporaryFolder) -> ModelRegistry {
    ModelRegistry(folder: folder.url.appending(path: "models"))
  }

  private static let files = ["trees.txt": Data("tree".utf8), "state.json": Data("{}".utf8)]

  @Test("gives back what was saved, numbered from one")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let registry = Self.registry(folder)
    let first = try registry.save(Self.metadata(), files: Self.files)
    let second = try registry.save(Self.metadata(), files: Self.files)
    #expect((first.version, second.version) == (1, 2))
    let stored = try registry.load(target: "load", version: 1)
    #expect(stored.files == Self.files)
    #expect(stored.metadata == first)
    #expect(registry.targets() == ["load"])
  }

  @Test("puts one model into use and retires the other")
  func promote() throws {
    let folder = try TemporaryFolder()
    let registry = Self.registry(folder)
    for _ in 0..<2 { _ = try registry.save(Self.metadata(), files: Self.files) }
    try registry.move(target: "load", version: 1, to: .production, at: Self.time)
    try registry.move(target: "load", version: 2, to: .shadow, at: Self.time)
    #expect(try registry.production(of: "load").version == 1)
    try registry.move(target: "load", version: 2, to: .production, at: Self.time + 1)
    #expect(registry.versions(of: "load").map(\.state) == [.retired, .production])
  }

  @Test("rolls back to the model before, passing over a damaged one")
  func rollBack() throws {
    let folder = try TemporaryFolder()
    let registry = Self.registry(folder)
    for version in 1...3 {
      _ = try registry.save(Self.metadata(), files: Self.files)
      try registry.move(
        target: "load", version: version, to: .production, at: Self.time + Double(version))
    }
    try Data("cut".utf8).write(
      to: folder.url.appending(path: "models/load/00002/trees.txt"))
    let restored = try registry.rollBack(target: "load", at: Self.time + 9)
    #expect(restored.version == 1)
    #expect(registry.versions(of: "load").map(\.state) == [.production, .retired, .retired])
  }

  @Test("refuses a model of a format it does not know, and tells both formats")
  func foreignFormat() throws {
    let folder = try TemporaryFolder()
    let registry = Self.registry(folder)
    _ = try registry.save(Self.metadata(), files: Self.files)
    let file = folder.url.appending(path: "models/load/00001/metadata.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("\"format\" : 1", with: "\"format\" : 9")
      .write(to: file, atomically: true, encoding: .utf8)
    #expect {
      _ = try registry.load(target: "load", version: 1)
    } throws: { error in
      "\(error)".contains("format 9, this program reads 1")
    }
  }

  @Test("keeps the model in use when another is damaged, foreign or unknown")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let registry = Self.registry(folder)
    for _ in 0..<3 { _ = try registry.save(Self.metadata(), files: Self.files) }
    try registry.move(target: "load", version: 1, to: .production, at: Self.time)
    let root = folder.url.appending(path: "models/load")
    try Data("tre".utf8).write(to: root.appending(path: "00002/trees.txt"))
    try Data("not json".utf8).write(to: root.appending(path: "00003/metadata.json"))
    #expect(throws: RegistryError.self) {
      try registry.move(target: "load", version: 2, to: .production, at: Self.time)
    }
    #expect {
      _ = try registry.load(target: "load", version: 3)
    } throws: { error in
      if case RegistryError.foreign? = error as? RegistryError { true } else { false }
    }
    #expect(
      throws: RegistryError.unknownVersion(target: "load", version: 7, available: [1, 2])
    ) {
      _ = try registry.load(target: "load", version: 7)
    }
    #expect(throws: RegistryError.noProduction(target: "pv")) {
      _ = try registry.production(of: "pv")
    }
    #expect(throws: RegistryError.nothingToRollBackTo(target: "load")) {
      _ = try registry.rollBack(target: "load", at: Self.time)
    }
    #expect(throws: RegistryError.invalidTarget("../load")) {
      _ = try registry.save(Self.metadata("../load"), files: [:])
    }
    #expect(try registry.production(of: "load").version == 1)
  }

  @Test("does not let a model go back to development")
  func transitions() throws {
    let folder = try TemporaryFolder()
    let registry = Self.registry(folder)
    _ = try registry.save(Self.metadata(), files: Self.files)
    try registry.move(target: "load", version: 1, to: .production, at: Self.time)
    #expect(
      throws: RegistryError.forbiddenTransition(from: .production, to: .development)
    ) {
      try registry.move(target: "load", version: 1, to: .development, at: Self.time)
    }
  }

  @Test("removes the oldest idle versions only")
  func prune() throws {
    let folder = try TemporaryFolder()
    let registry = Self.registry(folder)
    for _ in 0..<6 { _ = try registry.save(Self.metadata(), files: Self.files) }
    try registry.move(target: "load", version: 1, to: .production, at: Self.time)
    try registry.move(target: "load", version: 2, to: .shadow, at: Self.time)
    #expect(try registry.prune(target: "load", keeping: 2) == [3, 4])
    #expect(registry.versions(of: "load").map(\.version) == [1, 2, 5, 6])
    // A version's number is never given again.
    #expect(try registry.save(Self.metadata(), files: Self.files).version == 7)
  }

  @Test("has the hash of the reference implementation")
  func hash() {
    var hash = StableHash()
    hash.combine(Array("foobar".utf8))
    // Test vector of draft-eastlake-fnv, FNV-1a 64 of "foobar".
    #expect(hash.text == "85944171f73967e8")
  }
}

@Suite("Promotion")
struct PromotionTests {
  private static func losses(_ days: Int, _ level: Double) -> [Double] {
    (0..<days).map { level * (1 + 0.1 * Double($0 % 5)) }
  }

  @Test("takes a clearly better model after four weeks, not before")
  func promote() {
    let rule = PromotionRule()
    for days in 1..<28 {
      guard
        case .wait = rule.decide(
          challenger: Self.losses(days, 0.9), champion: Self.losses(days, 1),
          challengerCoverage: 0.8, championCoverage: 0.8)
      else { Issue.record("decided on day \(days)"); return }
    }
    let decision = rule.decide(
      challenger: Self.losses(28, 0.9), champion: Self.losses(28, 1), challengerCoverage: 0.8,
      championCoverage: 0.8)
    guard case .promote(let gain) = decision else { Issue.record("\(decision)"); return }
    #expect(abs(gain - 0.1) < 1e-9)
  }

  @Test("refuses one that covers badly, gains too little or loses a week")
  func reject() {
    let rule = PromotionRule()
    let champion = Self.losses(84, 1)
    var uneven = Self.losses(84, 0.8)
    for day in 0..<17 { uneven[day] = champion[day] * 1.2 }
    for (challenger, coverage) in [
      (Self.losses(84, 0.9), 0.7), (Self.losses(84, 0.995), 0.8), (uneven, 0.8),
    ] {
      let decision = rule.decide(
        challenger: challenger, champion: champion, challengerCoverage: coverage,
        championCoverage: 0.8)
      guard case .reject = decision else { Issue.record("\(decision)"); return }
    }
  }

  @Test("goes back when two weeks are a tenth worse than the climatology")
  func degraded() {
    let rule = DegradationRule()
    let reference = Self.losses(14, 1)
    #expect(!rule.isDegraded(Self.losses(14, 1.09), reference: reference))
    #expect(rule.isDegraded(Self.losses(14, 1.11), reference: reference))
    #expect(!rule.isDegraded(Self.losses(13, 9), reference: Self.losses(13, 1)))
  }
}
