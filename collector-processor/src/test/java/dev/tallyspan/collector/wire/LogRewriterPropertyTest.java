package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import dev.tallyspan.collector.wire.LogOracle.Located;
import dev.tallyspan.collector.wire.LogOracle.Seen;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * Whatever protobuf-java reads, the rewriter reads the same and writes to the same effect; what is
 * malformed, which {@link LookedAt} says exactly, is refused.
 */
@AddLifecycleHook(FuzzBudget.class)
class LogRewriterPropertyTest {

  private static final List<String> KEYS = List.of("gen_ai.usage", "llm.input_messages");
  private static final List<String> EVENTS = List.of("gen_ai.", "llm.model");

  private final LogRewriter rewriter =
      new LogRewriter(KeyPrefixes.of(KEYS), KeyPrefixes.of(EVENTS));

  @Property
  void rewritesAsProtobufJavaDoes(
      @ForAll long seed, @ForAll @IntRange(max = 4) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);

    rewriteBoth(encoded(random, size, odd), random);
  }

  @Property
  void rewritesDamagedRequestsAsProtobufJavaDoes(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.damaged(random, encoded(random, size, odd));

    Assume.that(!ProtobufOracle.mayHideLongVarint(bytes));
    try {
      parse(bytes);
    } catch (InvalidProtocolBufferException e) {
      return; // see below
    }
    rewriteBoth(bytes, random);
  }

  @Property
  void damagedRequestIsRefusedAsProtobufJavaDoes(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd) {
    Random random = new Random(seed);

    assertAccepted(RandomTraces.damaged(random, encoded(random, size, odd)));
  }

  @Property
  void noiseIsRefusedAsProtobufJavaDoes(@ForAll byte[] bytes) {
    assertAccepted(bytes);
  }

  @Property
  void sameEditsMadeTwiceChangeNothingTheSecondTime(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = encoded(new Random(seed), size, odd);
    LogRewriter.LogEditor editor =
        (log, edits) -> {
          edits.set("gen_ai.input.messages", "[]");
          edits.set("tallyspan.dialect", List.of("otel"));
          edits.remove("http.request.method");
        };

    byte[] once = rewriter.rewrite(bytes, 0, bytes.length, editor).body().toByteArray();

    assertThat(rewriter.rewrite(once, 0, once.length, editor).unchanged()).isTrue();
  }

  private void rewriteBoth(byte[] bytes, Random random) throws Exception {
    List<Seen> seen = new ArrayList<>();
    byte[] copy = bytes.clone();

    Rewritten rewritten = rewriter.rewrite(bytes, 0, bytes.length, LogOracle.editor(random, seen));

    assertThat(bytes).isEqualTo(copy);
    assertThat(rewritten.failure()).isNull();
    ExportLogsServiceRequest before = parse(bytes);
    byte[] output = rewritten.body().toByteArray();
    ExportLogsServiceRequest after = parse(output);
    assertThat(LogOracle.withoutLogs(after)).isEqualTo(LogOracle.withoutLogs(before));

    List<Located> logsBefore = LogOracle.logs(before);
    List<Located> logsAfter = LogOracle.logs(after);
    assertThat(rewritten.items()).isEqualTo(logsBefore.size());
    int shown = 0;
    for (int i = 0; i < logsBefore.size(); i++) {
      Located located = logsBefore.get(i);
      LogRecord log = located.log();
      if (!LogOracle.isShown(log, KEYS, EVENTS)) {
        assertThat(logsAfter.get(i).log()).isEqualTo(log);
        continue;
      }
      Seen view = seen.get(shown++);
      assertThat(view.log()).isEqualTo(LogOracle.visible(log));
      assertThat(view.resource())
          .isEqualTo(ProtobufOracle.visible(located.resource().getResource()));
      assertThat(view.scopeName()).isEqualTo(located.scope().getScope().getName());
      assertThat(view.scopeVersion()).isEqualTo(located.scope().getScope().getVersion());
      assertThat(LogOracle.sorted(logsAfter.get(i).log(), view.edits()))
          .isEqualTo(LogOracle.apply(log, view.edits()));
    }
    assertThat(seen).hasSize(shown);
    if (rewritten.unchanged()) {
      assertThat(output).isEqualTo(bytes);
    }
  }

  /** Whether the bytes are accepted, by rewrite and check alike; nothing else may be thrown. */
  private void assertAccepted(byte[] bytes) {
    String refusal = null;
    try {
      rewriter.rewrite(
          bytes, 0, bytes.length, LogOracle.editor(new Random(bytes.length), new ArrayList<>()));
    } catch (MalformedRequestException e) {
      refusal = e.getMessage();
    }
    try {
      rewriter.check(bytes, 0, bytes.length);
      assertThat(refusal).isNull();
    } catch (MalformedRequestException e) {
      assertThat(e).hasMessage(refusal);
    }
    if (!LookedAt.acceptsLogScan(bytes)) {
      assertThat(refusal).isNotNull();
    }
    if (LookedAt.acceptsLogFull(bytes) && !ProtobufOracle.mayHideLongVarint(bytes)) {
      assertThat(refusal).isNull();
    }
  }

  private static byte[] encoded(Random random, int size, int odd) {
    return RandomTraces.encoded(random, ExportLogsServiceRequest.getDefaultInstance(), size, odd);
  }

  private static ExportLogsServiceRequest parse(byte[] bytes)
      throws InvalidProtocolBufferException {
    return ProtobufOracle.parse(ExportLogsServiceRequest.getDefaultInstance(), bytes);
  }
}
