/// What a balancer decided. Nothing has to be done about it: it is there for metrics and logs.
public enum BalancingEvent: Sendable, Equatable {
  /// A picker was made of what the load reports of all ready endpoints are worth (gRFC A78).
  case weighed([ReportedWeight])
  /// Outlier detection did something, or held it back (gRFC A91).
  case outlier(SubchannelID, OutlierVerdict)
}
