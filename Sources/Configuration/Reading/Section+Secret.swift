// SPDX-License-Identifier: MIT
import HTTP

extension Section {
  /// A password, token or key: `KEY: ${NAME}` or `KEY_file: PATH`, a file that only its owner reads.
  ///
  /// A secret that stands in the file itself is a problem, so that the file can be shown around.
  func secret(_ key: String) -> Secret {
    if let secret = optionalSecret(key) { return secret }
    if !has(key), !has(key + "_file") {
      _ = requiredNode(key, "write ${NAME} for a variable of the environment, or \(key)_file")
    }
    return Secret("")
  }

  /// A secret that may be left out.
  func optionalSecret(_ key: String) -> Secret? {
    let fileKey = key + "_file"
    if has(key) {
      if has(fileKey) { report("stands beside \(key); only one of them can hold", fileKey) }
      guard let node = node(key), let scalar = node.scalar, let source = scalar.source else {
        report(
          "a secret does not stand in this file: write ${NAME} for a variable of the environment, "
            + "or \(fileKey) for a file with mode 600", key)
        return nil
      }
      guard !scalar.text.isEmpty else {
        report("\(node.shown) is empty", key)
        return nil
      }
      findings.noteSecret(source, at: path.key(key), mark: node.mark)
      return Secret(scalar.text)
    }
    guard has(fileKey) else { return nil }
    let file = findings.beside(text(fileKey, "the path of a file with mode 600"))
    do throws(SecretError) { return try Secret(file: file) } catch {
      report("\(error)", fileKey)
      return nil
    }
  }

  /// A list of texts; empty when it is left out.
  func texts(_ key: String, _ allowed: String) -> [(text: String, mark: YAMLMark)] {
    guard let node = node(key) else { return [] }
    guard let items = node.list else {
      report("\(node.shown) is not a list; \(allowed)", key)
      return []
    }
    return items.compactMap { item in
      if let text = item.scalar?.string { return (text, item.mark) }
      report("\(item.shown) is not text; \(allowed)", key)
      return nil
    }
  }

  /// The texts of a map whose keys are names that people chose, such as tags.
  func textMap(_ key: String) -> [String: String] {
    guard let section = section(key) else { return [:] }
    var map: [String: String] = [:]
    for (name, node, _) in section.names {
      guard let scalar = node.scalar, !scalar.isNull else {
        section.report("\(node.shown) is not text", name)
        continue
      }
      map[name] = scalar.text
    }
    return map
  }
}
