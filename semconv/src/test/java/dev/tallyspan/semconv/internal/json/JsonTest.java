package dev.tallyspan.semconv.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void objectsAndArraysAreWalked() {
    Json json = Json.parse("{\"a\":[{\"b\":1},true,null,2.5,\"x\\n\\u00e9\"]}");
    assertThat(json.get("a").at(0).get("b").asCount()).isEqualTo(1);
    assertThat(json.get("a").at(4).text()).isEqualTo("x\n\u00e9");
    assertThat(json.get("a").at(2).isPresent()).isFalse();
    assertThat(json.get("nope").at(7).get("deeper").isPresent()).isFalse();
  }

  @Test
  void cutOffTextKeepsWhatItHeld() {
    Json json = Json.parse("[{\"role\":\"user\",\"content\":\"hello\"},{\"role\":\"assis");
    assertThat(json.truncated()).isTrue();
    assertThat(json.at(0).get("content").text()).isEqualTo("hello");
    assertThat(json.at(1).get("role").text()).isEqualTo("assis");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"a\":1},{\"b\":...[TRUNCATED: original length 20000]",
        "[{\"a\":1},{\"b\":12",
        "[{\"a\":1},{\"b\"",
        "[{\"a\":1},{",
        "[{\"a\":1},",
        "[{\"a\":1},{\"b\":tru"
      })
  void cutAnywhereTheWholeElementsStay(String text) {
    Json json = Json.parse(text);
    assertThat(json.truncated()).isTrue();
    assertThat(json.at(0).get("a").asCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[hello] world", "{not json}", "plain", "", "[1] and so on", "{\"a\" 1}"})
  void proseIsNoJson(String text) {
    assertThat(Json.parse(text).isPresent()).isFalse();
  }

  @Test
  void pythonsPrintIsRead() {
    Json json = Json.parse("{'role': 'user', 'content': None, 'ok': True}");
    assertThat(json.get("role").text()).isEqualTo("user");
    assertThat(json.get("content").isPresent()).isFalse();
    assertThat(json.get("ok").isBoolean()).isTrue();
  }

  @Test
  void jsonInJsonTextIsUnwrapped() {
    assertThat(Json.of("\"{\\\"a\\\":1}\"").unwrap().get("a").asCount()).isEqualTo(1);
    assertThat(Json.of("\"just text\"").unwrap().isPresent()).isFalse();
  }

  @Test
  void nestingBombIsNoJson() {
    assertThat(Json.parse("[".repeat(100_000)).isPresent()).isFalse();
  }

  @Test
  void laterOfTwoEqualNamesCounts() {
    assertThat(Json.parse("{\"a\":1,\"a\":2}").get("a").asCount()).isEqualTo(2);
  }

  @Test
  void loneSurrogatesAreReplaced() {
    assertThat(JsonWriter.write(Value.of("a\ud800b"))).isEqualTo("\"a\ufffdb\"");
    assertThat(JsonWriter.write(Value.of("\ud83d\ude00"))).isEqualTo("\"\ud83d\ude00\"");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Value<?> value =
        TestSpan.value(Map.of("a", List.of(1, 2.5, true, "q\"\\\u0001"), "b", Map.of("c", "d")));
    assertThat(Json.parse(JsonWriter.write(value)).value()).isEqualTo(value);
  }

  @Property(tries = 500)
  void anyTextSurvivesBeingWritten(@ForAll String text) {
    String clean =
        new String(
            text.getBytes(java.nio.charset.StandardCharsets.UTF_16BE),
            java.nio.charset.StandardCharsets.UTF_16BE);
    String written = JsonWriter.write(Value.of(List.of(Value.of(clean))));
    assertThat(Json.parse(written).at(0).text()).isEqualTo(clean);
  }

  @Property(tries = 500)
  void everyPrefixOfJsonIsRead(@ForAll @StringLength(max = 40) String text, @ForAll int cut) {
    String written = JsonWriter.write(TestSpan.value(Map.of("k", List.of(text, 12, true))));
    String prefix = written.substring(0, 1 + Math.floorMod(cut, written.length()));
    assertThat(Json.parse(prefix).isObject()).isTrue();
  }
}
