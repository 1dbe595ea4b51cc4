// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import Learning

/// Where commands find the trained models of a home.
enum ModelFolder {
  static let option = CommandLineOption.value(
    "models", "FOLDER", default: "pems-models", "Where the trained models are.")
  /// The models of a home in a folder.
  static func shelf(_ input: CommandLineInput) throws -> ModelShelf {
    ModelShelf(ModelRegistry(folder: URL(filePath: try input.require("models"))))
  }
}

/// What a registry refuses, as the program tells it.
func registering<Value>(_ work: () throws -> Value) throws -> Value {
  do {
    return try work()
  } catch let error as RegistryError {
    if case .notAccessible = error { throw CommandFailure.unreachable("\(error)") }
    throw CommandFailure.failed("\(error)")
  } catch let error as LearningError {
    throw CommandFailure.failed("\(error)")
  }
}
