package dev.tallyspan.collector.flow;

/** The three signals that OTLP carries, with the names of their endpoints. */
public enum Signal {
  TRACES("traces", "spans", "opentelemetry.proto.collector.trace.v1.TraceService"),
  LOGS("logs", "log_records", "opentelemetry.proto.collector.logs.v1.LogsService"),
  METRICS("metrics", "metric_points", "opentelemetry.proto.collector.metrics.v1.MetricsService");

  private final String id;
  private final String items;
  private final String grpcService;

  Signal(String id, String items, String grpcService) {
    this.id = id;
    this.items = items;
    this.grpcService = grpcService;
  }

  /** The signal's name in configuration and on the command line: {@code traces}. */
  public String id() {
    return id;
  }

  /** The name of the signal's items in metric names: {@code spans}, {@code log_records}. */
  public String items() {
    return items;
  }

  /** The default path of OTLP/HTTP: {@code /v1/traces}. */
  public String httpPath() {
    return "/v1/" + id;
  }

  /** The full name of the gRPC service, whose only method is {@code Export}. */
  public String grpcService() {
    return grpcService;
  }
}
