// SPDX-License-Identifier: MIT
public import Foundation

/// Models on disk: a folder for each target, in it a folder for each version.
///
/// A version appears all at once by a rename and its model files never change; only its metadata
/// does, each time as a whole. One program at a time writes.
public struct ModelRegistry: Sendable {
  /// A model as it was saved.
  public struct Stored: Sendable, Hashable {
    /// What is known of it.
    public let metadata: ModelMetadata
    /// Its files by name, checked against their hashes.
    public let files: [String: Data]
  }

  private static let metadataFile = "metadata.json"
  private let folder: URL

  /// A registry in a folder, which need not be there yet.
  public init(folder: URL) { self.folder = folder }

  // MARK: - Reading

  /// The targets that have models, by name.
  public func targets() -> [String] {
    // A registry that is not there yet has no targets.
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { Self.isTarget($0) }.sorted()
  }

  /// All versions of a target, oldest first; one whose metadata cannot be read is left out.
  public func versions(of target: String) -> [ModelMetadata] {
    let folder = folder.appending(path: target)
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .compactMap { Int($0) }.sorted()
      .compactMap { version in
        // A damaged version must not hide the others; asking for it by number tells why.
        try? metadata(target: target, version: version)
      }
  }

  /// The versions of a target whose metadata cannot be read, oldest first.
  public func unreadableVersions(of target: String) -> [Int] {
    let known = Set(versions(of: target).map(\.version))
    let parent = folder.appending(path: target)
    return ((try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [])
      .compactMap { Int($0) }.filter { !known.contains($0) }.sorted()
  }

  /// The version that is in use; the newest if a crash left two.
  public func production(of target: String) throws(RegistryError) -> ModelMetadata {
    guard let metadata = versions(of: target).last(where: { $0.state == .production }) else {
      throw .noProduction(target: target)
    }
    return metadata
  }

  /// A version with its files.
  ///
  /// - Throws: `unknownVersion`, `damaged`, `foreign`.
  public func load(target: String, version: Int) throws(RegistryError) -> Stored {
    let metadata = try metadata(target: target, version: version)
    var files: [String: Data] = [:]
    for (name, hash) in metadata.fileHashes {
      let url = self.url(target, version).appending(path: name)
      guard let data = try? Data(contentsOf: url) else {
        throw .damaged(path: url.path, reason: "the file is not there")
      }
      guard StableHash.of(data) == hash else {
        throw .damaged(path: url.path, reason: "its content has changed")
      }
      files[name] = data
    }
    return Stored(metadata: metadata, files: files)
  }

  /// What is known of a version.
  public func metadata(target: String, version: Int) throws(RegistryError) -> ModelMetadata {
    let url = url(target, version).appending(path: Self.metadataFile)
    guard let data = try? Data(contentsOf: url) else {
      throw .unknownVersion(
        target: target, version: version, available: versions(of: target).map(\.version))
    }
    if let written = try? Self.decoder.decode(WrittenFormat.self, from: data),
      written.format != ModelMetadata.currentFormat
    {
      throw .foreign(
        path: url.path,
        reason: "it is of format \(written.format), this program reads "
          + "\(ModelMetadata.currentFormat)")
    }
    let metadata: ModelMetadata
    do {
      metadata = try Self.decoder.decode(ModelMetadata.self, from: data)
    } catch {
      throw .foreign(path: url.path, reason: "its metadata cannot be read")
    }
    guard metadata.target == target, metadata.version == version else {
      throw .foreign(
        path: url.path, reason: "it calls itself \(metadata.target) \(metadata.version)")
    }
    return metadata
  }

  // MARK: - Writing

  /// Saves a new version, all or nothing.
  ///
  /// - Returns: its metadata with the version and the hashes.
  public func save(
    _ metadata: ModelMetadata, files: [String: Data]
  ) throws(RegistryError) -> ModelMetadata {
    guard Self.isTarget(metadata.target) else { throw .invalidTarget(metadata.target) }
    let parent = folder.appending(path: metadata.target)
    var metadata = metadata
    metadata.fileHashes = files.mapValues(StableHash.of)
    let draft = parent.appending(path: ".draft-\(ProcessInfo.processInfo.globallyUniqueString)")
    do {
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
      metadata.version = (try existingNumbers(in: parent).max() ?? 0) + 1
      for (name, data) in files { try data.write(to: draft.appending(path: name)) }
      try Self.encoder.encode(metadata).write(to: draft.appending(path: Self.metadataFile))
      try FileManager.default.moveItem(at: draft, to: url(metadata.target, metadata.version))
    } catch {
      // The draft is worthless; if it cannot be removed either, the next save does not mind it.
      try? FileManager.default.removeItem(at: draft)
      throw .notAccessible(path: parent.path, reason: "\(error)")
    }
    return metadata
  }

  /// Moves a version to another state; one that goes into use retires the one that was.
  ///
  /// - Throws: `forbiddenTransition`, and as `load`: what cannot be read cannot go into use.
  @discardableResult
  public func move(
    target: String, version: Int, to state: ModelState, at time: Date
  ) throws(RegistryError) -> ModelMetadata {
    var metadata = try load(target: target, version: version).metadata
    guard metadata.state.successors.contains(state) else {
      throw .forbiddenTransition(from: metadata.state, to: state)
    }
    let others = versions(of: target).filter { $0.state == .production && $0.version != version }
    metadata.state = state
    metadata.changedAt = time
    metadata.hasServed = metadata.hasServed || state == .production
    try write(metadata)
    guard state == .production else { return metadata }
    for var other in others {
      other.state = .retired
      other.changedAt = time
      try write(other)
    }
    return metadata
  }

  /// Takes the model in use out and puts the one before it back.
  public func rollBack(target: String, at time: Date) throws(RegistryError) -> ModelMetadata {
    let current = try production(of: target)
    let earlier = versions(of: target).filter {
      $0.hasServed && $0.version != current.version && $0.state == .retired
    }.sorted { $0.changedAt < $1.changedAt }
    for candidate in earlier.reversed() {
      // One that is damaged by now is passed over for the one before it.
      if let restored = try? move(
        target: target, version: candidate.version, to: .production, at: time)
      {
        return restored
      }
    }
    throw .nothingToRollBackTo(target: target)
  }

  /// Removes the oldest versions that are neither in use nor in shadow.
  ///
  /// - Parameter count: how many retired and development versions stay.
  /// - Returns: the versions removed.
  @discardableResult
  public func prune(target: String, keeping count: Int) throws(RegistryError) -> [Int] {
    let idle = versions(of: target).filter { $0.state == .retired || $0.state == .development }
    let doomed = idle.dropLast(max(0, count)).map(\.version)
    for version in doomed {
      do {
        try FileManager.default.removeItem(at: url(target, version))
      } catch {
        throw .notAccessible(path: url(target, version).path, reason: "\(error)")
      }
    }
    return doomed
  }

  // MARK: - Pieces

  /// The one field that every format has.
  private struct WrittenFormat: Decodable { let format: Int }

  private func write(_ metadata: ModelMetadata) throws(RegistryError) {
    let url = url(metadata.target, metadata.version).appending(path: Self.metadataFile)
    do {
      try Self.encoder.encode(metadata).write(to: url, options: .atomic)
    } catch {
      throw .notAccessible(path: url.path, reason: "\(error)")
    }
  }

  private func url(_ target: String, _ version: Int) -> URL {
    folder.appending(path: target).appending(path: String(format: "%05d", version))
  }

  private func existingNumbers(in parent: URL) throws -> [Int] {
    try FileManager.default.contentsOfDirectory(atPath: parent.path).compactMap { Int($0) }
  }

  private static func isTarget(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }
}
