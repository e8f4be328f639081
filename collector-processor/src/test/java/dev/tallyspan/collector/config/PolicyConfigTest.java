package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.PathRule;
import dev.tallyspan.semconv.content.StandardDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The key {@code content_policy} of exporters. */
class PolicyConfigTest {

  private static final Map<String, String> ENV =
      Map.of(
          "PSEUDONYMS", "0123456789abcdef",
          "AWS_ACCESS_KEY_ID", "id",
          "AWS_SECRET_ACCESS_KEY", "very secret",
          "EMPTY", "");

  @TempDir private Path directory;

  private PolicyConfig read(String policy) throws Exception {
    Path file = directory.resolve("config.yaml");
    Files.writeString(
        file,
        """
        receivers: {otlp: {protocols: {http: }}}
        exporters: {otlp_http: {endpoint: "https://example.org", content_policy: %s}}
        service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}}
        """
            .formatted(policy));
    return ConfigLoader.load(file, ENV).anyExporter("otlp_http").contentPolicy();
  }

  @Test
  void everyKeyIsRead() throws Exception {
    PolicyConfig policy =
        read(
            """
            {mode: redacted, detectors: [email, secret], pseudonym_key_env: PSEUDONYMS, \
            rules: {user.id: keep, "a[*].b": drop}, content_keys: [acme.], \
            max_attribute_size: 1KiB, max_span_size: 2KiB, max_trace_size: 3KiB}""");

    assertThat(policy.mode()).isEqualTo(ContentMode.REDACTED);
    assertThat(policy.detectors())
        .containsExactlyInAnyOrder(StandardDetector.EMAIL, StandardDetector.SECRET);
    assertThat(policy.pseudonymKey()).isEqualTo("0123456789abcdef");
    assertThat(policy.rules())
        .containsExactly(
            new PolicyConfig.Rule("user.id", PathRule.Action.KEEP),
            new PolicyConfig.Rule("a[*].b", PathRule.Action.DROP));
    assertThat(policy.contentKeys()).containsExactly("acme.");
    assertThat(policy.maxAttributeBytes()).isEqualTo(1024);
    assertThat(policy.maxSpanBytes()).isEqualTo(2048);
    assertThat(policy.maxTraceBytes()).isEqualTo(3072);
    assertThat(policy.toString()).doesNotContain("0123456789abcdef");
  }

  @Test
  void storesAreRead() throws Exception {
    OffloadConfig file =
        read("{mode: offload, offload: {texts_over: 1KiB, file: {directory: /media}}}").offload();
    OffloadConfig s3 =
        read("{mode: offload, offload: {when_unavailable: inline, s3: {endpoint:"
                + " \"https://s3.example.org\", bucket: traces, prefix: llm/}}}")
            .offload();

    assertThat(file.directory()).isEqualTo(Path.of("/media"));
    assertThat(file.textsOver()).isEqualTo(1024);
    assertThat(file.keep()).isFalse();
    assertThat(s3.keep()).isTrue();
    assertThat(s3.bucket().bucket()).isEqualTo("traces");
    assertThat(s3.bucket().secretAccessKey()).isEqualTo("very secret");
    assertThat(s3.toString()).doesNotContain("very secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"full", "{mode: full}", "{mode: full, detectors: [email]}"})
  void policyThatChangesNothingIsNone(String policy) throws Exception {
    assertThat(read(policy)).isNull();
  }

  @Test
  void fullThatMendsOrCutsIsAPolicy() throws Exception {
    assertThat(read("{mode: full, mend: true}")).isNotNull();
    assertThat(read("{mode: full, max_span_size: 1MiB}")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                  | must be one of none, metadata, redacted, full, offload",
        "'${env:EMPTY}'                      | must be one of none, metadata, redacted, full, offload",
        "some                                | content_policy: must be one of full, metadata",
        "{redact: true}                      | content_policy.mode: must be one of",
        "offload                             | offload needs to know where parts go",
        "{mode: offload}                     | mode: offload needs the key offload",
        "{mode: none, offload: {file: {directory: a}}} | offload: needs mode: offload",
        "{mode: offload, offload: {texts_over: 1KiB}}  | needs one store: file or s3",
        "{mode: full, redact: true}          | mode=full with redact=true: use mode=redacted",
        "{mode: redacted, mend: false}       | mend: false is allowed with mode: full only",
        "{mode: redacted, detectors: [name]} | must be of card, email, iban, ip_address",
        "{mode: redacted, rules: {'a[x]': drop}} | use [*] or [0] for elements",
        "{mode: redacted, max_span_size: 5}  | maxSpanBytes=5 is less than 64",
        "{mode: redacted, pseudonym_key_env: NOT_SET} | NOT_SET",
        "{mode: redacted, colour: red}       | unknown key"
      },
      quoteCharacter = '"')
  void faultsAreNamed(String policy, String message) {
    assertThatThrownBy(() -> read(policy))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
