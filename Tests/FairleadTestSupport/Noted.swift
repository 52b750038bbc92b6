import Synchronization

/// What a test has seen, in order, whichever task saw it.
package final class Noted<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  package init() {}

  package var all: [Element] { elements.withLock(\.self) }

  package func note(_ element: Element) {
    elements.withLock { $0.append(element) }
  }
}
