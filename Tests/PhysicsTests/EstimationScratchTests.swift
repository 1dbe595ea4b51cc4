import Foundation
import TestSupport
import Testing
import TimeSeries
@testable import Physics

@Suite("Scratch") struct ScratchTests {
  static func load(_ path: String) throws -> (HouseRecord, [String]) {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
    let head = lines[0].split(separator: ",").map(String.init)
    var columns = [[Double?]](repeating: [], count: head.count)
    var first: Date? ; var second: Date?
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      if first == nil { first = instant(String(cells[0])) } else if second == nil { second = instant(String(cells[0])) }
      for (i, c) in cells.enumerated() { columns[i].append(Double(c)) }
    }
    let step = Int(second!.timeIntervalSince(first!))
    let grid = TimeGrid(start: first!, stepSeconds: step, count: columns[0].count)
    func col(_ n: String) -> [Double?] { columns[head.firstIndex(of: n)!] }
    var rooms: [HouseRecord.Room] = []
    for h in head where h.hasPrefix("room_") && h.hasSuffix("_c") {
      let n = String(h.dropFirst(5).dropLast(2))
      let t = Series<Celsius>(grid: grid, values: col(h).map { $0.map { Celsius($0) } })
      var heating = HouseRecord.Heating.none
      if head.contains("room_\(n)_heat_w") { heating = .power(Series(grid: grid, values: col("room_\(n)_heat_w").map { $0.map { Watts($0) } })) }
      if head.contains("room_\(n)_heat_supply_k") { heating = .supply(Series(grid: grid, values: col("room_\(n)_heat_supply_k").map { $0.map { Kelvins($0) } })) }
      rooms.append(.init(name: n, temperature: t, heating: heating))
    }
    var suns: [Series<WattsPerSquareMetre>] = []
    for h in head { if h == "solar_kw_m2" { suns.append(Series(grid: grid, values: col(h).map { $0.map { WattsPerSquareMetre(1000 * $0) } })) } else if h.hasSuffix("_w_m2") { suns.append(Series(grid: grid, values: col(h).map { $0.map { WattsPerSquareMetre($0) } })) } }
    let hours = grid.indices.map { grid.middle(at: $0).timeIntervalSince1970.truncatingRemainder(dividingBy: 86400) / 3600 }
    return (try HouseRecord(grid: grid, outdoor: Series(grid: grid, values: col("temperature_outdoor_c").map { $0.map { Celsius($0) } }), irradiances: suns, rooms: rooms, localHours: hours), head)
  }

  @Test func structures() throws {
    for file in (ProcessInfo.processInfo.environment["FILES"] ?? "").split(separator: " ") {
      let (record, _) = try Self.load(String(file))
      let cleaned = CleanedRecord(record)
      print("==", file, record.grid.count, record.rooms.map(\.name)); for d in cleaned.diagnostics { print(d) }
      let cut = record.grid.count * 2 / 3, inner = cut * 4 / 5
      for room in record.rooms.indices {
        let others = record.rooms.indices.filter { $0 != room }
        let test = cut..<record.grid.count
        let believed = zip(cleaned.rooms[room].usable, cleaned.rooms[room].windowOpen).map { $0 && !$1 }
        let w = RoomWindows(believed: believed, range: test, stepHours: cleaned.stepHours)
        let r = w.referenceErrors(cleaned.rooms[room].temperature)
        print(record.rooms[room].name, "persist \(r.persistence) yesterday \(r.yesterday) windows \(w.origins.count)")
        for (env, slab) in [(false, false), (false, true), (true, false), (true, true)] {
          let s = RoomStructure(hasEnvelope: env, hasSlab: slab && cleaned.rooms[room].fullHeat > 0, hasHeat: cleaned.rooms[room].fullHeat > 0, facadeCount: cleaned.irradiances.count, neighbours: [], rest: others)
          let p = RoomProblem(cleaned, room: room, structure: s)
          let t0 = ContinuousClock.now
          guard let f = RoomFit.fit(p, range: 0..<inner, options: .init()) else { print("nil"); continue }
          let t1 = ContinuousClock.now
          var o = RoomFit.Options(); o.warmStart = f.vector; o.priorWeight = f.priorWeight
          let g = RoomFit.fit(p, range: 0..<cut, options: o)!
          print("env \(env) slab \(slab) fit \(f.fittedError) held \(f.error(on: p, range: inner..<cut) ?? -1) test80 \(f.error(on: p, range: test) ?? -1) refit \(g.fittedError) TEST \(g.error(on: p, range: test) ?? -1) w \(f.priorWeight) time \(t1 - t0)")
          let rr = g.rates
          print("   ko \(rr.outdoor) heat \(rr.heat) solar \(rr.solar) env \(rr.envelope) \(rr.envelopeReturn) \(rr.envelopeOutdoor) slab \(rr.slab) \(rr.slabReturn) c \(rr.couplings) q \(rr.gain) \(rr.waves) tau \(rr.slowestTimeConstant(s) ?? -1)")
        }
      }
    }
  }
}
