// SPDX-License-Identifier: MIT
import Testing

/// A project of a few files for one test; each file gets the licence that it should have.
private func project(
  _ files: [String: String], declared: [String: Set<String>] = [:],
  rows: String = "2 Upper Sideways\n1 Lower\n0 CThing\nallow Upper Sideways"
) throws -> Project {
  Project(
    files: files.sorted { $0.key < $1.key }.map { SourceFile(path: $0.key, text: $0.value) },
    declared: declared, rows: try Rows(rows))
}

/// What a rule says of a project, one line a violation.
private func told(
  _ rule: (Project) -> [Violation], _ files: [String: String],
  declared: [String: Set<String>] = [:]
) throws -> [String] {
  rule(try project(files, declared: declared)).map(\.description)
}

@Suite("Architecture rules about modules")
struct ModuleRuleTests {
  @Test("an import that Package.swift does not declare is caught, with or without attributes")
  func undeclared() throws {
    let files = [
      "Sources/Upper/A.swift": "import Foundation\n@preconcurrency public import Lower\n",
      "Sources/Lower/B.swift": "// import Upper\nlet text = \"import Upper\"\n",
    ]
    #expect(
      try told(Rules.importsAreDeclared, files) == [
        "Sources/Upper/A.swift:2: Package.swift does not declare Lower for Upper"
      ])
    #expect(try told(Rules.importsAreDeclared, files, declared: ["Upper": ["Lower"]]) == [])
  }

  @Test("an import upwards or sideways is caught; one that is allowed is not")
  func rows() throws {
    let files = [
      "Sources/Lower/A.swift": "import Upper\n",
      "Sources/Sideways/B.swift": "import struct Upper.Thing\nimport Lower\n",
      "Sources/Upper/C.swift": "import Sideways\n",
    ]
    #expect(
      try told(Rules.importsPointDown, files) == [
        "Sources/Lower/A.swift:1: Lower of row 1 imports Upper of row 2; only rows below",
        "Sources/Sideways/B.swift:1: Sideways of row 2 imports Upper of row 2; only rows below",
      ])
  }

  @Test("a module without a row is caught")
  func rowless() throws {
    let files = ["Sources/Lower/A.swift": "", "Sources/Stray/B.swift": ""]
    #expect(
      try told(Rules.modulesHaveARow, files) == [
        "Sources/Stray/B.swift: the module Stray has no row in docs/architecture.md"
      ])
  }

  @Test("a second importer of a C library, and an import that is not internal, are caught")
  func cLibraries() throws {
    let map = ["Sources/CThing/module.modulemap": ""]
    let right = map.merging(["Sources/Lower/A.swift": "internal import CThing\n"]) { $1 }
    #expect(try told(Rules.cLibrariesHaveOneImporter, right) == [])
    let second = right.merging(["Sources/Upper/B.swift": "internal import CThing\n"]) { $1 }
    #expect(
      try told(Rules.cLibrariesHaveOneImporter, second) == [
        "Sources/Lower/A.swift:1: CThing has the importers Lower, Upper; one is allowed",
        "Sources/Upper/B.swift:1: CThing has the importers Lower, Upper; one is allowed",
      ])
    let open = map.merging(["Sources/Lower/A.swift": "import CThing\n"]) { $1 }
    #expect(
      try told(Rules.cLibrariesHaveOneImporter, open) == [
        "Sources/Lower/A.swift:1: write 'internal import CThing'"
      ])
  }

  @Test("the rows' block is read, and a line that is none is refused")
  func rowsBlock() throws {
    let rows = try Rows("7 pems\n6 Web Reports\nallow Web Reports\n")
    #expect(rows.row == ["pems": 7, "Web": 6, "Reports": 6])
    #expect(rows.allowed == [["Web", "Reports"]])
    #expect(throws: Rows.Unreadable.self) { try Rows("seven pems") }
    #expect(throws: Rows.Unreadable.self) { try Rows("7") }
  }

  @Test("dependencies are read out of the manifest's text, over several lines too")
  func manifest() {
    let declared = Project.declaredDependencies(
      in: """
        .systemLibrary(name: "CThing"),
        .target(name: "Lower", swiftSettings: strict),
        .target(
          name: "Upper",
          dependencies: [
            "Lower", "CThing",
          ], swiftSettings: strict),
        """)
    #expect(declared == ["CThing": [], "Lower": [], "Upper": ["Lower", "CThing"]])
  }
}

