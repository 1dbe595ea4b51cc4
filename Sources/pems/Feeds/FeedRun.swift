// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Foundation
import HTTP
import History
import Household
import TimeSeries

/// Asks every configured service once and stores what they answer: the steps of `pems fetch`.
struct FeedRun {
  private static let priceStepSeconds = 900
  /// From this minute of the local day on tomorrow's prices should be out.
  private static let publicationMinute = 13 * 60 + 5

  let configuration: HomeConfiguration
  let store: String
  let now: Date
  let fetcher: FeedFetcher
  let files: FeedFiles

  /// A run at an instant.
  init(configuration: HomeConfiguration, store: String, now: Date, policy: RetryPolicy) {
    self.configuration = configuration
    self.store = store
    self.now = now
    files = FeedFiles(store: store)
    fetcher = FeedFetcher(
      client: HTTPClient(), policy: policy,
      seed: UInt64(bitPattern: Int64(now.timeIntervalSince1970 * 1_000))
    ) { seconds in try await Task.sleep(for: .seconds(seconds)) }
  }

  /// What is configured of these subjects, one after the other; what fails is in the report.
  func run(_ subjects: Set<FeedSubject> = Set(FeedSubject.asked)) async throws -> FeedReport {
    var report = FeedReport(at: now, store: store, asked: subjects)
    let feeds = configuration.feeds
    if subjects.contains(.prices), !feeds.prices.isEmpty { try await fetchPrices(&report) }
    if subjects.contains(.weather) {
      for service in feeds.weather { await fetchWeather(service, &report) }
    }
    if subjects.contains(.ensemble) {
      for service in feeds.weather { await fetchEnsemble(service, &report) }
    }
    if subjects.contains(.pv), !feeds.pv.isEmpty { await fetchPV(&report) }
    return report
  }

  /// Fills hours of past days that the store has no weather of, from the services' archives.
  func fetchPast(days: Int, into report: inout FeedReport) async throws {
    let first = now.addingTimeInterval(-Double(days) * 86_400)
    let questions = configuration.feeds.weather.compactMap {
      $0.pastQuestion(at: configuration.home.site.location, from: first, to: now)
    }
    for question in questions {
      do {
        let weather = try await fetcher.fetch(
          question.request, service: question.name, read: question.read)
        let added = try failing {
          try PastWeather(weather, until: now).store(
            in: SQLiteHistory(file: store, access: .writing))
        }
        report.add(.weather, question.name, "\(added) hourly values that the store did not have")
      } catch let error as FeedError {
        report.fail(.weather, question.name, "\(error)")
      }
    }
  }

  /// When the next prices should be out.
  static func publication(after now: Date, calendar: SiteCalendar) -> Date {
    let days = (0...1).map { calendar.day(holding: now, offset: $0).lowerBound }
    let times = days.compactMap {
      calendar.instant(on: calendar.wallTime(at: $0).date, minuteOfDay: publicationMinute)
    }
    return times.first { $0 > now } ?? now.addingTimeInterval(86_400)
  }

  // MARK: Prices

  /// Asks one service after the other until all that can be out is known, and stores it.
  private func fetchPrices(_ report: inout FeedReport) async throws {
    let (home, calendar) = (configuration.home, configuration.home.site.calendar)
    let today = calendar.day(holding: now)
    let range = today.lowerBound..<calendar.day(holding: now, offset: 1).upperBound
    let isTomorrowDue = calendar.wallTime(at: now).minuteOfDay >= Self.publicationMinute
    var known = PublishedPrices(currency: home.site.currency)
    for settings in configuration.feeds.prices {
      let service = settings.service
      do {
        let found = try await fetcher.prices(of: service, for: range, at: now)
        let converted = try await convert(found, to: home.site.currency, &report)
        // Services that are asked later only fill what the earlier ones left open.
        let before = known.entries
        known.merge(
          converted.entries.filter { entry in
            !before.contains { $0.start < entry.end && entry.start < $0.end }
          })
        let until = converted.entries.last?.end.formatted(.iso8601) ?? "-"
        report.add(.prices, service.name, "\(found.entries.count) prices until \(until)")
      } catch let error as FeedError {
        report.fail(.prices, service.name, "\(error)")
      }
      report.hasAllPrices = known.covers(isTomorrowDue ? range : today)
      if report.hasAllPrices { break }
    }
    try storePrices(known, range, &report)
    if isTomorrowDue, !known.covers(range), !known.entries.isEmpty {
      report.add(.prices, "", "tomorrow is not out yet; run pems fetch again in ten minutes")
    }
  }

