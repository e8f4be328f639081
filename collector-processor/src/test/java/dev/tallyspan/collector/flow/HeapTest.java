package dev.tallyspan.collector.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapTest {

  private static final long MIB = 1 << 20;

  @Test
  void sharesLeaveRoomForWhatIsAlwaysThere() {
    assertThat(Heap.share(256 * MIB, 4)).isEqualTo(48 * MIB);
    assertThat(Heap.share(4096 * MIB, 8)).isEqualTo(504 * MIB);
  }

  @Test
  void smallHeapIsSharedAsWell() {
    assertThat(Heap.share(64 * MIB, 4)).isEqualTo(4 * MIB);
  }
}
