// SPDX-License-Identifier: MIT
import Dispatch

/// The programmes of all rooms, priced together on several threads.
///
/// The answers do not depend on the number of threads.
final class RoomSchedules {
  private(set) var programmes: [RoomProgramme]
  let problem: PlanningProblem
  let points: Int
  private let scratches: [RoomScratch]
  /// How many threads work at most; fewer than at first while another search uses the rest.
  var threads: Int

  /// The same programmes for a search beside the first one, on a single thread.
  init(sharing other: RoomSchedules) {
    problem = other.problem
    points = other.points
    programmes = other.programmes
    scratches = [RoomScratch()]
    threads = 1
  }

  init(problem: PlanningProblem, points: Int, threads: Int) {
    self.problem = problem
    self.points = points
    let workers = max(1, min(threads, problem.rooms.count))
    scratches = (0..<workers).map { _ in RoomScratch() }
    self.threads = workers
    programmes = []
    rebuild(courses: nil)
  }

  var isCoupled: Bool { problem.rooms.contains { !$0.neighbours.isEmpty } }

  /// Takes the rooms' courses as what their neighbours see from now on.
  func recouple(courses: [[Double]]) { rebuild(courses: courses) }

  private func rebuild(courses: [[Double]]?) {
    programmes = perform(Array(problem.rooms.indices)) { room, _ in
      RoomProgramme(
        model: RoomModel(problem: self.problem, room: room, neighbourCourses: courses),
        points: self.points)
    }
  }

  /// The cheapest schedule of each of some rooms.
  ///
  /// - Parameter prices: what being on costs a room in each step, currency.
  func sweep(rooms: [Int], prices: (Int) -> [Double]) -> [RoomProgramme.Answer] {
    let own = rooms.map(prices)
    return perform(Array(rooms.indices)) { place, scratch in
      self.programmes[rooms[place]].solve(prices: own[place], scratch: scratch)
    }
  }

  /// The cheapest schedule of one room.
  func solve(room: Int, prices: [Double]) -> RoomProgramme.Answer {
    programmes[room].solve(prices: prices, scratch: scratches[0])
  }

  /// A rigorous lower bound of a room's value for prices of being on, currency.
  func lowerBound(room: Int, prices: [Double], points: Int) -> Double {
    let programme = programmes[room]
    let slopes = programme.solve(prices: prices, scratch: scratches[0]).slopes
    return RoomBound(model: programme.model, slopes: slopes, cells: points).value(prices: prices)
  }

  /// Runs independent work for each item; worker `w` takes the items `w, w + workers, …`.
  func perform<Result>(
    _ items: [Int], _ work: (Int, RoomScratch) -> Result
  ) -> [Result] {
    let workers = min(threads, scratches.count, items.count)
    guard workers > 1 else { return items.map { work($0, scratches[0]) } }
    var results = [Result?](repeating: nil, count: items.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each worker writes places of its own.
      nonisolated(unsafe) let places = buffer
      nonisolated(unsafe) let task = work
      nonisolated(unsafe) let memory = scratches
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for place in stride(from: worker, to: items.count, by: workers) {
          places[place] = task(items[place], memory[worker])
        }
      }
    }
    return results.compactMap { $0 }
  }
}
