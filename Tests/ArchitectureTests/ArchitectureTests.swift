// SPDX-License-Identifier: MIT
import Testing

/// A rule with the sentence that the list of tests shows.
struct NamedRule: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let violations: @Sendable (Project) -> [Violation]

  init(_ sentence: String, _ violations: @escaping @Sendable (Project) -> [Violation]) {
    testDescription = sentence
    self.violations = violations
  }

  static let all = [
    NamedRule("every import is declared in Package.swift", Rules.importsAreDeclared),
    NamedRule("every import points to a lower row", Rules.importsPointDown),
    NamedRule("every module has a row", Rules.modulesHaveARow),
    NamedRule("every C library has one importer", Rules.cLibrariesHaveOneImporter),
    NamedRule("no name is empty of meaning", Rules.namesSaySomething),
    NamedRule("no module holds a type of its name", Rules.modulesHaveNoTypeOfTheirName),
    NamedRule("every file begins with its licence", Rules.filesHaveALicenceHeader),
    NamedRule("every file is shorter than 400 lines", Rules.filesAreShort),
    NamedRule("no function is longer than 40 lines", Rules.functionsAreShort),
    NamedRule("nothing in Sources can trap by force", Rules.nothingIsForced),
    NamedRule("nothing in Sources is left to do", Rules.nothingIsLeftToDo),
    NamedRule("time and chance come from outside", Rules.timeAndChanceComeFromOutside),
    NamedRule("unchecked Sendable only wraps C", Rules.uncheckedSendableOnlyWrapsC),
  ]
}

@Suite("Architecture")
struct ArchitectureTests {
  /// Read once for all rules.
  private static let project = Result { try Project.current() }

  @Test("the project keeps the rule", arguments: NamedRule.all)
  func keeps(rule: NamedRule) throws {
    let violations = rule.violations(try Self.project.get())
    #expect(
      violations.isEmpty, "\n\(violations.map(\.description).joined(separator: "\n"))")
  }

  @Test("the project is seen as it is: its modules, their dependencies, its C libraries")
  func seesTheProject() throws {
    let project = try Self.project.get()
    #expect(project.modules.isSuperset(of: ["pems", "Household", "TimeSeries", "CYAML"]))
    #expect(project.cModules.contains("CYAML"))
    #expect(project.declared["Household"]?.contains("TimeSeries") == true)
    #expect(project.declared["pems"]?.contains("Household") == true)
    #expect(project.files.contains { $0.path == "Tests/ArchitectureTests/ArchitectureTests.swift" })
    #expect(project.files.contains { $0.path == "tools/setup.sh" })
  }
}
