extension Chart {
  /// A straight line.
  func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> Markup {
    .element(
      "line",
      [
        "x1": Self.text(x1), "y1": Self.text(y1), "x2": Self.text(x2), "y2": Self.text(y2),
        "class": style,
      ])
  }

  /// A line through points, given as shares of both axes.
  func path(_ points: [(x: Double, y: Double)], _ style: String, tip: String) -> Markup {
    let text = points.map { "\(Self.text(x($0.x))),\(Self.text(y($0.y)))" }.joined(separator: " ")
    return .element(
      "polyline", ["points": text, "class": style], [.element("title", text: tip)])
  }

  /// A dot at a point, given as shares of both axes, with what a pointer on it tells.
  func dot(_ point: (x: Double, y: Double), _ style: String, tip: String) -> Markup {
    .element(
      "circle",
      ["cx": Self.text(x(point.x)), "cy": Self.text(y(point.y)), "r": "3.5", "class": style],
      [.element("title", text: tip)])
  }

  /// A rectangle between two shares of each axis, with what a pointer on it tells.
  func bar(
    fromX: Double, toX: Double, fromY: Double = 0, toY: Double, _ style: String, tip: String
  ) -> Markup {
    .element(
      "rect",
      [
        "x": Self.text(x(fromX)), "y": Self.text(y(toY)),
        "width": Self.text(max(0.5, x(toX) - x(fromX))),
        "height": Self.text(max(0, y(fromY) - y(toY))), "class": style,
      ], [.element("title", text: tip)])
  }

  /// A word at a place in the chart's own units.
  ///
  /// - Parameter anchor: `start`, `middle` or `end`: which part of the word stands there.
  func label(_ text: String, x: Double, y: Double, anchor: String, style: String) -> Markup {
    .element(
      "text",
      ["x": Self.text(x), "y": Self.text(y), "text-anchor": anchor, "class": style], text: text)
  }
}
