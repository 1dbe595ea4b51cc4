// SPDX-License-Identifier: MIT
import Foundation
import HTTP

/// The body of an answer, once its kind is the one the service has.
enum FeedBody {
  /// Decodes JSON.
  ///
  /// - Throws: `unexpectedContent` for another media type, `unreadable` with the place of the fault.
  static func decode<Content: Decodable>(
    _ type: Content.Type, from response: HTTPResponse, service: String
  ) throws(FeedError) -> Content {
    try require("json", in: response, service: service)
    do {
      return try JSONDecoder().decode(type, from: Data(response.body))
    } catch let error as DecodingError {
      throw .unreadable(service: service, reason: Self.reason(error))
    } catch {
      throw .unreadable(service: service, reason: "\(error)")
    }
  }

  /// Checks that the media type, where there is one, holds a word.
  static func require(
    _ word: String, in response: HTTPResponse, service: String
  ) throws(FeedError) {
    guard let mediaType = response.mediaType else { return }
    guard mediaType.contains(word) else {
      throw .unexpectedContent(service: service, mediaType: mediaType)
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "'\(key.stringValue)' is missing at '\(path(context))'"
    case .valueNotFound(_, let context): return "a value is missing at '\(path(context))'"
    case .typeMismatch(let type, let context):
      return "'\(path(context))' is no \(type)"
    case .dataCorrupted(let context): return "not valid at '\(path(context))'"
    @unknown default: return "\(error)"
    }
  }
}
