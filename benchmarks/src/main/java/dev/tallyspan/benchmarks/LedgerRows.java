package dev.tallyspan.benchmarks;

import static dev.tallyspan.benchmarks.KeyValues.number;
import static dev.tallyspan.benchmarks.KeyValues.text;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerWriter;
import dev.tallyspan.collector.output.ledger.Period;
import dev.tallyspan.collector.output.ledger.Rows;
import dev.tallyspan.collector.output.ledger.SpendReport;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * How long the ledger takes to write calls, and to report by model and user. The calls are of 90
 * days, 12 models and 1,000 users. Arguments: the number of calls, by default a million.
 */
public final class LedgerRows {

  private static final int SPANS_PER_REQUEST = 500;
  private static final int USERS = 1000;
  private static final int RUNS = 11;
  private static final int MOST_IN_FLIGHT = 500;
  private static final Instant FIRST = Instant.parse("2026-08-20T00:00:00Z");
  private static final Duration PERIOD = Duration.ofDays(90);
  private static final List<String> MODELS =
      List.of(
          "gpt-4o",
          "gpt-4o-mini",
          "gpt-4.1",
          "gpt-4.1-mini",
          "gpt-4.1-nano",
          "gpt-5",
          "gpt-5-mini",
          "gpt-5-nano",
          "o3",
          "o3-mini",
          "o4-mini",
          "house-model");

  private LedgerRows() {}

  public static void main(String[] args) throws Exception {
    int calls = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    Path data = Files.createTempDirectory("ledger-rows");
    try {
      run(data, calls);
    } finally {
      Directories.delete(data);
    }
  }

  private static void run(Path data, int calls) throws Exception {
    LlmProcessor processor = LlmProcessor.builder().build();
    AtomicLong refused = new AtomicLong();
    Random random = new Random(1);
    long preparing = 0;
    long started = System.nanoTime();
    try (LedgerWriter writer = LedgerWriter.builder(Ledger.directory(data)).start()) {
      Output output = writer.output("tenant.id", /* waits= */ true);
      Semaphore room = new Semaphore(MOST_IN_FLIGHT);
      for (int first = 0; first < calls; first += SPANS_PER_REQUEST) {
        long before = System.nanoTime();
        byte[] bytes = request(random, first, calls);
        preparing += System.nanoTime() - before;
        room.acquire();
        Batch batch =
            Batch.of(
                new OtlpRequest(
                    Signal.TRACES,
                    Slices.of(bytes),
                    SPANS_PER_REQUEST,
                    new SenderAck(
                        outcome -> {
                          if (outcome != Outcome.ACCEPTED) {
                            refused.incrementAndGet();
                          }
                          room.release();
                        })));
        before = System.nanoTime();
        Batch understood = processor.apply(batch);
        preparing += System.nanoTime() - before;
        output.write(understood);
      }
      room.acquire(MOST_IN_FLIGHT);
      double seconds = (System.nanoTime() - started) / 1e9;
      System.out.printf(
          "%,d calls in %.1f s, of which %.1f s to make, read and price them; %d refused%n",
          calls, seconds, preparing / 1e9, refused.get());
      System.out.printf("with the server that wrote them:%n");
      report(data);
    }
    System.out.printf("without a server:%n");
    report(data);
    System.out.printf(
        "%.0f MiB%n", Files.size(Ledger.directory(data).resolve("ledger.duckdb")) / 1048576.0);
  }

  private static void report(Path data) throws Exception {
    report(data, new SpendReport(List.of("model", "user"), new Period(null, null), 0));
    report(
        data,
        new SpendReport(
            List.of("model", "user"),
            new Period(FIRST.plus(PERIOD).minus(Duration.ofDays(7)), null),
            0));
  }

  private static void report(Path data, SpendReport report) throws Exception {
    long[] nanos = new long[RUNS];
    int[] rows = new int[1];
    for (int run = 0; run < RUNS; run++) {
      rows[0] = 0;
      long started = System.nanoTime();
      try (Ledger ledger = Ledger.open(data, Ledger.Access.READ)) {
        report.run(
            ledger,
            new Rows() {
              @Override
              public void columns(List<Column> columns) {}

              @Override
              public void row(List<String> values) {
                rows[0]++;
              }
            });
      }
      nanos[run] = System.nanoTime() - started;
    }
    double[] millis = IntStream.range(0, RUNS).mapToDouble(i -> nanos[i] / 1e6).sorted().toArray();
    System.out.printf(
        "  report by model and user, %s: %,d rows, %.0f ms (%.0f-%.0f)%n",
        report.period().since() == null ? "all" : "7 days",
        rows[0],
        millis[RUNS / 2],
        millis[0],
        millis[RUNS - 1]);
  }

  private static byte[] request(Random random, int first, int calls) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    ScopeSpans.Builder scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
    for (int i = 0; i < SPANS_PER_REQUEST; i++) {
      long start = FIRST.getEpochSecond() * 1_000_000_000L + PERIOD.toNanos() / calls * (first + i);
      String model = MODELS.get(random.nextInt(MODELS.size()));
      byte[] trace = new byte[16];
      random.nextBytes(trace);
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(ByteString.copyFrom(trace))
              .setSpanId(
                  ByteString.copyFrom(ByteBuffer.allocate(8).putLong(first + i + 1L).array()))
              .setName("chat " + model)
              .setStartTimeUnixNano(start)
              .setEndTimeUnixNano(start + 1_000_000_000L + random.nextInt(1_000_000_000))
              .addAttributes(text("gen_ai.operation.name", "chat"))
              .addAttributes(text("gen_ai.provider.name", "openai"))
              .addAttributes(text("gen_ai.request.model", model))
              .addAttributes(text("user.id", "user-" + random.nextInt(USERS)))
              .addAttributes(text("session.id", "session-" + random.nextInt(USERS * 20)))
              .addAttributes(number("gen_ai.usage.input_tokens", 100 + random.nextInt(10_000)))
              .addAttributes(number("gen_ai.usage.output_tokens", 10 + random.nextInt(1000))));
    }
    return request.build().toByteArray();
  }
}
