package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * What is refused, which {@link LookedAt} says exactly: all of what is malformed in the part that
 * is looked at of every span, and nothing that is well-formed in the part that is looked at of a
 * span that is shown.
 */
@AddLifecycleHook(FuzzBudget.class)
class MalformedRequestPropertyTest {

  private final TraceRewriter rewriter =
      new TraceRewriter(KeyPrefixes.of("gen_ai.", "llm."), KeyPrefixes.of("llm."));

  @Property
  void damagedRequestIsRefusedAsProtobufJavaDoes(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd) {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.damaged(random, RandomTraces.encoded(random, size, odd));

    boolean accepted = accepts(bytes);

    if (!LookedAt.acceptsScan(bytes)) {
      assertThat(accepted).isFalse();
    }
    if (LookedAt.acceptsFull(bytes) && !ProtobufOracle.mayHideLongVarint(bytes)) {
      assertThat(accepted).isTrue();
    }
  }

  @Property
  void noiseIsRefusedAsProtobufJavaDoes(@ForAll byte[] bytes) {
    boolean accepted = accepts(bytes);

    if (!LookedAt.acceptsScan(bytes)) {
      assertThat(accepted).isFalse();
    }
    if (LookedAt.acceptsFull(bytes) && !ProtobufOracle.mayHideLongVarint(bytes)) {
      assertThat(accepted).isTrue();
    }
  }

  @Property
  void damagedValueInAShownSpanIsRefusedAsProtobufJavaDoes(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd) {
    Random random = new Random(seed);
    byte[] value =
        new UnusualEncoder(random, odd)
            .encode(new RandomMessages(random, size).like(AnyValue.getDefaultInstance()));
    byte[] bytes = withValue(RandomTraces.damaged(random, value));

    Assume.that(!ProtobufOracle.mayHideLongVarint(bytes));
    assertThat(accepts(bytes)).isEqualTo(LookedAt.acceptsFull(bytes));
  }

  /** A request with a span that is shown and has an attribute with this encoded value. */
  private static byte[] withValue(byte[] anyValue) {
    KeyValue attribute =
        KeyValue.newBuilder()
            .setKey("damaged")
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(com.google.protobuf.ByteString.copyFrom(anyValue))
                            .build())
                    .build())
            .build();
    ExportTraceServiceRequest request = Traces.request(Traces.llmSpan().addAttributes(attribute));
    return request.toByteArray();
  }

  /** Whether the bytes are accepted, by rewrite and check alike; nothing else may be thrown. */
  private boolean accepts(byte[] bytes) {
    String refusal = null;
    try {
      Rewritten rewritten =
          rewriter.rewrite(
              bytes,
              0,
              bytes.length,
              ProtobufOracle.editor(new Random(bytes.length), new ArrayList<>()));
      assertThat(rewritten.failure()).isNull();
    } catch (MalformedRequestException e) {
      refusal = e.getMessage();
    }
    try {
      rewriter.check(bytes, 0, bytes.length);
      assertThat(refusal).isNull();
    } catch (MalformedRequestException e) {
      assertThat(e).hasMessage(refusal);
    }
    return refusal == null;
  }
}
