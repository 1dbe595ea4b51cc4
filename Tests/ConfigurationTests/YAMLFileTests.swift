// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import TestSupport
import Testing

/// The text of the error that reading a file throws; empty when it throws none.
private func failure(_ path: String, environment: [String: String]? = nil) -> String {
  do throws(ConfigurationError) {
    _ = try YAMLDocument(contentsOf: path, environment: environment)
    return ""
  } catch {
    return error.description
  }
}

@Suite("YAML files")
struct YAMLFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ bytes: [UInt8], _ name: String = "a.yaml") throws -> String {
    let path = folder.path(name)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  private func write(_ text: String, _ name: String = "a.yaml") throws -> String {
    try write(Array(text.utf8), name)
  }

  @Test("a missing file is named")
  func missing() {
    let path = folder.path("none.yaml")
    #expect(failure(path) == "\(path): there is no such file")
  }

  @Test("a folder is no file")
  func directory() {
    let path = folder.url.path
    #expect(failure(path) == "\(path): this is a folder, a file is needed")
  }

  @Test("a file that cannot be read is told with the system's reason")
  func unreadable() {
    // Reading another program's memory from address 0 fails for everybody, root included.
    #expect(failure("/proc/self/mem").hasPrefix("/proc/self/mem: cannot be read: "))
  }

  @Test("bytes that are no UTF-8 are told with their line")
  func notUTF8() throws {
    let path = try write(Array("a: 1\nb: ".utf8) + [0xE9, 0x0A])
    #expect(failure(path) == "\(path):2: is not UTF-8 text; save it with the encoding UTF-8")
  }

  @Test("a byte order mark and Windows line ends do no harm")
  func byteOrderMark() throws {
    let path = try write([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8))
    let values = try YAMLDocument(contentsOf: path).decode([String: Int].self)
    #expect(values == ["a": 1, "b": 2])
  }

  @Test("an empty file is told")
  func empty() throws {
    let path = try write("")
    #expect(failure(path) == "\(path):1: the file is empty")
  }

  @Test("a file larger than anybody writes is refused unparsed")
  func tooLarge() throws {
    let path = try write([UInt8](repeating: UInt8(ascii: "#"), count: 4_000_001))
    #expect(failure(path) == "\(path): has 4000001 bytes, more than 4000000")
  }

  @Test("variables come from the process first, then from .env beside the file")
  func environmentFile() throws {
    _ = try write("# secrets\nexport HOST=\"db.local\"\nUSER='me'\n\nPORT=1\n", ".env")
    let path = try write("url: http://${USER}@${HOST}:${PORT}/\nport: ${PORT}\nraw: $${PORT}\n")
    struct Target: Decodable, Equatable { let url: String, port: Int, raw: String }
    let target = try YAMLDocument(contentsOf: path, environment: ["PORT": "8086"])
      .decode(Target.self)
    #expect(target == Target(url: "http://me@db.local:8086/", port: 8086, raw: "${PORT}"))
  }

  @Test("without an environment the text stays as it is")
  func noSubstitution() throws {
    let path = try write("a: ${NAME}")
    #expect(try YAMLDocument(contentsOf: path).decode([String: String].self) == ["a": "${NAME}"])
  }

  @Test("a variable that is not set is told with the ways to set it, all of them at once")
  func unset() throws {
    let path = try write("a: ${ONE}\nb:\n  - x\n  - ${TWO}\n")
    let lines = failure(path, environment: [:]).split(separator: "\n").map(String.init)
    #expect(
      lines.first
        == "\(path):1: a: the environment variable ONE is not set;"
        + " set it, or write ONE=… into the file .env beside this one")
    #expect(lines.last?.hasPrefix("\(path):4: b[1]: the environment variable TWO") == true)
  }

  @Test("a name that is none is told", arguments: ["${}", "${1A}", "${A", "${A-B}"])
  func badName(text: String) throws {
    let path = try write("a: \"\(text)\"")
    #expect(failure(path, environment: ["A": "1"]).contains("comes the name of an environment"))
  }

  @Test("a bad line of .env is told with its own file and line")
  func badEnvironmentFile() throws {
    let env = try write("A=1\nnonsense\n", ".env")
    let path = try write("a: 1")
    #expect(failure(path, environment: [:]).hasPrefix("\(env):2: a line is NAME=value"))
  }

  @Test("the value of a variable is never in an error, and never becomes structure")
  func secretsStaySecret() throws {
    let path = try write("port: ${SECRET}\n")
    struct Port: Decodable { let port: Int }
    struct Kind: Decodable {
      enum Choice: String, Decodable, CaseIterable { case one, two }
      let port: Choice
    }
    enum Plain: String, Decodable { case one }
    let secret = "hunter2: [1]\nb: 2"
    let document = try YAMLDocument(contentsOf: path, environment: ["SECRET": secret])
    #expect(try document.decode([String: String].self) == ["port": secret])
    for decode in [
      { _ = try document.decode(Port.self) }, { _ = try document.decode(Kind.self) },
      { _ = try document.decode([String: Plain].self) },
    ] as [() throws -> Void] {
      let error = try #require(throws: ConfigurationError.self) { try decode() }
      #expect(error.description.contains("${SECRET}"))
      #expect(!error.description.contains("hunter2"))
    }
  }
}
