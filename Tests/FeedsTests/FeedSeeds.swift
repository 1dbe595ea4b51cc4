// SPDX-License-Identifier: MIT

/// Small good answers of each service, with made-up numbers and no zero among them.
enum FeedSeeds {
  static let ote = [
    """
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
    <GetDamPricePeriodEResponse><Result><Item><Date>2026-06-10</Date><PeriodIndex>1</PeriodIndex>\
    <PeriodInterval>00:00-00:15</PeriodInterval><PeriodResolution>PT15M</PeriodResolution>\
    <Price>87.48</Price></Item><Item><Date>2026-06-10</Date><PeriodIndex>2</PeriodIndex>\
    <PeriodResolution>PT15M</PeriodResolution><Price>-12.5</Price></Item></Result>\
    </GetDamPricePeriodEResponse></soap:Body></soap:Envelope>
    """
  ]
  static let entsoe = [
    """
    <?xml version="1.0"?><Publication_MarketDocument><TimeSeries>\
    <currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name>\
    <curveType>A03</curveType><Period><timeInterval><start>2026-06-09T22:00Z</start>\
    <end>2026-06-09T23:00Z</end></timeInterval><resolution>PT15M</resolution>\
    <Point><position>1</position><price.amount>87.48</price.amount></Point>\
    <Point><position>3</position><price.amount>91.7</price.amount></Point></Period></TimeSeries>\
    </Publication_MarketDocument>
    """
  ]
  static let energyCharts = [
    #"{"license_info":"CC","unix_seconds":[1781042400,1781043300],"price":[87.48,-9.5],"#
      + #""unit":"EUR / MWh","deprecated":false}"#
  ]
  static let awattar = [
    #"{"object":"list","data":[{"start_timestamp":1781042400000,"end_timestamp":1781046000000,"#
      + #""marketprice":87.48,"unit":"Eur/MWh"},{"start_timestamp":1781046000000,"#
      + #""end_timestamp":1781049600000,"marketprice":-9.5,"unit":"Eur/MWh"}]}"#
  ]
  static let energyZero = [
    #"{"base":[{"start":"2026-06-09T22:00:00Z","end":"2026-06-09T23:00:00Z","#
      + #""price":{"value":"0.077495"}},{"start":"2026-06-09T23:00:00Z","#
      + #""end":"2026-06-10T00:00:00Z","price":{"value":"-0.0743"}}]}"#
  ]
  static let nordPool = [
    #"{"deliveryDateCET":"2026-06-10","currency":"EUR","multiAreaEntries":[{"deliveryStart":"#
      + #""2026-06-09T22:00:00Z","deliveryEnd":"2026-06-09T22:15:00Z","entryPerArea":{"CZ":87.48}}"#
      + #",{"deliveryStart":"2026-06-09T22:15:00Z","deliveryEnd":"2026-06-09T22:30:00Z","#
      + #""entryPerArea":{"CZ":-9.5}}],"areaStates":[{"state":"Final","areas":["CZ"]}]}"#
  ]
  static let octopus = [
    #"{"count":2,"next":null,"results":[{"value_exc_vat":18.6,"value_inc_vat":19.53,"#
      + #""valid_from":"2026-06-10T01:30:00Z","valid_to":"2026-06-10T02:00:00Z","#
      + #""payment_method":null},{"value_exc_vat":-1.5,"value_inc_vat":-1.6,"#
      + #""valid_from":"2026-06-10T01:00:00Z","valid_to":"2026-06-10T01:30:00Z"}]}"#
  ]
  static let tibber = [
    #"{"data":{"viewer":{"homes":[{"currentSubscription":{"priceInfo":{"today":[{"total":0.2094,"#
      + #""energy":0.0875,"tax":0.1,"startsAt":"2026-06-10T00:00:00.000+02:00","currency":"EUR"},"#
      + #"{"total":0.2125,"energy":-0.09,"tax":0.1,"startsAt":"2026-06-10T00:15:00.000+02:00","#
      + #""currency":"EUR"}],"tomorrow":[]}}}]}}}"#
  ]
  static let bankText = [
    "10.06.2026 #1\nzemě|měna|množství|kód|kurz\nEMU|euro|1|EUR|24,315\nUSA|dolar|1|USD|21,5\n"
  ]
  static let bankJSON = [
    #"{"rates":[{"validFor":"2026-06-10","order":1,"country":"EMU","currency":"euro","amount":1,"#
      + #""currencyCode":"EUR","rate":24.315},{"validFor":"2026-06-10","amount":100,"#
      + #""currencyCode":"HUF","rate":6.243}]}"#
  ]
  static let openMeteo = [
    #"{"latitude":50.1,"utc_offset_seconds":0,"timezone":"GMT","hourly_units":{"time":"unixtime","#
      + #""temperature_2m":"°C","shortwave_radiation":"W/m²","wind_speed_10m":"km/h"},"hourly":{"#
      + #""time":[1781071200,1781074800,1781078400],"temperature_2m":[12.2,11.5,13.1],"#
      + #""shortwave_radiation":[42.1,150.5,300.2],"wind_speed_10m":[9.4,8.1,7.2],"#
      + #""temperature_2m_member01":[12.1,11.6,13.4],"shortwave_radiation_member01":[40.1,9.5,3.2]}}"#
  ]
  static let ensemble = [
    #"{"utc_offset_seconds":0,"hourly_units":{"time":"unixtime","temperature_2m":"°C","#
      + #""shortwave_radiation":"W/m²"},"hourly":{"time":[1781071200,1781074800,1781078400]"#
      + (0..<12).map { member in
        let name = member == 0 ? "" : "_member" + (member < 10 ? "0" : "") + "\(member)"
        return #","temperature_2m\#(name)":[12.\#(member),11.5,13.1],"#
          + #""shortwave_radiation\#(name)":[4\#(member).1,150.5,300.2]"#
      }.joined() + "}}"
  ]
  static let openMeteoQuarters = [
    #"{"utc_offset_seconds":0,"minutely_15_units":{"time":"unixtime","temperature_2m":"°C","#
      + #""shortwave_radiation":"W/m²"},"minutely_15":{"time":[1781071200,1781072100,1781073000],"#
      + #""temperature_2m":[12.2,11.5,13.1],"shortwave_radiation":[42.1,150.5,300.2]}}"#
  ]
  static let openWeatherMap = [
    #"{"lat":50.1,"timezone":"Europe/Prague","hourly":[{"dt":1781071200,"temp":18.5,"clouds":14,"#
      + #""wind_speed":2.6},{"dt":1781074800,"temp":18.9,"clouds":15,"wind_speed":2.7},"#
      + #"{"dt":1781078400,"temp":19.3,"clouds":16,"wind_speed":2.8}]}"#
  ]
  static let brightSky = [
    #"{"weather":[{"timestamp":"2026-06-10T06:00:00+00:00","temperature":18.5,"wind_speed":5.4,"#
      + #""cloud_cover":40,"solar":0.41},{"timestamp":"2026-06-10T07:00:00+00:00","#
      + #""temperature":19.5,"wind_speed":6.4,"cloud_cover":41,"solar":0.52}]}"#
  ]
  static let forecastSolar = [
    #"{"result":{"watt_hours":{"2026-06-10T05:10:00+00:00":12,"2026-06-10T06:00:00+00:00":380,"#
      + #""2026-06-10T07:00:00+00:00":1200,"2026-06-11T06:00:00+00:00":360}},"#
      + #""message":{"code":0,"type":"success","info":{"timezone":"UTC"}}}"#
  ]
  static let solcast = [
    #"{"forecasts":[{"pv_estimate":6.152,"pv_estimate10":3.6912,"pv_estimate90":7.0748,"#
      + #""period_end":"2026-06-10T07:00:00.0000000Z","period":"PT30M"},{"pv_estimate":5.6928,"#
      + #""pv_estimate10":3.4157,"pv_estimate90":6.5467,"#
      + #""period_end":"2026-06-10T07:30:00.0000000Z","period":"PT30M"}]}"#
  ]
  static let akkudoktor = [
    #"{"values":[[{"datetime":"2026-06-10T08:00:00.000+02:00","dcPower":1200.5,"power":1150.25,"#
      + #""sunTilt":30.5},{"datetime":"2026-06-10T09:00:00.000+02:00","power":2150.75}],"#
      + #"[{"datetime":"2026-06-10T08:00:00.000+02:00","power":150.5}]]}"#
  ]
  static let earlierRuns = [
    #"{"utc_offset_seconds":0,"hourly_units":{"time":"unixtime"},"hourly":{"#
      + #""time":[1781071200,1781074800,1781078400],"#
      + (1...3).map { lead in
        #""temperature_2m_previous_day\#(lead)":[12.2,11.5,13.1],"#
          + #""shortwave_radiation_previous_day\#(lead)":[42.1,150.5,300.2]"#
      }.joined(separator: ",") + "}}"
  ]
}
