// SPDX-License-Identifier: MIT
import Testing
import TimeSeries

@Suite("Quantities")
struct QuantityTests {
  @Test("2 kW held for a quarter of an hour are 0.5 kWh")
  func powerTimesDuration() {
    #expect(Watts(2_000) * Duration.minutes(15) == KilowattHours(0.5))
  }

  @Test("0.5 kWh in a quarter of an hour are 2 kW")
  func energyOverDuration() {
    #expect(KilowattHours(0.5) / Duration.minutes(15) == Watts(2_000))
  }

  @Test("1.5 kWh at 4 per kWh cost 6")
  func energyTimesPrice() {
    #expect(KilowattHours(1.5) * PricePerKilowattHour(4) == Money(6))
  }

  @Test("differences of temperatures are kelvins, and kelvins move temperatures")
  func temperatures() {
    #expect(Celsius(21) - Celsius(18.5) == Kelvins(2.5))
    #expect(Celsius(18.5) + Kelvins(2.5) == Celsius(21))
    #expect(Celsius(21) - Kelvins(2.5) == Celsius(18.5))
  }

  @Test("per cent are hundredths, and half a turn is π")
  func conversions() {
    #expect(Fraction.percent(25) == Fraction(0.25))
    #expect(Fraction(0.25).percent == 25)
    #expect(Degrees(180).radians == Double.pi)
    #expect(Degrees.radians(Double.pi / 2) == Degrees(90))
    #expect(Watts.kilowatts(2.5) == Watts(2_500))
    #expect(Watts(2_500).kilowatts == 2.5)
  }

  @Test("lengths of time in seconds and hours")
  func durations() {
    #expect(Duration.minutes(90).hours == 1.5)
    #expect(Duration.hours(2).seconds == 7_200)
    #expect(Duration.milliseconds(250).seconds == 0.25)
  }

  @Test("arithmetic and order are those of the numbers")
  func arithmetic() {
    var sum = Watts(3)
    sum += Watts(4)
    sum -= Watts(1)
    #expect(sum == Watts(6))
    #expect(-Watts(3) + Watts(5) == Watts(2))
    #expect(2 * Watts(3) == Watts(3) * 2)
    #expect(Watts(3) / 2 == Watts(1.5))
    #expect(Watts(3) / Watts(2) == 1.5)
    #expect(Watts(-1) < Watts.zero)
    #expect(!Watts(.nan).isFinite && !Watts(.infinity).isFinite && Watts(1).isFinite)
  }

  @Test(
    "money has two decimals, and three digits below one unit of the currency",
    arguments: [
      (1_234.5, "1234.50 EUR"), (1, "1.00 EUR"), (0.9996, "1.00 EUR"), (0.5, "0.500 EUR"),
      (0.09996, "0.100 EUR"), (0.0123, "0.0123 EUR"), (-0.00456, "-0.00456 EUR"),
      (0.0000123, "0.000012 EUR"), (-1e-9, "0.00 EUR"), (0, "0.00 EUR"),
    ])
  func money(amount: Double, text: String) {
    #expect(Money(amount).text(in: "EUR") == text)
  }

  @Test("the difference of two costs shows its sign, a price its unit")
  func moneyWithSign() {
    #expect(Money(0.0123).text(in: "EUR", showsPlus: true) == "+0.0123 EUR")
    #expect(Money(-2).text(in: "CZK", showsPlus: true) == "-2.00 CZK")
    #expect(Money(0).text(in: "CZK", showsPlus: true) == "0.00 CZK")
    #expect(PricePerKilowattHour(0.0314159).text(in: "EUR") == "0.0314 EUR/kWh")
    #expect(PricePerKilowattHour(2.5).text(in: "") == "2.50/kWh")
  }

  @Test("people read the number with its unit")
  func descriptions() {
    #expect(KilowattHours(2.5).description == "2.5 kWh")
    #expect(Fraction(0.5).description == "0.5")
    #expect(CivilDate(year: 2026, month: 3, day: 9).description == "2026-03-09")
    #expect(
      Diagnostic(.warning, subject: "battery", message: "is old").description
        == "warning: battery: is old")
  }

  @Test("days are ordered by year, then month, then day")
  func civilDates() {
    let days = [(2025, 12, 31), (2026, 1, 1), (2026, 1, 2), (2026, 2, 1)]
      .map { CivilDate(year: $0.0, month: $0.1, day: $0.2) }
    #expect(days.reversed().sorted() == days)
  }
}
