package dev.tallyspan.collector.output.ledger;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.batch;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.ledger.Ledger.Access;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.window.WholeTraces;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SilentLogs.class)
class LedgerWriterTest {

  private static final Path CAPTURES = Path.of("src/test/resources/captures/files");

  /** When the spans of {@link LlmRequests} are. */
  private static final Instant THEN = Instant.ofEpochSecond(1_795_000_000);

  @TempDir private Path data;
  private final LlmProcessor processor = LlmProcessor.builder().build();
  private LedgerWriter writer;

  @BeforeEach
  void start() {
    writer = builder().start();
  }

  @AfterEach
  void close() {
    writer.close();
  }

  @Test
  void callIsARowWithWhatIsKnownOfIt() throws Exception {
    write(
        chat("1", "", "gpt-4o")
            .addAttributes(attribute("gen_ai.response.model", "gpt-4o-2024-08-06"))
            .addAttributes(attribute("user.id", "ada"))
            .addAttributes(attribute("session.id", "s1"))
            .addAttributes(attribute("gen_ai.conversation.id", "c1"))
            .addAttributes(attribute("tenant.id", "north"))
            .addAttributes(attribute("error.type", "timeout"))
            .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 400)));

    assertThat(
            query(
                "SELECT trace_id, span_id, time, provider, model, response_model, operation, user_id,"
                    + " session_id, conversation_id, tenant, input_tokens, cache_read_tokens,"
                    + " output_tokens, status, currency, cost, cost_input, cost_cache_read,"
                    + " cost_output, price, duration, error FROM calls"))
        .containsExactly(
            List.of(
                LlmRequests.TRACE,
                "1111111111111111",
                "2026-11-18T11:06:40Z",
                "openai",
                "gpt-4o",
                "gpt-4o-2024-08-06",
                "chat",
                "ada",
                "s1",
                "c1",
                "north",
                "1000",
                "400",
                "100",
                "priced",
                "USD",
                "0.003",
                "0.0015",
                "0.0005",
                "0.001",
                "openai/gpt-4o",
                "1.0",
                "timeout"));
  }

  @Test
  void secondDeliveryReplacesTheFirst() throws Exception {
    write(chat("1", "", "gpt-4o"), chat("2", "", "gpt-4o"));
    write(chat("1", "", "gpt-4o-mini"));

    assertThat(query("SELECT span_id, model FROM calls ORDER BY span_id"))
        .containsExactly(
            List.of("1111111111111111", "gpt-4o-mini"), List.of("2222222222222222", "gpt-4o"));
  }

  @Test
  void callThatTurnsOutToBeADuplicateIsRemoved() throws Exception {
    write(chat("1", "", "gpt-4o"));
    assertThat(query("SELECT count(*) FROM calls")).containsExactly(List.of("1"));

    // Now with the span within it, which bills.
    Batch both = LlmRequests.processed(chat("2", "1", "gpt-4o"), chat("1", "", "gpt-4o"));
    write(WholeTraces.perRequest(ProcessorConfig.ALL_GAPS).apply(both));

    assertThat(query("SELECT span_id FROM calls")).containsExactly(List.of("2222222222222222"));
  }

  /** As another Tallyspan forwards a span that it got twice. */
  @Test
  void copyThatIsADuplicateOfItsOwnSpanDoesNotRemoveIt() throws Exception {
    write(chat("1", "", "gpt-4o"));
    write(
        chat("1", "", "gpt-4o")
            .addAttributes(attribute("tallyspan.cost.status", "duplicate"))
            .addAttributes(attribute("tallyspan.cost.duplicate_of", "1".repeat(16))));

    assertThat(query("SELECT span_id, status FROM calls"))
        .containsExactly(List.of("1111111111111111", "priced"));
  }

  @Test
  void sumsAreThoseOfTheBilledSpansExactly() throws Exception {
    Map<String, BigDecimal> billed = new LinkedHashMap<>();
    long calls = 0;
    long input = 0;
    for (Batch batch : captures()) {
      for (SpanRecord record : batch.records()) {
        if (record.cost().status().isBilled()) {
          calls++;
          input += record.llm().usage() == null ? 0 : Math.max(0, record.llm().usage().input());
          if (record.cost().totalExact() != null) {
            billed.merge(
                record.cost().currency(),
                new BigDecimal(record.cost().totalExact()),
                BigDecimal::add);
          }
        }
      }
    }
    assertThat(billed.get("USD")).isPositive();
    writeAll(captures());

    for (int time = 0; time < 2; time++) {
      assertThat(query("SELECT count(*), sum(input_tokens) FROM calls"))
          .containsExactly(List.of(String.valueOf(calls), String.valueOf(input)));
      for (List<String> row :
          query(
              "SELECT currency, sum(cost) FROM calls WHERE currency IS NOT NULL GROUP BY currency")) {
        assertThat(new BigDecimal(row.get(1))).isEqualByComparingTo(billed.get(row.get(0)));
      }
      writeAll(captures());
    }
  }

  @Test
  void partsAddUpToTheCost() throws Exception {
    writeAll(captures());

    assertThat(
            query(
                "SELECT span_id FROM calls WHERE status IN ('priced', 'partial') AND cost <>"
                    + " coalesce(cost_input, 0) + coalesce(cost_cache_read, 0)"
                    + " + coalesce(cost_cache_write, 0) + coalesce(cost_output, 0)"
                    + " + coalesce(cost_reasoning, 0) + coalesce(cost_audio, 0)"
                    + " + coalesce(cost_image, 0) + coalesce(cost_tool, 0)"
                    + " + coalesce(cost_request, 0)"))
        .isEmpty();
  }

  @Test
  void batchIsSettledWhenItIsOnDisk() throws Exception {
    assertThat(write(chat("1", "", "gpt-4o"))).isEqualTo(Outcome.ACCEPTED);
    writer.close();

    assertThat(query("SELECT count(*) FROM calls")).containsExactly(List.of("1"));
  }

  @Test
  void batchAfterTheEndIsRefusedForNow() throws Exception {
    writer.close();

    assertThat(write(chat("1", "", "gpt-4o")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, refused -> assertThat(refused.retryable()).isTrue());
  }

  @Test
  void directPipelineDoesNotWait() throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    Batch batch =
        processor.apply(
            batch(Signal.TRACES, LlmRequests.traces(chat("1", "", "gpt-4o")), outcomes::add));

    writer.output("tenant.id", /* waits= */ false).write(batch);

    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
    writer.close();
    assertThat(query("SELECT count(*) FROM calls")).containsExactly(List.of("1"));
  }

  @Test
  void queryCannotChangeAnythingNorReadFiles() throws Exception {
    write(chat("1", "", "gpt-4o"));
    Path file = Files.writeString(data.resolve("other.csv"), "a\n1\n");

    assertThatThrownBy(() -> query("DELETE FROM calls"))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("read-only");
    assertThatThrownBy(() -> query("SELECT * FROM read_csv('" + file + "')"))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("disabled by configuration");
    assertThatThrownBy(() -> query("SELECT nothing FROM calls"))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("nothing");
    assertThat(query("SELECT count(*) FROM calls")).containsExactly(List.of("1"));
  }

  @Test
  void forgettingAUserRemovesTheTracesOfTheUser() throws Exception {
    Span.Builder other = chat("3", "", "gpt-4o").addAttributes(attribute("user.id", "bob"));
    other.setTraceId(other.getTraceId().concat(other.getTraceId()).substring(8, 24));
    write(
        chat("1", "", "gpt-4o").addAttributes(attribute("user.id", "ada")),
        chat("2", "", "gpt-4o"),
        other);

    try (Ledger ledger = Ledger.open(data, Access.WRITE)) {
      Subject ada = new Subject(Subject.Kind.USER, "ada");
      assertThat(ledger.forget(ada, List.of()))
          .containsExactly(Removal.done("removed 2 calls in 1 trace from the ledger"));
      assertThat(ledger.forget(ada, List.of()))
          .containsExactly(Removal.done("removed 0 calls in 0 traces from the ledger"));
    }

    assertThat(query("SELECT user_id FROM calls")).containsExactly(List.of("bob"));
  }

  @Test
  void oldCallsAreRemoved() throws Exception {
    write(chat("1", "", "gpt-4o"));
    writer.close();

    writer =
        builder().maxAge(Duration.ofDays(1)).clock(() -> THEN.plus(Duration.ofHours(25))).start();
    assertThat(write(chat("2", "", "gpt-4o").setStartTimeUnixNano(nanos(THEN.plusSeconds(86_400)))))
        .isEqualTo(Outcome.ACCEPTED);

    assertThat(query("SELECT span_id FROM calls")).containsExactly(List.of("2222222222222222"));
  }

  @Test
  void oldestCallsMakeRoom() throws Exception {
    List<LedgerEntry> many = new ArrayList<>();
    SpanRecord record = LlmRequests.processed(chat("1", "", "gpt-4o")).records().get(0);
    for (int i = 0; i < 50_000; i++) {
      many.add(
          LedgerEntry.of(
              new SpanRecord(
                  0,
                  LlmRequests.TRACE,
                  "%016x".formatted(i + 1),
                  "",
                  "",
                  "",
                  nanos(THEN.plusSeconds(i)),
                  nanos(THEN.plusSeconds(i + 1)),
                  record.enriched(),
                  null),
              null,
              0));
    }
    writer.close();
    try (LedgerDatabase database = LedgerDatabase.open(Ledger.directory(data), Access.WRITE)) {
      database.write(many);
      database.retain(THEN, Duration.ZERO, 0);
      assertThat(database.retain(THEN, Duration.ZERO, 1 << 20)).isPositive();
    }

    List<String> left =
        query("SELECT count(*), max(time), min(time) > TIMESTAMP '2026-11-18 12:00:00' FROM calls")
            .get(0);
    assertThat(Integer.parseInt(left.get(0))).isBetween(1, 49_999);
    assertThat(left.get(1)).isEqualTo(THEN.plusSeconds(49_999).toString());
    assertThat(left.get(2)).isEqualTo("true");
  }

  @Test
  void directoryWithoutALedgerIsNamed() {
    writer.close();
    Path empty = data.resolve("empty");

    assertThatThrownBy(() -> Ledger.open(empty, Access.READ))
        .isInstanceOf(LedgerException.class)
        .hasMessage(empty + ": no ledger here; name the data directory with --data");
  }

  @Test
  void endpointOfAKilledServerIsNotBelieved() throws Exception {
    write(chat("1", "", "gpt-4o"));
    writer.close();
    try (ServerSocket other = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread answering =
          new Thread(
              () -> {
                try (Socket socket = other.accept()) {
                  socket.getOutputStream().write("HTTP/1.1 400 Bad Request".getBytes(UTF_8));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      answering.start();
      Files.writeString(
          LedgerProtocol.endpoint(Ledger.directory(data)), other.getLocalPort() + "\nsecret\n");

      assertThat(query("SELECT count(*) FROM calls")).containsExactly(List.of("1"));
      answering.join();
    }
  }

  @Test
  void whoDoesNotKnowTheTokenGetsNothing() throws Exception {
    write(chat("1", "", "gpt-4o"));
    Path endpoint = LedgerProtocol.endpoint(Ledger.directory(data));
    int port = Integer.parseInt(Files.readAllLines(endpoint).get(0));

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      LedgerProtocol.writeText(out, "0".repeat(64));
      out.flush();

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    if (Files.getFileStore(endpoint).supportsFileAttributeView("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(endpoint)))
          .isEqualTo("rw-------");
    }
  }

  private LedgerWriter.Builder builder() {
    return LedgerWriter.builder(Ledger.directory(data));
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L;
  }

  /** Requests of real instrumentation, each with the decisions about its traces. */
  private List<Batch> captures() throws Exception {
    List<Batch> batches = new ArrayList<>();
    try (Stream<Path> files = Files.list(CAPTURES)) {
      for (Path file :
          files.filter(it -> it.toString().matches(".*__traces__.*\\.pb")).sorted().toList()) {
        batches.add(
            WholeTraces.perRequest(ProcessorConfig.ALL_GAPS)
                .apply(
                    processor.apply(
                        batch(Signal.TRACES, Files.readAllBytes(file), outcome -> {}))));
      }
    }
    return batches;
  }

  /** Writes spans as they are, and returns how their request was settled. */
  private Outcome write(Span.Builder... spans) throws Exception {
    return write(LlmRequests.processed(spans));
  }

  private Outcome write(Batch batch) throws Exception {
    return begin(batch).get(60, TimeUnit.SECONDS);
  }

  private void writeAll(List<Batch> batches) throws Exception {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (Batch batch : batches) {
      outcomes.add(begin(batch));
    }
    for (CompletableFuture<Outcome> outcome : outcomes) {
      assertThat(outcome.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  private CompletableFuture<Outcome> begin(Batch batch) throws Exception {
    CompletableFuture<Outcome> settled = new CompletableFuture<>();
    Batch answered =
        batch.with(
            LlmRequests.batch(
                    batch.request().signal(),
                    batch.request().bytes().contiguous(),
                    settled::complete)
                .request());
    writer.output("tenant.id", /* waits= */ true).write(answered);
    return settled;
  }

  private List<List<String>> query(String sql) throws Exception {
    List<List<String>> found = new ArrayList<>();
    try (Ledger ledger = Ledger.open(data, Access.READ)) {
      ledger.query(
          sql,
          List.of(),
          new Rows() {
            @Override
            public void columns(List<Column> columns) {}

            @Override
            public void row(List<String> values) {
              found.add(new ArrayList<>(values));
            }
          });
    }
    return found;
  }
}
