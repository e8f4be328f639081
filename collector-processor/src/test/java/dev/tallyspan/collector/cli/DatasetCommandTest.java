package dev.tallyspan.collector.cli;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.viewer.ViewerServer;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code tallyspan dataset}. The traces: …1 a truncated answer with a tool, …2 and …3 the same
 * question without an answer in time, …4 a hostile one, …5 an answer that is not JSON, …6 a good
 * one.
 */
class DatasetCommandTest {

  private static final Path DATASETS = Path.of("src/test/resources/datasets");
  private static final String TRACES = DATASETS.resolve("traces.json").toString();
  private static final String PRICES = DATASETS.resolve("prices.json").toString();
  private static final String TOKEN = "a-token-of-the-user";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "tallyspan, jsonl",
    "langfuse, jsonl",
    "langsmith, jsonl",
    "phoenix, json",
    "braintrust, jsonl",
    "openai-evals, jsonl",
    "promptfoo, jsonl",
    "inspect, jsonl"
  })
  void formatIsWrittenAsRecorded(String format, String extension) throws Exception {
    CommandRun run = export(TRACES, "--catalog", PRICES, "--format", format);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(Files.readString(DATASETS.resolve(format + "." + extension)));
    assertThat(run.err().strip()).isEqualTo("5 cases, and 1 more that ask the same");
  }

  @Test
  void whatAsksTheSameIsOneCaseWithACount() throws Exception {
    List<Map<?, ?>> records = records(export(TRACES, "--where", "\"night train\""));

    assertThat(records).hasSize(1);
    assertThat(records.get(0).get("count")).isEqualTo(JsonTree.parse("2"));
    assertThat(records.get(0).get("id")).isEqualTo("tr-" + "a".repeat(31) + "3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "error | 3",
        "error or duration > 2s | 31",
        "duration >= 3s and not error | 1",
        "-(error or duration > 2s) | 654",
        "capital or \"file:///etc/hostname\" | 65"
      })
  void filterSelects(String where, String ends) throws Exception {
    assertThat(ends(export(TRACES, "--where", where))).isEqualTo(ends);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-18T11:07:50Z, 2026-11-18T11:08:00Z, 5",
    "2026-11-18T11:07:50Z, , 65",
    ", 2026-11-18T11:06:45Z, 1",
    "2026-11-19, , ''"
  })
  void timeSelectsByTheStart(String since, String until, String ends) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(TRACES));
    if (since != null) {
      arguments.addAll(List.of("--since", since));
    }
    if (until != null) {
      arguments.addAll(List.of("--until", until));
    }

    assertThat(ends(export(arguments.toArray(String[]::new)))).isEqualTo(ends);
  }

  @Test
  void bySpanEachCallOfAModelIsAskedAlone() throws Exception {
    // The trace takes 3 s, one of its two calls 1.5 s.
    List<Map<?, ?>> records =
        records(
            export(
                TRACES,
                "--by",
                "span",
                "--where",
                "duration > 1s duration < 2s session:trip-2041"));

    assertThat(records)
        .extracting(record -> JsonTree.text(record, "id"))
        .containsExactly("tr-" + "a".repeat(31) + "1-" + "5".repeat(16));
  }

  @Test
  void contentPolicyAppliesBeforeAnythingIsWritten() throws Exception {
    CommandRun run = export(TRACES, "--mode", "redacted", "--where", "\"Will it rain\"");

    assertThat(run.out()).contains("Will it rain").doesNotContain("maya@example.com");
    assertThat(JsonTree.map(records(run).get(0).get("redaction")))
        .isEqualTo(Map.of("policy", "redacted", "fields", List.of("$.input.messages")));
  }

  @ParameterizedTest
  @CsvSource({
    "langfuse",
    "langsmith",
    "phoenix",
    "braintrust",
    "openai-evals",
    "promptfoo",
    "inspect"
  })
  void contentPolicyAppliesInEachFormat(String format) {
    CommandRun run = export(TRACES, "--mode", "redacted", "--format", format);

    assertThat(run.out()).contains("Will it rain").doesNotContain("maya@example.com");
  }

  @Test
  void contentPolicyOfTheConfigurationApplies() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("collector.yaml"),
            """
            receivers: {otlp: {protocols: {http: }}}
            exporters: {otlp_http: {endpoint: "http://localhost:1", content_policy: redacted}}
            service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}}
            """);

    CommandRun run = export(TRACES, "--config", config.toString());

    assertThat(run.err()).startsWith("5 cases");
    assertThat(run.out()).contains("Will it rain").doesNotContain("maya@example.com");
  }

  @Test
  void whatThePolicyHasRemovedIsNoCase() {
    CommandRun run = export(TRACES, "--mode", "none");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .containsExactly("0 cases", "left out 6 whose question is not recorded, or was removed");
  }

  @Test
  void promptfooGetsNothingThatItWouldRun() {
    String tests = export(TRACES, "--format", "promptfoo").out();

    assertThat(tests).contains("env.HOME").doesNotContainPattern("\\{\\{|\\{%|\\{#|%\\}|#\\}");
    assertThat(tests).doesNotContain(":\"file:", ":\"package:");
  }

  @Test
  void fileIsDescribedBesideIt() throws Exception {
    Path file = folder.resolve("cases.jsonl");

    CommandRun run =
        export(
            TRACES,
            "--where",
            "error",
            "--since",
            "2026-11-18",
            "--format",
            "promptfoo",
            "--name",
            "trips",
            "--split",
            "test",
            "--output",
            file.toString());

    assertThat(run.out()).isEmpty();
    assertThat(run.err().strip())
        .isEqualTo("wrote " + file + ": 1 case, and 1 more that ask the same");
    Map<?, ?> description = JsonTree.map(JsonTree.read(folder.resolve("dataset.json")));
    assertThat(description.get("created").toString()).endsWith("Z");
    assertThat(description.toString())
        .startsWith(
            "{schema=tallyspan.dataset/1, name=trips, file=cases.jsonl, format=promptfoo, split=test,"
                + " source=files, where=error, by=trace, since=2026-11-18T00:00:00Z, until=null,"
                + " cases=1, selected=2, created=");
    assertThat(files()).containsExactly("cases.jsonl", "dataset.json");
    assertThat(Files.readString(file)).contains("\"split\":\"test\"");
  }

  @Test
  void descriptionReplacesNoOtherFile() throws Exception {
    Path other = Files.writeString(folder.resolve("dataset.json"), "{\"mine\": 1}");

    CommandRun run = export(TRACES, "--output", folder.resolve("cases.jsonl").toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("dataset.json: is no description of a dataset");
    assertThat(Files.readString(other)).isEqualTo("{\"mine\": 1}");
    assertThat(files()).containsExactly("dataset.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--format excel | must be one of tallyspan, langfuse",
        "--where (error | --where: the ( at character 1 is not closed",
        "--where cost>much | --where: cost>much: not a number",
        "--since yesterday | --since yesterday: must be a time",
        "--mode offload | --mode: offload is for exporters",
        "--viewer http://localhost:1 | --viewer: not together with files",
        "--output missing/cases.jsonl | --output: there is no directory",
        "--name= | --name: must not be blank",
        "--split= | --split: must not be blank",
        "--by day | --by"
      })
  void badUsageIsNamed(String arguments, String message) {
    List<String> all = new ArrayList<>(List.of(TRACES));
    all.addAll(List.of(arguments.split(" ")));

    CommandRun run = export(all.toArray(String[]::new));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains(message);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void oneBadFileDoesNotSpoilTheOthers() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.json"), "{");

    CommandRun run = export(bad.toString(), TRACES);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("bad.json: not JSON").contains("5 cases");
  }

  @Test
  void viewerOfARunningServerIsAsked() throws Exception {
    RecentTraces traces = RecentTraces.builder().build();
    // More than one page.
    fill(traces, 250);
    try (ViewerServer viewer = viewer(traces)) {
      CommandRun run =
          CommandRun.of(
              "dataset",
              "export",
              "--viewer",
              "http://127.0.0.1:" + viewer.port() + "/?token=" + TOKEN,
              "--where",
              "model:gpt-4o or error");

      assertThat(run.err().strip()).isEqualTo("250 cases");
      assertThat(records(run)).extracting(record -> record.get("id")).doesNotHaveDuplicates();
    }
  }

  @Test
  void viewerRefusesWithoutItsToken() throws Exception {
    try (ViewerServer viewer = viewer(RecentTraces.builder().build())) {
      CommandRun run =
          CommandRun.of(
              "dataset",
              "export",
              "--viewer",
              "http://127.0.0.1:" + viewer.port() + "/?token=another-token-than-it");

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("needs a token").doesNotContain("another-token");
    }
  }

  @Test
  void filterThatTheViewerCannotReadIsNamed() throws Exception {
    try (ViewerServer viewer = viewer(RecentTraces.builder().build())) {
      CommandRun run =
          CommandRun.of(
              "dataset",
              "export",
              "--viewer",
              "http://127.0.0.1:" + viewer.port() + "?token=" + TOKEN,
              "--where",
              "\"a\" or colour:\"red\"");

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--where: unknown field colour");
    }
  }

  @Test
  void missingViewerIsNamed() throws Exception {
    int port = 1; // Nothing listens on it, and no other process is given it.

    CommandRun run = CommandRun.of("dataset", "export", "--viewer", "http://127.0.0.1:" + port);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("http://127.0.0.1:" + port + ": no viewer answers; start 'tallyspan run'");
  }

  @Test
  void modeIsForFiles() {
    CommandRun run =
        CommandRun.of("dataset", "export", "--viewer", "http://localhost:1", "--mode", "none");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--mode: is for files");
  }

  @ParameterizedTest
  @CsvSource({
    "openai-evals, '\"ideal\":\"Vienna.\"'",
    "inspect, '\"target\":\"Vienna.\"'",
    "langfuse, '\"expectedOutput\":\"Vienna.\"'",
    "langsmith, '\"outputs\":{\"output\":\"Vienna.\"}'",
    "phoenix, '\"outputs\":[{\"output\":\"Vienna.\"}]'",
    "braintrust, '\"expected\":\"Vienna.\"'",
    "promptfoo, '\"assert\":[{\"type\":\"equals\",\"value\":\"Vienna.\"}]'",
    "tallyspan, '\"expected\":\"Vienna.\"'"
  })
  void rightAnswerThatAPersonWroteIsConverted(String format, String written) throws Exception {
    String record = export(TRACES, "--where", "capital").out();
    Path file =
        Files.writeString(
            folder.resolve("cases.jsonl"),
            record.replace("\"expected\":null", "\"expected\":\"Vienna.\"") + "\n");

    CommandRun run = CommandRun.of("dataset", "convert", file.toString(), "--format", format);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains(written);
  }

  @Test
  void convertingKeepsCountsAndSplits() throws Exception {
    Path file = folder.resolve("cases.jsonl");
    CommandRun exported = export(TRACES, "--split", "test", "--output", file.toString());

    CommandRun run = CommandRun.of("dataset", "convert", file.toString());

    assertThat(exported.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(Files.readString(file));
  }

  @Test
  void lineThatIsNoRecordIsNamed() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("cases.jsonl"),
            export(TRACES, "--where", "capital").out() + "{\"schema\":\"secret\"}\n");

    CommandRun run = CommandRun.of("dataset", "convert", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("cases.jsonl, line 2: no canonical record: schema: must be tallyspan.dataset/1")
        .doesNotContain("secret");
  }

  private static CommandRun export(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dataset", "export"));
    all.addAll(Arrays.asList(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static List<Map<?, ?>> records(CommandRun run) throws IOException {
    List<Map<?, ?>> records = new ArrayList<>();
    for (String line : run.lines()) {
      records.add(JsonTree.map(JsonTree.parse(line)));
    }
    return records;
  }

  /** The last digits of the traces that the cases are from. */
  private static String ends(CommandRun run) throws IOException {
    StringBuilder ends = new StringBuilder();
    for (Map<?, ?> record : records(run)) {
      String id = JsonTree.text(record, "id");
      ends.append(id.charAt(id.length() - 1));
    }
    return ends.toString();
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void fill(RecentTraces traces, int count) throws Exception {
    RecentOutput output = RecentOutput.on(Runnable::run, traces, /* policy= */ null);
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[16];
      id[0] = 1;
      id[14] = (byte) (i >> 8);
      id[15] = (byte) i;
      Span.Builder call =
          chat("2", "", "gpt-4o")
              .setTraceId(ByteString.copyFrom(id))
              .addAttributes(
                  attribute(
                      "gen_ai.input.messages",
                      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"%d?\"}]}]"
                          .formatted(i)));
      output.write(processed(call));
    }
  }

  private static ViewerServer viewer(RecentTraces traces) throws IOException {
    return ViewerServer.builder(new TraceViews(traces, () -> 0, InstantSource.system()), traces)
        .addresses(ListenAddresses.of("127.0.0.1", 0))
        .token(TOKEN)
        .start();
  }
}
