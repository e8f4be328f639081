package dev.tallyspan.collector.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** JSON that is unusual or damaged, against the generated classes. */
@AddLifecycleHook(FuzzBudget.class)
class JsonFuzzTest {

  private static final int MAX_BYTES = 1 << 20;

  @Property
  void unusualJsonIsReadAsTheMessageThatItMeans(@ForAll Signal signal, @ForAll long seed)
      throws Exception {
    Message message = GeneratedMessages.random(signal, seed);
    String json = new UnusualJson(new Random(seed)).write(message);

    byte[] proto = JsonToProto.convert(signal, json.getBytes(UTF_8), 64 << 20);

    assertThat(GeneratedMessages.parse(signal, proto)).isEqualTo(message);
  }

  /** It is rejected as such, or it means something that the generated classes understand. */
  @Property
  void damagedJsonIsRejectedOrReadToTheEnd(@ForAll Signal signal, @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    byte[] json = damaged(random, GeneratedMessages.json(GeneratedMessages.random(signal, seed)));
    byte[] proto;
    try {
      proto = JsonToProto.convert(signal, json, MAX_BYTES);
    } catch (InvalidJsonException e) {
      assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(500);
      return;
    }

    Message message = GeneratedMessages.parse(signal, proto);
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    ProtoToJson.write(signal, proto, again);
    assertThat(GeneratedMessages.json(message)).isEqualTo(again.toString(UTF_8));
    if (!GeneratedMessages.json(message).equals("{}")) {
      assertThat(
              GeneratedMessages.parse(
                  signal, JsonToProto.convert(signal, again.toByteArray(), 64 << 20)))
          .isEqualTo(message);
    }
  }

  private static byte[] damaged(Random random, String text) {
    String[] tokens = {
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\"",
      "null",
      "1e999",
      "-",
      "\\u",
      "\\ud800",
      "9".repeat(400),
      "[".repeat(2000),
      "{\"a\":".repeat(200),
      "0x1",
      "NaN",
      "\u0000",
      "true",
      "\ufeff",
      "//",
      "-0"
    };
    StringBuilder json = new StringBuilder(text);
    for (int i = 1 + random.nextInt(4); i > 0 && json.length() > 1; i--) {
      int at = random.nextInt(json.length());
      switch (random.nextInt(5)) {
        case 0 -> json.insert(at, tokens[random.nextInt(tokens.length)]);
        case 1 -> json.delete(at, Math.min(json.length(), at + 1 + random.nextInt(30)));
        case 2 -> json.setCharAt(at, (char) (32 + random.nextInt(96)));
        case 3 -> json.setLength(at);
        default -> {
          int to = Math.min(json.length(), at + random.nextInt(100));
          json.insert(random.nextInt(json.length()), json.substring(at, to));
        }
      }
    }
    byte[] bytes = json.toString().getBytes(UTF_8);
    if (random.nextInt(4) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
