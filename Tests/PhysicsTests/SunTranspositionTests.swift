// SPDX-License-Identifier: MIT
import Foundation
import Physics
import Testing
import TimeSeries

/// Expected values are arithmetic by hand from the papers' formulas and Perez's Table 6.
@Suite("Transposition and glass")
struct SunTranspositionTests {
  /// Zenith 60°, the plane tilted 30° towards the sun: angle of incidence 30°.
  static let plane = Plane(tiltDegrees: 30, azimuthDegrees: 180)

  static func sky(beam: Double, diffuse: Double, zenith: Double = 60) -> Transposition.Sky {
    let sun = SkyDirection(zenithDegrees: zenith, azimuthDegrees: 180)
    return Transposition.Sky(
      globalHorizontal: beam * max(sun.up, 0) + diffuse, beamNormal: beam,
      diffuseHorizontal: diffuse, extraterrestrial: 1_367,
      airmass: Airmass.kastenYoung1989(apparentZenithDegrees: zenith), sun: sun,
      zenithDegrees: zenith)
  }

  @Test("puts the beam at its angle of incidence")
  func incidence() {
    let sky = Self.sky(beam: 500, diffuse: 100)
    #expect(abs(Self.plane.incidenceDegrees(sky.sun) - 30) < 1e-9)
    #expect(abs(Transposition.beam(Self.plane, sky) - 433.0127) < 1e-4)
    let north = Plane(tiltDegrees: 90, azimuthDegrees: 0)
    #expect(Transposition.beam(north, sky) == 0)
    // 350·0.2·(1 − cos 30°)/2
    #expect(
      abs(Transposition.ground(Self.plane, globalHorizontal: 350, albedo: 0.2) - 4.68911) < 1e-4)
  }

  @Test("splits Hay–Davies into the dome and the sun's surroundings")
  func hayDavies() {
    let parts = Transposition.hayDavies(Self.plane, Self.sky(beam: 500, diffuse: 100))
    // A = 500/1367; 100·(1 − A)·0.93301 and 100·A·0.86603/0.5
    #expect(abs(parts.isotropic - 59.175) < 2e-3)
    #expect(abs(parts.circumsolar - 63.353) < 2e-3)
  }

  @Test("takes the coefficients of Perez's table for an overcast sky")
  func perezOvercast() {
    var sky = Self.sky(beam: 0, diffuse: 100)
    sky.airmass = 2
    // Δ = 0.14631, F1 = 0.01310, F2 = −0.07251
    #expect(abs(Perez.diffuse(Self.plane, sky).total - 90.72) < 0.01)
  }

  @Test("takes the coefficients of Perez's table for a clear sky")
  func perezClear() {
    var sky = Self.sky(beam: 800, diffuse: 80)
    sky.airmass = 2
    // ε = (11 + 1.041·1.0472³)/(1 + 1.041·1.0472³) = 5.550, bin 7: Δ = 0.11704
    // F1 = 1.060 − 1.6·0.11704 − 0.359·1.0472 = 0.49679, F2 = 0.264 − 0.13190 + 0.13718 = 0.26928
    // 80·(0.50321·0.93301 + 0.49679·1.73205 + 0.26928·0.5)
    #expect(abs(Perez.diffuse(Self.plane, sky).total - 117.17) < 0.02)
  }

  @Test("leaves Perez undefined without any light, and nothing at night")
  func perezEdges() {
    #expect(Perez.diffuse(Self.plane, Self.sky(beam: 0, diffuse: 0)).total.isNaN)
    #expect(Perez.diffuse(Self.plane, Self.sky(beam: 0, diffuse: 5, zenith: 91)).total == 0)
  }

  @Test(
    "gives the level its own diffuse light", arguments: Transposition.Model.allCases)
  func level(model: Transposition.Model) {
    var random = SplitMix64(seed: 5)
    let level = Plane(tiltDegrees: 0, azimuthDegrees: 123)
    for _ in 0..<300 {
      let sky = Self.sky(
        beam: Double.random(in: 0...900, using: &random),
        diffuse: Double.random(in: 1...400, using: &random),
        zenith: Double.random(in: 0...84, using: &random))
      let onLevel = Transposition.diffuse(model, level, sky).total
      // Klucher brightens around the sun on the level, too
      if model == .klucher {
        #expect(onLevel >= sky.diffuseHorizontal * (1 - 1e-12))
      } else {
        #expect(abs(onLevel - sky.diffuseHorizontal) < 1e-9)
      }
    }
  }

  @Test("falls back to the isotropic sky under full cloud")
  func overcast() {
    let sky = Self.sky(beam: 0, diffuse: 200)
    let isotropic = Transposition.isotropic(Self.plane, diffuseHorizontal: 200).total
    #expect(abs(isotropic - 186.603) < 1e-3)
    for model in [Transposition.Model.hayDavies, .reindl, .klucher] {
      #expect(abs(Transposition.diffuse(model, Self.plane, sky).total - isotropic) < 1e-9)
    }
  }

  @Test("lets through what Fresnel and absorption leave at 60°")
  func glass() {
    // n 1.526: refraction to 34.58°, reflections 0.1855 and 0.0015, absorption exp(−0.008/0.8233)
    let cosine = cos(60 * Double.pi / 180)
    let physical = IncidenceAngleModifier.physical(.plain).value(cosIncidence: cosine)
    #expect(abs(physical - 0.9460) < 2e-4)
    #expect(IncidenceAngleModifier.physical(.coated).value(cosIncidence: cosine) > physical)
    // (1 − exp(−3.125))/(1 − exp(−6.25))
    #expect(
      abs(IncidenceAngleModifier.martinRuiz(a: 0.16).value(cosIncidence: cosine) - 0.95790) < 1e-4)
    #expect(
      abs(IncidenceAngleModifier.ashrae(b: 0.05).value(cosIncidence: cosine) - 0.95) < 1e-12)
  }

  @Test("lets everything through straight ahead and nothing from behind")
  func glassLimits() {
    let modifiers: [IncidenceAngleModifier] = [
      .none, .physical(.plain), .physical(.coated), .ashrae(b: 0.05), .martinRuiz(a: 0.16),
    ]
    for modifier in modifiers {
      #expect(abs(modifier.value(cosIncidence: 1) - 1) < 1e-12)
      #expect(modifier.value(incidenceDegrees: 90) == 0)
      #expect(modifier.value(incidenceDegrees: 120) == 0)
      #expect(modifier.value(incidenceDegrees: -30) == modifier.value(incidenceDegrees: 30))
      var previous = 1.0
      for degrees in 1..<90 {
        let value = modifier.value(incidenceDegrees: Double(degrees))
        #expect(value <= previous + 1e-12 && value >= 0)
        previous = value
      }
    }
  }

  @Test("gives the diffuse modifiers of Marion for a level plane")
  func marion() {
    let glass = IncidenceAngleModifier.physical(.plain)
    func value(_ tilt: Double, _ region: DiffuseIncidenceAngleModifier.Region) -> Double {
      DiffuseIncidenceAngleModifier.value(glass, tiltDegrees: tilt, region: region)
    }
    // Marion 2017, Fig. 4: about 0.945 for the sky; a level plane sees no ground
    #expect(abs(value(0, .sky) - 0.945) < 0.002)
    #expect(value(0, .ground) == 0)
    #expect(abs(value(90, .sky) - value(90, .ground)) < 1e-3)
    let open = DiffuseIncidenceAngleModifier.value(.none, tiltDegrees: 30, region: .sky)
    #expect(abs(open - 1) < 1e-12)
  }
}
