package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import dev.tallyspan.collector.wire.ProtobufOracle.Located;
import dev.tallyspan.collector.wire.ProtobufOracle.Seen;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Whatever protobuf-java reads, the rewriter reads the same and writes to the same effect. */
@AddLifecycleHook(FuzzBudget.class)
class TraceRewriterPropertyTest {

  private static final List<String> KEYS = List.of("gen_ai.", "llm.input_messages");
  private static final List<String> EVENTS = List.of("llm.model");

  private final TraceRewriter rewriter =
      new TraceRewriter(KeyPrefixes.of(KEYS), KeyPrefixes.of(EVENTS));

  @Property
  void rewritesAsProtobufJavaDoes(
      @ForAll long seed, @ForAll @IntRange(max = 4) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.encoded(random, size, odd);

    rewriteBoth(bytes, random);
  }

  @Property
  void rewritesDamagedRequestsAsProtobufJavaDoes(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.damaged(random, RandomTraces.encoded(random, size, odd));

    Assume.that(!ProtobufOracle.mayHideLongVarint(bytes));
    try {
      parse(bytes);
    } catch (InvalidProtocolBufferException e) {
      return; // see MalformedRequestPropertyTest
    }
    rewriteBoth(bytes, random);
  }

  @Property
  void sameEditsMadeTwiceChangeNothingTheSecondTime(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.encoded(random, size, odd);
    TraceRewriter.SpanEditor editor =
        (span, edits) -> {
          edits.set("gen_ai.request.model", "m");
          edits.set("tallyspan.cost.total", 0.25);
          edits.remove("http.request.method");
        };

    byte[] once = rewriter.rewrite(bytes, 0, bytes.length, editor).body().toByteArray();

    assertThat(rewriter.rewrite(once, 0, once.length, editor).unchanged()).isTrue();
  }

  @Property
  void readsASpanTheSecondTimeAsTheFirst(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = RandomTraces.encoded(new Random(seed), size, odd);
    RequestIndex index =
        new TraceIndexer(KeyPrefixes.of(KEYS), KeyPrefixes.of(EVENTS))
            .index(bytes, 0, bytes.length);

    List<Span> first = spans(index);
    List<Span> second = spans(index);

    assertThat(second).isEqualTo(first);
  }

  /** Reads all spans with a reader of their own. */
  private static List<Span> spans(RequestIndex index) throws MalformedRequestException {
    List<Span> spans = new ArrayList<>();
    try (SpanReader reader = new SpanReader()) {
      for (int i = 0; i < index.size(); i++) {
        spans.add(ProtobufOracle.span(reader.read(index, i)));
      }
    }
    return spans;
  }

  private void rewriteBoth(byte[] bytes, Random random) throws Exception {
    List<Seen> seen = new ArrayList<>();
    byte[] copy = bytes.clone();

    Rewritten rewritten =
        rewriter.rewrite(bytes, 0, bytes.length, ProtobufOracle.editor(random, seen));

    assertThat(bytes).isEqualTo(copy);
    assertThat(rewritten.failure()).isNull();
    ExportTraceServiceRequest before = parse(bytes);
    byte[] output = rewritten.body().toByteArray();
    ExportTraceServiceRequest after = parse(output);
    assertThat(ProtobufOracle.withoutSpans(after)).isEqualTo(ProtobufOracle.withoutSpans(before));

    List<Located> spansBefore = ProtobufOracle.spans(before);
    List<Located> spansAfter = ProtobufOracle.spans(after);
    assertThat(rewritten.items()).isEqualTo(spansBefore.size());
    int shown = 0;
    for (int i = 0; i < spansBefore.size(); i++) {
      Located located = spansBefore.get(i);
      Span span = located.span();
      if (!ProtobufOracle.isShown(span, KEYS, EVENTS)) {
        assertThat(spansAfter.get(i).span()).isEqualTo(span);
        continue;
      }
      Seen view = seen.get(shown++);
      assertThat(view.span()).isEqualTo(ProtobufOracle.visible(span));
      assertThat(view.resource())
          .isEqualTo(ProtobufOracle.visible(located.resource().getResource()));
      assertThat(view.scopeName()).isEqualTo(located.scope().getScope().getName());
      assertThat(view.scopeVersion()).isEqualTo(located.scope().getScope().getVersion());
      assertThat(ProtobufOracle.sorted(spansAfter.get(i).span(), view.change()))
          .isEqualTo(ProtobufOracle.apply(span, view.change()));
    }
    assertThat(seen).hasSize(shown);
    if (rewritten.unchanged()) {
      assertThat(output).isEqualTo(bytes);
    }
  }

  private static ExportTraceServiceRequest parse(byte[] bytes)
      throws InvalidProtocolBufferException {
    return ProtobufOracle.parse(ExportTraceServiceRequest.getDefaultInstance(), bytes);
  }
}
