// SPDX-License-Identifier: MIT
import MILP

/// The linear model of batteries, chargers, PV and grid for one course of events.
///
/// Relays and runs enter as the right-hand side of the balance rows or as columns added to them later:
/// a kilowatt of load in step k has the coefficient −1 in `balance[k]`.
struct DispatchModel {
  /// How whole-number decisions are treated.
  enum Integrality {
    /// Semi-continuous charging and exclusions are relaxed.
    case relaxed
    /// Binary columns where the relaxation can be wrong.
    case exact
  }

  /// Columns of one battery.
  struct BatteryColumns {
    var charge: [Int] = []
    var discharge: [Int] = []
    /// Energy at the end of each step.
    var energy: [Int] = []
    /// Row of each step that carries the energy over; its dual is the value of stored energy.
    var storageRows: [Int] = []
  }

  /// Columns of one charge point, `nil` where no vehicle is there.
  struct ChargerColumns {
    var charge: [Int?] = []
    var discharge: [Int?] = []
    /// Binary, whether it charges; only with exact integrality.
    var isOn: [Int?] = []
    var starts: [Int?] = []
    /// Missing energy of each session.
    var shortfall: [Int] = []
  }

  var linear = LinearModel()
  let problem: PlanningProblem
  let integrality: Integrality
  var imports: [Int] = []
  var exports: [Int] = []
  /// Import above the fuse, at a price that no plan pays unless it must.
  var overloads: [Int] = []
  var pv: [Int?] = []
  var batteries: [BatteryColumns] = []
  var chargers: [ChargerColumns] = []
  /// Power balance of each step: grid + PV + discharge − charge − rooms = base load.
  var balance: [Int] = []
  /// Rows of each group with a limit in each step, in the order of `groupLimits`.
  var groupRows: [[Int]] = []
  var peakColumn: Int?

  init(
    problem: PlanningProblem, load: PlannedLoad? = nil, integrality: Integrality = .relaxed,
    opensBalance: Bool = false
  ) {
    self.problem = problem
    self.integrality = integrality
    addGridColumns()
    addBatteryColumns()
    addChargerColumns()
    addPeak()
    if !opensBalance {
      let load = load ?? PlannedLoad(problem: problem, relays: [], runs: [])
      addBalance(load.total)
      addGroups(load.groups)
    }
    if integrality == .exact { addExclusions() } else { addExclusionHulls() }
  }

  var stepCount: Int { problem.stepCount }

  /// The largest price of the problem, the scale of penalties.
  static func priceScale(_ problem: PlanningProblem) -> Double {
    let prices = problem.grid.importPrices + problem.grid.exportPrices
    let scale = prices.reduce(0) { max($0, abs($1)) }
    return scale > 0 ? scale : 1
  }

  /// Price of a kWh above the fuse, in units of the largest price: dearer than any discomfort.
  static let overloadFactor = 500.0
  /// Price for each kWh and hour outside a battery's band, in units of the largest price.
  static let recoveryFactor = 4.0

  // MARK: Columns

  private mutating func addGridColumns() {
    let grid = problem.grid
    let overload = Self.overloadFactor * Self.priceScale(problem)
    for step in 0..<stepCount {
      let hours = problem.stepHours[step]
      imports.append(
        linear.addColumn(cost: hours * grid.importCost(step), upper: grid.importLimitKilowatts))
      exports.append(
        linear.addColumn(
          cost: -hours * grid.exportValue(step), upper: grid.exportLimitKilowatts))
      overloads.append(linear.addColumn(cost: hours * overload))
      let available = problem.availablePV(step)
      linear.offset += hours * grid.curtailmentPenaltyPerKilowattHour * available
      pv.append(
        available > 0
          ? linear.addColumn(
            cost: -hours * grid.curtailmentPenaltyPerKilowattHour, upper: available) : nil)
    }
  }

  private mutating func addBatteryColumns() {
    for battery in problem.batteries {
      var columns = BatteryColumns()
      let start = battery.initialKilowattHours
      for step in 0..<stepCount {
        let hours = problem.stepHours[step]
        let wear = hours * battery.wearPerKilowattHour
        let factor = battery.powerFactor(step)
        columns.charge.append(
          linear.addColumn(cost: wear, upper: battery.chargeLimitKilowatts * factor))
        columns.discharge.append(
          linear.addColumn(cost: wear, upper: battery.dischargeLimitKilowatts * factor))
        columns.energy.append(
          linear.addColumn(
            lower: min(battery.lowestKilowattHours, start),
            upper: max(battery.highestKilowattHours, start)))
        if step == stepCount - 1 {
          linear.addCost(
            -battery.terminalValuePerKilowattHour, column: columns.energy[step])
        }
      }
      addStorage(battery, &columns)
      addRecovery(battery, columns)
      batteries.append(columns)
    }
  }

