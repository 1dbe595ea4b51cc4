// SPDX-License-Identifier: MIT
import Dispatch
import MILP

/// Work of one lane.
typealias LaneWork = (PlanSearch) throws(SolverError) -> Void

extension PlanSearch {
  /// Does work here and in a second lane, at the same time where there are threads; then the better plan
  /// of the two counts in both.
  ///
  /// The lanes share nothing that they change. With one thread one works after the other.
  func together(
    _ second: PlanSearch?, _ work: LaneWork, and other: LaneWork
  ) throws(SolverError) {
    guard let second else { return try work(self) }
    let before = best
    let known = second.progress.count
    // Each lane works on solvers of its own.
    nonisolated(unsafe) let (first, beside) = (self, second)
    try inTwoLanes { () throws(SolverError) in
      try work(first)
    } and: { () throws(SolverError) in
      try other(beside)
    }
    mergeProgress(second.progress.dropFirst(known))
    if let before { try merge(second, since: before) }
    adopt(from: second)
    second.adopt(from: self)
  }

  /// Does two pieces of work at the same time where there are threads, else one after the other.
  ///
  /// They must share nothing that they change.
  func inTwoLanes(
    _ work: () throws(SolverError) -> Void, and other: () throws(SolverError) -> Void
  ) throws(SolverError) {
    guard options.threads > 1 else {
      try work()
      return try other()
    }
    let threads = rooms.threads
    rooms.threads = 1
    defer { rooms.threads = threads }
    var results: [Result<Void, SolverError>] = [.success(()), .success(())]
    results.withUnsafeMutableBufferPointer { buffer in
      // Each lane writes a place of its own.
      nonisolated(unsafe) let places = buffer
      nonisolated(unsafe) let (work, other) = (work, other)
      DispatchQueue.concurrentPerform(iterations: 2) { lane in
        places[lane] = Result { () throws(SolverError) in
          if lane == 0 { try work() } else { try other() }
        }
      }
    }
    for result in results { try result.get() }
  }

  /// Tries the changes of both lanes together where both found something better.
  private func merge(_ other: PlanSearch, since before: PlanSchedule) throws(SolverError) {
    guard let mine = best, let theirs = other.best, mine != before, theirs != before,
      mine.relays != theirs.relays, !mustStop
    else { return }
    var controls = mine.controls
    for room in controls.relays.indices where mine.relays[room] == before.relays[room] {
      controls.relays[room] = theirs.relays[room]
    }
    guard controls.relays != mine.relays, controls.relays != theirs.relays else { return }
    try finish(controls)
  }

  /// Joins what another lane found meanwhile to the course of the best plan.
  ///
  /// A search that is stopped ends both lanes and takes the better plan, so this is what it would answer.
  func mergeProgress(_ other: ArraySlice<(seconds: Double, rank: PlanRank)>) {
    let all = (progress + other).sorted { $0.seconds < $1.seconds }
    progress = []
    for entry in all where progress.last.map({ entry.rank < $0.rank }) ?? true {
      progress.append(entry)
    }
  }

  /// Takes over another lane's best plan where it is better.
  func adopt(from other: PlanSearch) {
    guard let theirs = other.best else { return }
    if let best, PlanRank(best, problem) <= PlanRank(theirs, problem) { return }
    best = theirs
    bestPrices = other.bestPrices
    bestPattern = other.bestPattern
    known = nil
  }

  /// Adds up what both lanes did.
  func noteWork() {
    guard let generation else { return }
    let lanes = [generation.work] + (second?.generation.map { [$0.work] } ?? [])
    var sum = PlanningWork()
    for lane in lanes {
      sum.rounds += lane.rounds
      sum.masterSolves += lane.masterSolves
      sum.simplexIterations += lane.simplexIterations
      sum.columns += lane.columns
      sum.sweeps += lane.sweeps
      sum.masterSeconds += lane.masterSeconds
      sum.pricingSeconds += lane.pricingSeconds
    }
    sum.moves = work.moves + (second?.work.moves ?? 0)
    sum.dispatchSeconds = dispatchSeconds + (second?.dispatchSeconds ?? 0)
    work = sum
  }
}
