package dev.tallyspan.benchmarks;

import static dev.tallyspan.benchmarks.KeyValues.number;
import static dev.tallyspan.benchmarks.KeyValues.text;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.StoredTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How long the viewer takes to answer for each of its pages: the time of the server without HTTP,
 * with a store of many traces. A trace has 12 spans: a request, an agent, four chats with messages,
 * four tools, a retrieval and an embedding. The pages are asked for in rounds, each of which has
 * every page once and is preceded by a trace that arrives, so that nothing is asked for twice
 * without a change. Then the traces are written to disk and read back.
 *
 * <p>Arguments: the number of traces, by default 10,000, and of rounds, by default 15. Give the JVM
 * 3 GiB: {@code -Xmx3g}.
 */
public final class ViewerPages {

  /** On a machine that others use too, the time of the clock says more about them. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private static final long MAX_BYTES = 2L << 30;
  private static final int TRACES_PER_REQUEST = 10;
  private static final int USERS = 300;
  private static final int SESSIONS = 2_000;
  private static final int WARM_UP = 5;
  private static final Duration PERIOD = Duration.ofHours(20);
  private static final List<String> MODELS =
      List.of("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "o3-mini", "house-model");
  private static final List<String> WORDS =
      List.of(
          "refund order train night ticket please the a customer of Berlin to invoice is late when"
              .split(" "));

  private final Random random = new Random(1);
  private final long now = System.currentTimeMillis() * 1_000_000;
  private final LlmProcessor processor = LlmProcessor.builder().build();
  private final RecentTraces traces = RecentTraces.builder().maxBytes(MAX_BYTES).build();
  private final RecentOutput output = RecentOutput.on(Runnable::run, traces, /* policy= */ null);
  private final TraceViews views =
      new TraceViews(traces, output::skippedSpans, InstantSource.system());
  private final List<byte[]> requests = new ArrayList<>();
  private long lastTrace;
  private long lastSpan;

  private ViewerPages() {}

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 15;
    new ViewerPages().run(count, rounds);
  }

  private void run(int count, int rounds) throws Exception {
    System.out.printf(
        "JDK %s, %d processors, load average %s%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), load());
    for (int i = 0; i < count; i += TRACES_PER_REQUEST) {
      requests.add(request(TRACES_PER_REQUEST, PERIOD.toNanos() / count * (count - i)));
    }
    long started = System.nanoTime();
    for (byte[] request : requests) {
      write(output, request);
    }
    RecentTraces.Stats stats = traces.stats();
    System.out.printf(
        Locale.ROOT,
        "%,d traces with %,d spans in %.0f MiB, read in %.1f s (%.0f µs for each span)%n",
        stats.traces(),
        stats.spans(),
        stats.bytes() / 1048576.0,
        (System.nanoTime() - started) / 1e9,
        (System.nanoTime() - started) / 1e3 / stats.spans());
    pages(rounds);
    disk();
    System.out.printf("load average %s%n", load());
  }

  private void pages(int rounds) throws Exception {
    String middle = "%032x".formatted(lastTrace / 2);
    Map<String, Supplier<byte[]>> pages = new LinkedHashMap<>();
    pages.put("list", () -> views.traces("", 0, 200));
    pages.put("list, page 40", () -> views.traces("", 8_000, 200));
    pages.put("filter by a word", () -> views.traces("zebra", 0, 200));
    pages.put("filter by a word that most have", () -> views.traces("refund", 0, 200));
    pages.put(
        "filter by two words and numbers", () -> views.traces("berlin late cost>0.001", 0, 200));
    pages.put("filter by model and user", () -> views.traces("model:gpt-4o user:user-7", 0, 200));
    pages.put("filter by tool", () -> views.traces("tool:lookup-3", 0, 200));
    pages.put("filter by status", () -> views.traces("status:unpriced", 0, 200));
    pages.put("trace", () -> views.trace(middle));
    pages.put("branch of a trace", () -> views.branch(middle, ""));
    pages.put("sessions", () -> views.sessions(""));
    pages.put("charts by model", () -> views.charts("", "model", "", null, null));
    pages.put("charts by user", () -> views.charts("", "user", "", null, null));
    pages.put("problems", views::problems);
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    Map<String, List<Double>> cpu = new LinkedHashMap<>();
    Map<String, Integer> sizes = new LinkedHashMap<>();
    long first = System.nanoTime();
    views.traces("", 0, 200);
    System.out.printf(Locale.ROOT, "the first list: %.0f ms%n", (System.nanoTime() - first) / 1e6);
    for (int round = 0; round < WARM_UP + rounds; round++) {
      for (Map.Entry<String, Supplier<byte[]>> page : pages.entrySet()) {
        write(output, request(1, 0));
        long cpuStarted = CPU.getCurrentThreadCpuTime();
        long started = System.nanoTime();
        byte[] answer = page.getValue().get();
        double took = (System.nanoTime() - started) / 1e6;
        double used = (CPU.getCurrentThreadCpuTime() - cpuStarted) / 1e6;
        sizes.put(page.getKey(), answer.length);
        if (round >= WARM_UP) {
          millis.computeIfAbsent(page.getKey(), name -> new ArrayList<>()).add(took);
          cpu.computeIfAbsent(page.getKey(), name -> new ArrayList<>()).add(used);
        }
      }
    }
    System.out.println("| page | ms, median (most) | of it CPU, median (most) | KiB |");
    System.out.println("|---|---|---|---|");
    millis.forEach(
        (page, all) -> {
          double[] wall = sorted(all);
          double[] used = sorted(cpu.getOrDefault(page, List.of()));
          System.out.printf(
              Locale.ROOT,
              "| %s | %.1f (%.1f) | %.1f (%.1f) | %d |%n",
              page,
              wall[wall.length / 2],
              wall[wall.length - 1],
              used[used.length / 2],
              used[used.length - 1],
              sizes.get(page) / 1024);
        });
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** Writes the traces to disk, as a server does, and reads them back as its next start does. */
  private void disk() throws Exception {
    Path directory = Files.createTempDirectory("viewer-pages");
    try {
      RecentTraces kept = RecentTraces.builder().maxBytes(MAX_BYTES).build();
      StoredTraces stored = StoredTraces.open(directory, kept, MasterKeys.NONE);
      RecentOutput writing = RecentOutput.start(kept, /* policy= */ null, stored);
      long started = System.nanoTime();
      for (byte[] request : requests) {
        write(writing, request);
        Thread.sleep(5); // A load of 24,000 spans a second, which the disk keeps up with.
      }
      writing.close();
      System.out.printf(
          Locale.ROOT, "written behind in %.1f s%n", (System.nanoTime() - started) / 1e9);
      RecentTraces again = RecentTraces.builder().maxBytes(MAX_BYTES).build();
      started = System.nanoTime();
      StoredTraces opened = StoredTraces.open(directory, again, MasterKeys.NONE);
      double openMillis = (System.nanoTime() - started) / 1e6;
      while (again.stats().spans() == 0) {
        Thread.sleep(1);
      }
      double loadMillis = (System.nanoTime() - started) / 1e6;
      System.out.printf(
          Locale.ROOT,
          "%,d of %,d spans on disk, %.0f MiB; opened in %.0f ms, shown after %.0f ms%n",
          again.stats().spans(),
          kept.stats().spans(),
          size(directory) / 1048576.0,
          openMillis,
          loadMillis);
      opened.close();
    } finally {
      Directories.delete(directory);
    }
  }

  private void write(RecentOutput to, byte[] request) throws Exception {
    to.write(
        processor.apply(
            Batch.of(
                new OtlpRequest(
                    Signal.TRACES,
                    Slices.of(request),
                    12 * TRACES_PER_REQUEST,
                    new SenderAck(outcome -> {})))));
  }

  private byte[] request(int count, long nanosAgo) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request
        .addResourceSpansBuilder()
        .getResourceBuilder()
        .addAttributes(text("service.name", "shop-" + random.nextInt(5)));
    ScopeSpans.Builder scope = request.getResourceSpansBuilder(0).addScopeSpansBuilder();
    for (int i = 0; i < count; i++) {
      trace(scope, now - nanosAgo + i * 1_000_000L);
    }
    return request.build().toByteArray();
  }

  private void trace(ScopeSpans.Builder scope, long start) {
    ByteString traceId =
        ByteString.copyFrom(ByteBuffer.allocate(16).putLong(0).putLong(++lastTrace).array());
    String user = "user-" + random.nextInt(USERS);
    String session = "session-" + random.nextInt(SESSIONS);
    long root =
        span(scope, traceId, 0, "POST /ask", start, 9000)
            .getSpanId()
            .asReadOnlyByteBuffer()
            .getLong();
    Span.Builder agent = span(scope, traceId, root, "invoke_agent support", start + 1, 8900);
    agent
        .addAttributes(text("gen_ai.operation.name", "invoke_agent"))
        .addAttributes(text("gen_ai.agent.name", "support"))
        .addAttributes(text("user.id", user))
        .addAttributes(text("session.id", session));
    long parent = agent.getSpanId().asReadOnlyByteBuffer().getLong();
    span(scope, traceId, parent, "embeddings text-embedding-3-small", start + 2, 80)
        .addAttributes(text("gen_ai.operation.name", "embeddings"))
        .addAttributes(text("gen_ai.provider.name", "openai"))
        .addAttributes(text("gen_ai.request.model", "text-embedding-3-small"))
        .addAttributes(number("gen_ai.usage.input_tokens", 20));
    span(scope, traceId, parent, "retrieval orders", start + 3, 60)
        .addAttributes(text("gen_ai.operation.name", "retrieval"))
        .addAttributes(text("gen_ai.retrieval.query.text", sentence(12)));
    String model = MODELS.get(random.nextInt(MODELS.size()));
    for (int step = 0; step < 4; step++) {
      Span.Builder chat =
          span(scope, traceId, parent, "chat " + model, start + 100_000_000L * step, 1500)
              .addAttributes(text("gen_ai.operation.name", "chat"))
              .addAttributes(text("gen_ai.provider.name", "openai"))
              .addAttributes(text("gen_ai.request.model", model))
              .addAttributes(text("user.id", user))
              .addAttributes(text("session.id", session))
              .addAttributes(text("gen_ai.input.messages", message("user", sentence(120))))
              .addAttributes(text("gen_ai.output.messages", message("assistant", sentence(80))))
              .addAttributes(number("gen_ai.usage.input_tokens", 500 + random.nextInt(4000)))
              .addAttributes(number("gen_ai.usage.output_tokens", 20 + random.nextInt(400)));
      if (random.nextInt(100) == 0) {
        chat.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
      }
      span(scope, traceId, parent, "execute_tool lookup", start + 100_000_000L * step + 1, 200)
          .addAttributes(text("gen_ai.operation.name", "execute_tool"))
          .addAttributes(text("gen_ai.tool.name", "lookup-" + random.nextInt(8)))
          .addAttributes(text("gen_ai.tool.call.arguments", "{\"q\":\"" + sentence(8) + "\"}"))
          .addAttributes(text("gen_ai.tool.call.result", "{\"r\":\"" + sentence(40) + "\"}"));
    }
  }

  private Span.Builder span(
      ScopeSpans.Builder scope, ByteString traceId, long parent, String name, long start, int ms) {
    Span.Builder span =
        scope
            .addSpansBuilder()
            .setTraceId(traceId)
            .setSpanId(id(++lastSpan))
            .setName(name)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + ms * 1_000_000L + random.nextInt(1_000_000));
    return parent == 0 ? span : span.setParentSpanId(id(parent));
  }

  private static ByteString id(long number) {
    return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(number).array());
  }

  private String sentence(int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }

  private static String message(String role, String text) {
    return "[{\"role\":\""
        + role
        + "\",\"parts\":[{\"type\":\"text\",\"content\":\""
        + text
        + "\"}],\"finish_reason\":\"stop\"}]";
  }

  private static String load() {
    return String.format(
        Locale.ROOT,
        "%.1f at %s",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        Instant.now());
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      long bytes = 0;
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }
}
