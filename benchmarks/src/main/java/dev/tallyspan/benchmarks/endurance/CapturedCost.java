package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.benchmarks.Arguments;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an LLM span of the load of {@link Wire} costs in process, from the bytes that come to the
 * bytes that leave: CPU time of the thread, and bytes allocated. Prints both for all spans and for
 * each set-up, and a digest of what was written, by which two builds can be compared.
 *
 * <p>Rounds go through the set-ups in turn, so that code is compiled for the mix of all.
 */
public final class CapturedCost {

  private static final com.sun.management.ThreadMXBean THREAD =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final LlmProcessor processor = LlmProcessor.builder().build();
  private final ProfileRenderer renderer = new ProfileRenderer(Profile.DEFAULT, failure -> {});
  private final List<SetUp> setUps = new ArrayList<>();

  /** The calls of one set-up, and what they took in each round. */
  private static final class SetUp {
    private final String name;
    private final byte[] request;
    private final int spans;
    private final long[] nanos;
    private final long[] allocated;

    SetUp(String name, ExportTraceServiceRequest request, int rounds) {
      this.name = name;
      this.request = request.toByteArray();
      spans =
          request.getResourceSpansList().stream().mapToInt(ResourceSpans::getScopeSpansCount).sum();
      nanos = new long[rounds];
      allocated = new long[rounds];
    }
  }

  private CapturedCost(Map<String, ExportTraceServiceRequest> requests, int rounds) {
    requests.forEach((name, request) -> setUps.add(new SetUp(name, request, rounds)));
  }

  /**
   * Takes {@code captures}, {@code bytes} (the mean size of a span), {@code only} (one set-up),
   * {@code warmup} (seconds of CPU time) and {@code rounds} as {@code name=value}.
   */
  public static void main(String[] given) throws Exception {
    Arguments arguments = new Arguments(given);
    CapturedRequests captured =
        new CapturedRequests(
            CapturedRequests.folder(arguments), arguments.number("bytes", 7000), /* seed= */ 42);
    String only = arguments.text("only", "");
    int rounds = arguments.number("rounds", 200);
    long warmup = arguments.number("warmup", 20) * 1_000_000_000L;
    arguments.end();
    System.out.printf("JDK %s; %s%n", Runtime.version(), captured);
    Map<String, ExportTraceServiceRequest> requests = captured.requestsBySetUp();
    if (!only.isEmpty()) {
      requests.keySet().retainAll(Set.of(only));
    }
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("only=" + only + ": no such set-up");
    }
    CapturedCost cost = new CapturedCost(requests, rounds);
    System.out.printf("written: %s%n", cost.digest());
    while (THREAD.getCurrentThreadCpuTime() < warmup) {
      cost.round(0);
    }
    for (int i = 0; i < rounds; i++) {
      cost.round(i);
    }
    cost.print(rounds);
  }

  private void round(int round) throws MalformedRequestException, IOException {
    for (SetUp setUp : setUps) {
      long bytes = THREAD.getCurrentThreadAllocatedBytes();
      long nanos = THREAD.getCurrentThreadCpuTime();
      forwarded(setUp.request).writeTo(OutputStream.nullOutputStream());
      setUp.nanos[round] = THREAD.getCurrentThreadCpuTime() - nanos;
      setUp.allocated[round] = THREAD.getCurrentThreadAllocatedBytes() - bytes;
    }
  }

  private Slices forwarded(byte[] request) throws MalformedRequestException {
    SenderAck ack = new SenderAck(outcome -> {});
    return renderer.render(
        processor.apply(
            Batch.of(new OtlpRequest(Signal.TRACES, Slices.of(request), /* items= */ 1, ack))));
  }

  private String digest() throws NoSuchAlgorithmException, MalformedRequestException, IOException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      for (SetUp setUp : setUps) {
        forwarded(setUp.request).writeTo(out);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void print(int rounds) {
    System.out.println("| set-up | spans | bytes/span | CPU us/span | bytes allocated/span |");
    System.out.println("|---|---|---|---|---|");
    int spans = 0;
    long bytes = 0;
    long[] nanos = new long[rounds];
    long[] allocated = new long[rounds];
    for (SetUp setUp : setUps) {
      print(setUp.name, setUp.spans, setUp.request.length, setUp.nanos, setUp.allocated);
      spans += setUp.spans;
      bytes += setUp.request.length;
      for (int i = 0; i < rounds; i++) {
        nanos[i] += setUp.nanos[i];
        allocated[i] += setUp.allocated[i];
      }
    }
    print("all", spans, bytes, nanos, allocated);
  }

  private static void print(String name, int spans, long bytes, long[] nanos, long[] allocated) {
    System.out.printf(
        "| %s | %d | %d | %.1f | %d |%n",
        name, spans, bytes / spans, median(nanos) / 1000.0 / spans, median(allocated) / spans);
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
