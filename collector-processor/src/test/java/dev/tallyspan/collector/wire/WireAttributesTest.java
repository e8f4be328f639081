package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireAttributesTest {

  private final WireAttributes attributes = new WireAttributes(/* budget= */ null);

  @Test
  void firstAttributeWithAKeyIsFoundAmongAnyNumber() {
    Random random = new Random(16);
    for (int size = 0; size < 200; size++) {
      List<String> keys = keys(size, random);
      read(keys);

      for (String key : keys(300, random)) {
        assertThat(attributes.indexOf(key)).as("%s in %s", key, keys).isEqualTo(keys.indexOf(key));
      }
    }
  }

  @Test
  void keysOfTheAttributesBeforeAreForgotten() {
    read(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"));
    assertThat(attributes.indexOf("c")).isEqualTo(2);

    read(List.of("r", "s", "t", "u", "v", "w", "x", "y", "c"));
    assertThat(attributes.indexOf("c")).isEqualTo(8);
    assertThat(attributes.indexOf("a")).isEqualTo(-1);
  }

  @Test
  void manyKeysWithOneHashAreTold() {
    // The hash sees the length, the middle and the end.
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      keys.add("%04d-same".formatted(i));
    }
    read(keys);

    assertThat(attributes.indexOf("0000-same")).isZero();
    assertThat(attributes.indexOf("2500-same")).isEqualTo(2500);
    assertThat(attributes.indexOf("4999-same")).isEqualTo(4999);
    assertThat(attributes.indexOf("5000-same")).isEqualTo(-1);
  }

  /** Few characters, so that keys repeat and resemble each other; some are not ASCII, or empty. */
  private static List<String> keys(int count, Random random) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder key = new StringBuilder();
      int length = random.nextInt(5);
      for (int j = 0; j < length; j++) {
        key.append("ab.\u00e9\u4e41".charAt(random.nextInt(10) == 0 ? 3 + j % 2 : j % 3));
      }
      keys.add(key.append(random.nextInt(9) == 0 ? "" : random.nextInt(12)).toString());
    }
    return keys;
  }

  private void read(List<String> keys) {
    KeyValueList.Builder list = KeyValueList.newBuilder();
    for (String key : keys) {
      list.addValues(
          KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setIntValue(1)));
    }
    byte[] bytes = list.build().toByteArray();
    attributes.fill(bytes, 0, bytes.length, /* keyed= */ true);
  }
}
