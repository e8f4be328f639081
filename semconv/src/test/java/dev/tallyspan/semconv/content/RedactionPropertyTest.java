package dev.tallyspan.semconv.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.content.PathRule.Action;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RedactionPropertyTest {

  private static final List<String> PIECES = pieces();

  private static final ContentPolicy[] POLICIES = {
    ContentPolicy.of(ContentMode.REDACTED),
    ContentPolicy.of(ContentMode.METADATA),
    ContentPolicy.of(ContentMode.NONE),
    ContentPolicy.builder()
        .mode(ContentMode.REDACTED)
        .pseudonyms(new byte[32])
        .detect(java.util.EnumSet.allOf(StandardDetector.class))
        .build(),
    ContentPolicy.builder().mode(ContentMode.REDACTED).maxAttributeBytes(96).build(),
    ContentPolicy.builder().mode(ContentMode.FULL).maxSpanBytes(300).build(),
    ContentPolicy.builder()
        .mode(ContentMode.REDACTED)
        .rule(PathRule.of("*.*.**.content", Action.MASK))
        .rule(PathRule.of("**.note", Action.DROP))
        .rule(PathRule.of("**.token", Action.KEEP))
        .build(),
  };

  private static List<String> pieces() {
    List<String> pieces = new ArrayList<>();
    for (PlantedCorpus.Planted planted : PlantedCorpus.all()) {
      pieces.add(planted.value());
    }
    pieces.addAll(
        List.of(
            "password",
            "api_key",
            ": ",
            "=",
            "\"",
            "'",
            "\\",
            "\\\"",
            "\\u0040",
            "{",
            "}",
            "[",
            "]",
            ",",
            "@",
            ".",
            "-",
            "+",
            "(",
            ")",
            " ",
            "\n",
            "tel ",
            "Bearer ",
            "://",
            "[EMAIL]",
            "[PHONE]",
            "[SECRET#abcdefghijkl]",
            "phone 123",
            "sk-",
            "eyJ",
            "-----BEGIN ",
            "AB 12 34 ",
            "4111",
            "DE89",
            "\uD83D",
            "\0",
            "<12 characters>",
            "\u2026",
            "...",
            "role",
            "content",
            "{\"role\":\"user\",\"content\":\"",
            "null",
            "true",
            "1e5"));
    return List.copyOf(pieces);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(PIECES).list().ofMaxSize(12).map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<Value<?>> values() {
    return Arbitraries.longs().map(seed -> value(new Random(seed), 0));
  }

  private static Value<?> value(Random random, int depth) {
    int kind = random.nextInt(depth > 3 ? 3 : 6);
    switch (kind) {
      case 0, 1 -> {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
          text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return Value.of(text.toString());
      }
      case 2 -> {
        return Value.of(random.nextLong());
      }
      case 3 -> {
        return Value.of(JsonWriter.write(value(random, depth + 1)));
      }
      case 4 -> {
        List<Value<?>> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(random, depth + 1));
        }
        return Value.of(elements);
      }
      default -> {
        Map<String, Value<?>> members = new LinkedHashMap<>();
        for (String name : List.of("role", "content", "note", "password", "token", "arguments")) {
          if (random.nextBoolean()) {
            members.put(name, value(random, depth + 1));
          }
        }
        return Value.of(members);
      }
    }
  }

  @Property(tries = 200)
  void applyingTwiceToTextsIsApplyingOnce(@ForAll("texts") String text) {
    for (ContentPolicy policy : POLICIES) {
      Edited<String> once = policy.text("gen_ai.input.messages", text);
      assertThat(once.report().failures()).isZero();
      if (once.value() != null) {
        Edited<String> twice = policy.text("gen_ai.input.messages", once.value());
        assertThat(twice.value()).as(text).isEqualTo(once.value());
      }
    }
  }

  @Property(tries = 150)
  void applyingTwiceToJsonIsApplyingOnceAndJsonStaysJson(@ForAll("values") Value<?> value) {
    String json = JsonWriter.write(Value.of(List.of(value)));
    for (ContentPolicy policy : POLICIES) {
      Edited<String> once = policy.text("gen_ai.input.messages", json);
      assertThat(once.report().failures()).isZero();
      if (once.value() != null) {
        Json parsed = Json.parse(once.value());
        assertThat(parsed.isArray() && !parsed.truncated()).as(once.value()).isTrue();
        assertThat(policy.text("gen_ai.input.messages", once.value()).value())
            .isEqualTo(once.value());
      }
    }
  }

  @Property(tries = 150)
  void applyingTwiceToStructuresIsApplyingOnce(@ForAll("values") Value<?> value) {
    for (ContentPolicy policy : POLICIES) {
      Value<?> once = policy.value("gen_ai.tool.call.arguments", value).value();
      if (once != null) {
        assertThat(policy.value("gen_ai.tool.call.arguments", once).value()).isEqualTo(once);
      }
    }
  }

  @Property(tries = 200)
  void budgetsAreKept(@ForAll("values") Value<?> value) {
    String json = JsonWriter.write(value);
    ContentPolicy policy = POLICIES[4];
    String cut = policy.text("gen_ai.input.messages", json).value();
    if (cut != null) {
      assertThat(Truncation.utf8Length(cut)).isLessThanOrEqualTo(96);
    }
  }

  @Property(tries = 200)
  void whatIsKeptOfATextIsWhatItWas(@ForAll("texts") String text) {
    String redacted = POLICIES[0].text("gen_ai.input.messages", "word " + text + " word").value();
    assertThat(redacted).startsWith("word").endsWith("word");
  }
}