  private func storePrices(
    _ prices: PublishedPrices, _ range: Range<Date>, _ report: inout FeedReport
  ) throws {
    let grid = TimeGrid(covering: range, stepSeconds: Self.priceStepSeconds)
    let series = prices.spotPrices(publishedBefore: now, on: grid)
    let samples = grid.indices.compactMap { index in
      series[index].map { Sample(time: grid.date(at: index), value: $0.rawValue) }
    }
    report.pricedSteps = samples.count
    report.askedSteps = grid.count
    let signal = SignalName.spotPrice(currency: prices.currency)
    try failing {
      let counts = try SQLiteHistory(file: store, access: .writing).merge(samples, for: signal)
      report.newPrices = counts.added + counts.changed
    }
  }

  /// Prices in the home's money, by the bank's rate of today or the last one that is known.
  private func convert(
    _ prices: PublishedPrices, to currency: String, _ report: inout FeedReport
  ) async throws -> PublishedPrices {
    guard prices.currency != currency else { return prices }
    let rates = try await exchangeRates(&report)
    guard let rate = rates.rate(from: prices.currency, to: currency) else {
      throw FeedError.refused(
        service: "Czech National Bank",
        reason: "it lists no rate from \(prices.currency) to \(currency)")
    }
    return prices.converted(to: currency, rate: rate)
  }

  private func exchangeRates(_ report: inout FeedReport) async throws -> ExchangeRates {
    let known = files.readRates()
    let today = configuration.home.site.calendar.wallTime(at: now).date
    if let known, known.date == today { return known }
    let request =
      configuration.feeds.exchangeRatesAddress.map { ExchangeRates.question(address: $0) }
      ?? ExchangeRates.question()
    do throws(FeedError) {
      let rates = try await fetcher.fetch(request, service: "Czech National Bank") {
        response throws(FeedError) in try ExchangeRates(response)
      }
      try? files.write(rates)  // only saves a request: the rates themselves are here
      report.add(.rates, "Czech National Bank", "of \(rates.date)")
      return rates
    } catch {
      guard let known else { throw error }
      report.fail(.rates, "Czech National Bank", "\(error)")
      report.add(.rates, "kept file", "those of \(known.date) count instead")
      return known
    }
  }

  // MARK: Weather and PV

  private func fetchWeather(
    _ settings: FeedSettings.WeatherService, _ report: inout FeedReport
  ) async {
    let question = settings.question(at: configuration.home.site.location, now: now)
    do {
      let weather = try await fetcher.fetch(
        question.request, service: question.name, read: question.read)
      try files.weather.append(weather)
      let end = weather.grid.end.formatted(.iso8601)
      report.add(
        .weather, question.name,
        "\(weather.grid.count) steps of \(weather.grid.stepSeconds / 60) min until \(end)"
          + (weather.irradiance == nil ? ", without irradiance" : ""))
    } catch {
      report.fail(.weather, question.name, "\(error)")
    }
  }

  private func fetchEnsemble(
    _ settings: FeedSettings.WeatherService, _ report: inout FeedReport
  ) async {
    let location = configuration.home.site.location
    guard let question = settings.ensembleQuestion(at: location, now: now) else { return }
    do {
      let ensemble = try await fetcher.fetch(
        question.request, service: question.name, read: question.read)
      try ForecastLines.append(ensemble.from(now), to: files.ensemble)
      let end = ensemble.grid.end.formatted(.iso8601)
      report.add(.ensemble, question.name, "\(ensemble.members.count) members until \(end)")
    } catch {
      report.fail(.ensemble, question.name, "\(error)")
    }
  }

  private func fetchPV(_ report: inout FeedReport) async {
    let ledger = QuotaLedger(file: files.quotas)
    for settings in configuration.feeds.pv {
      for question in settings.questions(for: configuration.home, now: now) {
        let name = question.name + (question.array.map { " " + $0 } ?? "")
        do {
          try await ledger.take(
            name, limit: question.quota.limit, windowSeconds: question.quota.windowSeconds,
            spacingSeconds: question.quota.windowSeconds / Double(question.quota.limit), at: now)
          let forecast = try await fetcher.fetch(
            question.request, service: question.name, read: question.read)
          try ForecastLines.append(
            LoggedPVForecast(array: question.array, forecast: forecast), to: files.pv)
          let end = forecast.pieces.last?.end.formatted(.iso8601) ?? "-"
          report.add(.pv, name, "\(forecast.pieces.count) pieces until \(end)")
        } catch FeedError.quotaUsedUp(_, let until) {
          report.add(
            .pv, name, "not asked: the next request is due at \(until.formatted(.iso8601))")
        } catch {
          report.fail(.pv, name, "\(error)")
        }
      }
    }
  }
}
