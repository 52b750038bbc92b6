import AsyncHTTPClient
import FairleadManifests
import NIOCore

/// One page of a list, read from the API server item by item.
struct ListPage: Sendable {
  var objects: [WatchedObject] = []
  var continuation: String?
  var revision = ""
  /// As they came over the network.
  var bytes = 0

  /// - Parameter budget: bytes that are left for the list.
  static func read(
    _ query: ReflectorMachine.ListQuery, scope: ResourceScope, session: KubernetesSession,
    budget: Int
  ) async -> Result<ListPage, KubernetesFailure> {
    var items = [(name: "limit", value: String(session.options.limits.pageSize))]
    if let continuation = query.continuation {
      items.append(("continue", continuation))
    } else if !query.revision.isEmpty {
      items.append(("resourceVersion", query.revision))
    }
    let request = APIRequest(verb: .list, scope: scope, version: query.version, query: items)
    do throws(KubernetesFailure) {
      let response = try await session.send(request)
      var page = ListPage()
      try await page.read(response.body, scope: scope, session: session, budget: budget)
      return .success(page)
    } catch {
      return .failure(error)
    }
  }

  private mutating func read(
    _ body: HTTPClientResponse.Body, scope: ResourceScope, session: KubernetesSession, budget: Int
  ) async throws(KubernetesFailure) {
    var splitter = ListSplitter(limit: session.options.limits.object)
    var chunks = body.makeAsyncIterator()
    do {
      while let chunk = try await chunks.next() {
        bytes += chunk.readableBytes
        guard bytes <= budget else {
          throw Self.tooLarge(scope, "is larger than \(session.options.limits.list) bytes")
        }
        for item in try splitter.split([UInt8](chunk.readableBytesView)) {
          objects.append(try Self.object(item, scope: scope))
        }
      }
    } catch let failure as KubernetesFailure {
      throw failure
    } catch let problem as ListSplitter.Problem {
      throw problem == .malformed
        ? Self.malformed(scope)
        : Self.tooLarge(
          scope, "has an object larger than \(session.options.limits.object) bytes")
    } catch {
      throw ConnectionFailure.describe(error, access: try session.client.access())
    }
    try close(splitter, scope: scope)
  }

  private mutating func close(
    _ splitter: ListSplitter, scope: ResourceScope
  ) throws(KubernetesFailure) {
    guard splitter.isComplete, let list = try? ManifestNode(json: splitter.envelope),
      let metadata = list["metadata"], let revision = metadata["resourceVersion"]?.text
    else { throw Self.malformed(scope) }
    self.revision = revision
    continuation = metadata["continue"]?.text
  }

  private static func object(
    _ item: [UInt8], scope: ResourceScope
  ) throws(KubernetesFailure) -> WatchedObject {
    guard let node = try? ManifestNode(json: item), let object = WatchedObject(node, scope: scope)
    else { throw malformed(scope) }
    return object
  }

  private static func malformed(_ scope: ResourceScope) -> KubernetesFailure {
    KubernetesFailure(
      .malformed,
      "The API server's list of \(scope) is no list in JSON; check that its address leads to one.")
  }

  private static func tooLarge(_ scope: ResourceScope, _ what: String) -> KubernetesFailure {
    KubernetesFailure(
      .tooLarge, "The list of \(scope) \(what); watch fewer namespaces.")
  }
}