@Suite("Architecture rules about text")
struct TextRuleTests {
  @Test(
    "a name that says nothing is caught",
    arguments: [
      ("Sources/Lower/A.swift", "struct RoomManager {}", "A.swift:1: the type RoomManager holds"),
      ("Sources/Lower/A.swift", "enum DataKind {}", "A.swift:1: the type DataKind holds"),
      ("Sources/Lower/DateUtils.swift", "", "DateUtils.swift: the file's name holds"),
      ("Sources/Lower/Room+Helper.swift", "", "Room+Helper.swift: the file's name holds"),
      ("Sources/Lower/A.swift", "\nfunc processRooms() {}", "A.swift:2: the function processRooms"),
      ("Sources/Lower/A.swift", "func handle() {}", "A.swift:1: the function handle"),
    ])
  func emptyNames(path: String, text: String, expected: String) throws {
    let found = try told(Rules.namesSaySomething, [path: text])
    #expect(found.count == 1)
    #expect(found.first?.contains(expected) == true)
  }

  @Test("a name that only begins like one that says nothing is fine")
  func meaningfulNames() throws {
    let text = "struct Database {}\nstruct BaseLoadProfile {}\nfunc handleless() {}\nenum Corent {}"
    #expect(try told(Rules.namesSaySomething, ["Sources/Lower/A.swift": text]) == [])
  }