  private mutating func addStorage(
    _ battery: PlanningProblem.Battery, _ columns: inout BatteryColumns
  ) {
    let start = battery.initialKilowattHours
    for step in 0..<stepCount {
      let hours = problem.stepHours[step]
      var terms: [(column: Int, value: Double)] = [
        (columns.energy[step], 1),
        (columns.charge[step], -hours * battery.chargeEfficiency),
        (columns.discharge[step], hours / battery.dischargeEfficiency),
      ]
      if step > 0 { terms.append((columns.energy[step - 1], -1)) }
      let right = step == 0 ? start : 0
      columns.storageRows.append(linear.addRow(lower: right, upper: right, terms))
      guard let from = battery.taperFromFraction else { continue }
      // c ≤ P (1 − slope (S/E − from)): the constant-voltage phase as a straight line.
      let slope =
        battery.chargeLimitKilowatts * (1 - battery.taperEndFactor) / (1 - from)
        / battery.capacityKilowattHours
      let highest = battery.chargeLimitKilowatts + slope * from * battery.capacityKilowattHours
      if step == 0 {
        let limit = max(0, highest - slope * start)
        let column = columns.charge[0]
        linear.setBounds(
          column: column, lower: 0, upper: min(limit, linear.columnUpper[column]))
      } else {
        linear.addRow(
          upper: highest, [(columns.charge[step], 1), (columns.energy[step - 1], slope)])
      }
    }
  }

  /// A battery that starts outside its band is brought back as soon as it can be.
  private mutating func addRecovery(
    _ battery: PlanningProblem.Battery, _ columns: BatteryColumns
  ) {
    let start = battery.initialKilowattHours
    let price = Self.recoveryFactor * Self.priceScale(problem)
    for step in 0..<stepCount {
      let cost = price * problem.stepHours[step]
      if start < battery.lowestKilowattHours {
        let missing = linear.addColumn(cost: cost)
        linear.addRow(
          lower: battery.lowestKilowattHours, [(columns.energy[step], 1), (missing, 1)])
      } else if start > battery.highestKilowattHours {
        let excess = linear.addColumn(cost: cost)
        linear.addRow(
          upper: battery.highestKilowattHours, [(columns.energy[step], 1), (excess, -1)])
      }
    }
  }

  // MARK: Rows

  /// Adds the balance of a model that was opened for further units, with their terms.
  mutating func closeBalance(
    adding units: (Int) -> [(unit: Int, column: Int, power: Double)]
  ) {
    let none = PlannedLoad(problem: problem, relays: [], runs: [])
    addBalance(none.total) { units($0).map { ($0.column, -$0.power) } }
    addGroups(none.groups) { step, group in
      units(step).map { ($0.column, $0.power * group.share(unit: $0.unit)) }
    }
  }

  private mutating func addBalance(
    _ load: [Double], units: (Int) -> [(column: Int, value: Double)] = { _ in [] }
  ) {
    for step in 0..<stepCount {
      var terms: [(column: Int, value: Double)] = [
        (imports[step], 1), (overloads[step], 1), (exports[step], -1),
      ]
      terms += flexible(step) + units(step)
      let needed = problem.baseLoadKilowatts[step] + load[step]
      balance.append(linear.addRow(lower: needed, upper: needed, terms))
    }
  }

  /// Columns other than the grid in the balance of a step, + production.
  private func flexible(_ step: Int) -> [(column: Int, value: Double)] {
    var terms: [(column: Int, value: Double)] = []
    if let column = pv[step] { terms.append((column, 1)) }
    for battery in batteries {
      terms.append((battery.discharge[step], 1))
      terms.append((battery.charge[step], -1))
    }
    for charger in chargers {
      if let column = charger.charge[step] { terms.append((column, -1)) }
      if let column = charger.discharge[step] { terms.append((column, 1)) }
    }
    return terms
  }

  private mutating func addPeak() {
    let grid = problem.grid
    guard grid.peakPricePerKilowatt > 0, grid.importLimitKilowatts > grid.peakFreeKilowatts
    else { return }
    let peak = linear.addColumn(cost: grid.peakPricePerKilowatt)
    peakColumn = peak
    for step in 0..<stepCount {
      linear.addRow(upper: grid.peakFreeKilowatts, [(imports[step], 1), (peak, -1)])
    }
  }

  private mutating func addGroups(
    _ load: [[Double]],
    units: (Int, PlanningProblem.GroupLimit) -> [(column: Int, value: Double)] = { _, _ in [] }
  ) {
    let price = Self.overloadFactor * Self.priceScale(problem)
    groupRows = zip(problem.groupLimits, load).map { group, planned in
      (0..<stepCount).map { step in
        let over = linear.addColumn(cost: price * problem.stepHours[step])
        let common = group.commonShare > 0 ? flexible(step) : []
        let terms = common.map { (column: $0.column, value: -$0.value * group.commonShare) }
        return linear.addRow(
          upper: Self.room(in: group, problem.baseLoadKilowatts[step], planned[step]),
          terms + units(step, group) + [(over, -1)])
      }
    }
  }

  /// What a group leaves to PV, batteries, vehicles and units that are columns, kW.
  static func room(
    in group: PlanningProblem.GroupLimit, _ base: Double, _ planned: Double
  ) -> Double {
    group.limitKilowatts - base * group.baseShare - planned
  }
}
