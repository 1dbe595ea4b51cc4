// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

extension PhysicsModel {
  /// What modules and inverters make of the light.
  static let moduleModels: [PhysicsModel] = [
    PhysicsModel(
      "iam", ["aoi"], ["physical", "physical_ar", "ashrae", "ashrae_b01", "martin_ruiz"]
    ) { row in
      let modifiers: [IncidenceAngleModifier] = [
        .physical(.plain), .physical(.coated), .ashrae(b: 0.05), .ashrae(b: 0.1),
        .martinRuiz(a: 0.16),
      ]
      return modifiers.map { $0.value(incidenceDegrees: row["aoi"]) }
    },
    PhysicsModel(
      "iam_diffuse", ["tilt"],
      ["physical", "ashrae"].flatMap { ["\($0)_sky", "\($0)_horizon", "\($0)_ground"] }
    ) { row in
      let modifiers: [IncidenceAngleModifier] = [.physical(.plain), .ashrae(b: 0.05)]
      return modifiers.flatMap { modifier in
        DiffuseIncidenceAngleModifier.Region.allCases.map {
          DiffuseIncidenceAngleModifier.value(modifier, tiltDegrees: row["tilt"], region: $0)
        }
      }
    },
    cellTemperature,
    PhysicsModel(
      "pvwatts_dc", ["effective_irradiance", "temp_cell", "pdc0", "gamma_pdc"],
      ["pdc", "pdc_k0004_cap"]
    ) { row in
      let watts = PVWatts.directCurrentWatts(
        effectiveIrradiance: row["effective_irradiance"], cellCelsius: row["temp_cell"],
        peakWatts: row["pdc0"], temperatureCoefficientPerKelvin: row["gamma_pdc"])
      let weak = PVWatts.weakLightDirectCurrentWatts(
        watts, effectiveIrradiance: row["effective_irradiance"], peakWatts: row["pdc0"], k: 0.004)
      return [watts, weak]
    },
    PhysicsModel("pvwatts_inverter", ["pdc", "inv_pdc0", "eta_nom", "eta_ref"], ["pac"]) { row in
      [
        PVWatts.alternatingCurrentWatts(
          directCurrentWatts: row["pdc"], directCurrentLimit: row["inv_pdc0"],
          efficiency: row["eta_nom"], referenceEfficiency: row["eta_ref"])
      ]
    },
    PhysicsModel("pvwatts_losses", lossNames, ["losses_percent"]) { row in
      [PVWatts.Losses(lossNames.map { row[$0] / 100 }).total * 100]
    },
    snow,
  ]

  private static let lossNames = [
    "soiling", "shading", "snow", "mismatch", "wiring", "connections", "lid",
    "nameplate_rating", "age", "availability",
  ]

  private static let cellTemperature: PhysicsModel = {
    let mounts: [(String, CellTemperature.Sandia)] = [
      ("open_rack_glass_glass", .openRackGlassGlass),
      ("close_mount_glass_glass", .closeMountGlassGlass),
      ("open_rack_glass_polymer", .openRackGlassPolymer),
      ("insulated_back_glass_polymer", .insulatedBackGlassPolymer),
    ]
    let models: [(String, CellTemperature)] = [
      ("faiman_default", .faimanDefault), ("faiman_u20_u5", .faiman(u0: 20, u1: 5)),
      ("pvsyst_freestanding", .pvsyst(.freestanding)), ("pvsyst_insulated", .pvsyst(.insulated)),
      ("pvsyst_semi_integrated", .pvsyst(.semiIntegrated)),
      ("pvsyst_eff18_abs09", .pvsyst(.init(constantLoss: 29, efficiency: 0.18))),
      ("noct_sam_45", .nominalOperating(.init(nominalCelsius: 45, efficiency: 0.18))),
      ("ross_k003", .ross(k: 0.03)),
    ]
    let names =
      mounts.flatMap { ["sapm_cell_\($0.0)", "sapm_module_\($0.0)"] } + models.map(\.0)
    return PhysicsModel("celltemp", ["poa_global", "temp_air", "wind_speed"], names) { row in
      let (light, air, wind) = (row["poa_global"], row["temp_air"], row["wind_speed"])
      return mounts.flatMap { _, mount in
        [
          CellTemperature.sapm(mount).cellCelsius(irradiance: light, airCelsius: air, wind: wind),
          mount.moduleCelsius(irradiance: light, airCelsius: air, wind: wind),
        ]
      } + models.map { $0.1.cellCelsius(irradiance: light, airCelsius: air, wind: wind) }
    }
  }()

  private static let snow = PhysicsModel(
    series: "snow_nrel", ["series_id", "unix_s", "snowfall_cm", "poa", "temp_air", "tilt"]
  ) { rows in
    var columns = Array(repeating: Array(repeating: Double.nan, count: rows.count), count: 4)
    for group in rows.groups(by: ["series_id"]) {
      var coverage = SnowCoverage(tiltDegrees: rows["tilt"][group[0]])
      let times = rows["unix_s"]
      for (place, index) in group.enumerated() {
        let other = group[place == 0 ? min(1, group.count - 1) : place - 1]
        let hours = abs(times[index] - times[other]) / 3_600
        let snowfall = rows["snowfall_cm"][index]
        let share = coverage.advance(
          SnowCoverage.Step(
            snowfallCentimetres: snowfall, planeOfArrayIrradiance: rows["poa"][index],
            airCelsius: rows["temp_air"][index], hours: hours))
        columns[0][index] = SnowCoverage.covers(centimetres: snowfall, hours: hours) ? 1 : 0
        columns[1][index] = share
        columns[2][index] = SnowCoverage.directCurrentLoss(share: share, strings: 1)
        columns[3][index] = SnowCoverage.directCurrentLoss(share: share, strings: 4)
      }
    }
    let names = ["fully_covered", "coverage", "dc_loss_1string", "dc_loss_4strings"]
    return Array(zip(names, columns))
  }

