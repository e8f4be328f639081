package dev.tallyspan.semconv.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Value;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The reader reads whatever text it is given as its predecessor does. */
class JsonReaderPropertyTest {

  @Property(tries = 4000)
  void textIsReadAsBefore(@ForAll("texts") String text) {
    JsonReader reader = new JsonReader(text);
    ReferenceJsonReader reference = new ReferenceJsonReader(text);
    Value<?> expected = reference.readContainer();
    assertThat(reader.readContainer()).isEqualTo(expected);
    assertThat(reader.truncated()).isEqualTo(reference.truncated());
  }

  @Property(tries = 2000)
  void quotedTextIsReadAsBefore(@ForAll("texts") String text) {
    String quoted = '"' + text + '"';
    assertThat(JsonReader.readQuoted(quoted)).isEqualTo(ReferenceJsonReader.readQuoted(quoted));
  }

  /** JSON, and what is left of it when a part is missing or wrong. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "\"a\":",
                "\"b\":[",
                "'",
                "\\",
                "\\\"",
                "\\n",
                "\\u00e9",
                "\\ud83d\\ude00",
                "\\ud83d",
                "\\u12",
                "\\uZZZZ",
                "\\x",
                "true",
                "None",
                "null",
                "12",
                "-1.5e3",
                "99999999999999999999",
                "...",
                "\u2026",
                " ",
                "\ud83d\ude00",
                "\udc00",
                "\u00e9",
                "\u0000",
                "[[[[[[[[",
                "\"text with \\n escape\""),
            Arbitraries.strings().ofMaxLength(400),
            Arbitraries.strings().ascii().ofMaxLength(8));
    Arbitrary<String> loose = piece.list().ofMaxSize(24).map(pieces -> String.join("", pieces));
    return Arbitraries.oneOf(loose, loose.map(text -> "{\"a\":\"" + text), json(3));
  }

  private static Arbitrary<String> json(int depth) {
    Arbitrary<String> string =
        Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(300),
                Arbitraries.of("\u00e9\n\"\\", "\ud83d\ude00\ud83d", "\t\u0001 plain"))
            .map(
                text -> {
                  StringBuilder quoted = new StringBuilder();
                  JsonWriter.quote(text, quoted);
                  return quoted.toString();
                });
    Arbitrary<String> scalar =
        Arbitraries.oneOf(string, Arbitraries.of("true", "null", "0", "-7", "1.25", "1e9"));
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<String> inner = json(depth - 1);
    return Arbitraries.oneOf(
        scalar,
        inner.list().ofMaxSize(4).map(list -> "[" + String.join(",", list) + "]"),
        inner
            .list()
            .ofMaxSize(4)
            .map(
                list -> {
                  StringBuilder object = new StringBuilder("{");
                  for (int i = 0; i < list.size(); i++) {
                    object.append(i == 0 ? "" : ", ").append("\"m").append(i % 3).append("\":");
                    object.append(list.get(i));
                  }
                  return object.append('}').toString();
                }));
  }
}
