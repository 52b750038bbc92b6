/// Where endpoints come from, by target.
extension PrometheusEncoder {
  mutating func writeResolvers() {
    guard !metrics.resolvers.isEmpty else { return }
    let rows = metrics.resolvers.map {
      (labels: LabelSet([("target", $0.target)]), metrics: $0)
    }
    let age = "fairlead_resolver_age_seconds"
    output.family(age, .gauge, "Time since the source last gave or confirmed its endpoints.")
    for row in rows {
      guard let seconds = row.metrics.ageSeconds else { continue }
      output.sample(age, row.labels, seconds)
    }
    let endpoints = "fairlead_resolver_endpoints"
    output.family(endpoints, .gauge, "Endpoints of the last good answer.")
    for row in rows {
      output.sample(endpoints, row.labels, row.metrics.endpoints)
    }
    let failing = "fairlead_resolver_failing"
    output.family(failing, .gauge, "1 while the source fails, 0 while it answers.")
    for row in rows {
      output.sample(failing, row.labels, row.metrics.isFailing ? 1 : 0)
    }
  }
}
