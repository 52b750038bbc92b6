import Synchronization

/// What a test has seen, in order, whichever task saw it.
final class Noted<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  var all: [Element] { elements.withLock(\.self) }

  func note(_ element: Element) {
    elements.withLock { $0.append(element) }
  }
}
