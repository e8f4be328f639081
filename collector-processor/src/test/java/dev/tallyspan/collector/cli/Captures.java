package dev.tallyspan.collector.cli;

import static dev.tallyspan.collector.cli.JsonTree.isTrue;
import static dev.tallyspan.collector.cli.JsonTree.list;
import static dev.tallyspan.collector.cli.JsonTree.map;
import static dev.tallyspan.collector.cli.JsonTree.text;
import static dev.tallyspan.collector.cli.JsonTree.texts;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recorded requests of real instrumentation, with what the provider truly served. {@code
 * truth.json} holds only what the telemetry lets one know.
 */
final class Captures {

  private static final Path ROOT = Path.of("src/test/resources/captures");
  private static final Pattern CONSTANT = Pattern.compile("\\$\\{(\\w+)}");
  private static final Captures ALL = new Captures();

  private final Map<?, ?> constants;
  private final List<Scenario> scenarios = new ArrayList<>();

  private Captures() {
    Map<?, ?> root = map(JsonTree.read(ROOT.resolve("truth.json")));
    constants = map(root.get("constants"));
    for (Object each : list(root.get("scenarios"))) {
      scenarios.add(scenario(map(each)));
    }
  }

  static List<Scenario> scenarios() {
    return ALL.scenarios;
  }

  /** Which checks there are. */
  static Set<String> checks() {
    Set<String> checks = new TreeSet<>();
    scenarios().forEach(scenario -> checks.addAll(scenario.checks));
    return checks;
  }

  /**
   * One run of one instrumentation.
   *
   * @param checks what must hold for it
   * @param session the session that the client set; null if none, or not in the telemetry
   * @param user the user that the client set; null if none, or not in the telemetry
   * @param errors the spans about calls that failed; null if there are none
   */
  record Scenario(
      String library,
      String name,
      List<Path> files,
      Set<String> checks,
      String session,
      String user,
      List<ToolRun> toolRuns,
      ErrorSpans errors,
      List<Call> calls) {

    /** The calls that the provider answered. */
    List<Call> served() {
      return calls.stream().filter(Call::served).toList();
    }

    /** The calls whose usage the client was told. */
    List<Call> metered() {
      return calls.stream().filter(Call::metered).toList();
    }

    @Override
    public String toString() {
      return library + " " + name;
    }
  }

  /**
   * One call to the provider.
   *
   * @param models the names of its model
   * @param providers the well-known names of who was called
   * @param usageOnWire whether the client was told the usage
   * @param usage the counts that are not zero; input is all input, output all output
   * @param untold the counts that no record of the telemetry holds
   * @param costs what it cost in US dollars, by each list of prices; empty if there is no price
   * @param costAsTold what it cost as far as the telemetry tells of caches; null if there is no
   *     price
   */
  record Call(
      String api,
      boolean served,
      Set<String> models,
      Set<String> providers,
      boolean usageOnWire,
      Map<Slot, Long> usage,
      Set<Slot> untold,
      List<BigDecimal> costs,
      BigDecimal costAsTold,
      Shown outputText,
      Shown inputText,
      List<Shown> toolCalls) {

    boolean metered() {
      return served && usageOnWire && !usage.isEmpty();
    }

    boolean isEmbedding() {
      return api.toLowerCase(Locale.ROOT).contains("embed");
    }

    long usage(Slot slot) {
      return usage.getOrDefault(slot, 0L);
    }

    /** Whether the telemetry tells of the call. */
    boolean seen() {
      return tells(Slot.INPUT) || tells(Slot.OUTPUT);
    }

    /** Whether the count is there to be told, and is told. */
    boolean tells(Slot slot) {
      return usage.containsKey(slot) && !untold.contains(slot);
    }

    /** Whether all that the price depends on is told. */
    boolean tellsItsCost() {
      return seen()
          && EnumSet.complementOf(EnumSet.of(Slot.REASONING)).stream().noneMatch(untold::contains);
    }
  }

