// SPDX-License-Identifier: MIT
import Reports
import Testing

@Suite("HTML page")
struct HTMLPageTests {
  @Test("text from outside cannot become markup")
  func escaping() throws {
    let page = HTMLPage(
      title: "<b>house & home</b>", subtitle: "\"quoted\"",
      sections: [.table(header: ["<i>"], rows: [["</td><script>"]])])
    let html = try page.render(plotLibrary: "")
    #expect(html.contains("&lt;b&gt;house &amp; home&lt;/b&gt;"))
    #expect(html.contains("&quot;quoted&quot;"))
    #expect(!html.contains("</td><script>"))
  }

  @Test("a wide table can be scrolled by the keyboard and is named by its heading")
  func keyboard() throws {
    let page = HTMLPage(
      title: "t", subtitle: "s",
      sections: [.heading("Every <step>"), .table(header: ["a"], rows: [["1"]])])
    #expect(
      try page.render(plotLibrary: "").contains(
        "tabindex=\"0\" role=\"region\" aria-label=\"Every &lt;step&gt;\"><table>"))
  }

  @Test("the page asks nothing from the network")
  func offline() throws {
    let page = HTMLPage(
      title: "t", subtitle: "s",
      sections: [.figure(PlotlyFigure(data: [], lanes: [], height: 100))])
    let html = try page.render(plotLibrary: "const Plotly = {};")
    #expect(!html.contains("http://") && !html.contains("https://"))
    #expect(html.contains("const Plotly = {};"))
  }
}
