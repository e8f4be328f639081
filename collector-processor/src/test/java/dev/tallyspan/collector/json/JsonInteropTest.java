package dev.tallyspan.collector.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both directions against the generated classes: random messages, broken ones, real ones. */
class JsonInteropTest {

  @Property(tries = 600)
  void randomMessagesSurviveBothWays(@ForAll Signal signal, @ForAll long seed) throws Exception {
    Message message = GeneratedMessages.random(signal, seed);

    String json = json(signal, message.toByteArray());
    byte[] back = proto(signal, json);

    assertThat(json).isEqualTo(GeneratedMessages.json(message));
    assertThat(GeneratedMessages.parse(signal, back)).isEqualTo(message);
    assertThat(json(signal, back)).isEqualTo(json);
    assertThat(back).hasSize(message.getSerializedSize());
  }

  /** What protobuf-java takes from damaged bytes is what the JSON says. */
  @Property(tries = 3000)
  void damagedMessagesAreReadAsTheGeneratedClassesReadThem(@ForAll Signal signal, @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = GeneratedMessages.random(signal, seed).toByteArray();
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    Message parsed;
    try {
      parsed = GeneratedMessages.parse(signal, bytes);
    } catch (InvalidProtocolBufferException e) {
      // It may be for a string's UTF-8 alone, which is replaced in JSON; but never a failure else.
      try {
        json(signal, bytes);
      } catch (MalformedRequestException expected) {
        assertThat(expected).hasMessageStartingWith("not protobuf: ");
      }
      return;
    }
    if (!TextFormat.printer().printToString(parsed).contains("strindex")) {
      String json;
      try {
        json = json(signal, bytes);
      } catch (MalformedRequestException e) {
        // protobuf-java does not look whether the tenth byte says that there is another one.
        assertThat(e).hasMessageStartingWith("not protobuf: number of more than ten bytes");
        return;
      }
      assertThat(json).isEqualTo(GeneratedMessages.json(parsed));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TRACES, openlit__agent_nested__traces__08.json",
    "TRACES, langfuse__error_400__traces__01.json",
    "LOGS, openlit__agent_nested__logs__04.json",
    "LOGS, openlit__anthropic_cached__logs__01.json",
    "METRICS, claude-code__chat_json__metrics__01.json",
    "METRICS, claude-code__chat_json__metrics__02.json",
  })
  void capturedJsonIsReadWhole(Signal signal, String capture) throws Exception {
    String captured = new String(read(capture), StandardCharsets.UTF_8);

    byte[] proto = proto(signal, captured);

    String json = json(signal, proto);
    assertThat(json).isEqualTo(GeneratedMessages.json(GeneratedMessages.parse(signal, proto)));
    assertThat(proto(signal, json)).hasSameSizeAs(proto);
    // Every name that the sender used for an attribute is there, and so is every id.
    assertThat(words(json)).containsAll(words(captured));
  }

  @ParameterizedTest
  @CsvSource({
    "TRACES, openinference-mcp__stdio_tool__traces__02.pb",
    "TRACES, otel-openai-java-lib__tool_loop__traces__03.pb",
    "LOGS, otel-genai-js__chat__logs__02.pb",
    "METRICS, google-adk-java__chat__metrics__02.pb",
    "METRICS, otel-javaagent-openai__embeddings__metrics__02.pb",
  })
  void capturedProtobufSurvivesBothWays(Signal signal, String capture) throws Exception {
    byte[] captured = read(capture);
    Message message = GeneratedMessages.parse(signal, captured);

    String json = json(signal, captured);

    assertThat(json).isEqualTo(GeneratedMessages.json(message));
    assertThat(GeneratedMessages.parse(signal, proto(signal, json))).isEqualTo(message);
  }

  private static Set<String> words(String json) {
    return new HashSet<>(
        Pattern.compile("\"(?:key|traceId|spanId|stringValue)\":\"([^\"]+)\"")
            .matcher(json.replace("\": ", "\":"))
            .results()
            .map(match -> match.group(1).toLowerCase(Locale.ROOT))
            .toList());
  }

  private static byte[] read(String capture) throws IOException {
    try (InputStream in = JsonInteropTest.class.getResourceAsStream("/captures/" + capture)) {
      return in.readAllBytes();
    }
  }

  private static byte[] proto(Signal signal, String json) throws InvalidJsonException {
    return JsonToProto.convert(signal, json.getBytes(StandardCharsets.UTF_8), 64 << 20);
  }

  private static String json(Signal signal, byte[] proto)
      throws IOException, MalformedRequestException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProtoToJson.write(signal, proto, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
