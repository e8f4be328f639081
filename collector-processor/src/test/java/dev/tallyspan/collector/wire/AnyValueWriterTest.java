package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnyValueWriterTest {

  private final AnyValueWriter writer = new AnyValueWriter();

  @Property
  void valuesAreWrittenAsProtobufJavaWritesThem(
      @ForAll long seed, @ForAll @IntRange(max = 4) int size) {
    AnyValue value = new RandomMessages(new Random(seed), size).like(AnyValue.getDefaultInstance());
    // The writer always gives an entry of a map a key and a value, and knows no index.
    AnyValue normal = normal(value);

    writer.reset();
    write(normal);

    assertThat(writer.toByteArray()).isEqualTo(normal.toByteArray());
  }

  private void write(AnyValue value) {
    switch (value.getValueCase()) {
      case STRING_VALUE -> writer.string(value.getStringValue());
      case BOOL_VALUE -> writer.bool(value.getBoolValue());
      case INT_VALUE -> writer.integer(value.getIntValue());
      case DOUBLE_VALUE -> writer.real(value.getDoubleValue());
      case BYTES_VALUE -> writer.bytes(value.getBytesValue().toByteArray());
      case ARRAY_VALUE -> {
        writer.startArray();
        value.getArrayValue().getValuesList().forEach(this::write);
        writer.end();
      }
      case KVLIST_VALUE -> {
        writer.startMap();
        for (KeyValue entry : value.getKvlistValue().getValuesList()) {
          writer.key(entry.getKey());
          write(entry.getValue());
        }
        writer.end();
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> writer.empty();
    }
  }

  private static AnyValue normal(AnyValue value) {
    AnyValue.Builder builder = value.toBuilder();
    switch (value.getValueCase()) {
      case STRING_VALUE_STRINDEX -> builder.clear();
      case ARRAY_VALUE -> {
        builder.getArrayValueBuilder().clearValues();
        value
            .getArrayValue()
            .getValuesList()
            .forEach(element -> builder.getArrayValueBuilder().addValues(normal(element)));
      }
      case KVLIST_VALUE -> {
        builder.getKvlistValueBuilder().clearValues();
        for (KeyValue entry : value.getKvlistValue().getValuesList()) {
          builder
              .getKvlistValueBuilder()
              .addValuesBuilder()
              .setKey(entry.getKey().isEmpty() ? "k" : entry.getKey())
              .setValue(normal(entry.getValue()));
        }
      }
      default -> {}
    }
    return builder.build();
  }

  @Test
  void callsOutOfOrderAreErrors() {
    assertError(AnyValueWriter::toByteArray, "no value was written");
    assertError(AnyValueWriter::end, "no open array or map");
    assertError(w -> w.key("k"), "a key is not allowed here");
    assertError(w -> w.startArray().key("k"), "a key is not allowed here");
    assertError(w -> w.startMap().string("v"), "a value in a map needs a key");
    assertError(w -> w.startMap().key("k").end(), "the last key has no value");
    assertError(w -> w.startMap().key("k").key("l"), "a key is not allowed here");
    assertError(w -> w.string("a").string("b"), "a value was already written");
    assertError(w -> w.startArray().toByteArray(), "an array or map is still open");
  }

  @Test
  void nestingIsLimited() {
    assertError(
        w -> {
          for (int i = 0; i <= 30; i++) {
            w.startArray();
          }
        },
        "nested deeper than 30 levels");
  }

  @Test
  void deepestValueCanBeSetAndReadBack() throws Exception {
    for (int i = 0; i < 30; i++) {
      writer.startMap().key("k");
    }
    writer.bool(true);
    for (int i = 0; i < 30; i++) {
      writer.end();
    }
    TraceRewriter rewriter = new TraceRewriter(KeyPrefixes.of("gen_ai."));
    byte[] bytes = Traces.request(Traces.llmSpan()).toByteArray();

    byte[] once =
        rewriter
            .rewrite(bytes, 0, bytes.length, (span, edits) -> edits.set("deep", writer))
            .body()
            .toByteArray();

    assertThat(rewriter.check(once, 0, once.length)).isEqualTo(1);
    AnyValue.parseFrom(writer.toByteArray());
  }

  private void assertError(Consumer<AnyValueWriter> calls, String message) {
    writer.reset();
    assertThatIllegalStateException().isThrownBy(() -> calls.accept(writer)).withMessage(message);
  }
}