  @Test("a function of more than 40 lines is caught, one of 40 is fine")
  func longFunctions() throws {
    func text(_ count: Int) -> String {
      let body = Array(repeating: "    rest()", count: count - 4)
      let lines =
        [
          "struct Room {", "  func off() { rest() }", "  public static func heat(",
          "    _ power: Int",
        ]
        + ["  ) throws {"] + body + ["  }", "}"]
      return lines.joined(separator: "\n")
    }
    #expect(try told(Rules.functionsAreShort, ["Sources/Lower/A.swift": text(40)]) == [])
    #expect(
      try told(Rules.functionsAreShort, ["Sources/Lower/A.swift": text(41)])
        == ["Sources/Lower/A.swift:3: a function of 41 lines, 40 are enough"])
  }

  @Test("a type with the name of its module is caught")
  func moduleName() throws {
    #expect(
      try told(Rules.modulesHaveNoTypeOfTheirName, ["Sources/Lower/A.swift": "\nenum Lower {}"])
        == ["Sources/Lower/A.swift:2: the type Lower has the name of its module"])
  }

  @Test("a file without its licence is caught; one after '#!' is fine")
  func licence() throws {
    let files = [
      "Sources/Lower/A.swift": "import Foundation\n",
      "Sources/Lower/B.swift": "// SPDX-License-Identifier: MIT\n",
      "Tests/LowerTests/C.swift": "",
      "tools/a.sh": "#!/bin/sh\n# SPDX-License-Identifier: MIT\n",
      "tools/b.sh": "#!/bin/sh\necho\n",
    ]
    #expect(
      try told(Rules.filesHaveALicenceHeader, files).map { $0.prefix { $0 != ":" } } == [
        "Sources/Lower/A.swift", "Tests/LowerTests/C.swift", "tools/b.sh",
      ])
  }

  @Test("a file of 400 lines is caught, one of 399 is not")
  func length() throws {
    let files = [
      "Sources/Lower/A.swift": String(repeating: "x\n", count: 399),
      "Sources/Lower/B.swift": String(repeating: "x\n", count: 400),
    ]
    #expect(
      try told(Rules.filesAreShort, files) == [
        "Sources/Lower/B.swift: has 400 lines, 400 are too many"
      ])
  }

  @Test(
    "what traps by force is caught",
    arguments: [
      "let a = try! b()", "let a = b as! C", "fatalError(\"no\")", "let a = b!", "a.values!.count",
      "b()!", "c[0]!", "var d: Int!", "let text = \"\\(a!)\"",
    ])
  func forced(code: String) throws {
    let found = try told(Rules.nothingIsForced, ["Sources/Lower/A.swift": "let x = 1\n" + code])
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("Sources/Lower/A.swift:2: ") == true)
  }

  @Test(
    "an exclamation mark that is no force is fine",
    arguments: [
      "a != b", "a!=b", "!a", "if !a, !(b) {}", "// Oh!", "/// never `try!`",
      "let t = \"Oh! \\(a)\"",
      "let t = \"\"\"\n  Oh no!\n  \"\"\"", "let r = #\"a\" b!\"#", "/* as! */",
    ])
  func notForced(code: String) throws {
    #expect(try told(Rules.nothingIsForced, ["Sources/Lower/A.swift": code]) == [])
  }

  @Test("work that is left over is caught, in comments too", arguments: ["TODO", "FIXME"])
  func leftOver(word: String) throws {
    let files = ["Sources/Lower/A.swift": "// \(word): later\n"]
    #expect(
      try told(Rules.nothingIsLeftToDo, files) == [
        "Sources/Lower/A.swift:1: finish it now, or file an issue"
      ])
  }

  @Test(
    "time and chance out of the machine are caught below the composition root",
    arguments: [
      "let now = Date()", "let now = Date.now", "sleep(1)", "try await Task.sleep(for: d)",
      "usleep(1)", "var r = SystemRandomNumberGenerator()", "Int.random(in: 0..<4)",
      "a.randomElement()", "a.shuffled()", "UUID()",
    ])
  func impure(code: String) throws {
    #expect(
      try told(Rules.timeAndChanceComeFromOutside, ["Sources/Lower/A.swift": code]).count == 1)
    #expect(try told(Rules.timeAndChanceComeFromOutside, ["Sources/pems/A.swift": code]) == [])
  }

  @Test("who waits for devices and for the next beat may sleep, and no more")
  func waiting() throws {
    for folder in Rules.waitingFolders {
      let path = folder + "A.swift"
      #expect(try told(Rules.timeAndChanceComeFromOutside, [path: "Thread.sleep(1)"]) == [])
      #expect(try told(Rules.timeAndChanceComeFromOutside, [path: "Date()"]).count == 1)
    }
  }

  @Test(
    "time and chance that come in as arguments are fine",
    arguments: [
      "Date(timeIntervalSince1970: 0)", "Int.random(in: 0..<4, using: &random)",
      "a.shuffled(using: &random)", "// Date()", "isAsleep(now)", "startDate()",
    ])
  func pure(code: String) throws {
    #expect(try told(Rules.timeAndChanceComeFromOutside, ["Sources/Lower/A.swift": code]) == [])
  }

  @Test("unchecked Sendable is caught outside a wrapper of C")
  func unchecked() throws {
    let wrapper = [
      "Sources/CThing/module.modulemap": "",
      "Sources/Lower/A.swift": "internal import CThing\n",
      "Sources/Lower/B.swift": "final class B: @unchecked Sendable {}\n",
    ]
    #expect(try told(Rules.uncheckedSendableOnlyWrapsC, wrapper) == [])
    let plain = ["Sources/Upper/B.swift": "final class B: @unchecked Sendable {}\n"]
    #expect(try told(Rules.uncheckedSendableOnlyWrapsC, plain).count == 1)
  }
}
