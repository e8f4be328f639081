package dev.tallyspan.semconv.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.Value;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written without being read is what the reader reads, in every definition. */
class ToolTranscriberPropertyTest {

  private static String read(List<String> texts) {
    return JsonWriter.write(
        ToolDefinitions.read(
            Json.of(Value.of(texts.stream().map(Value::of).toArray(Value<?>[]::new)))));
  }

  @Property(tries = 3000)
  void whatIsWrittenIsWhatIsRead(@ForAll("definitions") List<String> texts) {
    WrittenContent<Value<?>> written = ToolTranscriber.of(texts);
    if (written != null) {
      assertThat(written.json().toString()).isEqualTo(read(texts));
      assertThat(JsonWriter.write(written.get())).isEqualTo(read(texts));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"type\":\"object\"},\"strict\":true}}",
        "{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"},\"cache_control\":null}",
        "{\"type\":\"function\",\"name\":\"f\",\"inputSchema\":{\"a\":[1]}}"
      })
  void usualDefinitionsAreNotRead(String text) {
    WrittenContent<Value<?>> written = ToolTranscriber.of(List.of(text));
    assertThat(written).isNotNull();
    assertThat(written.json().toString()).isEqualTo(read(List.of(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"type\":\"web_search\"}",
        "{\"tools\":[{\"name\":\"f\"}]}",
        "{\"toolSpec\":{\"name\":\"f\",\"inputSchema\":{\"json\":{\"a\":1}}}}",
        "{\"name\":\"f\",\"parameters\":\"{}\"}",
        "{\"json_schema\":{\"name\":\"f\"}}"
      })
  void everythingElseIsRead(String text) {
    assertThat(ToolTranscriber.of(List.of(text))).isNull();
  }

  @Provide
  Arbitrary<List<String>> definitions() {
    Arbitrary<String> plain = object(member());
    Arbitrary<String> wrapped =
        Combinators.combine(Arbitraries.of("function", "toolSpec", "tool", "json_schema"), plain)
            .as((name, tool) -> "{\"type\":\"function\",\"" + name + "\":" + tool + "}");
    return Arbitraries.oneOf(plain, plain, wrapped).list().ofMaxSize(3);
  }

  private static Arbitrary<String> object(Arbitrary<String> member) {
    return member.list().ofMaxSize(5).map(members -> "{" + String.join(",", members) + "}");
  }

  private static Arbitrary<String> member() {
    Arbitrary<String> value =
        Arbitraries.of(
            "\"f\"",
            "\"\"",
            "null",
            "7",
            "{}",
            "[]",
            "{\"json\":{\"a\":1}}",
            "{\"type\":\"object\",\"a\":{\"b\":[1.50,null]}}",
            "\"{\\\"a\\\":1}\"");
    Arbitrary<String> name =
        Arbitraries.of(
            "type",
            "name",
            "name",
            "description",
            "parameters",
            "input_schema",
            "inputSchema",
            "strict",
            "x",
            "function",
            "tools");
    Arbitrary<String> named =
        Arbitraries.of("\"name\":\"f\"", "\"type\":\"function\"", "\"name\":\"\u00e9\"");
    return Arbitraries.oneOf(
        named, Combinators.combine(name, value).as((n, v) -> "\"" + n + "\":" + v));
  }
}
