// SPDX-License-Identifier: MIT
public import TimeSeries

/// A plane that windows lie in: a wall, or a roof.
public struct Facade: Sendable, Hashable, Codable {
  /// 90° is a wall, less is a roof, 0° lies flat.
  public let tilt: Degrees
  /// Where it faces, clockwise from north: 180° is south.
  public let azimuth: Degrees

  /// A plane by its azimuth; a wall unless it is tilted.
  public init(azimuth: Degrees, tilt: Degrees = Degrees(90)) {
    self.tilt = tilt
    self.azimuth = azimuth
  }

  /// The walls that the sun on windows is summed on where nobody named any: east, south, west. What
  /// a north window sees is diffuse and moves with the others.
  public static let usual = [90.0, 180, 270].map { Facade(azimuth: Degrees($0)) }
}

/// The windows of a room in one plane.
public struct RoomWindow: Sendable, Hashable {
  /// The plane they lie in.
  public let facade: Facade
  /// The sun's heat as an area of the irradiance on that plane: panes times transmittance, times
  /// what no curtain or tree keeps away.
  public let aperture: SquareMetres

  /// Windows.
  public init(facade: Facade, aperture: SquareMetres) {
    self.facade = facade
    self.aperture = aperture
  }
}

extension [Room] {
  /// The planes of all windows, each once, in the order of the rooms.
  public var facades: [Facade] {
    var planes: [Facade] = []
    for window in flatMap(\.thermal.windows) where !planes.contains(window.facade) {
      planes.append(window.facade)
    }
    return planes
  }

  /// The planes that rooms are identified on: those of the windows, or the usual walls where no room
  /// has any.
  public var identifiedFacades: [Facade] { facades.isEmpty ? Facade.usual : facades }
}
