package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.exporter.BatchSettings;
import dev.tallyspan.collector.exporter.Compression;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.exporter.QueueSettings;
import dev.tallyspan.collector.exporter.RetrySettings;
import dev.tallyspan.collector.exporter.Sizer;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.WrittenContent;
import dev.tallyspan.collector.scoreapi.ScoreApi;
import dev.tallyspan.collector.telemetry.OtlpPush;
import dev.tallyspan.pricing.Deployment;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.imports.CatalogImport;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  private static final String SMALLEST =
      """
      receivers:
        otlp:
          protocols:
            grpc:
            http:
      exporters:
        otlp_http:
          endpoint: https://backend.example.com
      service:
        pipelines:
          traces:
            receivers: [otlp]
            exporters: [otlp_http]
      """;

  private static CollectorConfig parse(String text) throws ConfigException {
    return ConfigLoader.parse("c.yaml", text, Map.of("KEY", "secret", "EMPTY", "", "N", "7"));
  }

  @Test
  void whatIsNotSaidHasTheDefaultsOfTheCollector() throws Exception {
    CollectorConfig config = parse(SMALLEST);

    assertThat(config.receiver("otlp"))
        .isEqualTo(
            new ReceiverConfig("otlp", ReceiverConfig.Grpc.DEFAULT, ReceiverConfig.Http.DEFAULT));
    ExporterConfig exporter = config.exporter("otlp_http");
    assertThat(exporter.protocol()).isEqualTo(Protocol.HTTP_PROTOBUF);
    assertThat(exporter.compression()).isEqualTo(Compression.GZIP);
    assertThat(exporter.compressionLevel()).isEqualTo(1);
    assertThat(exporter.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(exporter.retry()).isEqualTo(RetrySettings.DEFAULT);
    assertThat(exporter.queue()).isEqualTo(QueueSettings.DEFAULT);
    assertThat(config.pipelines())
        .containsExactly(
            new PipelineConfig(
                "traces",
                Signal.TRACES,
                List.of("otlp"),
                List.of(),
                List.of(),
                List.of("otlp_http"),
                List.of(),
                /* queue= */ null));
    assertThat(config.storage()).isEqualTo(StorageConfig.DEFAULT);
    assertThat(exporter.maxRequestBytes()).isZero();
    assertThat(exporter.retryLimited()).isFalse();
    assertThat(config.telemetry())
        .isEqualTo(
            new TelemetryConfig(
                new ListenEndpoint("localhost", 8888), Level.INFO, LogEncoding.CONSOLE));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void aProtocolThatIsNotNamedIsOff() throws Exception {
    assertThat(parse(SMALLEST.replace("      http:\n", "")).receiver("otlp").http()).isNull();
  }

  @Test
  void everyKeyOfAReceiverIsRead() throws Exception {
    ReceiverConfig receiver =
        parse(
                SMALLEST.replace(
                    "      grpc:\n      http:\n",
                    """
                          grpc:
                            endpoint: 0.0.0.0:5317
                            max_recv_msg_size_mib: 8
                            max_concurrent_streams: 16
                            read_timeout: 10s
                            max_connections: 7
                            tls:
                              cert_file: c.pem
                              key_pem: key
                              client_ca_file: ca.pem
                              client_ca_file_reload: true
                              reload_interval: 1h
                              min_version: "1.3"
                              cipher_suites: [TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305]
                            keepalive:
                              server_parameters:
                                max_connection_idle: 1m
                                max_connection_age: 2m
                                max_connection_age_grace: 3m
                                time: 4m
                                timeout: 5s
                              enforcement_policy: {min_time: 6s, permit_without_stream: true}
                          http:
                            endpoint: ":5318"
                            traces_url_path: /t
                            max_request_body_size: 1000
                            score_apis: [phoenix]
                            read_timeout: 1s
                            write_timeout: 2s
                            idle_timeout: 0
                            max_connections: 0
                            read_header_timeout: 3s
                            keep_alives_enabled: false
                            compression_algorithms: [gzip, zstd]
                            response_headers: {X-Served-By: tallyspan}
                            cors:
                              allowed_origins: ["https://*.example.com"]
                              allowed_headers: [X-Key]
                              exposed_headers: [X-Id]
                              max_age: 7200
                    """))
            .receiver("otlp");

    assertThat(receiver.grpc())
        .isEqualTo(
            new ReceiverConfig.Grpc(
                new ListenEndpoint("0.0.0.0", 5317),
                8 << 20,
                16,
                /* auth= */ null,
                7,
                Duration.ofSeconds(10),
                new ReceiverConfig.KeepAlive(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(4),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(6),
                    true),
                new ReceiverConfig.ServerTls(
                    Path.of("c.pem"),
                    null,
                    null,
                    "key",
                    Path.of("ca.pem"),
                    true,
                    Duration.ofHours(1),
                    Set.of("TLSv1.3"),
                    List.of("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"))));
    assertThat(receiver.http())
        .isEqualTo(
            new ReceiverConfig.Http(
                new ListenEndpoint("", 5318),
                Map.of(Signal.TRACES, "/t", Signal.LOGS, "/v1/logs", Signal.METRICS, "/v1/metrics"),
                1000,
                Set.of(ScoreApi.PHOENIX),
                new ReceiverConfig.Cors(
                    List.of("https://*.example.com"),
                    List.of("X-Key"),
                    List.of("X-Id"),
                    Duration.ofHours(2)),
                List.of("gzip", "zstd"),
                Map.of("X-Served-By", "tallyspan"),
                /* auth= */ null,
                0,
                false,
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ZERO,
                null));
  }

  @Test
  void everyKeyOfAnExporterIsRead() throws Exception {
    ExporterConfig exporter =
        parse(
                SMALLEST
                    .replace(
                        "  otlp_http:\n    endpoint: https://backend.example.com\n",
                        """
                          otlp_grpc/jaeger:
                            endpoint: jaeger:4317
                            headers: {Authorization: "Bearer ${env:KEY}"}
                            compression: gzip
                            compression_params: {level: 6}
                            timeout: 1.5s
                            max_request_bytes: 4194304
                            tls:
                              insecure: true
                              insecure_skip_verify: true
                              ca_file: ca.pem
                              cert_file: c.pem
                              key_file: k.pem
                              server_name_override: jaeger.example.com
                            retry_on_failure:
                              enabled: true
                              initial_interval: 1s
                              multiplier: 2
                              randomization_factor: 0.1
                              max_interval: 1m
                              max_elapsed_time: 0
                            sending_queue:
                              enabled: true
                              num_consumers: 3
                              queue_size: 5000
                              sizer: items
                              max_bytes: 1000000
                              wait_for_result: true
                              batch: {flush_timeout: 1h0m0.5s, min_size: 10, max_size: 20, sizer: bytes}
                        """)
                    .replace("[otlp_http]", "[otlp_grpc/jaeger]"))
            .exporter("otlp_grpc/jaeger");

    assertThat(exporter.endpoint()).isEqualTo("jaeger:4317");
    assertThat(exporter.headers()).containsExactly(Map.entry("Authorization", "Bearer secret"));
    assertThat(exporter.compressionLevel()).isEqualTo(6);
    assertThat(exporter.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(exporter.maxRequestBytes()).isEqualTo(4 << 20);
    assertThat(exporter.tls().insecure()).isTrue();
    assertThat(exporter.tls().insecureSkipVerify()).isTrue();
    assertThat(exporter.tls().serverNameOverride()).isEqualTo("jaeger.example.com");
    assertThat(exporter.retry())
        .isEqualTo(
            new RetrySettings(
                true, Duration.ofSeconds(1), 2, 0.1, Duration.ofMinutes(1), Duration.ZERO));
    assertThat(exporter.retryLimited()).isTrue();
    assertThat(exporter.queue())
        .isEqualTo(
            new QueueSettings(
                true,
                3,
                5000,
                Sizer.ITEMS,
                1_000_000,
                new BatchSettings(Duration.ofMillis(3_600_500), 10, 20, Sizer.BYTES)));
  }

  @Test
  void aBatchWithoutKeysHasTheDefaults() throws Exception {
    ExporterConfig exporter =
        parse(
                SMALLEST.replace(
                    "backend.example.com\n",
                    "backend.example.com\n    sending_queue: {batch: {}}\n"))
            .exporter("otlp_http");

    assertThat(exporter.queue().batch()).isEqualTo(BatchSettings.DEFAULT);
  }

  @Test
  void everyKeyOfTheProcessorIsRead() throws Exception {
    CollectorConfig config =
        parse(
            SMALLEST.replace(
                "exporters:\n  otlp_http",
                """
                processors:
                  tallyspan/mine:
                    catalog: {file: prices.json, format: litellm, reload_interval: 5m, sha256: %s, vectors: vectors.json, layered: true}
                    contracts: {file: contracts.json, reload_interval: 30s, attribute: team}
                    target: genai-dev
                    content: structured
                    deployments: {acme-chat: gpt-4o, acme-eu: {model: gpt-4o, type: DataZoneStandard, region: swedencentral}, o3: {type: global}}
                    estimate: {max_characters: 5000}
                    currency:
                      to: EUR
                      rates: {USD: {2026-07-01: 0.92, 2026-08-01: 0.915}, GBP: 1.15}
                    gen_ai_usage_cost: false
                    cache_write_names: current
                    join_logs: 30s
                    window: {wait: 5s, max_spans: 7}
                    fill_gaps: [identity]
                exporters:
                  otlp_http\
                """
                    .formatted("AB".repeat(32))));

    assertThat(config.processor("tallyspan/mine"))
        .isEqualTo(
            new ProcessorConfig(
                "tallyspan/mine",
                new CatalogConfig(
                    Path.of("prices.json"),
                    null,
                    CatalogImport.Format.LITELLM,
                    Duration.ofMinutes(5),
                    "ab".repeat(32),
                    null,
                    Path.of("vectors.json"),
                    /* layered= */ true),
                new ContractsConfig(Path.of("contracts.json"), Duration.ofSeconds(30), "team"),
                Deployments.ofAll(
                    Map.of(
                        "acme-chat",
                        Deployment.of("gpt-4o"),
                        "acme-eu",
                        new Deployment("gpt-4o", "eu", "swedencentral", null),
                        "o3",
                        new Deployment(null, "global", null, null))),
                new EstimateConfig(5000),
                ExchangeRates.to("EUR")
                    .rate("USD", LocalDate.parse("2026-07-01"), new BigDecimal("0.92"))
                    .rate("USD", LocalDate.parse("2026-08-01"), new BigDecimal("0.915"))
                    .rate("GBP", new BigDecimal("1.15"))
                    .build(),
                new ProfileConfig(
                    ConventionVersion.GENAI_DEV,
                    WrittenContent.STRUCTURED,
                    CacheWriteNames.CURRENT,
                    null,
                    false,
                    null),
                Duration.ofSeconds(30),
                new WindowConfig(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(2),
                    10_000,
                    7,
                    null,
                    200_000),
                Set.of(KeyClass.IDENTITY),
                DialectsConfig.DEFAULT,
                null));
  }

  @Test
  void exporterSaysHowSpansAreWrittenForItsBackend() throws Exception {
    CollectorConfig config =
        parse(
            """
            receivers: {otlp: {protocols: {grpc: }}}
            processors: {tallyspan: {content: structured, gen_ai_usage_cost: false}}
            exporters:
              otlp_grpc/other: {endpoint: "other:4317"}
              otlp_http/archive:
                endpoint: https://archive.example.com
                target: core-1.41
                content: json
                cache_write_names: legacy
                drop_originals: [content]
                gen_ai_usage_cost: true
            service:
              pipelines:
                traces:
                  receivers: [otlp]
                  processors: [tallyspan]
                  exporters: [otlp_grpc/other, otlp_http/archive]
            """);

    assertThat(config.exporter("otlp_grpc/other").profile()).isEqualTo(ProfileConfig.UNSET);
    assertThat(config.exporter("otlp_http/archive").profile())
        .isEqualTo(
            new ProfileConfig(
                ConventionVersion.CORE_1_41,
                WrittenContent.JSON,
                CacheWriteNames.LEGACY,
                Set.of(KeyClass.CONTENT),
                true,
                null));
  }

  @Test
  void howSpansAreWrittenNeedsAProcessorThatUnderstandsThem() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    receivers: {otlp: {protocols: {grpc: }}}
                    exporters: {otlp_grpc: {endpoint: "jaeger:4317", content: structured}}
                    service:
                      pipelines:
                        traces: {receivers: [otlp], exporters: [otlp_grpc]}
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "exporters.otlp_grpc.content: has no effect: no pipeline of this exporter has the"
                + " processor tallyspan");
  }

  @Test
  void pipelineHasOneProcessorThatUnderstandsSpans() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    receivers: {otlp: {protocols: {grpc: }}}
                    processors: {tallyspan: , tallyspan/b: }
                    exporters: {otlp_grpc: {endpoint: "jaeger:4317"}}
                    service:
                      pipelines:
                        traces:
                          receivers: [otlp]
                          processors: [tallyspan, tallyspan/b]
                          exporters: [otlp_grpc]
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tallyspan and tallyspan/b would process the same spans");
  }

  @Test
  void estimateIsOffUnlessItIsAskedFor() throws Exception {
    String processors = "processors: {tallyspan: {estimate: %s}}\n" + SMALLEST;

    assertThat(parse(processors.formatted("false")).processor("tallyspan").estimate()).isNull();
    assertThat(parse(processors.formatted("true")).processor("tallyspan").estimate())
        .isEqualTo(new EstimateConfig(100_000));
  }

  @Test
  void aCatalogIsAFileOrAUrl() throws Exception {
    String processors = "processors: {tallyspan: {catalog: %s}}\n" + SMALLEST;

    assertThat(parse(processors.formatted("prices.json")).processor("tallyspan").catalog())
        .isEqualTo(CatalogConfig.of(Path.of("prices.json")));
    assertThat(
            parse(processors.formatted("{url: 'https://prices.example.com/c.json'}"))
                .processor("tallyspan")
                .catalog())
        .isEqualTo(
            new CatalogConfig(
                null,
                URI.create("https://prices.example.com/c.json"),
                null,
                Duration.ofMinutes(1),
                null,
                null,
                null,
                /* layered= */ false));
  }

  @Test
  void theTenantIsToldByTenantIdUnlessSaidOtherwise() throws Exception {
    String text = "processors: {tallyspan: {contracts: {file: c.json}}}\n" + SMALLEST;

    assertThat(parse(text).processor("tallyspan").contracts())
        .isEqualTo(new ContractsConfig(Path.of("c.json"), Duration.ofMinutes(1), "tenant.id"));
  }

  @Test
  void telemetryIsReadInTheOldFormAndTheNew() throws Exception {
    assertThat(
            parse(
                    SMALLEST
                        + "  telemetry: {logs: {level: warn, encoding: json}, metrics: {address: 0.0.0.0:9}}\n")
                .telemetry())
        .isEqualTo(
            new TelemetryConfig(new ListenEndpoint("0.0.0.0", 9), Level.WARNING, LogEncoding.JSON));
    assertThat(
            parse(
                    SMALLEST
                        + """
                            telemetry:
                              metrics:
                                readers:
                                  - pull: {exporter: {prometheus: {host: 0.0.0.0, port: 9}}}
                          """)
                .telemetry()
                .metrics())
        .isEqualTo(new ListenEndpoint("0.0.0.0", 9));
    assertThat(parse(SMALLEST + "  telemetry: {metrics: {level: none}}\n").telemetry().metrics())
        .isNull();
  }

  @Test
  void settingsOfTheCollectorsLogsThatHaveNoEffectAreWarnings() throws Exception {
    CollectorConfig config =
        parse(
            SMALLEST
                + """
                    telemetry:
                      logs:
                        development: true
                        disable_caller: true
                        disable_stacktrace: true
                        sampling: {enabled: true, tick: 10s, initial: 10, thereafter: 100}
                        output_paths: [stdout]
                        error_output_paths: [stderr]
                        processors: [{batch: {exporter: {otlp: {endpoint: "http://b"}}}}]
                        initial_fields: {team: a, 1: b}
                        disable_zap_resource: true
                      traces: {processors: []}
                      metrics: {level: detailed, views: [{selector: {}}]}
                  """);

    assertThat(config.warnings())
        .extracting(Fault::message)
        .containsExactly(
            "service.telemetry.logs.development: has no effect: Tallyspan has no development mode",
            "service.telemetry.logs.disable_caller: has no effect: lines do not contain the caller",
            "service.telemetry.logs.disable_stacktrace: has no effect: lines do not contain stack traces",
            "service.telemetry.logs.sampling: has no effect: messages that may repeat are throttled, each by itself",
            "service.telemetry.logs.output_paths: has no effect: logs are written to stderr",
            "service.telemetry.logs.processors: has no effect: logs are written to stderr and not sent over OTLP",
            "service.telemetry.traces: has no effect: Tallyspan does not trace itself",
            "service.telemetry.metrics.views: has no effect: metrics cannot be changed");
    assertThat(config.telemetry().logFields())
        .isEqualTo(new LogFields(false, Map.of("team", "a", "1", "b")));
  }

  @Test
  void destinationOfMetricsIsReadWithAllItsKeys() throws Exception {
    List<OtlpPush> pushes =
        parse(
                SMALLEST
                    + """
                        telemetry:
                          metrics:
                            readers:
                              - periodic:
                                  interval: 15000
                                  timeout: 3000
                                  exporter:
                                    otlp:
                                      protocol: http/protobuf
                                      endpoint: collector:4318
                                      compression: gzip
                                      headers_list: "a=1, b=2"
                                      headers: [{name: b, value: secret}]
                                      certificate: ca.pem
                                      client_certificate: cert.pem
                                      client_key: key.pem
                                      temporality_preference: delta
                                      default_histogram_aggregation: base2_exponential_bucket_histogram
                              - periodic: {exporter: {otlp_grpc: }}
                      """)
            .telemetry()
            .pushes();

    assertThat(pushes)
        .containsExactly(
            new OtlpPush(
                OtlpPush.Protocol.HTTP,
                "https://collector:4318/v1/metrics",
                Map.of("a", "1", "b", "secret"),
                true,
                Duration.ofSeconds(15),
                Duration.ofSeconds(3),
                new OtlpPush.TlsFiles(Path.of("ca.pem"), Path.of("cert.pem"), Path.of("key.pem")),
                OtlpPush.Temporality.DELTA,
                true),
            new OtlpPush(
                OtlpPush.Protocol.GRPC,
                "http://localhost:4317",
                Map.of(),
                false,
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                OtlpPush.TlsFiles.NONE,
                OtlpPush.Temporality.CUMULATIVE,
                false));
    assertThat(pushes.get(0).toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({"DEBUG, FINE", "Info, INFO", "WARN, WARNING", "Error, SEVERE"})
  void logLevelIsTakenInAnyCase(String text, String level) throws Exception {
    assertThat(parse(SMALLEST + "  telemetry: {logs: {level: " + text + "}}\n").telemetry())
        .extracting(TelemetryConfig::logLevel)
        .isEqualTo(Level.parse(level));
  }

  @Test
  void wordsAndFlagsAreTakenInAnyCase() throws Exception {
    CollectorConfig config =
        parse(
            SMALLEST.replace(
                "service:",
                "    compression: GZIP\n"
                    + "    sending_queue: {enabled: True, sizer: Bytes}\nservice:"));

    assertThat(config.exporter("otlp_http").compression()).isEqualTo(Compression.GZIP);
    assertThat(config.exporter("otlp_http").queue().sizer()).isEqualTo(Sizer.BYTES);
  }

  @Test
  void aBaseUrlThatEndsInASignalsPathIsAWarning() throws Exception {
    CollectorConfig config =
        parse(
            SMALLEST.replace(
                "https://backend.example.com", "https://backend.example.com/otel/v1/logs/"));

    assertThat(config.warnings())
        .extracting(Fault::message)
        .containsExactly(
            "exporters.otlp_http.endpoint: ends in /v1/logs, which is ignored because the path of"
                + " each signal is appended: set the base URL, or set logs_endpoint");
  }

  @Test
  void oldNamesOfExportersAreTakenWithAWarning() throws Exception {
    CollectorConfig config = parse(SMALLEST.replace("otlp_http", "otlphttp/x"));

    assertThat(config.exporter("otlphttp/x").protocol()).isEqualTo(Protocol.HTTP_PROTOBUF);
    assertThat(config.warnings())
        .containsExactly(
            new Fault(
                7, 3, "exporters.otlphttp/x: the name otlphttp is deprecated, use otlp_http"));
  }

  @Test
  void whatNoPipelineUsesIsAWarning() throws Exception {
    CollectorConfig config =
        parse(SMALLEST.replace("service:", "  otlp_grpc/spare: {endpoint: spare:4317}\nservice:"));

    assertThat(config.warnings())
        .containsExactly(new Fault(9, 3, "exporters.otlp_grpc/spare: is not used by any pipeline"));
  }

  @Test
  void referencesAreReplaced() throws Exception {
    assertThat(endpointOf("https://${env:HOST:-backend}:${env:N}00"))
        .isEqualTo("https://backend:700");
    assertThat(endpointOf("https://${env:EMPTY:-empty}")).isEqualTo("https://empty");
    assertThat(endpointOf("https://${KEY}")).isEqualTo("https://secret");
    assertThat(endpointOf("https://${env:A:-${env:B:-nested}}")).isEqualTo("https://nested");
  }

  private static String endpointOf(String text) throws ConfigException {
    return parse(SMALLEST.replace("https://backend.example.com", text))
        .exporter("otlp_http")
        .endpoint();
  }

  @Test
  void twoDollarSignsAreOne() throws Exception {
    ExporterConfig exporter =
        parse(SMALLEST.replace("example.com\n", "example.com\n    headers: {k: 'a$$b$${KEY}'}\n"))
            .exporter("otlp_http");

    assertThat(exporter.headers()).containsEntry("k", "a$b${KEY}");
  }

  @Test
  void aFileMayBeReferredTo(@TempDir Path directory) throws Exception {
    Path key = Files.writeString(directory.resolve("key"), "from file\n");
    ExporterConfig exporter =
        parse(
                SMALLEST.replace(
                    "example.com\n", "example.com\n    headers: {k: '${file:" + key + "}'}\n"))
            .exporter("otlp_http");

    assertThat(exporter.headers()).containsEntry("k", "from file");
  }

  @Test
  void theMessageOfAFaultBeginsWithItsPlace(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("c.yaml"), SMALLEST.replace("otlp]", "x]"));

    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            file + ":12:19: service.pipelines.traces.receivers: x is not defined under receivers");
  }

  @Test
  void aFileThatIsNotThereIsAFault() {
    assertThatThrownBy(() -> ConfigLoader.load(Path.of("none.yaml"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("none.yaml: the file cannot be read, or is not UTF-8");
  }
}
