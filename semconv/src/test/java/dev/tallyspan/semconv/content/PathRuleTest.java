package dev.tallyspan.semconv.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.content.PathRule.Action;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathRuleTest {

  private static final String KEY = "gen_ai.input.messages";

  private static String redacted(String text, String... pathsAndActions) {
    return policy(ContentMode.REDACTED, pathsAndActions).text(KEY, text).value();
  }

  private static ContentPolicy policy(ContentMode mode, String... pathsAndActions) {
    ContentPolicy.Builder builder = ContentPolicy.builder().mode(mode);
    for (int i = 0; i < pathsAndActions.length; i += 2) {
      builder.rule(PathRule.of(pathsAndActions[i], Action.valueOf(pathsAndActions[i + 1])));
    }
    return builder.build();
  }

  @Test
  void masksTheMemberAtAPath() {
    String text =
        "[{\"parts\":[{\"arguments\":{\"ssn\": 7, \"x\": [1, \"a\"]}}]}, {\"parts\": [{\"ssn\": 1}]}]";

    assertThat(redacted(text, KEY + "[*].parts[*].arguments", "MASK"))
        .isEqualTo(
            "[{\"parts\":[{\"arguments\":{\"ssn\": \"[MASKED]\", \"x\": [\"[MASKED]\","
                + " \"[MASKED]\"]}}]}, {\"parts\": [{\"ssn\": 1}]}]");
  }

  @Test
  void entersJsonInsideOfTexts() {
    assertThat(
            redacted(
                "[{\"arguments\":\"{\\\"note\\\":\\\"x\\\",\\\"to\\\":\\\"y\\\"}\"}]",
                KEY + "[*].arguments.note",
                "MASK"))
        .isEqualTo("[{\"arguments\":\"{\\\"note\\\":\\\"[MASKED]\\\",\\\"to\\\":\\\"y\\\"}\"}]");
  }

  @Test
  void dropsMembersAndElementsWithTheirCommas() {
    assertThat(redacted("{\"a\":1,\"b\":2,\"c\":3}", KEY + ".a", "DROP"))
        .isEqualTo("{\"b\":2,\"c\":3}");
    assertThat(redacted("{\"a\":1, \"b\":{\"x\":[1]}, \"c\":3}", KEY + ".b", "DROP"))
        .isEqualTo("{\"a\":1, \"c\":3}");
    assertThat(redacted("{\"a\":1,\"b\":2}", KEY + ".b", "DROP", KEY + ".a", "DROP"))
        .isEqualTo("{}");
    assertThat(redacted("[{\"a\":1},{\"b\":2}]", KEY + "[*].a", "DROP"))
        .isEqualTo("[{},{\"b\":2}]");
    assertThat(redacted("{\"l\":[1,2,3]}", KEY + ".l[*]", "DROP")).isEqualTo("{\"l\":[]}");
  }

  @Test
  void keepsAValueThatADetectorWouldMask() {
    String text = "{\"support\":\"help@b.org\",\"from\":\"a@b.org\"}";

    assertThat(redacted(text, KEY + ".support", "KEEP"))
        .isEqualTo("{\"support\":\"help@b.org\",\"from\":\"[EMAIL]\"}");
  }

  @Test
  void theDeepestMatchApplies() {
    String text = "{\"a\":{\"b\":\"x\",\"c\":\"y\"}}";

    assertThat(redacted(text, KEY + "", "MASK", KEY + ".a.c", "KEEP"))
        .isEqualTo("{\"a\":{\"b\":\"[MASKED]\",\"c\":\"y\"}}");
    assertThat(redacted(text, KEY + ".**.c", "MASK")).isEqualTo(text.replace("y", "[MASKED]"));
  }

  @Test
  void appliesToWholeAttributesInEveryMode() {
    Attributes span =
        Attributes.of(
            "input.value",
            "hello",
            "user.id",
            "a@b.org",
            "crew_tasks",
            "x",
            "retrieval.query",
            "q");

    Map<String, Object> left =
        span.after(
            policy(
                ContentMode.NONE, "input.value", "KEEP", "user.id", "KEEP", "retrieval.*", "DROP"));

    assertThat(left).isEqualTo(Map.of("input.value", "hello", "user.id", "a@b.org"));
  }

  @Test
  void numbersInKeysAreElements() {
    Attributes span =
        Attributes.of(
            "llm.input_messages.0.message.content",
            "x",
            "llm.input_messages.0.message.role",
            "user");

    assertThat(
            span.after(policy(ContentMode.FULL, "llm.input_messages[*].message.content", "MASK")))
        .isEqualTo(
            Map.of(
                "llm.input_messages.0.message.content", "[MASKED]",
                "llm.input_messages.0.message.role", "user"));
  }

  @Test
  void structuredValuesFollowRulesToo() {
    Attributes span =
        Attributes.of("gen_ai.tool.call.arguments", Map.of("ssn", 5L, "list", List.of("a", "b")));

    assertThat(
            span.after(
                policy(
                    ContentMode.FULL,
                    "gen_ai.tool.call.arguments.ssn",
                    "DROP",
                    "gen_ai.tool.call.arguments.list[1]",
                    "MASK")))
        .isEqualTo(Map.of("gen_ai.tool.call.arguments", Map.of("list", List.of("a", "[MASKED]"))));
  }

  @Test
  void refusesPathsThatAreNotComplete() {
    assertThatThrownBy(() -> PathRule.of("", Action.MASK)).hasMessageContaining("path=");
    assertThatThrownBy(() -> PathRule.of("a..b", Action.MASK)).hasMessageContaining("path=a..b");
    assertThatThrownBy(() -> PathRule.of("a[x]", Action.MASK)).hasMessageContaining("[*]");
    assertThatThrownBy(() -> PathRule.of("a[1]", Action.DROP)).hasMessageContaining("use mask");
  }
}
