package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tallyspan policy test} prints. */
class PolicyTestCommandTest {

  private static final String REQUEST =
      """
      {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8aa5a2d2c872e8321cf37308d69df2",
        "spanId":"051581bf3cb55c13","name":"chat gpt-4o","kind":3,"status":{"code":2,"message":"%s"},
        "attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
          {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}},
          {"key":"gen_ai.input.messages","value":{"stringValue":"[{\\"role\\":\\"user\\",\\"parts\\":[{\\"type\\":\\"text\\",\\"content\\":\\"Write to ada@example.org or bob@example.org\\"}]}]"}},
          {"key":"user.id","value":{"stringValue":"ada@example.org"}}]}]}]}]}
      """
          .formatted("no quota for ada@example.org");

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    file = Files.writeString(directory.resolve("chat.json"), REQUEST);
  }

  @Test
  void byDefaultItShowsWhatRedactedMasks() {
    CommandRun run = CommandRun.of("policy", "test", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines())
        .containsExactly(
            file + ": redacted",
            "  span  gen_ai.input.messages  masked EMAIL 2",
            "  span  user.id                masked EMAIL 1",
            "  text  status.message         masked EMAIL 1",
            "  total: masked EMAIL 4");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void jsonHasEveryCount() {
    CommandRun run = CommandRun.of("policy", "test", "--mode", "none", "--json", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.lines())
        .singleElement()
        .asString()
        .contains("\"mode\":\"none\"")
        .contains(
            "{\"place\":\"span\",\"key\":\"gen_ai.input.messages\",\"masked\":{},\"removed\":1,"
                + "\"summarized\":0,\"offloaded\":0,\"not_stored\":0,\"mended\":0,"
                + "\"truncated_bytes\":0,\"failures\":0}")
        .contains("\"total\":{\"masked\":{\"EMAIL\":1},\"removed\":2,");
  }

  @Test
  void policyOfTheExporterApplies() throws IOException {
    Path config = directory.resolve("config.yaml");
    Files.writeString(
        config,
        """
        receivers: {otlp: {protocols: {http: }}}
        processors: {tallyspan: }
        exporters:
          otlp_http/a: {endpoint: "http://localhost:1", content_policy: none}
          otlp_http/b:
            endpoint: "http://localhost:2"
            content_policy: {mode: redacted, rules: {user.id: drop}, max_span_size: 64}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http/a, otlp_http/b]}
        """);

    CommandRun ambiguous =
        CommandRun.of("policy", "test", "--config", config.toString(), file.toString());
    CommandRun run =
        CommandRun.of(
            "policy",
            "test",
            "--config",
            config.toString(),
            "--exporter",
            "otlp_http/b",
            file.toString());

    assertThat(ambiguous.exitCode()).isEqualTo(2);
    assertThat(ambiguous.err()).contains("choose one with --exporter: otlp_http/a, otlp_http/b");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("user.id")
        .contains("removed 1")
        .containsPattern("\\(all of the span\\) +truncated bytes [1-9]");
  }

  @Test
  void offloadIsTriedWithoutStoring() throws IOException {
    Files.writeString(
        file, REQUEST.replace("ada@example.org or bob@example.org", "x".repeat(40_000)));

    CommandRun run = CommandRun.of("policy", "test", "--mode", "offload", file.toString());

    assertThat(run.out()).contains("gen_ai.input.messages  offloaded 1");
    assertThat(directory.toFile().list()).containsExactly("chat.json");
  }

  @Test
  void exitCodesAreThoseOfTheContract() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.json"), "{");

    CommandRun notOtlp = CommandRun.of("policy", "test", broken.toString(), file.toString());
    CommandRun badMode = CommandRun.of("policy", "test", "--mode", "some", file.toString());
    CommandRun noConfig = CommandRun.of("policy", "test", "--exporter", "a", file.toString());

    assertThat(notOtlp.exitCode()).isEqualTo(1);
    assertThat(notOtlp.err()).startsWith("tallyspan policy test: " + broken + ": not JSON");
    assertThat(notOtlp.out()).contains("total: masked EMAIL 4");
    assertThat(badMode.exitCode()).isEqualTo(2);
    assertThat(badMode.err()).contains("mode=some is unknown; known: none, metadata");
    assertThat(noConfig.exitCode()).isEqualTo(2);
  }
}
