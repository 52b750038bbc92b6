import FairleadLoad

/// A run as the page draws it: with a colour and a kind of line of its own.
struct PageRun: Sendable {
  let run: LoadRun
  /// From 0.
  let index: Int
  let words: LoadWords

  init(_ run: LoadRun, index: Int) {
    self.run = run
    self.index = index
    words = LoadWords(run: run)
  }

  private static let colours = 6
  private static let dashes = 4

  /// The classes of its lines. Colours come again after six runs, with other dashes.
  var lineStyle: String {
    "line c\(index % Self.colours) d\(index / Self.colours % Self.dashes)"
  }

  /// The classes of its bars.
  var fillStyle: String {
    "fill c\(index % Self.colours)"
  }
}
