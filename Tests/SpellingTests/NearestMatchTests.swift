// SPDX-License-Identifier: MIT
import Spelling
import Testing

@Suite("Nearest match")
struct NearestMatchTests {
  /// Distances by hand: kitten → sitting is the textbook's 3.
  @Test(
    "counts letters put in, taken out and replaced",
    arguments: [
      ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0),
      ("flaw", "lawn", 2), ("ložnice", "loznice", 1),
    ])
  func distance(left: String, right: String, expected: Int) {
    #expect(NearestMatch.editDistance(left, right) == expected)
    #expect(NearestMatch.editDistance(right, left) == expected)
  }

  @Test("finds the candidate with the fewest edits")
  func nearest() {
    #expect(NearestMatch.of("batery", in: ["battle", "battery", "pv"]) == "battery")
  }

  @Test("two that are equally near are decided by the alphabet, not by their order")
  func ties() {
    #expect(NearestMatch.of("cat", in: ["hat", "bat"]) == "bat")
    #expect(NearestMatch.of("cat", in: ["bat", "hat"]) == "bat")
  }

  @Test("two edits are allowed in a short word, a third of the letters in a long one")
  func tooFar() {
    #expect(NearestMatch.of("abcd", in: ["abxy"]) == "abxy")
    #expect(NearestMatch.of("abcd", in: ["axyz"]) == nil)
    #expect(NearestMatch.of("abcdefghijkl", in: ["abcdefghwxyz"]) == "abcdefghwxyz")
    #expect(NearestMatch.of("abcdefghijkl", in: ["abcdefgvwxyz"]) == nil)
  }

  @Test("nothing is near where there is nothing")
  func empty() { #expect(NearestMatch.of("word", in: []) == nil) }
}
