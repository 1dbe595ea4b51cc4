// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import Testing
import TimeSeries

/// Expected values are arithmetic by hand from the papers' formulas, unless a table is named.
@Suite("Irradiance models")
struct SunIrradianceTests {
  @Test("give the extraterrestrial irradiance of 1 January and 5 July")
  func extraterrestrial() {
    // Spencer: 1366.1 · (1.00011 + 0.034221 + 0.000719)
    #expect(abs(ExtraterrestrialIrradiance.spencer(dayOfYear: 1) - 1_413.982) < 1e-3)
    // aphelion: R = 1.0167 astronomical units
    #expect(
      abs(ExtraterrestrialIrradiance.atDistance(astronomicalUnits: 1.0167) - 1_321.59) < 0.01)
    #expect(abs(ExtraterrestrialIrradiance.asce(dayOfYear: 365) - 1_366.1 * 1.033) < 1e-9)
  }

  @Test("give airmass 1 overhead, 1.9943 at 60° and 38 at the horizon, none below")
  func airmass() {
    #expect(abs(Airmass.kastenYoung1989(apparentZenithDegrees: 0) - 1) < 1e-3)
    #expect(abs(Airmass.kastenYoung1989(apparentZenithDegrees: 60) - 1.9943) < 1e-4)
    #expect(abs(Airmass.kastenYoung1989(apparentZenithDegrees: 90) - 37.92) < 0.01)
    #expect(abs(Airmass.secant(apparentZenithDegrees: 60) - 2) < 1e-12)
    #expect(Airmass.kastenYoung1989(apparentZenithDegrees: 90.001).isNaN)
    #expect(Airmass.pickering2002(apparentZenithDegrees: .nan).isNaN)
  }

  @Test("agree on the airmass of a high sun")
  func airmassModels() {
    for zenith in stride(from: 0.0, through: 70, by: 5) {
      let others = [
        Airmass.kasten1966(apparentZenithDegrees: zenith),
        Airmass.pickering2002(apparentZenithDegrees: zenith),
        Airmass.youngIrvine1967(zenithDegrees: zenith), Airmass.young1994(zenithDegrees: zenith),
        Airmass.gueymard1993(apparentZenithDegrees: zenith),
      ]
      for other in others {
        #expect(abs(other - Airmass.kastenYoung1989(apparentZenithDegrees: zenith)) < 0.01)
      }
    }
  }

  @Test("give the pressure of the standard atmosphere")
  func pressure() {
    #expect(abs(AtmosphericPressure.pascals(altitudeMetres: 0) - 101_325) < 1)
    // ICAO standard atmosphere, 1500 m: 845.6 hPa
    #expect(abs(AtmosphericPressure.pascals(altitudeMetres: 1_500) - 84_560) < 30)
  }

  @Test("give Ineichen's clear sky at sea level")
  func ineichen() {
    // cg1 = 0.868, cg2 = 0.0387, fh = 1: 0.868·1364·0.6665·exp(−0.0387·1.5·3)
    let sky = ClearSky.ineichen(
      cosZenith: 0.6665, absoluteAirmass: 1.5, linkeTurbidity: 3, altitudeMetres: 0,
      extraterrestrial: 1_364)
    #expect(abs(sky.globalHorizontal - 662.98) < 0.05)
    // 1364·0.827·exp(−0.09·1.5·2)
    #expect(abs(sky.beamNormal - 861.1) < 0.1)
    #expect(abs(sky.globalHorizontal - sky.beamNormal * 0.6665 - sky.diffuseHorizontal) < 1e-9)
    let enhanced = ClearSky.ineichen(
      cosZenith: 0.6665, absoluteAirmass: 1.5, linkeTurbidity: 3, altitudeMetres: 0,
      extraterrestrial: 1_364, isEnhanced: true)
    // exp(0.01·1.5^1.8)
    #expect(abs(enhanced.globalHorizontal / sky.globalHorizontal - 1.02096) < 1e-4)
    #expect(abs(ClearSky.haurwitz(cosZenith: 1) - 1_035.09) < 0.01)
  }

  @Test("have no clear sky at night")
  func clearNight() {
    let sky = ClearSky.ineichen(
      cosZenith: -0.1, absoluteAirmass: .nan, linkeTurbidity: 3, altitudeMetres: 0,
      extraterrestrial: 1_400)
    #expect(sky == .none)
    #expect(ClearSky.haurwitz(cosZenith: -0.1) == 0)
  }

  @Test("know the turbidity of a place within the coarseness of the table")
  func turbidity() {
    // SoDa's maps at the places themselves, January and July
    let places = [
      (49.2, 16.6, 3.55, 4.6), (-23.698, 133.88, 3.7, 2.65), (69.649, 18.955, 2.05, 3.1),
    ]
    for (latitude, longitude, january, july) in places {
      let months = LinkeTurbidity.monthlyClimatology(
        location: Location(
          latitude: Degrees(latitude), longitude: Degrees(longitude), altitude: Metres(0)))
      #expect(months.count == 12)
      #expect(abs(months[0] - january) < 0.8 && abs(months[6] - july) < 0.8)
    }
    for (latitude, longitude) in [(90.0, 180.0), (-90, -180), (0, 179.99)] {
      let months = LinkeTurbidity.monthlyClimatology(
        location: Location(
          latitude: Degrees(latitude), longitude: Degrees(longitude), altitude: Metres(0)))
      #expect(months.allSatisfy { (1...8).contains($0) })
    }
  }

  @Test("split half clear light by the papers' correlations")
  func diffuseFractions() {
    // Erbs at 0.5: 0.9511 − 0.0802 + 1.097 − 2.07975 + 0.771
    #expect(abs(Decomposition.diffuseFraction(.erbs, kt: 0.5) - 0.65915) < 1e-9)
    #expect(abs(Decomposition.diffuseFraction(.erbs, kt: 0.1) - 0.991) < 1e-12)
    #expect(Decomposition.diffuseFraction(.erbs, kt: 0.9) == 0.165)
    #expect(abs(Decomposition.diffuseFraction(.orgillHollands, kt: 0.5) - 0.637) < 1e-12)
    #expect(abs(Decomposition.diffuseFraction(.boland, kt: 0.613) - 0.5) < 1e-12)
  }

  @Test("keep Erbs–Driesse continuous where Erbs jumps")
  func continuity() {
    for limit in [0.216, 0.792] {
      let below = Decomposition.diffuseFraction(.erbsDriesse, kt: limit - 1e-9)
      let above = Decomposition.diffuseFraction(.erbsDriesse, kt: limit + 1e-9)
      #expect(abs(below - above) < 1e-6)
    }
  }

  @Test("close the sum of beam and diffuse, and give no beam to a sun under 3°")
  func closure() {
    var random = SplitMix64(seed: 11)
    for model in Decomposition.Model.allCases {
      for _ in 0..<500 {
        let cosZenith = Double.random(in: -1...1, using: &random)
        let global = Double.random(in: -20...1_500, using: &random)
        let parts = Decomposition.parts(
          model, globalHorizontal: global, cosZenith: cosZenith, extraterrestrial: 1_380)
        #expect(parts.beamNormal >= 0)
        #expect((0...1).contains(parts.clearnessIndex))
        let sum = parts.beamNormal * cosZenith + parts.diffuseHorizontal
        let expected = model == .erbsDriesse ? max(global, 0) : global
        #expect(abs(sum - expected) < 1e-9)
        if cosZenith < 0.052 { #expect(parts.beamNormal == 0) }
      }
    }
  }

  @Test("give DISC's transmission of a half clear sky")
  func disc() {
    // kt 0.5, airmass 1.994: Kn = 0.6654 − (0.02575 + 0.851·exp(−0.326·2)) at airmass 2
    let extraterrestrial = ExtraterrestrialIrradiance.spencer(
      dayOfYear: 100, solarConstant: 1_370)
    let result = Disc.beam(
      globalHorizontal: 0.25 * extraterrestrial, zenithDegrees: 60, dayOfYear: 100)
    #expect(abs(result.clearnessIndex - 0.5) < 1e-12)
    #expect(abs(result.beamNormal / extraterrestrial - 0.1963) < 1e-3)
    let night = Disc.beam(globalHorizontal: 0, zenithDegrees: 100, dayOfYear: 100)
    #expect(night.beamNormal == 0 && night.airmass.isNaN)
  }

  @Test("let DIRINT's first and last step use their only neighbour, and leave the night undefined")
  func dirint() {
    var steps = [100.0, 70, 60, 70, 100].map {
      Dirint.Step(
        globalHorizontal: 400 * max(0, cos($0 * .pi / 180)), zenithDegrees: $0, dayOfYear: 80)
    }
    let beams = Dirint.beamNormal(steps)
    #expect(beams[0].isNaN && beams[4].isNaN)
    // a sky that does not change looks the same from both sides
    #expect(beams[1] == beams[3])
    steps.removeFirst()
    #expect(Dirint.beamNormal(steps)[0] == beams[1])
  }
}
