// SPDX-License-Identifier: MIT

/// Where fields lie together: one measurement of one database, and some of its tags.
struct InfluxPlace: Hashable {
  /// The database or bucket; that of the server when `nil`.
  let database: String?
  let measurement: String
  let tags: [String: String]
}

/// One field and where it is.
struct InfluxField: Hashable {
  /// How many fields are asked for in one statement; more bring little more.
  static let countPerStatement = 10

  let place: InfluxPlace
  let name: String

  /// Each field once, those of the same place together.
  static func groups(_ fields: [InfluxField]) -> [[InfluxField]] {
    var groups: [[InfluxField]] = []
    var known: Set<InfluxField> = []
    var newest: [InfluxPlace: Int] = [:]
    for field in fields where known.insert(field).inserted {
      if let group = newest[field.place], groups[group].count < countPerStatement {
        groups[group].append(field)
      } else {
        newest[field.place] = groups.count
        groups.append([field])
      }
    }
    return groups
  }
}

extension InfluxSource {
  /// The fields of its terms, in their order.
  var fields: [InfluxField] {
    terms.map {
      InfluxField(
        place: InfluxPlace(database: database, measurement: $0.measurement, tags: $0.tags),
        name: $0.field)
    }
  }
}
