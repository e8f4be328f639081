package dev.tallyspan.semconv.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is copied is what the reader reads and the writer writes. */
class FlatJsonPropertyTest {

  private static String copied(String text) {
    FlatJson json = FlatJson.read(text);
    JsonBytes out = new JsonBytes(0);
    return json != null && json.copy(0, out) ? out.toString() : "";
  }

  private static String read(String text) {
    return JsonWriter.write(new JsonReader(text).readContainer());
  }

  @Property(tries = 3000)
  void whatIsCopiedIsWhatIsRead(@ForAll("json") String text) {
    String copied = copied(text);
    if (!copied.isEmpty()) {
      assertThat(copied).isEqualTo(read(text));
    }
  }

  @Property(tries = 3000)
  void whatIsWalkedIsWhatIsRead(@ForAll("json") String text) {
    assertSame(Json.parse(text), Json.of(new JsonReader(text).readContainer()));
  }

  private static void assertSame(Json actual, Json expected) {
    assertThat(actual.isPresent()).isEqualTo(expected.isPresent());
    assertThat(actual.isText()).isEqualTo(expected.isText());
    assertThat(actual.isNumber()).isEqualTo(expected.isNumber());
    assertThat(actual.isBoolean()).isEqualTo(expected.isBoolean());
    assertThat(actual.isArray()).isEqualTo(expected.isArray());
    assertThat(actual.isObject()).isEqualTo(expected.isObject());
    assertThat(actual.text()).isEqualTo(expected.text());
    assertThat(actual.texts()).isEqualTo(expected.texts());
    assertThat(actual.size()).isEqualTo(expected.size());
    assertThat(actual.saysNothing()).isEqualTo(expected.saysNothing());
    assertThat(actual.hasAnyOf(Set.of("a", ""))).isEqualTo(expected.hasAnyOf(Set.of("a", "")));
    assertThat(actual.get("role")).isEqualTo(expected.get("role"));
    assertThat(actual.at(-1)).isEqualTo(Json.ABSENT);
    assertThat(actual.at(actual.size())).isEqualTo(Json.ABSENT);
    assertThat(actual.entries().keySet()).containsExactlyElementsOf(expected.entries().keySet());
    actual.entries().forEach((name, member) -> assertSame(member, expected.get(name)));
    expected.entries().forEach((name, member) -> assertSame(actual.get(name), member));
    int index = 0;
    for (Json element : actual) {
      assertSame(element, expected.at(index));
      assertSame(actual.at(index), expected.at(index));
      index++;
    }
    assertThat(actual.values()).isEqualTo(expected.values());
    assertThat(actual.value()).isEqualTo(expected.value());
  }

  @Property(tries = 1000)
  void textIsQuotedAsTheWriterDoes(@ForAll("texts") String text) {
    StringBuilder expected = new StringBuilder();
    JsonWriter.quote(text, expected);
    JsonBytes out = new JsonBytes(0);
    out.quote(text);
    assertThat(out.toString()).isEqualTo(expected.toString());
  }

  @Test
  void usualJsonIsCopied() {
    String text =
        " { \"a\" : [ 1 , -2 , 0 , 1.50 , 2E3 , true , false , null , [ ] , { } ] ,"
            + " \"\" : \"\\u00e9 \\/ \\b\\f\\n\\r\\t\\\"\\\\ \\u001f \\u0022 \u00e9 \u20ac \ud83d\ude00\" } ";
    assertThat(copied(text)).isNotEmpty().isEqualTo(read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "\"a\"",
        "[1",
        "[1]x",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "{\"\\u0061\":1}",
        "{'a':1}",
        "[-0]",
        "[007]",
        "[1234567890123456789]",
        "[None]",
        "[\"\\ud83d\\ude00\"]",
        "[1...",
        "[\"\\x\"]"
      })
  void whatOnlyTheReaderKnowsIsNotCopied(String text) {
    assertThat(copied(text)).isEmpty();
  }

  @Test
  void deepNestingIsNotAccepted() {
    assertThat(copied("[".repeat(60) + "]".repeat(60))).isEmpty();
    assertThat(copied("[".repeat(20) + "]".repeat(20))).isNotEmpty();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a",
            "word ",
            "\"",
            "\\",
            "\n",
            "\t",
            "\r",
            "\b",
            "\u0000",
            "\u001f",
            "\u007f",
            "\u00e9",
            "\u20ac",
            "\ud83d\ude00",
            "\ud83d",
            "\ude00",
            "\u2026",
            "...")
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<String> json() {
    return value(3);
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> space = Arbitraries.of("", "", "", " ", "\n", "\u00a0");
    Arbitrary<String> scalar =
        Arbitraries.oneOf(
            string(),
            Arbitraries.of(
                "0",
                "1",
                "-1",
                "-0",
                "01",
                "1.0",
                "1.5",
                "-2.50",
                "1e3",
                "1E-2",
                "1e999",
                "123456789012345678",
                "1234567890123456789",
                "true",
                "false",
                "null",
                "None",
                "nul"));
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<String> inner = value(depth - 1);
    Arbitrary<String> array =
        inner.list().ofMaxSize(4).map(elements -> "[" + String.join(",", elements) + "]");
    Arbitrary<String> member =
        Combinators.combine(
                Arbitraries.oneOf(
                    Arbitraries.of("\"a\"", "\"b\"", "\"role\"", "\"\"", "\"\u00e9\""), string()),
                space,
                inner)
            .as((name, s, value) -> s + name + s + ":" + s + value);
    Arbitrary<String> object =
        member.list().ofMaxSize(4).map(members -> "{" + String.join(",", members) + "}");
    Arbitrary<String> value = Arbitraries.oneOf(array, object, array, object, scalar);
    return Combinators.combine(space, value, space).as((before, v, after) -> before + v + after);
  }

  private static Arbitrary<String> string() {
    return Arbitraries.of(
            "a",
            "text ",
            "\\\"",
            "\\\\",
            "\\n",
            "\\/",
            "\\b",
            "\\f",
            "\\u0041",
            "\\u00E9",
            "\\u0000",
            "\\u0022",
            "\\ud83d",
            "\\ude00",
            "\u00e9",
            "\ud83d\ude00",
            "\ud83d",
            "'",
            "{",
            "[",
            "\t",
            "\\x",
            "\\u12")
        .list()
        .ofMaxSize(4)
        .map(pieces -> "\"" + String.join("", pieces) + "\"");
  }
}
