import FairleadLoad

/// A plot as SVG: two axes with a grid, and what is drawn between them. Colours are the page's.
struct Chart: Sendable {
  /// Unique on the page.
  let id: String
  /// What it shows, for those who cannot see it.
  let title: String
  let summary: String
  var height: Double = 250

  private static let width: Double = 420
  private static let left: Double = 58
  private static let right: Double = 26
  private static let top: Double = 14
  private static let bottom: Double = 40

  /// The place of a share of the horizontal axis.
  func x(_ place: Double) -> Double {
    Self.left + place * (Self.width - Self.left - Self.right)
  }

  /// The place of a share of the vertical axis.
  func y(_ place: Double) -> Double {
    height - Self.bottom - place * (height - Self.top - Self.bottom)
  }

  /// The plot with its axes.
  func markup(
    horizontal: [ChartScale.Tick], horizontalTitle: String, vertical: [ChartScale.Tick],
    _ content: [Markup]
  ) -> Markup {
    let middle = (x(0) + x(1)) / 2
    let title = label(
      horizontalTitle, x: middle, y: height - 4, anchor: "middle", style: "axis-title")
    let axes =
      vertical.flatMap { rule(at: $0) } + horizontal.flatMap { mark(at: $0) } + [
        line(x(0), y(0), x(1), y(0), "axis"), title,
      ]
    return svg(axes + content)
  }

  /// An SVG element of the chart's size with what is in it.
  func svg(_ content: [Markup]) -> Markup {
    .element(
      "svg",
      [
        "viewBox": "0 0 \(Self.text(Self.width)) \(Self.text(height))", "role": "img",
        "aria-labelledby": "\(id)-title \(id)-text",
      ],
      [
        .element("title", ["id": "\(id)-title"], text: title),
        .element("desc", ["id": "\(id)-text"], text: summary),
      ] + content)
  }

  private func rule(at tick: ChartScale.Tick) -> [Markup] {
    let y = y(tick.place)
    return [
      line(x(0), y, x(1), y, "rule"),
      label(tick.label, x: x(0) - 6, y: y + 4, anchor: "end", style: "tick"),
    ]
  }

  private func mark(at tick: ChartScale.Tick) -> [Markup] {
    let x = x(tick.place)
    return [
      line(x, y(0), x, y(0) + 4, "axis"),
      label(tick.label, x: x, y: y(0) + 17, anchor: "middle", style: "tick"),
    ]
  }

  /// A coordinate: a tenth of a unit is finer than a pixel.
  static func text(_ coordinate: Double) -> String {
    guard coordinate.isFinite else { return "0" }
    let tenths = Int((min(max(coordinate, -1e6), 1e6) * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }
}
