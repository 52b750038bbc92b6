/// A table of text with aligned columns, as a terminal shows it.
///
/// Columns are two spaces apart; the last one is not padded. Widths count characters.
struct TextTable: Sendable {
  /// On which side a column's cells stand.
  enum Alignment: Sendable {
    case left
    case right
  }

  private let titles: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// - Parameter columns: Each column's title and alignment.
  init(columns: [(title: String, alignment: Alignment)]) {
    self.titles = columns.map(\.title)
    self.alignments = columns.map(\.alignment)
  }

  /// Adds a row; what is missing at its end is empty, what is too much is dropped.
  mutating func add(_ cells: [String]) {
    let padding = Array(repeating: "", count: max(0, self.titles.count - cells.count))
    self.rows.append(Array((cells + padding).prefix(self.titles.count)))
  }

  /// The lines of the table: titles, then rows.
  var lines: [String] {
    let all = [self.titles] + self.rows
    let widths = self.titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { cells in
      let padded = cells.indices.map { column in
        self.pad(cells[column], to: widths[column], column: column, last: cells.count - 1)
      }
      return padded.joined(separator: "  ")
    }
  }

  private func pad(_ cell: String, to width: Int, column: Int, last: Int) -> String {
    let padding = String(repeating: " ", count: max(0, width - cell.count))
    switch self.alignments[column] {
    case .left: return column == last ? cell : cell + padding
    case .right: return padding + cell
    }
  }
}
