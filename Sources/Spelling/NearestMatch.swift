// SPDX-License-Identifier: MIT

/// Finds what somebody probably meant.
public enum NearestMatch {
  /// The candidate with the fewest edits from `word`, if it is at most a third of the word away.
  public static func of(_ word: String, in candidates: some Sequence<String>) -> String? {
    let allowed = max(2, word.count / 3)
    return candidates.map { (name: $0, distance: editDistance(word, $0)) }
      .filter { $0.distance <= allowed }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// How many letters have to be put in, taken out or replaced. Cost O(n·m).
  ///
  /// Source: V. Levenshtein, Soviet Physics Doklady 10 (1966) 707; R. Wagner, M. Fischer,
  /// J. ACM 21 (1974) 168, doi:10.1145/321796.321811.
  public static func editDistance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let above = row[j + 1]
        row[j + 1] = a[i] == b[j] ? diagonal : min(diagonal, above, row[j]) + 1
        diagonal = above
      }
    }
    return row[b.count]
  }
}
