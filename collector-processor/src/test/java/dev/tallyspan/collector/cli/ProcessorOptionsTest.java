package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a configuration file to what leaves. */
class ProcessorOptionsTest {

  private static final String OPEN_INFERENCE =
      """
      {"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"ask","attributes":[
        {"key":"llm.model_name","value":{"stringValue":"gpt-4o"}},
        {"key":"llm.token_count.prompt","value":{"intValue":"9"}},
        {"key":"llm.input_messages.0.message.role","value":{"stringValue":"user"}},
        {"key":"llm.input_messages.0.message.content","value":{"stringValue":"Hi"}},
        {"key":"input.value","value":{"stringValue":"{\\"messages\\":[]}"}}]}]}]}]}
      """;

  private static final String ACME =
      """
      {"resourceSpans":[{"scopeSpans":[{"spans":[
        {"name":"ask","startTimeUnixNano":"1790000000000000000","attributes":[
          {"key":"acme.llm.model","value":{"stringValue":"claude-sonnet-4-5-20250929"}},
          {"key":"acme.llm.prompt","value":{"stringValue":"How far is the moon?"}},
          {"key":"acme.llm.tokens.in","value":{"intValue":"1000"}},
          {"key":"acme.llm.tokens.cached","value":{"intValue":"500"}},
          {"key":"acme.llm.tokens.out","value":{"intValue":"40"}},
          {"key":"acme.customer","value":{"stringValue":"c-17"}}]},
        {"name":"GET /","attributes":[
          {"key":"acme.customer","value":{"stringValue":"c-17"}}]}]}]}]}
      """;

  private static final String ACME_DIALECT =
      """
      dialects:
            acme:
              marked_by: [acme.llm.]
              aliases:
                acme.llm.model: gen_ai.request.model
                acme.llm.prompt: gen_ai.input.messages
                acme.llm.tokens.in: {attribute: gen_ai.usage.input_tokens, semantics: exclusive}
                acme.llm.tokens.cached: gen_ai.usage.cache_read.input_tokens
                acme.llm.tokens.out: gen_ai.usage.output_tokens
                acme.customer: user.id
              constants: {gen_ai.provider.name: anthropic}\
      """;

  @TempDir private Path folder;
  private String acme;
  private String openInference;

  @BeforeEach
  void writeSpans() throws IOException {
    acme = Files.writeString(folder.resolve("acme.json"), ACME).toString();
    openInference = Files.writeString(folder.resolve("oi.json"), OPEN_INFERENCE).toString();
  }

  private String config(String processor) throws IOException {
    return write(
        """
        processors:
          tallyspan:
            %s
        """
            .formatted(processor));
  }

  private String write(String processors) throws IOException {
    String rest =
        """
        receivers: {otlp: {protocols: {grpc: }}}
        exporters: {otlp_grpc: {endpoint: "jaeger:4317"}}
        service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc]}}}
        """;
    return Files.writeString(folder.resolve("c.yaml"), processors + rest).toString();
  }

  @Test
  void homeGrownDialectNeedsNoCode() throws Exception {
    CommandRun run = CommandRun.of("process", "--config", config(ACME_DIALECT), acme);
    assertThat(run.err()).isEmpty();
    // (1000 x 3 + 500 x 0.3 + 40 x 15) USD per million.
    assertThat(run.out())
        .contains(
            "{\"key\":\"tallyspan.dialect\",\"value\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"acme\"}]}}}")
        .contains("{\"key\":\"gen_ai.usage.input_tokens\",\"value\":{\"intValue\":\"1500\"}}")
        .contains("{\"key\":\"user.id\",\"value\":{\"stringValue\":\"c-17\"}}")
        .contains(
            "{\"key\":\"tallyspan.cost.total_exact\",\"value\":{\"stringValue\":\"0.00375\"}}")
        .contains("[{\\\"role\\\":\\\"user\\\",\\\"parts\\\":[")
        .endsWith(
            "{\"name\":\"GET /\",\"attributes\":[{\"key\":\"acme.customer\",\"value\":{\"stringValue\":\"c-17\"}}]}]}]}]}\n");
  }

