package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.exporter.Compression;
import dev.tallyspan.collector.exporter.KeepAliveSettings;
import dev.tallyspan.collector.exporter.Sizer;
import dev.tallyspan.collector.exporter.TlsPem;
import dev.tallyspan.collector.exporter.TlsSettings;
import dev.tallyspan.semconv.KeyClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values and faults of single keys: each fault is the only one, with the line of its key. */
class ConfigReadersTest {

  private static final String CONFIG =
      """
      receivers: {otlp: {protocols:
        RECEIVER
      }}
      exporters: {EXPORTER}
      processors: {tallyspan: {PROCESSOR}}
      service:
        pipelines: {traces: {receivers: [otlp], processors: [tallyspan], exporters: [ID]}}
        TELEMETRY
      """;

  private static final String GRPC = "otlp_grpc: {endpoint: 'https://backend:4317', ";
  private static final String HTTP = "otlp_http: {endpoint: 'https://backend', ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{http: {cors: {allowed_origins: {}}}} | http.cors.allowed_origins: must be a list",
        "{http: {cors: {allowed_origins: ['*'], max_age: 2h}}} | http.cors.max_age: must be a whole number, not 2h",
        "{http: {cors: {allowed_origins: ['*'], max_age: 86401}}} | http.cors.max_age: must be from 0 to 86400, not 86401",
        "{http: {compression_algorithms: [brotli]}} | http.compression_algorithms: must be a list of gzip, zstd, zlib, deflate, and an empty string for no compression",
        "{http: {response_headers: {a b: c}}} | http.response_headers.a b: must be a header of printable ASCII",
        "{http: {middlewares: [{id: x}]}} | http.middlewares: not supported: there are no extensions of this kind",
        "{http: {auth: {authenticator: bearertokenauth}}} | http.auth.authenticator: bearertokenauth is not an extension of type bearertokenauth or basicauth",
        "{http: {auth: {}}} | http.auth: authenticator is missing: set the id of an extension",
        "{grpc: {max_connections: -1}} | grpc.max_connections: must be from 0 to 2147483647, not -1",
        "{http: {score_apis: [langsmith]}} | http.score_apis: must be a list of langfuse and phoenix",
        "{http: {logs_url_path: /v1/span_annotations}} | http.logs_url_path: is a path for scores: leave phoenix out of score_apis, or choose another one",
        "{http: {max_request_body_size: -1}} | http.max_request_body_size: must be from 0 to 2147483647, not -1",
        "{grpc: {keepalive: {server_parameters: {time: 2}}}} | grpc.keepalive.server_parameters.time: must be a duration such as 200ms, 5s or 1h30m, not 2",
        "{grpc: {keepalive: {enforcement_policy: {permit_without_stream: 1}}}} | grpc.keepalive.enforcement_policy.permit_without_stream: must be true or false, not 1",
        "{grpc: {max_recv_msg_size_mib: 2048}} | grpc.max_recv_msg_size_mib: must be from 0 to 2047, not 2048",
        "{grpc: {transport: unix}} | grpc.transport: must be tcp: Unix sockets are not supported, use localhost:4317",
        "{grpc: {tls: {key_file: k}}} | grpc.tls: set cert_file or cert_pem, and key_file or key_pem",
        "{grpc: {tls: {cert_file: c, cert_pem: p, key_file: k}}} | grpc.tls: set cert_file or cert_pem, and key_file or key_pem",
        "{grpc: {tls: {cert_file: c, key_file: k, min_version: '1.1'}}} | grpc.tls.min_version: must be 1.2 or 1.3; TLS 1.1 is not secure, and Java does not support it",
        "{grpc: {tls: {cert_file: c, key_file: k, min_version: '1.3', max_version: '1.2'}}} | grpc.tls: min_version must not be higher than max_version",
        "{grpc: {tls: {cert_file: c, key_file: k, cipher_suites: [TLS_FAST]}}} | grpc.tls.cipher_suites: Java does not support TLS_FAST",
      })
  void faultOfAReceiverHasItsLineAndItsCure(String receiver, String fault) {
    assertThat(faults(receiver, GRPC, "", ""))
        .singleElement()
        .asString()
        .startsWith("2:")
        .endsWith(": receivers.otlp.protocols." + fault);
  }

  @Test
  void misspelledKeyOfKeepaliveIsRecognised() {
    assertThat(faults("{grpc: {keepalive: {enforcement_policy: {min_tiem: 1s}}}}", GRPC, "", ""))
        .singleElement()
        .asString()
        .endsWith(
            "unknown key receivers.otlp.protocols.grpc.keepalive.enforcement_policy.min_tiem; did"
                + " you mean min_time?");
  }

  @Test
  void corsWithoutOriginsIsOff() throws Exception {
    ReceiverConfig receiver =
        config("{http: {cors: {allowed_headers: [x-team]}}}", GRPC, "", "").receiver("otlp");

    assertThat(receiver.grpc()).isNull();
    assertThat(receiver.http().cors()).isNull();
  }

  @Test
  void keepaliveKeysThatAreNotSetHaveTheirDefaults() throws Exception {
    ReceiverConfig receiver =
        config("{grpc: {keepalive: {server_parameters: {time: 30s}}}}", GRPC, "", "")
            .receiver("otlp");

    assertThat(receiver.grpc().keepAlive().time()).isEqualTo(Duration.ofSeconds(30));
    assertThat(receiver.grpc().keepAlive().timeout())
        .isEqualTo(ReceiverConfig.KeepAlive.DEFAULT.timeout());
    assertThat(receiver.grpc().keepAlive().minTime())
        .isEqualTo(ReceiverConfig.KeepAlive.DEFAULT.minTime());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "traces_endpoint: 'https://x' | unknown key exporters.otlp_grpc.traces_endpoint",
        "tls: {cert_file: c} | tls: set both cert_file and key_file: one is missing",
        "tls: {key_file: k} | tls: set both cert_file and key_file: one is missing",
        "retry_on_failure: {randomization_factor: 1.5} | retry_on_failure: randomization_factor=1.5: out of range",
        "retry_on_failure: {initial_interval: 0s} | retry_on_failure: initial_interval=0s: out of range",
        "insecure: true | insecure: not supported: set tls: {insecure: true}",
        "sending_queue: {sizer: items, queue_size: 5, batch: {min_size: 10}} | sending_queue: min_size=10: must not be more than queue_size=5",
        "sending_queue: {batch: {partition: {}}} | sending_queue.batch.partition: not supported: request headers are not forwarded",
        "drop_originals: [prices] | drop_originals: must be true, false, or a list of content, usage, cost, identity, parameters, call, not prices",
        "target: newest | target: must be one of core-1.41, genai-dev, not newest",
        "headers: [a] | headers[0]: must be a mapping",
        "compression: deflate | compression: deflate is not supported: use gzip or zstd",
        "keepalive: {timeout: 0s} | keepalive: timeout=0s: out of range",
        "tls: {tpm: {enabled: true}} | tls.tpm: not supported: the key must be a file, key_file",
      })
  void faultOfAGrpcExporterHasItsLineAndItsCure(String keys, String fault) {
    assertThat(faults("{grpc: }", GRPC + keys, "", ""))
        .singleElement()
        .asString()
        .startsWith("4:")
        .contains(fault.startsWith("unknown") ? fault : ": exporters.otlp_grpc." + fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy_url: 'http://p' | proxy_url: not supported: set the Java system property https.proxyHost",
        "encoding: xml | encoding: must be proto",
      })
  void faultOfAnHttpExporterHasItsLineAndItsCure(String keys, String fault) {
    assertThat(faults("{grpc: }", HTTP + keys, "", ""))
        .singleElement()
        .asString()
        .startsWith("4:")
        .endsWith(": exporters.otlp_http." + fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read_buffer_size: 524288",
        "write_buffer_size: 524288",
        "wait_for_ready: true",
        "balancer_name: pick_first",
        "tls: {curve_preferences: [X25519]}",
        "tls: {include_insecure_cipher_suites: true}",
        "tls: {min_version: '1.0'}",
        "tls: {reload_interval: 1h}",
        "keepalive: {time: 5s}"
      })
  void keyOfAGrpcClientIsAcceptedWithAWarning(String keys) throws Exception {
    assertThat(config("{grpc: }", GRPC + keys, "", "").warnings())
        .singleElement()
        .asString()
        .contains("exporters.otlp_grpc.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max_idle_conns: 100",
        "max_idle_conns_per_host: 100",
        "max_conns_per_host: 100",
        "idle_conn_timeout: 90s",
        "disable_keep_alives: true",
        "force_attempt_http2: true",
        "http2_read_idle_timeout: 10s",
        "http2_ping_timeout: 10s",
        "read_buffer_size: 0"
      })
  void keyOfAnHttpClientIsAcceptedWithAWarning(String keys) throws Exception {
    assertThat(config("{grpc: }", HTTP + keys, "", "").warnings())
        .singleElement()
        .asString()
        .contains("exporters.otlp_http." + keys.split(":")[0] + ": has no effect: ");
  }

  @Test
  void clientKeysWithAMeaningAreRead() throws Exception {
    ExporterConfig grpc =
        config(
                "{grpc: }",
                GRPC
                    + "balancer_name: round_robin, "
                    + "compression: zstd, "
                    + "headers: [{name: x-key, value: v}, {name: y, value: w}], "
                    + "keepalive: {time: 30s, permit_without_stream: true}, "
                    + "tls: {min_version: '1.3', cert_file: c, key_file: k, ca_pem: pem,"
                    + " include_system_ca_certs_pool: true, reload_interval: 1h,"
                    + " cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]}",
                "",
                "")
            .exporter("otlp_grpc");

    assertThat(grpc.compression()).isEqualTo(Compression.ZSTD);
    assertThat(grpc.compressionLevel()).isEqualTo(3);
    assertThat(grpc.headers()).containsExactly(Map.entry("x-key", "v"), Map.entry("y", "w"));
    assertThat(grpc.keepAlive())
        .isEqualTo(new KeepAliveSettings(Duration.ofSeconds(30), Duration.ofSeconds(10), true));
    assertThat(grpc.tls())
        .isEqualTo(
            new TlsSettings(
                false,
                false,
                null,
                Path.of("c"),
                Path.of("k"),
                null,
                new TlsPem("pem", null, null),
                true,
                List.of("TLSv1.3"),
                List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                Duration.ofHours(1)));
  }

  @Test
  void httpExporterHasTheCompressionsOfHttp() throws Exception {
    String keys = "encoding: proto, compression: %s, compression_params: {level: %d}";
    ExporterConfig zlib =
        config("{grpc: }", HTTP + keys.formatted("zlib", 6), "", "").exporter("otlp_http");
    ExporterConfig zstd =
        config("{grpc: }", HTTP + keys.formatted("zstd", 19), "", "").exporter("otlp_http");

    assertThat(zlib.compression()).isEqualTo(Compression.ZLIB);
    assertThat(zlib.compressionLevel()).isEqualTo(6);
    assertThat(zstd.compressionLevel()).isEqualTo(19);
  }

  @Test
  void certificatesOfAnExporterAreAPair() throws Exception {
    ExporterConfig exporter =
        config("{grpc: }", GRPC + "tls: {ca_file: a, cert_file: c, key_file: k}", "", "")
            .exporter("otlp_grpc");

    assertThat(exporter.tls().certFile()).isEqualTo(Path.of("c"));
    assertThat(exporter.tls().keyFile()).isEqualTo(Path.of("k"));
    assertThat(exporter.tls().caFile()).isEqualTo(Path.of("a"));
  }

  @Test
  void batchHasTheSizerOfAQueueOfBytesUnlessItHasItsOwn() throws Exception {
    String queue = "sending_queue: {sizer: bytes, queue_size: 1000000, batch: {%s}}";

    assertThat(batchSizer(queue.formatted(""))).isEqualTo(Sizer.BYTES);
    assertThat(batchSizer(queue.formatted("sizer: items"))).isEqualTo(Sizer.ITEMS);
    assertThat(batchSizer("sending_queue: {batch: {}}")).isEqualTo(Sizer.ITEMS);
  }

  @Test
  void exporterThatKeepsOriginalsOverridesItsProcessor() throws Exception {
    CollectorConfig config =
        config("{grpc: }", GRPC + "drop_originals: false", "drop_originals: true", "");
    ProfileConfig own = config.exporter("otlp_grpc").profile();
    ProfileConfig processors = config.processor("tallyspan").profile();

    assertThat(own.orElse(processors).dropOriginals()).isEmpty();
    assertThat(ProfileConfig.UNSET.orElse(processors).dropOriginals())
        .containsExactlyInAnyOrder(KeyClass.values());
    assertThat(own).isNotEqualTo(ProfileConfig.UNSET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{metrics: {address: localhost}} | metrics.address: not a valid address to listen on: use host:port",
        "{metrics: {level: loud}} | metrics.level: must be one of basic, detailed, none, normal, not loud",
        "{metrics: {readers: [{periodic: {}}]}} | metrics.readers[0].periodic: exporter is missing",
        "{metrics: {readers: [{periodic: {exporter: {}}}]}} | metrics.readers[0].periodic.exporter: must have otlp, otlp_http or otlp_grpc",
        "{metrics: {readers: [{periodic: {interval: 0, exporter: {otlp: }}}]}} | metrics.readers[0].periodic.interval: must be from 1 to 86400000, not 0",
        "{metrics: {readers: [{periodic: {exporter: {otlp: {protocol: http/json}}}}]}} | metrics.readers[0].periodic.exporter.otlp.protocol: must be one of grpc, grpc/protobuf, http/protobuf, not http/json",
        "{metrics: {readers: [{periodic: {exporter: {otlp_http: {encoding: json}}}}]}} | metrics.readers[0].periodic.exporter.otlp_http.encoding: must be protobuf",
        "{metrics: {readers: [{periodic: {exporter: {otlp_http: {endpoint: 'http://'}}}}]}} | metrics.readers[0].periodic.exporter.otlp_http.endpoint: must be a URL such as http://localhost:4318/v1/metrics",
        "{metrics: {readers: [{periodic: {exporter: {otlp_grpc: {headers: [{value: x}]}}}}]}} | metrics.readers[0].periodic.exporter.otlp_grpc.headers[0]: name is missing",
        "{metrics: {readers: [{periodic: {exporter: {otlp_grpc: {tls: {cert_file: x}}}}}]}} | metrics.readers[0].periodic.exporter.otlp_grpc: a client certificate needs its key, and a key its certificate",
        "{metrics: {readers: [{}]}} | metrics.readers[0]: must have pull or periodic",
        "{metrics: {readers: [{pull: {exporter: {prometheus: }}}, {pull: {exporter: {prometheus: }}}]}} | metrics.readers[1].pull: one reader with pull is supported",
        "{metrics: {readers: [{pull: {exporter: {prometheus/development: {translation_strategy: NoTranslation}}}}]}} | metrics.readers[0].pull.exporter.prometheus/development.translation_strategy: must be UnderscoreEscapingWithSuffixes or UnderscoreEscapingWithoutSuffixes",
        "{resource: {attributes: [{name: a, value: x, type: int}]}} | resource.attributes[0].value: must be a number",
        "{resource: {attributes_list: x}} | resource.attributes_list: must be a list such as key=value,key=value",
        "{metrics: {readers: [{pull: {exporter: {prometheus: {port: 70000}}}}]}} | metrics.readers[0].pull.exporter.prometheus.port: must be from 0 to 65535, not 70000",
        "{metrics: {readers: {}}} | metrics.readers: must be a list",
        "{logs: {level: loud}} | logs.level: must be one of debug, dpanic, error, fatal, info, panic, warn, not loud",
      })
  void faultOfTheTelemetryHasItsLineAndItsCure(String telemetry, String fault) {
    assertThat(faults("{grpc: }", GRPC, "", "telemetry: " + telemetry))
        .singleElement()
        .asString()
        .startsWith("8:")
        .endsWith(": service.telemetry." + fault);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1h30m, 5400000000000",
    "1.5s, 1500000000",
    ".5s, 500000000",
    "1.s, 1000000000",
    "1µs, 1000",
    "2ns, 2",
    "0.5ns, 0"
  })
  void durationsAreReadAsGoReadsThem(String text, long nanos) {
    assertThat(GoDuration.parse(text)).isEqualTo(Duration.ofNanos(nanos));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-1s", "1s ", "1 s", "1e3s", ".s", "1d", "s", "2562048h"})
  void otherTextsAreNotDurations(String text) {
    assertThat(GoDuration.parse(text)).isNull();
  }

  @Test
  void suggestionDiffersInAtMostAThirdOfTheWord() {
    List<String> known = List.of("timeout", "endpoint", "tls");

    assertThat(Suggestions.nearest("tiemout", known)).isEqualTo("timeout");
    assertThat(Suggestions.nearest("endpont", known)).isEqualTo("endpoint");
    assertThat(Suggestions.nearest("tsl", known)).isEqualTo("tls");
    assertThat(Suggestions.nearest("retry", known)).isNull();
    assertThat(Suggestions.nearest("tmoet", known)).isNull();
  }

  @Test
  void referencesCanBeNestedButNotWithoutEnd() {
    Substitution substitution = new Substitution(Map.of("A", "B", "B", "deep", "EMPTY", ""));
    String nested = "x";
    for (int i = 0; i < 12; i++) {
      nested = "${NONE:-" + nested + "}";
    }
    String tooDeep = nested;

    assertThat(substitution.expand("${${A}}")).isEqualTo("deep");
    assertThat(substitution.expand("${EMPTY:-default}")).isEqualTo("default");
    assertThat(substitution.expand("<${EMPTY}>")).isEqualTo("<>");
    assertThat(failure(substitution, tooDeep)).isEqualTo("references are nested more than 10 deep");
    assertThat(failure(substitution, "${1A}")).isEqualTo("${1A}: not a valid variable name");
  }

  private static String failure(Substitution substitution, String text) {
    return catchThrowableOfType(IllegalArgumentException.class, () -> substitution.expand(text))
        .getMessage();
  }

  private static Sizer batchSizer(String queue) throws Exception {
    return config("{grpc: }", GRPC + queue, "", "").exporter("otlp_grpc").queue().batch().sizer();
  }

  private static List<String> faults(
      String receiver, String exporter, String processor, String telemetry) {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class, () -> config(receiver, exporter, processor, telemetry));
    assertThat(thrown).as("accepted").isNotNull();
    return thrown.faults().stream().map(Fault::toString).toList();
  }

  private static CollectorConfig config(
      String receiver, String exporter, String processor, String telemetry) throws ConfigException {
    String text =
        CONFIG
            .replace("RECEIVER", receiver)
            .replace("EXPORTER", exporter + "}")
            .replace("ID", exporter.substring(0, exporter.indexOf(':')))
            .replace("PROCESSOR", processor)
            .replace("TELEMETRY", telemetry);
    return ConfigLoader.parse("c.yaml", text, Map.of());
  }
}
