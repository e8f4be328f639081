package dev.tallyspan.collector.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.sampling.Sampling;
import dev.tallyspan.collector.sampling.SamplingRules;
import dev.tallyspan.collector.tree.TreeSettings.Duplicates;
import dev.tallyspan.collector.tree.TreeSettings.Identity;
import dev.tallyspan.collector.tree.TreeSettings.Spans;
import dev.tallyspan.collector.window.WholeTraces;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the traces of every instrumentation that was recorded. */
class CapturedTreesTest {

  private static final Path CAPTURES = Path.of("src/test/resources/captures");
  private static final Meter METER = MeterProvider.noop().get("test");

  private final Processor llm = LlmProcessor.builder().build();
  private final ProfileRenderer renderer =
      new ProfileRenderer(
          Profile.DEFAULT,
          failure -> {
            throw new AssertionError(failure);
          });

  @Test
  void parentOfEverySpanIsWrittenOrWasNotSeen() throws Exception {
    int moved = 0;
    for (byte[] request : requests()) {
      Set<ByteString> seen = ids(request);
      for (Spans spans : List.of(Spans.LLM, Spans.LLM_WITH_ANCESTORS)) {
        byte[] out = once(request, repair(Duplicates.DROP, spans));
        Set<ByteString> written = ids(out);
        for (Span span : LlmRequests.spans(out)) {
          ByteString parent = span.getParentSpanId();
          assertThat(parent.isEmpty() || written.contains(parent) || !seen.contains(parent))
              .isTrue();
        }
        moved += written.size() < seen.size() ? 1 : 0;
      }
    }
    assertThat(moved).isGreaterThan(20);
  }

  @Test
  void strippedSpansHaveNoStandardCounts() throws Exception {
    int stripped = 0;
    for (byte[] request : requests()) {
      byte[] out = once(request, repair(Duplicates.STRIP, Spans.ALL));
      assertThat(LlmRequests.spans(out)).hasSameSizeAs(LlmRequests.spans(request));
      for (Span span : LlmRequests.spans(out)) {
        if (Set.of("duplicate", "aggregate").contains(text(span, "tallyspan.cost.status"))) {
          stripped++;
          assertThat(span.getAttributesList())
              .noneMatch(it -> it.getKey().startsWith("gen_ai.usage."))
              .noneMatch(it -> it.getKey().startsWith("llm.token_count."));
        }
      }
    }
    assertThat(stripped).isGreaterThan(20);
  }

  @Test
  void doingItTwiceIsDoingItOnce() throws Exception {
    SamplingRules half =
        new SamplingRules(0.5, true, null, null, null, null, Set.of(), Set.of(), Set.of());
    TraceStep sampling = new Sampling(half, METER);
    TraceStep everything =
        new TreeRepair(
            new TreeSettings(Duplicates.STRIP, Spans.LLM_WITH_ANCESTORS, Identity.ALL, true, true),
            "tenant.id",
            METER);
    for (byte[] request : requests()) {
      byte[] once = once(request, sampling, everything);

      byte[] twice = once(once, sampling, everything);
      assertThat(LlmRequests.spans(twice)).isEqualTo(LlmRequests.spans(once));
      assertThat(Arrays.equals(twice, once)).isTrue();
    }
  }

  private byte[] once(byte[] request, TraceStep... steps) throws Exception {
    Batch batch = llm.apply(LlmRequests.batch(Signal.TRACES, request, outcome -> {}));
    List<Batch> left = List.of(WholeTraces.perRequest(ProcessorConfig.ALL_GAPS).apply(batch));
    for (TraceStep step : steps) {
      left = step.apply(left);
    }
    return left.isEmpty() ? new byte[0] : renderer.render(left.get(0)).toByteArray();
  }

  private static TraceStep repair(Duplicates duplicates, Spans spans) {
    return new TreeRepair(
        new TreeSettings(duplicates, spans, Identity.LEAVE, false, false), "tenant.id", METER);
  }

  private static Set<ByteString> ids(byte[] request) throws Exception {
    Set<ByteString> ids = new HashSet<>();
    LlmRequests.spans(request).forEach(span -> ids.add(span.getSpanId()));
    return ids;
  }

  private static String text(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(it -> it.getKey().equals(key))
        .map(it -> it.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  private static List<byte[]> requests() throws IOException {
    try (Stream<Path> files = Files.walk(CAPTURES)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*traces.*\\.pb"))
          .sorted()
          .map(CapturedTreesTest::read)
          .toList();
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
