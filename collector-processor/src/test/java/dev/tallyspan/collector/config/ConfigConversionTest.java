package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.exporter.BatchSettings;
import dev.tallyspan.collector.exporter.Sizer;
import dev.tallyspan.collector.flow.Signal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigConversionTest {
  private static final String FILE =
      """
      # Our traces.
      receivers:
        otlp:
          protocols:
            grpc: {endpoint: "0.0.0.0:4317"} # from the applications
        zipkin:
      processors:
        memory_limiter: {check_interval: 1s, limit_mib: 512}
        batch: {timeout: 2s, send_batch_size: 512}
      exporters:
        otlphttp/langfuse:
          endpoint: https://cloud.langfuse.com/api/public/otel
          headers: {Authorization: "Basic ${env:LANGFUSE_AUTH}"}
          no_such_key: 1
        prometheus: {endpoint: "0.0.0.0:8889"}
      service:
        pipelines:
          traces:
            receivers: [otlp, zipkin]
            processors: [memory_limiter, batch]
            exporters: [otlphttp/langfuse]
          metrics:
            receivers: [otlp]
            exporters: [prometheus]
      """;

  private static ConfigConversion convert(String text) throws ConfigException {
    return ConfigConversion.of("their.yaml", text, Map.of(), Set.of());
  }

  private static CollectorConfig run(ConfigConversion conversion) throws ConfigException {
    return ConfigLoader.parse("ours.yaml", conversion.text(), Map.of("LANGFUSE_AUTH", "x"));
  }

  @Test
  void theResultRuns() throws Exception {
    ConfigConversion conversion = convert(FILE);
    CollectorConfig config = run(conversion);

    assertThat(conversion.faults()).isEmpty();
    assertThat(config.warnings()).isEmpty();
    PipelineConfig traces = config.pipelines().get(0);
    assertThat(config.pipelines()).hasSize(1);
    assertThat(traces.receivers()).containsExactly("otlp");
    assertThat(traces.processors()).containsExactly("tallyspan");
    assertThat(traces.exporters()).containsExactly("otlp_http/langfuse");
    assertThat(config.exporter("otlp_http/langfuse").queue().batch())
        .isEqualTo(new BatchSettings(Duration.ofSeconds(2), 512, 0, Sizer.ITEMS));
    assertThat(config.memoryLimit()).isPositive();
  }

  @Test
  void commentsAndReferencesStay() throws Exception {
    assertThat(convert(FILE).text())
        .contains("# Our traces.", "# from the applications", "Basic ${env:LANGFUSE_AUTH}");
  }

  @Test
  void whatIsLeftOutIsSaidWithItsLine() throws Exception {
    ConfigConversion conversion = convert(FILE);

    assertThat(conversion.leftOut())
        .extracting(Fault::toString)
        .satisfiesExactly(
            it ->
                assertThat(it)
                    .startsWith("14:5: unknown key exporters.otlp_http/langfuse.no_such_key"),
            it -> assertThat(it).startsWith("19:25: service.pipelines.traces.receivers: zipkin is"),
            it ->
                assertThat(it)
                    .isEqualTo(
                        "24:7: service.pipelines.metrics: left out: none of its exporters is one that"
                            + " Tallyspan has"),
            it -> assertThat(it).startsWith("24:19: service.pipelines.metrics.exporters: prom"));
    assertThat(conversion.text())
        .startsWith("# Written by 'tallyspan config convert' from their.yaml.\n")
        .contains("#   19:25: service.pipelines.traces.receivers: zipkin is left out");
  }

  @Test
  void convertingTwiceIsConvertingOnce() throws Exception {
    String once = convert(FILE).text();
    ConfigConversion twice = convert(once);

    assertThat(twice.leftOut()).isEmpty();
    assertThat(twice.text().substring(twice.text().indexOf("\n\n")))
        .endsWith(once.substring(once.indexOf("\nreceivers:")));
  }

  @Test
  void whatProtectsIsLeftToAPerson() throws Exception {
    ConfigConversion conversion =
        convert(
            FILE.replace(
                "grpc: {endpoint: \"0.0.0.0:4317\"}",
                "grpc: {tls: {cert_file: a, key_file: b, no_such_key: client.pem}}"));

    assertThat(conversion.faults())
        .singleElement()
        .asString()
        .contains("unknown key receivers.otlp.protocols.grpc.tls.no_such_key");
    assertThat(conversion.text()).contains("client.pem", "# To do before it runs:");
  }

  @Test
  void onlySomeSignalsAreConverted() throws Exception {
    ConfigConversion conversion =
        ConfigConversion.of(
            "their.yaml",
            FILE.replace("exporters: [prometheus]", "exporters: [otlphttp/langfuse]"),
            Map.of(),
            Set.of(Signal.TRACES));

    assertThat(run(conversion).pipelines())
        .extracting(PipelineConfig::id)
        .containsExactly("traces");
  }

  @Test
  void aPipelineWithoutAnExporterIsLeftToDo() throws Exception {
    ConfigConversion conversion =
        convert(FILE.replace("exporters: [otlphttp/langfuse]", "exporters: [prometheus]"));

    assertThat(conversion.faults())
        .singleElement()
        .asString()
        .contains("service.pipelines.traces.exporters: none is left: add otlp_grpc or otlp_http");
  }

  @Test
  void aListInsteadOfAnIdIsNoExporter() throws Exception {
    ConfigConversion conversion =
        convert(FILE.replace("exporters: [otlphttp/langfuse]", "exporters: [[a], {b: c}]"));

    assertThat(conversion.faults())
        .singleElement()
        .asString()
        .contains("service.pipelines.traces.exporters: none is left");
  }

  @Test
  void anAnchorWithAMergeKeyIsReplacedByWhatItStandsFor() throws Exception {
    String text =
        """
        receivers: {otlp: {protocols: {grpc: }}}
        exporters:
          otlp_grpc/a: &a {endpoint: "a:4317", compression: none}
          otlp_grpc/b:
            <<: *a
            endpoint: "b:4317"
        service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc/a, otlp_grpc/b]}}}
        """;

    CollectorConfig config = ConfigLoader.parse("c.yaml", text, Map.of());

    assertThat(config.exporter("otlp_grpc/b").endpoint()).isEqualTo("b:4317");
    assertThat(config.exporter("otlp_grpc/b").compression())
        .isEqualTo(config.exporter("otlp_grpc/a").compression());
    assertThat(convert(text).text()).doesNotContain("&", "*");
  }
}
