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
}