  /** Where a text or tool call must be shown. */
  enum Place {
    BILLED,
    SPAN,
    RECORD
  }

  /**
   * Something that was said.
   *
   * @param name the tool's name; null for a text
   * @param content the text, or the tool's arguments
   */
  record Shown(String name, Object content, Place place) {}

  /**
   * A span that ran a tool.
   *
   * @param arguments those that the span may have run it with; empty if it does not hold them
   */
  record ToolRun(String spanId, String name, List<?> arguments) {}

  /**
   * Spans of which one must be marked as failed.
   *
   * @param llm whether they are LLM spans
   */
  record ErrorSpans(Set<String> spanIds, boolean llm) {}

  private Scenario scenario(Map<?, ?> scenario) {
    Map<?, ?> client = map(scenario.get("client_context"));
    Map<?, ?> errors = map(scenario.get("error_spans"));
    List<ToolRun> tools = new ArrayList<>();
    for (Object each : list(scenario.get("tool_spans"))) {
      Map<?, ?> tool = map(each);
      tools.add(
          new ToolRun(text(tool, "span_id"), text(tool, "name"), list(tool.get("arguments"))));
    }
    return new Scenario(
        text(scenario, "library"),
        text(scenario, "scenario"),
        texts(scenario.get("files")).stream().map(ROOT.resolve("files")::resolve).toList(),
        new LinkedHashSet<>(texts(scenario.get("checks"))),
        text(client, "session_id"),
        text(client, "user_id"),
        tools,
        errors.isEmpty()
            ? null
            : new ErrorSpans(Set.copyOf(texts(errors.get("span_ids"))), isTrue(errors, "llm")),
        list(scenario.get("calls")).stream().map(each -> call(map(each))).toList());
  }

  private Call call(Map<?, ?> call) {
    Map<Slot, Long> usage = new EnumMap<>(Slot.class);
    Set<Slot> untold = EnumSet.noneOf(Slot.class);
    for (Slot slot : Slot.values()) {
      if (map(call.get("usage")).get(slot.inTruth) instanceof BigDecimal count) {
        usage.put(slot, count.longValueExact());
      }
      if (list(call.get("untold")).contains(slot.check)) {
        untold.add(slot);
      }
    }
    Set<String> models = new LinkedHashSet<>(texts(call.get("models_also")));
    for (String name : List.of("model_requested", "model_returned")) {
      if (call.get(name) instanceof String model) {
        models.add(model);
      }
    }
    List<BigDecimal> costs = texts(call.get("cost")).stream().map(BigDecimal::new).toList();
    String asTold = text(call, "cost_as_told");
    return new Call(
        text(call, "api"),
        BigDecimal.valueOf(200).compareTo(status(call)) == 0,
        models,
        Set.copyOf(texts(call.get("providers"))),
        isTrue(call, "usage_sent_on_wire"),
        usage,
        untold,
        costs,
        asTold != null ? new BigDecimal(asTold) : costs.isEmpty() ? null : costs.get(0),
        shown(call.get("output_text")),
        shown(call.get("input_text")),
        list(call.get("tool_calls")).stream().map(this::shown).toList());
  }

  /** The HTTP status; zero where there was none. */
  private static BigDecimal status(Map<?, ?> call) {
    return call.get("status") instanceof BigDecimal status ? status : BigDecimal.ZERO;
  }

  private Shown shown(Object tree) {
    if (tree == null) {
      return null;
    }
    Map<?, ?> shown = map(tree);
    Place place = Place.valueOf(text(shown, "shown_in").toUpperCase(Locale.ROOT));
    return shown.containsKey("name")
        ? new Shown(text(shown, "name"), shown.get("arguments"), place)
        : new Shown(null, spelled(text(shown, "text")).strip(), place);
  }

  private String spelled(String text) {
    return CONSTANT
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    constants.get(found.group(1)) instanceof String constant
                        ? constant
                        : found.group()));
  }
}
