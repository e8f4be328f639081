package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {

  private static final Path CAPTURES = Path.of("src/test/resources/captures/files");
  private static final String CHAT =
      CAPTURES.resolve("otel-genai-js__chat__traces__02.pb").toString();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "otel-genai-js__chat__traces__02.pb, resourceSpans",
    "otel-genai-js__chat__logs__02.pb, resourceLogs",
    "otel-genai-js__chat__metrics__02.pb, resourceMetrics",
    "otel-openai-java-lib__chat__traces__02.pb, resourceSpans",
    "otel-openai-java-lib__chat__logs__03.pb, resourceLogs",
    "otel-openai-java-lib__chat__metrics__02.pb, resourceMetrics"
  })
  void processTellsTheSignalFromTheContent(String file, String first) {
    CommandRun run = CommandRun.of("process", CAPTURES.resolve(file).toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.lines()).hasSize(1);
    assertThat(run.out()).startsWith("{\"" + first + "\":[");
  }

  @Test
  void processShowsSpansWhatTheirLogRecordsSay() {
    String traces = CAPTURES.resolve("otel-openai-java-lib__chat__traces__02.pb").toString();
    String logs = CAPTURES.resolve("otel-openai-java-lib__chat__logs__03.pb").toString();
    String more = CAPTURES.resolve("otel-openai-java-lib__chat__logs__04.pb").toString();

    assertThat(CommandRun.of("process", traces).out()).doesNotContain("gen_ai.output.messages");
    CommandRun together = CommandRun.of("process", traces, logs, more);
    assertThat(together.lines()).hasSize(3);
    assertThat(together.lines().get(0)).contains("gen_ai.input.messages", "gen_ai.output.messages");
  }

  @Test
  void processGoesOnAfterAFileThatIsNoRequest() throws Exception {
    Path bad = Files.writeString(folder.resolve("notes.txt"), "not a request");
    CommandRun run = CommandRun.of("process", bad.toString(), CHAT);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("tallyspan process: " + bad + ": not an OTLP request: ");
    assertThat(run.lines()).hasSize(1);
  }

  @Test
  void fileThatDoesNotExistIsNamed() {
    CommandRun run = CommandRun.of("process", "/no/such.pb");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualToIgnoringNewLines("tallyspan process: /no/such.pb: no such file");
  }

  @Test
  void brokenJsonIsNamedByItsPlaceWithoutItsContent() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.json"), "{\"resourceSpans\": [\n secret }");
    CommandRun run = CommandRun.of("process", bad.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(bad.toString()).contains("JSON").doesNotContain("secret");
  }

  @Test
  void explainShowsSlotsSourceCardAndArithmetic() {
    CommandRun run = CommandRun.of("explain", CHAT);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("gen_ai.usage.input_tokens")
        .contains("card openai/gpt-4o")
        .containsPattern("input +14 × 2\\.5 USD/M += 0\\.000035")
        .containsPattern("total += 0\\.000125 USD");
  }

  @Test
  void explainOfATraceOverSeveralFilesShowsWhoBillsAndWhy() throws Exception {
    Path framework = folder.resolve("framework.json");
    Files.writeString(framework, spanFile("framework", "1111111111111111", ""));
    Path client = folder.resolve("client.json");
    Files.writeString(client, spanFile("client", "2222222222222222", "1111111111111111"));

    CommandRun run =
        CommandRun.of("explain", "--trace", "0AF7", client.toString(), framework.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("trace 0af7651916cd43dd8448eb211c80319c")
        .containsPattern(
            "framework +1{16}  duplicate of 2{16}: nested spans of one call; sum: 1 call")
        .containsPattern("client +2{16}  bills 1000 \\+ 100 tokens, 0\\.0035 USD \\(priced\\)")
        .contains("1 call billed, 0.0035 USD");
  }

  @Test
  void explainOfATraceThatIsNotThereSaysSo() {
    assertThat(CommandRun.of("explain", "--trace", "ffff", CHAT).out())
        .contains("No trace in these files has an id that starts with ffff.");
    assertThat(CommandRun.of("explain", "--trace", "no", CHAT).exitCode()).isEqualTo(2);
  }

  private static String spanFile(String scope, String id, String parent) {
    return """
        {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"%1$s"},"spans":[{
         "traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"%2$s","parentSpanId":"%3$s",
         "name":"%1$s","startTimeUnixNano":"1795000000000000000","endTimeUnixNano":"1795000001000000000",
         "attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
          {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
          {"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}},
          {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1000"}},
          {"key":"gen_ai.usage.output_tokens","value":{"intValue":"100"}}]}]}]}]}
        """
        .formatted(scope, id, parent);
  }

  @Test
  void estimateIsMadeWhereItIsAskedFor() throws Exception {
    Path file = Files.writeString(folder.resolve("chat.json"), chatWithoutUsage("gpt-4o"));
    assertThat(CommandRun.of("process", file.toString()).out()).contains("unpriced");
    assertThat(CommandRun.of("process", "--estimate", file.toString()).out())
        .contains("\"tallyspan.usage.source\",\"value\":{\"stringValue\":\"estimated\"}")
        .contains("\"priced\"");
    assertThat(CommandRun.of("explain", "--estimate", file.toString()).out())
        .contains("counted by jtokkit/o200k_base@1.1.0")
        .contains("cost     priced from estimated tokens, card openai/gpt-4o");
    assertThat(CommandRun.of("explain", "--json", "--estimate", file.toString()).out())
        .contains("\"source\":\"estimated\"");
  }

  @Test
  void explainSaysWhyNothingIsEstimated() throws Exception {
    Path file = Files.writeString(folder.resolve("chat.json"), chatWithoutUsage("gpt-5"));
    assertThat(CommandRun.of("explain", "--estimate", file.toString()).out())
        .contains("tokens   none, and not estimated: reasoning_model");
    assertThat(CommandRun.of("explain", "--json", "--estimate", file.toString()).out())
        .contains("\"not_estimated\":\"reasoning_model\"");
  }

  private static String chatWithoutUsage(String model) {
    return """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"chat","attributes":[
          {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
          {"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},
          {"key":"gen_ai.request.model","value":{"stringValue":"%s"}},
          {"key":"gen_ai.input.messages","value":{"stringValue":
            "[{\\"role\\":\\"user\\",\\"parts\\":[{\\"type\\":\\"text\\",\\"content\\":\\"Hello!\\"}]}]"}},
          {"key":"gen_ai.output.messages","value":{"stringValue":
            "[{\\"role\\":\\"assistant\\",\\"parts\\":[{\\"type\\":\\"text\\",\\"content\\":\\"Hi.\\"}]}]"}}
        ]}]}]}]}
        """
        .formatted(model);
  }

  @Test
  void explainForProgramsIsOneObjectASpan() {
    CommandRun run = CommandRun.of("explain", "--json", CHAT);
    assertThat(run.lines()).hasSize(1);
    assertThat(run.lines().get(0))
        .startsWith("{\"file\":")
        .contains("\"total\":\"0.000125\"")
        .contains("\"semantics\":\"none\"");
  }

  @Test
  void explainSaysSoWhenThereIsNoLlmSpan() throws Exception {
    Path plain =
        Files.writeString(
            folder.resolve("plain.json"),
            "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"GET /\"}]}]}]}");
    assertThat(CommandRun.of("explain", plain.toString()).out())
        .isEqualToIgnoringNewLines("No LLM span in these files.");
  }

  @Test
  void priceTakesCountsAsTheyAreReported() {
    CommandRun run =
        CommandRun.of(
            "price",
            "--provider=openai",
            "--model=gpt-4o",
            "--at=2026-09-01T12:00:00Z",
            "--usage=input_tokens=4000,cache_read_tokens=3000,output_tokens=20",
            "--json");
    // 1000 x 2.5 + 3000 x 1.25 + 20 x 10 USD per million.
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("\"status\":\"priced\"").contains("\"total\":\"0.00645\"");
  }

  @Test
  void priceOfAnUnknownModelIsUnpricedAndNotZero() {
    CommandRun run =
        CommandRun.of("price", "--provider=openai", "--model=gpt-99", "--usage=input_tokens=1");
    assertThat(run.out()).contains("unpriced").doesNotContain(" 0 ");
  }

  @Test
  void unitThatIsNoneLeavesThePricePartialAndIsSuggested() {
    CommandRun run =
        CommandRun.of(
            "price", "--model=gpt-4o", "--usage=input_tokens=1000,web_serches=3", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("\"status\":\"partial\"")
        .contains("\"missing\":[\"web_serches\"]")
        .contains("\"total\":\"0.0025\"");
    assertThat(run.err().lines())
        .containsExactly(
            "tallyspan price: --usage: unknown unit web_serches; did you mean web_searches?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "price --model gpt-4o --usage web_searches=1e30 | web_searches is too large",
        "price --model gpt-4o --usage output_tokens=-1 | --usage: output_tokens=-1: must not be negative",
        "price --model gpt-4o --when tierr=flex | --when: tierr=flex: unknown condition; did you mean service_tier?",
        "price --model gpt-4o --at yesterday | use the format 2026-11-22T12:00:00Z",
        "process --signal smoke x.pb | is not one of traces, logs, metrics",
        "process | Missing required parameter: 'FILE'",
        "dance | Unmatched argument"
      })
  void badUsageIsOneLineAndExitCode2(String command, String says) {
    CommandRun run = CommandRun.of(command.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("tallyspan").contains(says);
  }

  @Test
  void catalogThatIsNoneIsBadConfiguration() throws Exception {
    Path catalog = Files.writeString(folder.resolve("prices.json"), "{\"format\": 3}");
    CommandRun run = CommandRun.of("explain", "--catalog", catalog.toString(), CHAT);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(catalog.toString());
  }

  @Test
  void configurationWithAFaultIsNamedByItsLine() throws Exception {
    Path config =
        Files.writeString(folder.resolve("c.yaml"), "receivers:\n  otlp:\n    protocls:\n");
    CommandRun run = CommandRun.of("run", "--config", config.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("c.yaml:3:").contains("protocls");
  }

  @Test
  void configCheckReportsEveryFaultWithItsLine() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("c.yaml"),
            "receivers:\n  otlp:\n    protocls:\nexporters:\n  otlp_grpc: {endpont: x}\n");
    CommandRun run = CommandRun.of("config", "check", config.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("c.yaml:3:").contains("c.yaml:5:");
  }

  @Test
  void configCheckKnowsTheDataDirectoryThatRunWillGet() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("durable.yaml"),
            """
            receivers: {otlp: {protocols: {grpc: }}}
            exporters: {otlp_grpc: {endpoint: "jaeger:4317"}}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_grpc], queue: durable}
            """);

    CommandRun without = CommandRun.of("config", "check", config.toString(), "--data=none");
    assertThat(without.exitCode()).isEqualTo(1);
    assertThat(without.err())
        .startsWith(
            config + ":5:64: service.pipelines.traces.queue: durable needs a data directory");
    CommandRun with = CommandRun.of("config", "check", config.toString(), "--data=" + folder);
    assertThat(with.exitCode()).isZero();
    assertThat(CommandRun.of("run", "--config", config.toString(), "--data=none").exitCode())
        .isEqualTo(2);
  }

  @Test
  void configurationThatCannotBeReadIsNoFaultInIt() {
    Path absent = folder.resolve("absent.yaml");
    for (CommandRun run :
        List.of(
            CommandRun.of("config", "check", absent.toString()),
            CommandRun.of("run", "--config", absent.toString()))) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("absent.yaml: the file cannot be read");
    }
  }

  @Test
  void helpNamesEveryCommand() {
    CommandRun run = CommandRun.of("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("run", "demo", "process", "explain", "price", "catalog", "config");
  }

  @Test
  void versionNamesCatalogAndConventions() {
    CommandRun run = CommandRun.of("version");
    assertThat(run.out()).contains("tallyspan ").contains("catalog ").contains("genai-dev");
  }

  @Test
  void demoEndsWithThePricedTotals() {
    CommandRun run = CommandRun.of("demo");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("COST BY USER")
        .contains("COST BY MODEL")
        .containsPattern("house/house-model-7b .*unpriced")
        .contains("./tallyspan demo --forward");
  }
}
