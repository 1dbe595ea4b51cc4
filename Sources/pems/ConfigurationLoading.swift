// SPDX-License-Identifier: MIT
import Configuration
import Control
import Devices
import Foundation
import Household
import Physics

/// The configuration in a file, with every problem told at once.
func configuration(at path: String) throws(CommandFailure) -> HomeConfiguration {
  do {
    return try HomeConfiguration(
      contentsOf: path, environment: ProcessInfo.processInfo.environment,
      drivers: DeviceHub.blueprints)
  } catch {
    guard FileManager.default.fileExists(atPath: path) else {
      throw .configuration(
        "\(path): there is no such file; name yours with --config, or begin with a copy of "
          + "Examples/reference-house/pems.yaml")
    }
    throw .configuration("\(error)")
  }
}

/// The room models that the configuration names; `nil` where it names none, and while the file that
/// it names is not there: `pems run` writes it when rooms were learned from their own data.
func roomModels(of configuration: HomeConfiguration) throws(CommandFailure) -> RoomModels? {
  guard let path = configuration.history.roomModelsPath,
    FileManager.default.fileExists(atPath: path)
  else { return nil }
  let decoder = JSONDecoder()
  decoder.dateDecodingStrategy = .iso8601
  do {
    return try decoder.decode(RoomModels.self, from: Data(contentsOf: URL(filePath: path)))
  } catch is DecodingError {
    throw .configuration("\(path) holds no room models; write them with 'pems identify --write'")
  } catch {
    throw .configuration(
      "history.room_models: cannot read \(path); write it with 'pems identify --write', "
        + "or leave the key out")
  }
}

/// The model that the control cycle decides with, as the running service has it.
func homeModel(of configuration: HomeConfiguration) throws -> HomeModel {
  let rooms = try roomModels(of: configuration)
  do {
    return try HomeModel(
      home: configuration.home,
      settings: ControlSettings(cycleSeconds: configuration.service.cycleMinutes * 60),
      rooms: rooms)
  } catch {
    throw CommandFailure.configuration("\(error)")
  }
}

/// Seconds of a clock that never jumps.
let monotonicSeconds: @Sendable () -> Double = {
  Double(DispatchTime.now().uptimeNanoseconds) / 1e9
}
