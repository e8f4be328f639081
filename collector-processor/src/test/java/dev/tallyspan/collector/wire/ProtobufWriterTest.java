package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProtobufWriterTest {

  @Property
  void fieldsAreWrittenAsProtobufJavaWritesThem(
      @ForAll @IntRange(min = 1, max = 0x1FFFFFFF) int number,
      @ForAll long value,
      @ForAll String text,
      @ForAll @IntRange(max = 40_000) int size) {
    byte[] bytes = new byte[size];
    byte[] written =
        new ProtobufWriter()
            .startMessage(1)
            .writeVarint(number, value)
            .writeFixed32(number, (int) value)
            .writeFixed64(number, value)
            .writeString(number, text)
            .writeBytes(number, bytes)
            .endMessage()
            .toByteArray();

    // getBytes, because ByteString does the same with unpaired surrogates.
    UnknownFieldSet content =
        UnknownFieldSet.newBuilder()
            .addField(
                number,
                Field.newBuilder()
                    .addVarint(value)
                    .addFixed32((int) value)
                    .addFixed64(value)
                    .addLengthDelimited(ByteString.copyFromUtf8(text))
                    .addLengthDelimited(ByteString.copyFrom(bytes))
                    .build())
            .build();
    assertThat(written)
        .isEqualTo(
            UnknownFieldSet.newBuilder()
                .addField(1, Field.newBuilder().addLengthDelimited(content.toByteString()).build())
                .build()
                .toByteArray());
  }

  @Property
  void wrongGuessOfAMessagesSizeDoesNotMatter(
      @ForAll @IntRange(max = 40_000) int expected, @ForAll @IntRange(max = 40_000) int actual) {
    byte[] content = new byte[actual];
    for (int i = 0; i < actual; i++) {
      content[i] = (byte) i;
    }

    assertThat(
            new ProtobufWriter(1)
                .startMessage(2, expected)
                .append(content, 0, actual)
                .endMessage()
                .toByteArray())
        .isEqualTo(new ProtobufWriter().writeBytes(2, content).toByteArray());
  }

  @Test
  void openMessageIsAnError() {
    ProtobufWriter writer = new ProtobufWriter().startMessage(1);

    assertThatIllegalStateException()
        .isThrownBy(writer::toByteArray)
        .withMessage("open messages: 1");
    writer.endMessage();
    assertThatIllegalStateException()
        .isThrownBy(writer::endMessage)
        .withMessage("endMessage without startMessage");
  }

  @Test
  void impossibleFieldNumberIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProtobufWriter().writeVarint(0, 1))
        .withMessage("field=0: not a valid field number");
  }

  @Test
  void readerReadsWhatWasWritten() throws Exception {
    byte[] bytes =
        new ProtobufWriter()
            .writeVarint(1, -7)
            .writeDouble(2, 0.5)
            .writeFixed32(3, 9)
            .startMessage(4)
            .writeString(1, "text")
            .writeBytes(2, new byte[] {1, 2})
            .endMessage()
            .toByteArray();
    List<Object> read = new ArrayList<>();
    ProtobufReader reader = new ProtobufReader(bytes);
    while (reader.next()) {
      switch (reader.number()) {
        case 1 -> read.add(reader.varint());
        case 2 -> read.add(reader.doubleValue());
        case 3 -> read.add(reader.fixed32());
        default -> {
          ProtobufReader message = reader.message();
          assertThat(message.next()).isTrue();
          assertThat(message.tag()).isEqualTo(ProtobufReader.tag(1, 2));
          read.add(message.string());
          assertThat(message.next()).isTrue();
          read.add(List.of(message.bytes()[0], message.bytes()[1]));
          assertThat(message.next()).isFalse();
        }
      }
    }

    assertThat(read).containsExactly(-7L, 0.5, 9, "text", List.of((byte) 1, (byte) 2));
  }

  @Test
  void readerNamesAFaultWithItsOffset() {
    ProtobufReader reader = new ProtobufReader(new byte[] {9, 9, 0x0A, 5, 1}, 2, 3);

    assertThatExceptionOfType(MalformedRequestException.class)
        .isThrownBy(reader::next)
        .withMessage("field at offset 0: length 5 exceeds the 1 bytes left");
  }

  @Test
  void readerRefusesAnotherWireType() throws Exception {
    ProtobufReader reader = new ProtobufReader(new byte[] {8, 1});
    assertThat(reader.next()).isTrue();

    assertThatIllegalStateException()
        .isThrownBy(reader::string)
        .withMessage("tag=8: the field does not have wire type 2");
  }
}