  @Test
  void withoutItsDialectTheSameSpansLeaveAsTheyCame() {
    assertThat(CommandRun.of("process", acme).out()).doesNotContain("gen_ai.");
    assertThat(CommandRun.of("explain", acme).out()).contains("No LLM span");
  }

  @Test
  void explainShowsTheAliasAsSourceAndRule() throws Exception {
    assertThat(CommandRun.of("explain", "--config", config(ACME_DIALECT), acme).out())
        .containsPattern(
            "request_model +claude-sonnet-4-5-20250929 +acme.llm.model +\\(acme: alias\\)")
        .containsPattern("provider +anthropic +\\(acme: constant\\)")
        .contains("cache in input: presumed_exclusive");
  }

  @Test
  void processingTwiceEqualsProcessingOnceWithOriginalsDropped() throws Exception {
    String config =
        config(
            ACME_DIALECT
                + "\n    drop_originals: true\n    target: core-1.41\n    content: structured");
    CommandRun once = CommandRun.of("process", "--config", config, acme);
    assertThat(once.out()).doesNotContain("acme.llm.").contains("arrayValue");
    Path file = Files.writeString(folder.resolve("once.json"), once.out());
    assertThat(CommandRun.of("process", "--config", config, file.toString()).out())
        .isEqualTo(once.out());
  }

  @Test
  void originalsGoByDialectAndClass() throws Exception {
    String all = CommandRun.of("process", openInference).out();
    assertThat(all).contains("llm.input_messages.0.message.content", "llm.token_count.prompt\"");
    String content =
        CommandRun.of("process", "--config", config("drop_originals: [content]"), openInference)
            .out();
    assertThat(content)
        .doesNotContain("llm.input_messages.")
        .contains("gen_ai.input.messages", "llm.token_count.prompt\"", "input.value");
    String spared =
        CommandRun.of(
                "process",
                "--config",
                config(
                    "{drop_originals: [content], dialects: {openinference: {drop_originals: false}}}"),
                openInference)
            .out();
    assertThat(spared).isEqualTo(all);
  }

  @Test
  void dialectThatIsOffIsNotRead() throws Exception {
    String config = config("dialects: {openinference: false, openllmetry: false}");
    CommandRun run = CommandRun.of("process", "--config", config, openInference);
    assertThat(run.out()).contains("llm.model_name").doesNotContain("tallyspan.");
  }

  @Test
  void catalogOfTheConfigurationHoldsUnlessAnotherIsNamed() throws Exception {
    Path none = folder.resolve("none.json");
    String config = config("catalog: " + none);
    CommandRun run = CommandRun.of("process", "--config", config, acme);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("processors.tallyspan.catalog").contains(none.toString());
  }

  @Test
  void processorIsToBeNamedIfThereAreSeveral() throws Exception {
    String two = write("processors: {tallyspan: {content: structured}, tallyspan/b: }\n");
    CommandRun which = CommandRun.of("process", "--config", two, acme);
    assertThat(which.exitCode()).isEqualTo(2);
    assertThat(which.err()).contains("--processor: tallyspan, tallyspan/b");
    assertThat(
            CommandRun.of("process", "--config", two, "--processor", "tallyspan/b", acme)
                .exitCode())
        .isZero();
    assertThat(CommandRun.of("process", "--config", two, "--processor", "x", acme).err())
        .contains("has no processor x");
    assertThat(CommandRun.of("process", "--config", write("processors: {}\n"), acme).err())
        .contains("has no processor tallyspan");
    assertThat(CommandRun.of("process", "--processor", "x", acme).err()).contains("--config");
  }

  @Test
  void faultyConfigurationIsNamedByItsLine() throws Exception {
    CommandRun run =
        CommandRun.of("process", "--config", config("dialects: {opnlit: false}"), acme);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("c.yaml:3:16: unknown dialect").contains("openlit");
  }
}
