package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RequestBytesTest {

  private static final int MAX = 100_000;

  private final ByteBudget budget = new ByteBudget(1 << 20);
  private final ByteBudget.Reservation reservation = budget.open();

  @Property(tries = 300)
  void whatGoesInComesOut(
      @ForAll @Size(max = 20_000) byte[] content,
      @ForAll @IntRange(max = 40_000) int expected,
      @ForAll @IntRange(min = 1, max = 5_000) int piece)
      throws Exception {
    RequestBytes pieces = new RequestBytes(20_000, new ByteBudget(1 << 20).open(), expected);
    for (int at = 0; at < content.length; at += piece) {
      pieces.append(Unpooled.wrappedBuffer(content, at, Math.min(piece, content.length - at)));
    }
    RequestBytes stream = new RequestBytes(20_000, new ByteBudget(1 << 20).open(), expected);
    stream.append(new ByteArrayInputStream(content));

    assertThat(pieces.toByteArray()).isEqualTo(content);
    assertThat(stream.toByteArray()).isEqualTo(content);
  }

  @Test
  void endlessStreamIsReadNoFurtherThanTheLimit() {
    Zeros zeros = new Zeros();
    RequestBytes bytes = new RequestBytes(MAX, reservation, 0);

    assertThatThrownBy(() -> bytes.append(zeros))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.tooLarge(MAX)));
    assertThat(zeros.read).isEqualTo(MAX + 1);
    assertThat(budget.used()).isEqualTo(MAX);
  }

  @Test
  void announcedLengthIsNotBelievedBeforeItArrives() throws Exception {
    int huge = 1 << 30;
    RequestBytes bytes = new RequestBytes(huge, reservation, huge);
    assertThat(budget.used()).isZero();
    bytes.append(Unpooled.wrappedBuffer(new byte[1]));

    assertThat(budget.used()).isEqualTo(1 << 20);
  }

  @Test
  void announcedLengthIsAllocatedExactly() throws Exception {
    RequestBytes bytes = new RequestBytes(MAX, reservation, 12_345);
    byte[] content = new byte[12_345];
    bytes.append(Unpooled.wrappedBuffer(content));

    assertThat(budget.used()).isEqualTo(12_345);
    assertThat(bytes.toByteArray()).hasSize(12_345);
  }

  @Test
  void noRoomInTheBudget() throws Exception {
    assertThat(budget.open().add((1 << 20) - 10_000)).isTrue();
    RequestBytes bytes = new RequestBytes(MAX, reservation, 0);
    bytes.append(Unpooled.wrappedBuffer(new byte[8_000]));

    assertThatThrownBy(() -> bytes.append(Unpooled.wrappedBuffer(new byte[8_000])))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.overloaded()));
  }

  private static final class Zeros extends InputStream {

    private long read;

    @Override
    public int read() {
      read++;
      return 0;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      read += length;
      return length;
    }
  }
}
