package dev.tallyspan.collector.cli;

import static dev.tallyspan.collector.cli.JsonTree.list;
import static dev.tallyspan.collector.cli.JsonTree.map;
import static dev.tallyspan.collector.cli.JsonTree.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.cli.Output.Entry;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.JsonToProto;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small inputs of the kinds that people reported as priced or read wrongly. Each is a folder with
 * {@code expected.json}, which says why and what is right, and {@code in.json}, a request for
 * {@code process}, unless {@code expected.json} names another {@code command}.
 *
 * <p>What is right is said by:
 *
 * <ul>
 *   <li>{@code spans}, {@code logs}: for the n-th span or log record, its attributes; a list of
 *       such objects where one of them must fit. {@code span.kind} and {@code span.status} are the
 *       span's own.
 *   <li>{@code sums}: over the billed spans, of an attribute; {@code billed} is how many there are.
 *   <li>{@code price}: members of what {@code price --json} prints.
 * </ul>
 *
 * <p>Numbers are equal within 1e-12. A value {@code {"one_of": […]}} is one of several.
 */
class CasesTest {

  private static final Path CASES = Path.of("src/test/resources/cases");
  private static final BigDecimal PRECISION = new BigDecimal("1e-12");
  private static final Set<String> WORDS =
      Set.of("why", "command", "spans", "logs", "sums", "price");

  static List<String> cases() throws Exception {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  static Stream<String> requests() throws Exception {
    return cases().stream().filter(name -> Files.exists(CASES.resolve(name).resolve("in.json")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resultIsRight(String name) throws Exception {
    Map<?, ?> expected = map(JsonTree.read(CASES.resolve(name).resolve("expected.json")));
    assertThat(WORDS)
        .as("%s: words that this test knows", name)
        .containsAll(texts(List.copyOf(expected.keySet())));
    assertThat(
            expected.keySet().stream().filter(Set.of("spans", "logs", "sums", "price")::contains))
        .as("%s: what is right", name)
        .isNotEmpty();

    CommandRun run = run(name, expected);

    assertThat(run.exitCode()).as("%s: exit code; %s", name, run.err()).isZero();
    if (expected.containsKey("price")) {
      assertFits(name, map(expected.get("price")), map(JsonTree.open(run.out()))::get);
      return;
    }
    Output output = output(run);
    List<Entry> spans = output.spans();
    List<Entry> logs = output.records().stream().filter(entry -> entry.span() == null).toList();
    assertEntries(name + ": span", list(expected.get("spans")), spans);
    assertEntries(name + ": log record", list(expected.get("logs")), logs);
    map(expected.get("sums")).forEach((what, sum) -> assertSum(name, (String) what, sum, output));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void processingTwiceEqualsProcessingOnce(String name, @TempDir Path folder) throws Exception {
    CommandRun once = run(name, Map.of());
    Path file = Files.writeString(folder.resolve("once.json"), once.out());
    assertThat(once.exitCode()).as("%s: exit code; %s", name, once.err()).isZero();
    assertThat(CaptureRun.process(List.of(file)).out()).as(name).isEqualTo(once.out());
  }

  private static CommandRun run(String name, Map<?, ?> expected) {
    return expected.containsKey("command")
        ? CommandRun.of(texts(expected.get("command")).toArray(String[]::new))
        : CaptureRun.process(List.of(CASES.resolve(name).resolve("in.json")));
  }

  private static Output output(CommandRun run) throws Exception {
    Output output = new Output();
    for (String line : run.lines()) {
      Signal signal = line.startsWith("{\"resourceLogs\"") ? Signal.LOGS : Signal.TRACES;
      byte[] json = line.getBytes(StandardCharsets.UTF_8);
      output.add(signal, JsonToProto.convert(signal, json, Integer.MAX_VALUE));
    }
    return output;
  }

  private static void assertEntries(String what, List<?> expected, List<Entry> entries) {
    if (expected.isEmpty()) {
      return;
    }
    assertThat(entries).as("%ss", what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      Entry entry = entries.get(i);
      if (expected.get(i) instanceof List<?> alternatives) {
        assertThat(alternatives)
            .as(
                "%s %s: one of these fits %s, %s",
                what, i, entry.json("tallyspan.cost.status"), entry.json("tallyspan.cost.total"))
            .anyMatch(
                each ->
                    map(each).entrySet().stream()
                        .allMatch(
                            value -> fits(value.getValue(), got(entry, (String) value.getKey()))));
      } else {
        assertFits(what + " " + i, map(expected.get(i)), key -> got(entry, (String) key));
      }
    }
  }

  private static void assertSum(String name, String what, Object expected, Output output) {
    BigDecimal sum =
        what.equals("billed")
            ? BigDecimal.valueOf(output.reported().size())
            : output.reported().stream()
                .map(span -> span.number(List.of(what)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(fits(expected, sum))
        .as("%s: sum of %s: expected %s, got %s", name, what, expected, sum)
        .isTrue();
  }

  private static void assertFits(String what, Map<?, ?> expected, Function<Object, Object> got) {
    expected.forEach(
        (key, value) ->
            assertThat(fits(value, got.apply(key)))
                .as("%s: %s: expected %s, got %s", what, key, value, got.apply(key))
                .isTrue());
  }

  private static Object got(Entry entry, String key) {
    return switch (key) {
      case "span.kind" -> entry.span().getKind().name();
      case "span.status" -> entry.span().getStatus().getCode().name();
      default -> entry.json(key);
    };
  }

  private static boolean fits(Object expected, Object got) {
    if (map(expected).get("one_of") instanceof List<?> several) {
      return several.stream().anyMatch(each -> fits(each, got));
    }
    if (expected instanceof BigDecimal number) {
      BigDecimal value = number(got);
      return value != null && value.subtract(number).abs().compareTo(PRECISION) <= 0;
    }
    return expected.equals(got);
  }

  /** A number, or a text that spells one, as {@code price} prints its amounts. */
  private static BigDecimal number(Object got) {
    try {
      return got instanceof BigDecimal number
          ? number
          : got instanceof String text ? new BigDecimal(text) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
