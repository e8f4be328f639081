package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.PipelineConfig;
import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Pipeline;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A pipeline with several exporters, as the running server has it, without the sending. */
final class BackendRun {

  private BackendRun() {}

  /**
   * Returns what each exporter sends of a request of spans.
   *
   * @param exporters lines such as {@code otlp_http/a: {endpoint: …}}
   */
  static Map<String, Slices> sent(Path folder, List<String> exporters, byte[] request)
      throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"),
            """
            receivers: {otlp: {protocols: {grpc: }}}
            processors: {tallyspan: }
            exporters:
              %s
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [tallyspan], exporters: [%s]}
            """
                .formatted(
                    String.join("\n  ", exporters),
                    exporters.stream()
                        .map(line -> line.substring(0, line.indexOf(": ")))
                        .collect(Collectors.joining(", "))));
    CollectorConfig config = ConfigLoader.load(file, Map.of());
    Map<String, Slices> sent = new LinkedHashMap<>();
    Map<String, Exporter> sending = new LinkedHashMap<>();
    config.exporters().forEach(it -> sending.put(it.id(), new Sent(it.id(), sent)));
    Meter meter = MeterProvider.noop().get("test");
    try (Catalogs catalogs = Catalogs.open(config, meter, InstantSource.system())) {
      Processors processors = Processors.of(config, catalogs, meter);
      PipelineConfig pipeline = config.pipelines().get(0);
      new Pipeline(
              processors.chain(pipeline, /* first= */ true),
              Outputs.of(
                  config,
                  pipeline,
                  pipeline.exporters(),
                  processors,
                  sending,
                  /* processed= */ null,
                  meter))
          .accept(
              new OtlpRequest(
                  Signal.TRACES,
                  Slices.of(request),
                  Items.count(Signal.TRACES, request),
                  new SenderAck(outcome -> {})));
    }
    return sent;
  }

  /** The attributes of each span as text, by the name of the span. */
  static Map<String, Map<String, String>> attributes(Slices request) throws Exception {
    Map<String, Map<String, String>> spans = new LinkedHashMap<>();
    for (Span span : LlmRequests.spans(request.toByteArray())) {
      Map<String, String> attributes = new TreeMap<>();
      for (KeyValue attribute : span.getAttributesList()) {
        attributes.put(attribute.getKey(), text(attribute.getValue()));
      }
      spans.put(span.getName(), attributes);
    }
    return spans;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> String.valueOf(value.getIntValue());
      case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
      case BOOL_VALUE -> String.valueOf(value.getBoolValue());
      case ARRAY_VALUE -> {
        List<String> all = new ArrayList<>();
        value.getArrayValue().getValuesList().forEach(each -> all.add(text(each)));
        yield all.toString();
      }
      default -> value.toString();
    };
  }

  private record Sent(String id, Map<String, Slices> to) implements Exporter {

    @Override
    public void send(OtlpRequest request) {
      to.put(id, request.bytes());
    }

    @Override
    public void close(Duration drain) {}
  }
}
