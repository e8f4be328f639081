package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFaultsTest {
  // Line 5 is what tests put in.
  private static final String EXPORTER =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      exporters:
        otlp_http:
          endpoint: https://backend
          %s
      service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}}
      """;

  private static List<String> faults(String text) {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.parse("c.yaml", text, Map.of("KEY", "secret")));
    assertThat(thrown).as("accepted").isNotNull();
    return thrown.faults().stream().map(Fault::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tiemout: 5s | 5:5: unknown key exporters.otlp_http.tiemout; did you mean timeout?",
        "retry_on_failure: {max_intervall: 5s} | 5:24: unknown key exporters.otlp_http.retry_on_failure.max_intervall; did you mean max_interval?",
        "compression_params: {quality: 1} | 5:26: unknown key exporters.otlp_http.compression_params.quality; known keys are level",
        "timeout: soon | 5:14: exporters.otlp_http.timeout: must be a duration such as 200ms, 5s or 1h30m, not soon",
        "timeout: 5 | 5:14: exporters.otlp_http.timeout: must be a duration such as 200ms, 5s or 1h30m, not 5",
        "timeout: -5s | 5:14: exporters.otlp_http.timeout: must be a duration such as 200ms, 5s or 1h30m, not -5s",
        "timeout: 0s | 5:14: exporters.otlp_http.timeout: must not be zero",
        "timeout: [5s] | 5:14: exporters.otlp_http.timeout: must be a duration such as 200ms, 5s or 1h30m",
        "timeout: ${env:KEY} | 5:14: exporters.otlp_http.timeout: must be a duration such as 200ms, 5s or 1h30m, not ${env:KEY}",
        "timeout: ${env:NONE} | 5:14: exporters.otlp_http.timeout: environment variable NONE is not set: set it, or give a default as ${env:NONE:-default}",
        "timeout: ${http:x} | 5:14: exporters.otlp_http.timeout: ${http:...} is not supported: use env or file",
        "timeout: ${file:/none} | 5:14: exporters.otlp_http.timeout: ${file:/none}: the file cannot be read",
        "timeout: ${env:KEY | 5:14: exporters.otlp_http.timeout: ${ has no closing brace; write $$ for a dollar sign",
        "retry_on_failure: yes | 5:23: exporters.otlp_http.retry_on_failure: must be a mapping",
        "retry_on_failure: {enabled: yes} | 5:33: exporters.otlp_http.retry_on_failure.enabled: must be true or false, not yes",
        "retry_on_failure: {multiplier: x} | 5:36: exporters.otlp_http.retry_on_failure.multiplier: must be a number, not x",
        "retry_on_failure: {multiplier: 0.5} | 5:23: exporters.otlp_http.retry_on_failure: multiplier=0.5: out of range",
        "retry_on_failure: {max_interval: 1s} | 5:23: exporters.otlp_http.retry_on_failure: max_interval=1s: must not be shorter than initial_interval=5s",
        "sending_queue: {queue_size: 1.5} | 5:33: exporters.otlp_http.sending_queue.queue_size: must be a whole number, not 1.5",
        "sending_queue: {num_consumers: 0} | 5:36: exporters.otlp_http.sending_queue.num_consumers: must be from 1 to 10000, not 0",
        "sending_queue: {sizer: spans} | 5:28: exporters.otlp_http.sending_queue.sizer: must be one of bytes, items, requests, not spans",
        "sending_queue: {storage: file_storage} | 5:30: exporters.otlp_http.sending_queue.storage: file_storage is not defined under extensions; define it, or set queue: durable in the pipeline",
        "sending_queue: {wait_for_result: no} | 5:38: exporters.otlp_http.sending_queue.wait_for_result: must be true or false, not no",
        "max_request_bytes: -1 | 5:24: exporters.otlp_http.max_request_bytes: must be from 0 to 4611686018427387903, not -1",
        "sending_queue: {batch: {min_size: 10, max_size: 5}} | 5:28: exporters.otlp_http.sending_queue.batch: max_size=5: must not be less than min_size=10",
        "sending_queue: {batch: {sizer: requests}} | 5:28: exporters.otlp_http.sending_queue.batch: sizer=requests: a batch is measured in items or bytes",
        "sending_queue: {batch: {flush_timeout: 0}} | 5:28: exporters.otlp_http.sending_queue.batch: flush_timeout=0s: out of range",
        "compression: snappy | 5:18: exporters.otlp_http.compression: snappy is not supported: use gzip or zstd",
        "compression: lz4 | 5:18: exporters.otlp_http.compression: lz4 is not supported: use gzip or zstd",
        "compression: gz | 5:18: exporters.otlp_http.compression: must be one of gzip, zstd, zlib, deflate, none",
        "tls: {min_version: '1.4'} | 5:24: exporters.otlp_http.tls.min_version: must be one of 1.0, 1.1, 1.2, 1.3, not 1.4",
        "tls: {max_version: '1.1'} | 5:24: exporters.otlp_http.tls.max_version: must be 1.2 or 1.3, as Java has no older ones",
        "tls: {min_version: '1.3', max_version: '1.2'} | 5:44: exporters.otlp_http.tls.max_version: must not be less than min_version",
        "tls: {cipher_suites: [TLS_NONE]} | 5:26: exporters.otlp_http.tls.cipher_suites: Java does not support TLS_NONE",
        "tls: {ca_file: a, ca_pem: b} | 5:10: exporters.otlp_http.tls: set ca_file or ca_pem, not both of them",
        "headers: [{value: b}] | 5:15: exporters.otlp_http.headers[0]: name is missing",
        "compression_params: {level: 15} | 5:33: exporters.otlp_http.compression_params.level: must be from 1 to 9, or -1 for zlib's default",
        "compression_params: {level: 0} | 5:33: exporters.otlp_http.compression_params.level: must be from 1 to 9, or -1 for zlib's default",
        "headers: {a b: c} | 5:20: exporters.otlp_http.headers.a b: header a b: not a header name",
        "headers: {Host: c} | 5:21: exporters.otlp_http.headers.Host: header Host: cannot be set",
        "tls: {cert_file: c} | 5:10: exporters.otlp_http.tls: set both cert_file and key_file: one is missing",
        "tls: {server_name_override: x} | 5:11: exporters.otlp_http.tls.server_name_override: not supported: only otlp_grpc has it",
        "auth: {authenticator: x} | 5:27: exporters.otlp_http.auth.authenticator: x is not an extension of type bearertokenauth, basicauth or headers_setter",
        "endpoint: https://other | 5:5: duplicate key exporters.otlp_http.endpoint: already defined in line 4",
        "traces_endpoint: backend | 5:22: exporters.otlp_http.traces_endpoint: traces_endpoint has no scheme",
      })
  void aFaultOfAnExporterSaysWhereAndWhat(String line, String fault) {
    assertThat(faults(EXPORTER.formatted(line))).containsExactly(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backend:4318 | exporters.otlp_http.endpoint: endpoint has no scheme: use http://host:port or https://host:port",
        "http://u:secret@backend | exporters.otlp_http.endpoint: must not contain user and password: use the header Authorization",
        "http://backend:99999 | exporters.otlp_http.endpoint: port=99999: must be from 1 to 65535",
      })
  void anEndpointThatIsNoneIsAFault(String endpoint, String fault) {
    assertThat(faults(EXPORTER.formatted("").replace("https://backend", endpoint)))
        .containsExactly("4:15: " + fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{otlp: } | 1:18: receivers.otlp: protocols is missing: set grpc, http or both",
        "{otlp: {protocols: }} | 1:30: receivers.otlp.protocols: has no protocol: set grpc, http or both",
        "{otlp: {protocols: {grcp: }}} | 1:32: unknown key receivers.otlp.protocols.grcp; did you mean grpc?",
        "{otlp: {protocols: {grpc: {endpoint: '4317'}}}} | 1:49: receivers.otlp.protocols.grpc.endpoint: not a valid address to listen on: use host:port",
        "{otlp: {protocols: {http: {logs_url_path: v1}}}} | 1:54: receivers.otlp.protocols.http.logs_url_path: must begin with a slash",
        "{otlp: {protocols: {http: {tls: {cert_file: c}}}}} | 1:44: receivers.otlp.protocols.http.tls: set cert_file or cert_pem, and key_file or key_pem",
        "{otlp: {protocols: {grpc: {middlewares: x}}}} | 1:39: receivers.otlp.protocols.grpc.middlewares: not supported: there are no extensions of this kind",
      })
  void aFaultOfAReceiverSaysWhereAndWhat(String receivers, String fault) {
    String text = EXPORTER.formatted("").replace("{otlp: {protocols: {grpc: }}}", receivers);

    assertThat(faults(text)).contains(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{target: core-1.40} | processors.tallyspan.target: must be one of core-1.41, genai-dev, not core-1.40",
        "{catalog: [x]} | processors.tallyspan.catalog: must be a string",
        "{catalog: 'https://x/c.json'} | processors.tallyspan.catalog: write a URL as catalog: {url: ...}",
        "{catalog: {}} | processors.tallyspan.catalog: set file or url",
        "{catalog: {file: c.json, url: 'https://x/c.json'}} | processors.tallyspan.catalog: set file or url, not both",
        "{catalog: {url: 'ftp://x/c.json'}} | processors.tallyspan.catalog.url: must be http://host/... or https://host/..., without user info",
        "{catalog: {url: 'https://u:secret@x/c.json'}} | processors.tallyspan.catalog.url: must be http://host/... or https://host/..., without user info",
        "{catalog: {file: c.json, reload_interval: 0}} | processors.tallyspan.catalog.reload_interval: must be 1s or longer",
        "{catalog: {file: c.json, format: yaml}} | processors.tallyspan.catalog.format: must be one of genai-prices, langfuse, litellm, models.dev, openlit, portkey, tallyspan, not yaml",
        "{catalog: {file: c.json, sha256: abc}} | processors.tallyspan.catalog.sha256: must be 64 hexadecimal digits",
        "{catalog: {file: c.json, interval: 1m}} | unknown key processors.tallyspan.catalog.interval; known keys are file, url, format, reload_interval, sha256, public_key, vectors, layered",
        "{catalog: {file: c.json, public_key: secret}} | processors.tallyspan.catalog.public_key: is not an Ed25519 public key; create one with openssl pkey -in KEY -pubout",
        "{contracts: {file: c.json, reload_interval: 5ms}} | processors.tallyspan.contracts.reload_interval: must be 1s or longer",
        "{contracts: {attribute: team}} | processors.tallyspan.contracts: file is missing",
        "{contracts: {file: c.json, attribute: ''}} | processors.tallyspan.contracts.attribute: must be the name of an attribute",
        "{estimate: yes} | processors.tallyspan.estimate: must be true or false, not yes",
        "{estimate: {max_characters: 0}} | processors.tallyspan.estimate.max_characters: must be from 1 to 10000000, not 0",
        "{currency: {to: EUR}} | processors.tallyspan.currency: set the target currency and rates, such as {to: EUR, rates: {USD: 0.92}}",
        "{currency: {to: Euro, rates: {USD: 1}}} | processors.tallyspan.currency.to: \"Euro\" is not an ISO 4217 code such as USD",
        "{currency: {to: EUR, rates: {USD: '0,92'}}} | processors.tallyspan.currency.rates.USD: must be a rate such as 0.92",
        "{currency: {to: EUR, rates: {USD: 0}}} | processors.tallyspan.currency.rates.USD: a rate must be above 0 and at most 1000000000, with at most 15 decimals",
        "{currency: {to: EUR, rates: {USD: {July: 0.92}}}} | processors.tallyspan.currency.rates.USD.July: must be a date such as 2026-07-01",
        "{currency: {to: EUR, rates: {EUR: 1}}} | processors.tallyspan.currency.rates.EUR: EUR is the target currency",
        "{deployments: {acme-chat: {model: gpt-4o, type: cheap}}} | processors.tallyspan.deployments.acme-chat.type=cheap: use global, data_zone, regional, provisioned or an Azure SKU",
        "{deployments: {acme-chat: {model: gpt-4o, typ: global}}} | unknown key processors.tallyspan.deployments.acme-chat.typ; did you mean type?",
        "{deployments: {acme-chat: ''}} | processors.tallyspan.deployments: deployment \"acme-chat\" names no model",
        "{dialects: {openlitt: false}} | unknown dialect processors.tallyspan.dialects.openlitt; did you mean openlit?; a dialect of your own needs aliases",
        "{dialects: {openlit: maybe}} | processors.tallyspan.dialects.openlit: must be true or false, not maybe",
        "{dialects: {otel: false}} | processors.tallyspan.dialects.otel: cannot be disabled: Tallyspan must recognise its own output",
        "{dialects: {openlit: {aliases: {}}}} | unknown key processors.tallyspan.dialects.openlit.aliases; known keys are enabled, drop_originals",
        "{dialects: {acme: {aliases: {}}}} | processors.tallyspan.dialects.acme: aliases: name at least one",
        "{dialects: {Acme: {aliases: {a.model: gen_ai.request.model}}}} | processors.tallyspan.dialects.Acme: id=Acme: must consist of lower-case letters, digits and hyphens",
        "{dialects: {acme: {aliases: {a.user: user.id}}}} | processors.tallyspan.dialects.acme: marks: required, since no alias is for a model, message or token count",
        "{dialects: {acme: {aliases: {a.model: gen_ai.request.modle}}}} | processors.tallyspan.dialects.acme.aliases.a.model: gen_ai.request.modle is not an attribute that is read from a span; did you mean gen_ai.request.model?",
        "{dialects: {acme: {aliases: {a.model: gen_ai.request.model}, constants: {providr: x}}}} | processors.tallyspan.dialects.acme.constants.providr: providr is not an attribute that is read from a span; did you mean provider?",
        "{dialects: {acme: {aliases: {a.model: gen_ai.request.model}, constants: {input_tokens: x}}}} | processors.tallyspan.dialects.acme.constants.input_tokens: cannot be a constant",
        "{aliases: {a.in: {attribute: gen_ai.usage.input_tokens, semantics: both}}} | processors.tallyspan.aliases.a.in.semantics: must be one of exclusive, inclusive, not both",
        "{aliases: {a.in: {semantics: inclusive}}} | processors.tallyspan.aliases.a.in.attribute: must be the name of an attribute",
        "{aliases: {a.m: {attribute: gen_ai.request.model, semantics: inclusive}}} | processors.tallyspan.aliases.a.m.attribute: inclusion of gen_ai.request.model: only input and output tokens have parts",
        "{aliases: {a.usd: {attribute: gen_ai.usage.cost, currency: dollars}}} | processors.tallyspan.aliases.a.usd.attribute: currency=dollars is not as in EUR",
        "{aliases: {tallyspan.x: gen_ai.request.model}} | processors.tallyspan.aliases.tallyspan.x: key=tallyspan.x: must be an attribute of your own",
        "{drop_originals: [contents]} | processors.tallyspan.drop_originals: must be true, false, or a list of content, usage, cost, identity, parameters, call, not contents",
        "{drop_originals: all} | processors.tallyspan.drop_originals: must be true or false, not all",
        "{join_logs: 1h} | processors.tallyspan.join_logs: must be 10m or shorter",
        "{content: xml} | processors.tallyspan.content: must be one of json, keep, structured, not xml",
        "{gen_ai_usage_cots: true} | unknown key processors.tallyspan.gen_ai_usage_cots; did you mean gen_ai_usage_cost?",
      })
  void aFaultOfTheProcessorSaysWhat(String processor, String fault) {
    String text = "processors: {tallyspan: " + processor + "}\n" + EXPORTER.formatted("");

    assertThat(faults(text)).hasSize(1).first().asString().endsWith(": " + fault);
  }

  @Test
  void ratesAreCheckedThoughTheirCurrencyIsNone() {
    String text =
        "processors: {tallyspan: {currency: {to: EURO, rates: {USD: 1, GBP: x}}}}\n"
            + EXPORTER.formatted("");

    assertThat(faults(text))
        .hasSize(2)
        .anySatisfy(fault -> assertThat(fault).contains("\"EURO\" is not an ISO 4217 code"))
        .anySatisfy(fault -> assertThat(fault).contains("rates.GBP: must be a rate"));
  }

  @Test
  void faultOfAnAliasNamesItsLineAndColumn() {
    assertThat(
            faults(
                """
                processors:
                  tallyspan:
                    dialects:
                      opnlit: false
                      acme:
                        aliases:
                          acme.model: gen_ai.request.model
                          acme.tokens: gen_ai.usage.input_tokns
                """
                    + EXPORTER.formatted("")))
        .containsExactly(
            "4:7: unknown dialect processors.tallyspan.dialects.opnlit; did you mean openlit?; a"
                + " dialect of your own needs aliases",
            "8:24: processors.tallyspan.dialects.acme.aliases.acme.tokens: gen_ai.usage.input_tokns"
                + " is not an attribute that is read from a span; did you mean gen_ai.usage.input_tokens?");
  }

  @Test
  void processorsOfTheCollectorAreAnsweredWithWhatToDoInstead() {
    assertThat(
            faults(
                "processors: {tail_sampling: , tailsampling: , tallispan: }\n"
                    + EXPORTER.formatted("")))
        .containsExactly(
            "1:14: processors.tail_sampling: tail_sampling is not supported: use sampling of the"
                + " processor tallyspan",
            "1:31: processors.tailsampling: tailsampling is not supported: use sampling of the"
                + " processor tallyspan",
            "1:47: unknown type tallispan in processors.tallispan; did you mean tallyspan?",
            "to run what Tallyspan has of this file, use run --only traces; to write a file of it, use"
                + " config convert");
  }

  @Test
  void pipelinesNameWhatIsDefined() {
    assertThat(
            faults(
                """
                receivers: {otlp: {protocols: {grpc: }}}
                exporters: {otlp_http/backend: {endpoint: "https://backend"}}
                service:
                  pipelines:
                    traces:
                      receivers: [otlp, otlp]
                      processors: [tallyspan]
                      exporters: [otlp_http/backand]
                    logs:
                      receivers: otlp
                      exporters: []
                    spans: {receivers: [otlp], exporters: [otlp_http/backend]}
                """))
        .containsExactly(
            "6:25: service.pipelines.traces.receivers: otlp is listed twice",
            "7:20: service.pipelines.traces.processors: tallyspan is not defined under processors",
            "8:19: service.pipelines.traces.exporters: otlp_http/backand is not defined under"
                + " exporters; did you mean otlp_http/backend?",
            "10:7: service.pipelines.logs: exporters is missing or empty",
            "12:5: service.pipelines.spans: must be traces, logs or metrics, optionally with"
                + " /name");
  }

  @Test
  void exportingToItselfIsAFault() {
    assertThat(
            faults(
                """
                receivers: {otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}}
                exporters:
                  otlp_grpc: {endpoint: "localhost:4317"}
                service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc]}}}
                """))
        .containsExactly(
            "3:3: exporters.otlp_grpc: sends to this collector's own receiver otlp (gRPC on"
                + " 0.0.0.0:4317): set the backend's address, or another port for the receiver");
  }

  @Test
  void anExporterNeedsAnEndpoint() {
    assertThat(faults(EXPORTER.formatted("").replace("endpoint: https://backend", "timeout: 1s")))
        .containsExactly("4:5: exporters.otlp_http: endpoint is missing or empty");
  }

  @Test
  void sectionsOfTheCollectorThatThereAreNotAreFaults() {
    assertThat(
            faults("extensions: {x: }\nconnectors: {x: }\nservise: {}\n" + EXPORTER.formatted("")))
        .containsExactly(
            "1:14: unknown type x in extensions.x; known types are basicauth, bearertokenauth,"
                + " file_storage, headers_setter, health_check, pprof, zpages",
            "2:14: unknown type x in connectors.x; known types are tallyspan_metrics",
            "3:1: unknown key servise; did you mean service?");
  }

  @Test
  void aMissingServiceIsAFault() {
    assertThat(faults("receivers: {otlp: {protocols: {grpc: }}}"))
        .containsExactly("1:1: service is missing: define pipelines under service.pipelines");
  }

  @Test
  void textThatIsNotYamlIsAFault() {
    assertThat(faults("receivers: [")).hasSize(1).first().asString().startsWith("1:13: not YAML: ");
    assertThat(faults("")).containsExactly("1:1: the file is empty");
    assertThat(faults("just text")).first().isEqualTo("1:1: the file: must be a mapping");
  }

  @Test
  void duplicateIdsAreAFault() {
    assertThat(
            faults(
                EXPORTER
                    .formatted("")
                    .replace("service:", "  otlp_http: {endpoint: https://x}\nservice:")))
        .contains("6:3: duplicate key exporters.otlp_http: already defined in line 3");
  }

  @Test
  void valuesOfHeadersAndVariablesAreNotRepeated() {
    assertThat(faults(EXPORTER.formatted("headers: {key: \"line\\nsecret ${env:KEY}\"}")))
        .containsExactly(
            "5:20: exporters.otlp_http.headers.key: header key: the value must be printable ASCII"
                + " on one line");
  }
}
