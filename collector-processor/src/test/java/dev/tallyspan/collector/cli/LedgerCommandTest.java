package dev.tallyspan.collector.cli;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerWriter;
import dev.tallyspan.collector.output.ledger.LedgerWrites;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.server.CollectorServer;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerCommandTest {

  private static final Path EXPORTS = Path.of("src/test/resources/ledger");

  @TempDir private Path data;

  @Test
  void reportSumsByModelAndUser() throws Exception {
    write(
        ada(chat("1", "", "gpt-4o")),
        ada(chat("2", "", "gpt-4o")),
        chat("3", "", "gpt-4o-mini").addAttributes(attribute("user.id", "bob")),
        chat("4", "", "house-model"));

    CommandRun run = run("report", "--by", "model,user", "--format", "csv");

    assertThat(run.lines())
        .containsExactly(
            "model,user,calls,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,"
                + "reasoning_tokens,cost,currency,unpriced,partial,errors",
            "gpt-4o,ada,2,2000,,,200,,0.007,USD,0,0,0",
            "gpt-4o-mini,bob,1,1000,,,100,,0.00021,USD,0,0,0",
            "house-model,,1,1000,,,100,,,USD,1,0,0");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void reportForPeopleEndsWithTheTotal() throws Exception {
    write(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o-mini"));

    List<String> lines =
        run("report").lines().stream().map(line -> line.replaceAll(" +", " ")).toList();

    assertThat(lines)
        .element(0)
        .asString()
        .startsWith("MODEL CALLS INPUT_TOKENS")
        .endsWith("COST CURRENCY UNPRICED PARTIAL ERRORS");
    assertThat(lines).contains("gpt-4o 1 1000 - - 100 - 0.0035 USD 0 0 0", "TOTAL");
    assertThat(lines.get(lines.size() - 1).strip()).isEqualTo("2 2000 - - 200 - 0.00371 USD 0 0 0");
  }

  @Test
  void reportAsJsonKeepsAmountsExact() throws Exception {
    write(chat("1", "", "gpt-4o"));

    assertThat(run("report", "--by", "day", "--format", "json").out().strip())
        .isEqualTo(
            "[{\"day\":\"2026-11-18\",\"calls\":1,\"input_tokens\":1000,\"cache_read_tokens\":null,"
                + "\"cache_write_tokens\":null,\"output_tokens\":100,\"reasoning_tokens\":null,"
                + "\"cost\":0.0035,\"currency\":\"USD\",\"unpriced\":0,\"partial\":0,\"errors\":0}]");
  }

  @Test
  void reportHasOnlyTheCallsOfItsPeriod() throws Exception {
    write(chat("1", "", "gpt-4o"));

    assertThat(
            run("report", "--format", "json", "--since", "2026-11-18", "--until", "2026-11-19")
                .out())
        .contains("\"calls\":1");
    assertThat(run("report", "--format", "json", "--since", "2026-11-19").out().strip())
        .isEqualTo("[]");
  }

  @Test
  void unknownDimensionIsBadUsage() throws Exception {
    write(chat("1", "", "gpt-4o"));

    CommandRun run = run("report", "--by", "modell");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("modell: must be one of model, response_model, provider");
  }

  @Test
  void faultInAQueryIsOneLine() throws Exception {
    write(chat("1", "", "gpt-4o"));

    CommandRun run = run("query", "SELECT nothing FROM calls");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("tallyspan ledger query: Binder Error");
  }

  @Test
  void valuesCannotForgeTheOutput() throws Exception {
    write(chat("1", "", "gpt-4o").addAttributes(attribute("user.id", "a\"b,\u001b[31m\nc")));

    assertThat(run("query", "SELECT user_id FROM calls").lines())
        .containsExactly("USER_ID", "a\"b,·[31m·c");
    assertThat(run("query", "--format", "csv", "SELECT user_id FROM calls").out())
        .isEqualTo("user_id\r\n\"a\"\"b,\u001b[31m\nc\"\r\n");
  }

  @Test
  void directoryWithoutALedgerIsNamed() {
    CommandRun run = run("report");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "tallyspan ledger report: %s: no ledger here; name the data directory with --data%n"
                .formatted(data));
  }

  @Test
  void parquetHasEveryCallAndReplacesTheFile() throws Exception {
    write(ada(chat("1", "", "gpt-4o")), chat("2", "", "gpt-4o-mini"));
    Path file = Files.writeString(data.resolve("calls.parquet"), "old");

    CommandRun run = run("export", "--format", "parquet", "--output", file.toString());

    assertThat(run.exitCode()).as(run.err()).isZero();
    try (Connection other = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = other.createStatement();
        ResultSet calls =
            statement.executeQuery(
                "SELECT count(*), sum(cost), max(user_id) FROM read_parquet('" + file + "')")) {
      calls.next();
      assertThat(calls.getLong(1)).isEqualTo(2);
      assertThat(calls.getBigDecimal(2)).isEqualByComparingTo("0.00371");
      assertThat(calls.getString(3)).isEqualTo("ada");
    }
    assertThat(Ledger.directory(data).resolve("export")).isEmptyDirectory();
  }

  @Test
  void csvHasARowForEachCall() throws Exception {
    write(ada(chat("1", "", "gpt-4o")));

    List<String> lines = run("export", "--format", "csv").lines();

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("trace_id,span_id,time,service,provider,model");
    assertThat(lines.get(1))
        .startsWith(LlmRequests.TRACE + ",1111111111111111,2026-11-18T11:06:40Z,,openai,gpt-4o");
  }

  @Test
  void focusHasTheColumnsOfTheSpecification() throws Exception {
    write(
        ada(chat("1", "", "gpt-4o")),
        ada(chat("2", "", "gpt-4o"))
            .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 400)),
        chat("3", "", "house-model"));

    CommandRun run = run("export", "--format", "focus", "--billing-account", "org-1");

    assertThat(run.out().replace("\r\n", "\n"))
        .isEqualTo(Files.readString(EXPORTS.resolve("focus.csv")));
    assertThat(run.err()).contains("left out 1 calls without a cost");
  }

  @Test
  void repriceExplainsWhatDiffers() throws Exception {
    write(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o"), chat("3", "", "house-model"));
    Path catalog =
        Files.writeString(
            data.resolve("prices.json"),
            """
            {"gpt-4o": {"litellm_provider": "openai", "mode": "chat",
               "input_cost_per_token": 0.000002, "output_cost_per_token": 0.00001}}
            """);
    Path converted = data.resolve("catalog.json");
    CommandRun made = CommandRun.of("catalog", "import", "--format=litellm", catalog.toString());
    assertThat(made.exitCode()).as(made.err()).isZero();
    Files.writeString(converted, made.out());

    CommandRun run = run("reprice", "--catalog", converted.toString(), "--format", "csv");

    assertThat(run.lines())
        .containsExactly(
            "model,provider,calls,was,now,difference,currency,why",
            "gpt-4o,openai,2,0.007,0.006,-0.001,USD,input 0.005 -> 0.004",
            "house-model,openai,1,,,,,still without a price");
  }

  @Test
  void repriceByTheSameCatalogDiffersInNothing() throws Exception {
    write(chat("1", "", "gpt-4o"));

    assertThat(run("reprice", "--format", "csv").lines())
        .containsExactly(
            "model,provider,calls,was,now,difference,currency,why",
            "gpt-4o,openai,1,0.0035,0.0035,0,USD,the same");
  }

  @Test
  void reconcileNamesLikelyReasons() throws Exception {
    write(
        chat("1", "", "gpt-4o")
            .addAttributes(attribute("gen_ai.response.model", "gpt-4o-2024-08-06")),
        chat("2", "", "gpt-4o")
            .addAttributes(attribute("gen_ai.response.model", "gpt-4o-2024-08-06")),
        chat("3", "", "gpt-4o-mini"),
        chat("4", "", "house-model"));

    assertThat(
            run("reconcile", "--format", "csv", EXPORTS.resolve("openai-usage.json").toString())
                .lines())
        .containsExactly(
            "day,model,calls,their_calls,input_tokens,their_input_tokens,output_tokens,"
                + "their_output_tokens,cost,their_cost,difference,likely_reasons",
            "2026-11-18,gpt-4o,2,3,2000,3000,200,300,0.007,,,untraced calls: 1",
            "2026-11-18,gpt-4o-mini,1,1,1000,1000,100,100,0.00021,,,",
            "2026-11-18,house-model,1,,1000,,100,,,,,\"the file has none of this model on this day:"
                + " calls of another account, or under another name\"",
            "2026-11-18,o3,,1,,50,,5,,,,untraced calls: the ledger has none of this model on this"
                + " day");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai-usage.csv",
        "openai-costs.json",
        "openai-costs.csv",
        "litellm-spend.json",
        "litellm-spend.csv"
      })
  void reconcileFindsNothingWhereBothSaySo(String file) throws Exception {
    write(
        chat("1", "", "gpt-4o")
            .addAttributes(attribute("gen_ai.response.model", "gpt-4o-2024-08-06")),
        chat("2", "", "gpt-4o")
            .addAttributes(attribute("gen_ai.response.model", "gpt-4o-2024-08-06")));

    List<String> lines =
        run("reconcile", "--format", "csv", EXPORTS.resolve(file).toString()).lines();

    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).startsWith("2026-11-18,gpt-4o,2,").endsWith(",");
    assertThat(lines.get(1)).contains(file.contains("usage") ? ",2000,2000,200,200," : ",0.007,0,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anthropic-usage.json",
        "anthropic-usage.csv",
        "anthropic-costs.json",
        "anthropic-costs.csv"
      })
  void reconcileReadsAnthropicsExports(String file) throws Exception {
    write(
        span("1", "", "chat claude")
            .addAttributes(attribute("gen_ai.operation.name", "chat"))
            .addAttributes(attribute("gen_ai.provider.name", "anthropic"))
            .addAttributes(attribute("gen_ai.request.model", "claude-sonnet-4-5"))
            .addAttributes(attribute("gen_ai.response.model", "claude-sonnet-4-5-20250929"))
            .addAttributes(attribute("gen_ai.usage.input_tokens", 1000))
            .addAttributes(attribute("gen_ai.usage.output_tokens", 100)));

    List<String> lines =
        run("reconcile", "--format", "csv", EXPORTS.resolve(file).toString()).lines();

    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).startsWith("2026-11-18,claude-sonnet-4-5,1,,1000,");
    assertThat(lines.get(1))
        .endsWith(file.contains("usage") ? ",1000,100,100,0.0045,,," : ",,100,,0.0045,0.0045,0,");
  }

  @Test
  void reconcileSaysWhatItReads() throws Exception {
    write(chat("1", "", "gpt-4o"));
    Path file = Files.writeString(data.resolve("x.csv"), "a,b\n1,2\n");

    CommandRun run = run("reconcile", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("x.csv: is not a usage or cost export of OpenAI or Anthropic (JSON or CSV)");
  }

  @Test
  void forgetSaysWhatItRemoved() throws Exception {
    write(ada(chat("1", "", "gpt-4o")), chat("2", "", "gpt-4o"));

    assertThat(run("forget", "--user", "ada").out().strip())
        .isEqualTo("removed 2 calls in 1 trace from the ledger");
    assertThat(run("query", "--format", "csv", "SELECT count(*) AS n FROM calls").lines())
        .containsExactly("n", "0");
  }

  @Test
  void commandsWorkWhileTheServerRuns() throws Exception {
    Path config = data.resolve("collector.yaml");
    Files.writeString(
        config,
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
        processors:
          tallyspan: {window: {wait: 20ms, wait_after_root: 20ms}}
        exporters:
          file: {path: "%1$s/traces.json"}
        storage: {directory: "%1$s"}
        ledger: {max_age: 0s, max_size: 1GiB}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [file]}
        """
            .formatted(data));
    try (CollectorServer server =
        CollectorServer.builder(ConfigLoader.load(config, Map.of())).start()) {
      URI traces = URI.create("http://127.0.0.1:" + server.httpPort("otlp") + "/v1/traces");
      post(traces, ada(chat("1", "", "gpt-4o")));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(run("report", "--format", "csv").lines())
                      .anySatisfy(line -> assertThat(line).startsWith("gpt-4o,1,1000,")));
      assertThat(Ledger.directory(data).resolve("endpoint")).exists();

      assertThat(run("forget", "--user", "ada").lines())
          .contains("removed 1 call in 1 trace from the ledger");
      post(
          traces,
          chat("2", "", "gpt-4o-mini")
              .setTraceId(
                  ByteString.copyFrom(
                      new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8})));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(run("query", "--format", "csv", "SELECT model FROM calls").lines())
                      .containsExactly("model", "gpt-4o-mini"));
      Path file = data.resolve("calls.parquet");
      assertThat(run("export", "--format", "parquet", "--output", file.toString()).exitCode())
          .isZero();
      assertThat(file).isNotEmptyFile();
    }

    assertThat(Ledger.directory(data).resolve("endpoint")).doesNotExist();
    assertThat(run("query", "--format", "csv", "SELECT model FROM calls").lines())
        .containsExactly("model", "gpt-4o-mini");
  }

  private static void post(URI traces, Span.Builder span) throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(traces)
                    .header("content-type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(LlmRequests.traces(span)))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
  }

  private static Span.Builder ada(Span.Builder span) {
    return span.addAttributes(attribute("user.id", "ada"));
  }

  private void write(Span.Builder... spans) throws Exception {
    try (LedgerWriter writer = LedgerWriter.builder(Ledger.directory(data)).start()) {
      LedgerWrites.write(writer, LlmRequests.processed(spans));
    }
  }

  /** Runs a command on the ledger of the directory. */
  private CommandRun run(String command, String... args) {
    String[] all = new String[args.length + 4];
    all[0] = "ledger";
    all[1] = command;
    all[2] = "--data";
    all[3] = data.toString();
    System.arraycopy(args, 0, all, 4, args.length);
    return CommandRun.of(all);
  }
}
