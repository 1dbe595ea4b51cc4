// SPDX-License-Identifier: MIT

extension YAMLNode {
  /// A variable that cannot be put in.
  struct SubstitutionProblem {
    let mark: YAMLMark
    let path: ValuePath
    let message: String
  }

  /// Puts the environment's values in place of `${NAME}` in every value; `$${` stands for `${`.
  ///
  /// The values go into the tree and not into the text of the file, so that whatever they hold
  /// stays one value.
  ///
  /// - Returns: what could not be put in.
  mutating func substitute(
    environment: [String: String], path: ValuePath = .root
  ) -> [SubstitutionProblem] {
    switch content {
    case .scalar(let scalar):
      guard scalar.text.contains("${") else { return [] }
      do {
        content = .scalar(try scalar.substituting(environment))
        return []
      } catch {
        return [SubstitutionProblem(mark: mark, path: path, message: error.message)]
      }
    case .list(var items):
      let problems = items.indices.flatMap {
        items[$0].substitute(environment: environment, path: path.index($0))
      }
      content = .list(items)
      return problems
    case .map(var entries):
      let problems = entries.indices.flatMap {
        entries[$0].value.substitute(environment: environment, path: path.key(entries[$0].key))
      }
      content = .map(entries)
      return problems
    }
  }
}

extension YAMLScalar {
  /// Why a variable cannot be put in.
  struct SubstitutionError: Error {
    let message: String
  }

  fileprivate func substituting(
    _ environment: [String: String]
  ) throws(SubstitutionError) -> YAMLScalar {
    var result = ""
    var rest = text[...]
    var usesEnvironment = false
    while let start = rest.firstRange(of: "${") {
      let before = rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      if before.hasSuffix("$") {
        result += before.dropLast() + "${"
        continue
      }
      guard let end = rest.firstIndex(of: "}"), EnvironmentFile.isName(rest[..<end]) else {
        throw SubstitutionError(
          message: "after '${' comes the name of an environment variable and '}';"
            + " write '$${' for the letters themselves")
      }
      let name = String(rest[..<end])
      guard let value = environment[name] else {
        throw SubstitutionError(
          message: "the environment variable \(name) is not set;"
            + " set it, or write \(name)=… into the file .env beside this one")
      }
      result += before + value
      usesEnvironment = true
      rest = rest[rest.index(after: end)...]
    }
    return YAMLScalar(
      text: result + rest, isPlain: isPlain, source: usesEnvironment ? text : nil)
  }
}