  /// The three systems of the reference vectors through the whole chain.
  static let modelChain = PhysicsModel(
    series: "modelchain",
    [
      "system", "site", "unix_s", "lat", "lon", "alt_m", "ghi", "dni", "dhi", "temp_air",
      "wind_speed",
    ]
  ) { rows in
    var columns = ChainColumns(count: rows.count)
    for group in rows.groups(by: ["system", "site"]) {
      let name = rows.texts["system"]?[group[0]] ?? ""
      let plant = try referencePlant(
        name, location: PhysicsRow(rows: rows, index: group[0]).location)
      let sun = SunTrack(
        unixSeconds: group.map { rows["unix_s"][$0] }, location: plant.location,
        airCelsius: group.map { rows["temp_air"][$0] }, deltaTSeconds: DeltaT.referenceSeconds)
      for (place, index) in group.enumerated() {
        let sky = Transposition.Sky(
          globalHorizontal: rows["ghi"][index], beamNormal: rows["dni"][index],
          diffuseHorizontal: rows["dhi"][index], extraterrestrial: sun.extraterrestrial[place],
          airmass: sun.airmass[place], sun: sun.direction[place],
          zenithDegrees: sun.apparentZenithDegrees[place])
        let steps = plant.arrays.map {
          ArrayStep(
            $0, plant.models, sky, airCelsius: rows["temp_air"][index],
            wind: rows["wind_speed"][index])
        }
        columns.set(index, sky, steps, inverter: plant.inverters[0])
      }
    }
    return columns.named
  }

  /// A system of the reference vectors by its name.
  private static func referencePlant(_ name: String, location: Location) throws -> PVPlant {
    func array(
      _ tilt: Double, _ azimuth: Double, _ peakWatts: Double, _ temperature: CellTemperature,
      losses: Double = 0
    ) -> PlantArray {
      PlantArray(
        name: "\(azimuth)", tilt: Degrees(tilt), azimuth: Degrees(azimuth),
        peakPower: Watts(peakWatts), temperatureCoefficientPerKelvin: -0.0035,
        losses: Fraction(losses), cellTemperature: temperature)
    }
    let arrays: [PlantArray]
    switch name {
    case "south35_10kW":
      arrays = [array(35, 180, 10_000, .sapm(.closeMountGlassGlass))]
    case "eastwest15_2x5kW_inv8":
      arrays = [90, 270].map { array(15, $0, 5_000, .faimanDefault) }
    case "south35_10kW_pvsyst_losses":
      let losses = PVWatts.Losses.typical.total
      arrays = [array(35, 180, 10_000, .pvsyst(.insulated), losses: losses)]
    default:
      throw CommandFailure.failed("modelchain: unknown system '\(name)'")
    }
    let limit = name == "eastwest15_2x5kW_inv8" ? 8_000.0 : 10_000
    return PVPlant(
      location: location, arrays: arrays,
      inverters: [PlantInverter(ratedPower: Watts(0.96 * limit), efficiency: Fraction(0.96))],
      models: PlantModels(
        transposition: name == "south35_10kW" ? .hayDavies : .perez, keepsUndefinedDiffuse: true))
  }
}

/// The results of the chain as columns; a second array's are empty where there is none.
private struct ChainColumns {
  private static let arrayNames = [
    "aoi", "poa_global", "poa_direct", "poa_sky_diffuse", "poa_ground_diffuse", "iam",
    "effective", "tcell", "pdc",
  ]
  private static let names =
    ["apparent_zenith", "azimuth", "airmass_rel"]
    + ["a0", "a1"].flatMap { array in arrayNames.map { "\(array)_\($0)" } } + ["pac"]
  private var values: [[Double]]

  init(count: Int) {
    values = Self.names.map { _ in Array(repeating: .nan, count: count) }
  }

  var named: [(String, [Double])] { Array(zip(Self.names, values)) }

  mutating func set(
    _ index: Int, _ sky: Transposition.Sky, _ steps: [ArrayStep], inverter: PlantInverter
  ) {
    var row = [sky.zenithDegrees, sky.sun.azimuthDegrees, sky.airmass]
    for step in steps {
      row += [
        acos(step.cosIncidence) * 180 / .pi, step.planeOfArrayIrradiance, step.beam,
        step.skyDiffuse, step.groundDiffuse, step.modifier, step.effectiveIrradiance,
        step.cellCelsius, step.directCurrentWatts,
      ]
    }
    for (column, value) in row.enumerated() { values[column][index] = value }
    let direct = steps.reduce(0) { $0 + $1.directCurrentWatts }
    values[values.count - 1][index] = PVWatts.alternatingCurrentWatts(
      directCurrentWatts: direct,
      directCurrentLimit: inverter.ratedPower.rawValue / inverter.efficiency.rawValue,
      efficiency: inverter.efficiency.rawValue)
  }
}
