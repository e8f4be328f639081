package dev.tallyspan.collector.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Message;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.jspecify.annotations.Nullable;

/** JSON that is unusual or damaged, against the generated classes. */
@AddLifecycleHook(FuzzBudget.class)
class JsonFuzzTest {

  private static final int MAX_BYTES = 1 << 20;

  private static final List<Charset> OTHERS =
      Stream.of("UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE").map(Charset::forName).toList();

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

  /** Jackson reads it into characters; here, what is usual is copied as bytes. */
  @Property
  void stringsAreReadAsTheParserReadsThem(@ForAll long seed) throws Exception {
    byte[] json = schemaUrl(string(new Random(seed)));
    String text = parsed(json);
    byte[] proto;
    try {
      proto = JsonToProto.convert(Signal.TRACES, json, MAX_BYTES);
    } catch (InvalidJsonException e) {
      assertThat(text).as(e.getMessage()).isNull();
      return;
    }

    assertThat(text).isNotNull();
    assertThat(
            ExportTraceServiceRequest.parseFrom(proto)
                .getResourceSpans(0)
                .getSchemaUrlBytes()
                .toStringUtf8())
        .isEqualTo(text);
  }

  private static byte[] schemaUrl(byte[] string) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    json.writeBytes("{\"resourceSpans\":[{\"schemaUrl\":\"".getBytes(UTF_8));
    json.writeBytes(string);
    json.writeBytes("\"}]}".getBytes(UTF_8));
    return json.toByteArray();
  }

  /** The text with U+FFFD in place of unpaired surrogates; null if it is not JSON. */
  private static @Nullable String parsed(byte[] json) throws IOException {
    String text = null;
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
          text = parser.getText();
        }
      }
    } catch (JsonProcessingException e) {
      return null;
    }
    return text == null
        ? null
        : text.codePoints()
            .map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static byte[] string(Random random) {
    String[] units = {"d83d", "de00", "D83D", "DE00", "0000", "0041", "00e9", "4e2d", "ffff"};
    String[] others = {"é", "中", "😀", "\u007f", "\uffff", "\u0800", "\u0080"};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int parts = random.nextInt(12);
    boolean damaged = random.nextInt(4) == 0;
    for (int i = 0; i < parts; i++) {
      switch (random.nextInt(damaged ? 6 : 5)) {
        case 0, 1 ->
            out.writeBytes("a b~0!#[]".repeat(5).substring(random.nextInt(45)).getBytes(UTF_8));
        case 2 -> out.writeBytes(("\\" + "\"\\/bfnrt".charAt(random.nextInt(8))).getBytes(UTF_8));
        case 3 -> out.writeBytes(("\\u" + units[random.nextInt(units.length)]).getBytes(UTF_8));
        case 4 -> out.writeBytes(others[random.nextInt(others.length)].getBytes(UTF_8));
        default -> {
          byte[] any = new byte[1 + random.nextInt(3)];
          random.nextBytes(any);
          out.writeBytes(any);
        }
      }
    }
    return out.toByteArray();
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
    Charset encoding = random.nextInt(4) == 0 ? OTHERS.get(random.nextInt(OTHERS.size())) : UTF_8;
    byte[] bytes = json.toString().getBytes(encoding);
    if (random.nextInt(4) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }
}
