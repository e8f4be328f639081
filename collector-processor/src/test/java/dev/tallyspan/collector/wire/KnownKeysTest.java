package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class KnownKeysTest {

  @Property(tries = 2000)
  void everyKeyIsDecodedAsTheJdkDoes(@ForAll byte[] bytes, @ForAll byte before) {
    byte[] b = new byte[bytes.length + 2];
    b[0] = before;
    System.arraycopy(bytes, 0, b, 1, bytes.length);
    String expected = new String(bytes, StandardCharsets.UTF_8);
    assertThat(KnownKeys.text(b, 1, 1 + bytes.length)).isEqualTo(expected);
    assertThat(KnownKeys.text(b, 1, 1 + bytes.length)).isEqualTo(expected);
  }

  @Example
  void keysThatTakeEachOthersPlacesStayApart() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 10_000; i++) {
        String key = "llm.input_messages." + i + ".message.content";
        byte[] b = key.getBytes(StandardCharsets.UTF_8);
        assertThat(KnownKeys.text(b, 0, b.length)).isEqualTo(key);
      }
    }
  }
}
