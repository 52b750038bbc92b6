import FairleadTelemetry

/// The admin pages: from a request to its answer. Every page reads, none changes anything.
package struct AdminPages: PageSource {
  /// One page, by its path.
  enum Page: String, CaseIterable {
    case index = "/"
    case ready = "/ready"
    case metrics = "/stats/prometheus"
    case clusters = "/clusters"
    case configuration = "/config_dump"

    var summary: String {
      switch self {
      case .index: "this list"
      case .ready: "200 when the proxy takes calls, 503 and the reason when it does not"
      case .metrics: "counters, gauges and histograms for Prometheus"
      case .clusters: "each cluster's endpoints with state and calls; ?format=json for JSON"
      case .configuration: "the configuration in force, as JSON"
      }
    }
  }

  private let source: any AdminSource

  package init(source: any AdminSource) {
    self.source = source
  }

  package func answer(_ request: PageRequest) async -> PageAnswer {
    guard let page = Page(rawValue: request.path) else {
      return .text("There is no such page; / lists those that there are.", status: 404)
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      var answer = PageAnswer.text("This page can only be read: use GET.", status: 405)
      answer.allow = "GET, HEAD"
      return answer
    }
    switch page {
    case .index: return .text(Self.index)
    case .ready: return await ready()
    case .metrics: return await metrics()
    case .clusters: return await clusters(asJSON: request.wantsJSON)
    case .configuration: return await configuration()
    }
  }

  private static var index: String {
    let width = Page.allCases.map(\.rawValue.count).max() ?? 0
    return Page.allCases.map { page in
      page.rawValue.padded(to: width) + "  " + page.summary + "\n"
    }.joined()
  }

  private func ready() async -> PageAnswer {
    switch await source.readiness() {
    case .ready: .text("ready")
    case .notReady(let reason): .text(reason, status: 503)
    }
  }

  private func metrics() async -> PageAnswer {
    PageAnswer(
      status: 200,
      contentType: PrometheusEncoder.contentType,
      body: PrometheusEncoder.encode(await source.metrics()))
  }

  private func clusters(asJSON: Bool) async -> PageAnswer {
    let clusters = await source.clusters().sorted { $0.name < $1.name }
    return asJSON ? .json(clusters) : .text(ClusterTable.text(clusters))
  }

  private func configuration() async -> PageAnswer {
    .json(ConfigurationDump(await source.configuration()))
  }
}
