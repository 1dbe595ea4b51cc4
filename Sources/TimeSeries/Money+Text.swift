// SPDX-License-Identifier: MIT
import Foundation

extension Money {
  /// The amount as people read it, with its currency: `12.30 EUR`, `0.0123 EUR`, `-0.450 EUR`.
  ///
  /// Two decimals; below one unit of the currency three significant digits, because a quarter-hour
  /// of a small device costs fractions of a cent. No more than six decimals: less is a solver's noise,
  /// and reads `0.00`.
  ///
  /// - Parameters:
  ///   - currency: ISO 4217; empty where none is known.
  ///   - showsPlus: whether an amount above nothing has a sign as well.
  public func text(in currency: String, showsPlus: Bool = false) -> String {
    let number = String(format: showsPlus ? "%+.*f" : "%.*f", Self.decimals(of: rawValue), rawValue)
    let text = abs(rawValue) < Self.smallest ? "0.00" : number
    return currency.isEmpty ? text : text + " " + currency
  }

  /// Half of the sixth decimal.
  private static let smallest = 0.000_000_5
  private static let mostDecimals = 6
  /// What three digits are rounded up by at most, so that 0.9996 has the decimals of 1.00.
  private static let rounding = 1.000_5

  private static func decimals(of amount: Double) -> Int {
    let size = abs(amount) * rounding
    guard size < 1, size >= smallest else { return 2 }
    return min(mostDecimals, 2 - Int(log10(size).rounded(.down)))
  }
}

extension PricePerKilowattHour {
  /// The price as people read it, with as many digits as an amount of ``Money``: `0.123 EUR/kWh`.
  ///
  /// - Parameter currency: ISO 4217; empty where none is known.
  public func text(in currency: String) -> String { Money(rawValue).text(in: currency) + Self.unit }
}
