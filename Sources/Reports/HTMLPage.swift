// SPDX-License-Identifier: MIT
import Foundation

/// One HTML file that needs no network: text, tables and interactive plots with their library inside.
public struct HTMLPage: Sendable {
  /// One part of the page.
  public enum Section: Sendable {
    /// A heading of the second level.
    case heading(String)
    /// A paragraph.
    case paragraph(String)
    /// A table; numbers stand right.
    case table(header: [String], rows: [[String]])
    /// A plot.
    case figure(PlotlyFigure)
  }

  /// The title in the window and above the page.
  public let title: String
  /// One line below the title.
  public let subtitle: String
  /// The parts in their order.
  public let sections: [Section]

  /// A page.
  public init(title: String, subtitle: String, sections: [Section]) {
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
  }

  /// The file's text.
  ///
  /// - Parameter plotLibrary: the source of Plotly, put into the page.
  /// - Throws: when a figure holds a number that JSON cannot write.
  public func render(plotLibrary: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var body = ""
    var figureCount = 0
    var subject = Self.escape(title)
    for section in sections {
      switch section {
      case .heading(let text):
        subject = Self.escape(text)
        body += "<h2>\(subject)</h2>\n"
      case .paragraph(let text): body += "<p>\(Self.escape(text))</p>\n"
      case .table(let header, let rows):
        body += Self.table(header: header, rows: rows, subject: subject)
      case .figure(let figure):
        let json = String(decoding: try encoder.encode(figure), as: UTF8.self)
        body += Self.plot(json: json, number: figureCount, subject: subject)
        figureCount += 1
      }
    }
    return Self.document(
      title: Self.escape(title), subtitle: Self.escape(subtitle), body: body,
      library: figureCount == 0 ? "" : "<script>\(plotLibrary)</script>")
  }

  static func escape(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// A table that a keyboard can scroll where it is wider than the window.
  private static func table(header: [String], rows: [[String]], subject: String) -> String {
    func cells(_ row: [String], _ tag: String) -> String {
      row.enumerated().map { index, text in
        "<\(tag)\(index == 0 ? " class=\"name\"" : "")>\(escape(text))</\(tag)>"
      }.joined()
    }
    let lines = rows.map { "<tr>\(cells($0, "td"))</tr>" }.joined(separator: "\n")
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(subject)"><table><thead><tr>\(cells(header, "th"))</tr></thead>
      <tbody>\(lines)</tbody></table></div>

      """
  }

  /// `</` cannot stand inside a script, whatever a room is called.
  private static func plot(json: String, number: Int, subject: String) -> String {
    """
    <div id="figure\(number)" class="figure" role="figure" aria-label="\(subject)"></div>
    <script>(function () {
      const figure = \(json.replacing("</", with: "<\\/"));
      Plotly.newPlot("figure\(number)", figure.data, figure.layout,
        { responsive: true, displaylogo: false });
    })();</script>

    """
  }

  private static func document(
    title: String, subtitle: String, body: String, library: String
  ) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light">
    <style>
    body { font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #f6f7f9; margin: 0; }
    main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 64px; }
    h1 { margin: 0; font-size: 26px; } h2 { margin: 36px 0 8px; font-size: 19px; }
    .subtitle { color: #5a6675; margin: 4px 0 20px; }
    .scroll { overflow-x: auto; } table { border-collapse: collapse; background: #fff; }
    th, td { padding: 6px 12px; text-align: right; border-bottom: 1px solid #e6e8eb;
      white-space: nowrap; font-variant-numeric: tabular-nums; }
    th { background: #eef1f4; font-weight: 600; white-space: normal; vertical-align: bottom; }
    .name { text-align: left; position: sticky; left: 0; background: #fff; }
    th.name { background: #eef1f4; }
    h1, .subtitle, p { overflow-wrap: anywhere; }
    @media (max-width: 600px) {
      h1 { font-size: 22px; } th, td { padding: 6px; font-size: 14px; }
      td.name { white-space: normal; min-width: 7em; overflow-wrap: anywhere; }
    }
    .figure { background: #fff; border: 1px solid #e6e8eb; border-radius: 6px; }
    </style>\(library)</head>
    <body><main><h1>\(title)</h1><p class="subtitle">\(subtitle)</p>
    \(library.isEmpty ? "" : "<noscript><p>The plots need JavaScript.</p></noscript>")
    \(body)</main></body></html>

    """
  }
}
