package dev.tallyspan.collector.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check finds what it looks for. */
class LeakCheckTest {

  @Test
  void bufferThatIsNotReleasedIsFound() {
    assumeThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    List<String> leaks = new ArrayList<>();
    forget();

    await()
        .until(
            () -> {
              leaks.addAll(RecordingLeakDetector.leaks());
              return !leaks.isEmpty();
            });

    assertThat(leaks.get(0)).contains("ByteBuf", "LeakCheckTest.forget");
  }

  private static void forget() {
    PooledByteBufAllocator.DEFAULT.buffer(100).writeByte(1);
  }
}
