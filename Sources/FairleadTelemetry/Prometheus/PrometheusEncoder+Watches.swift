/// How far the Kubernetes API is followed, by kind.
extension PrometheusEncoder {
  mutating func writeWatches() {
    guard !metrics.watches.isEmpty else { return }
    writeWatches("synced", .gauge, "1 when all objects of the kind are known.") {
      $0.isSynced ? 1 : 0
    }
    writeWatches(
      "failing", .gauge, "1 while requests for the kind fail, 0 while they are answered."
    ) {
      $0.isFailing ? 1 : 0
    }
    writeWatches("objects", .gauge, "Objects of the kind that are known.", \.objects)
    writeWatches("watches", .gauge, "Watches that are open.", \.open)
    writeWatches("events_total", .counter, "Events that watches brought.", \.events)
    writeWatches("lists_total", .counter, "How often all objects were listed.", \.lists)
    writeWatches(
      "failures_total", .counter, "Requests that failed, watches cut short included.", \.failures)
  }

  private mutating func writeWatches(
    _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (WatchMetrics) -> Int
  ) {
    let family = "fairlead_kubernetes_\(name)"
    output.family(family, kind, help)
    for watch in metrics.watches {
      output.sample(family, LabelSet([("kind", watch.kind)]), value(watch))
    }
  }
}
