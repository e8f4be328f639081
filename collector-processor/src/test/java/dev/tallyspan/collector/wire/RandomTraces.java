package dev.tallyspan.collector.wire;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Arrays;
import java.util.Random;

/** Random requests in their encoded form. */
final class RandomTraces {

  private RandomTraces() {}

  /**
   * @param size the most elements that a repeated field has
   * @param odd how often, in per cent, a field is encoded unusually
   */
  static byte[] encoded(Random random, int size, int odd) {
    return encoded(random, ExportTraceServiceRequest.getDefaultInstance(), size, odd);
  }

  /** As {@link #encoded(Random, int, int)}, for a request of another type. */
  static byte[] encoded(Random random, Message type, int size, int odd) {
    return new UnusualEncoder(random, odd).encode(new RandomMessages(random, size).like(type));
  }

  /** Up to three bytes changed, a piece taken out or doubled, or the end cut off. */
  static byte[] damaged(Random random, byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    byte[] damaged = bytes.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 -> {
        int from = Math.min(bytes.length, at + 1 + random.nextInt(4));
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - (from - at));
        System.arraycopy(bytes, from, shorter, at, bytes.length - from);
        return shorter;
      }
      case 2 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> damaged[at] = (byte) random.nextInt(256);
      default -> {
        for (int i = 0; i < 3; i++) {
          damaged[random.nextInt(bytes.length)] = (byte) (random.nextInt(16) << 3 | 2);
        }
      }
    }
    return damaged;
  }
}
