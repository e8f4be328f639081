package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.cli.Captures.Call;
import dev.tallyspan.collector.cli.Captures.ErrorSpans;
import dev.tallyspan.collector.cli.Captures.Place;
import dev.tallyspan.collector.cli.Captures.Scenario;
import dev.tallyspan.collector.cli.Captures.Shown;
import dev.tallyspan.collector.cli.Captures.ToolRun;
import dev.tallyspan.collector.cli.Output.Entry;
import dev.tallyspan.collector.cli.Output.Part;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real traffic with the provider's truth beside it, run through {@code process}. */
class CapturesTest {

  private static final Set<String> GENERATION =
      Set.of("chat", "text_completion", "generate_content");

  /** Attributes whose value the conventions spell, or count, in another way than some senders. */
  private static final Set<String> RESPELT =
      Set.of(
          "gen_ai.input.messages",
          "gen_ai.operation.name",
          "gen_ai.output.messages",
          "gen_ai.provider.name",
          "gen_ai.response.finish_reasons",
          "gen_ai.system_instructions",
          "gen_ai.tool.call.arguments",
          "gen_ai.tool.call.result",
          "gen_ai.tool.definitions",
          "gen_ai.usage.cache_read.input_tokens",
          "gen_ai.usage.input_tokens",
          "gen_ai.usage.output_tokens");

  @CaptureTest("calls")
  void everyCallIsBilledOnce(Scenario scenario) {
    BigDecimal billed = BigDecimal.valueOf(CaptureRun.of(scenario).after().reported().size());
    assertSum(scenario, "calls", billed, call -> BigDecimal.ONE, Call::seen);
  }

  @CaptureTest("tokens_in")
  void inputTokensAddUp(Scenario scenario) {
    assertTokens(scenario, Slot.INPUT);
  }

  @CaptureTest("tokens_out")
  void outputTokensAddUp(Scenario scenario) {
    assertTokens(scenario, Slot.OUTPUT);
  }

  @CaptureTest("cache_read")
  void tokensReadFromCachesAddUp(Scenario scenario) {
    assertTokens(scenario, Slot.CACHE_READ);
  }

  @CaptureTest("cache_write")
  void tokensWrittenToCachesAddUp(Scenario scenario) {
    assertTokens(scenario, Slot.CACHE_WRITE);
  }

  @CaptureTest("reasoning")
  void reasoningTokensAddUp(Scenario scenario) {
    assertTokens(scenario, Slot.REASONING);
  }

  @CaptureTest("cost")
  void costIsTheProvidersToTheLastDigit(Scenario scenario) {
    BigDecimal cost = CaptureRun.of(scenario).after().cost();
    int lists = scenario.metered().stream().mapToInt(call -> call.costs().size()).max().orElse(0);
    List<BigDecimal> right = new ArrayList<>();
    for (int i = 0; i < lists; i++) {
      int list = i;
      right.addAll(
          sums(
              scenario,
              call -> call.costs().get(Math.min(list, call.costs().size() - 1)),
              Call::tellsItsCost));
    }
    assertAmong(scenario, "cost", cost, right);
  }

  @CaptureTest("cost_as_told")
  void inputIsPricedAsUncachedWhereCachesAreNotTold(Scenario scenario) {
    BigDecimal right =
        scenario.metered().stream().map(Call::costAsTold).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertAmong(scenario, "cost_as_told", CaptureRun.of(scenario).after().cost(), List.of(right));
  }

  @CaptureTest("priced")
  void callsWithUsageArePriced(Scenario scenario) {
    assertThat(CaptureRun.of(scenario).after().reported())
        .as("%s, priced: status of the billed spans", scenario)
        .isNotEmpty()
        .allSatisfy(
            span ->
                assertThat(span.text("tallyspan.cost.status"))
                    .as(span.name())
                    .isEqualTo(hidesLifetimes(span) ? "partial" : "priced"));
  }

  /** Claude Code writes to the cache for five minutes and for an hour, and does not say which. */
  private static boolean hidesLifetimes(Entry span) {
    return "claude_code.llm_request".equals(span.name())
        && span.number(List.of("gen_ai.usage.cache_write.input_tokens")).signum() > 0;
  }

  @CaptureTest("model")
  void billedSpansNameTheModel(Scenario scenario) {
    for (Entry span : billed(scenario, "model")) {
      assertThat(about(span, scenario))
          .as(
              "%s, model of %s: %s, %s",
              scenario,
              span.name(),
              span.text("gen_ai.request.model"),
              span.text("gen_ai.response.model"))
          .isNotEmpty();
    }
  }

  @CaptureTest("provider")
  void billedSpansNameTheProvider(Scenario scenario) {
    for (Entry span : billed(scenario, "provider")) {
      assertThat(span.text("gen_ai.provider.name"))
          .as("%s, provider of %s", scenario, span.name())
          .isIn(
              aboutOrAll(span, scenario).stream()
                  .flatMap(call -> call.providers().stream())
                  .collect(Collectors.toSet()));
    }
  }

  @CaptureTest("operation")
  void billedSpansNameTheOperation(Scenario scenario) {
    for (Entry span : billed(scenario, "operation")) {
      assertThat(span.text("gen_ai.operation.name"))
          .as("%s, operation of %s", scenario, span.name())
          .isIn(
              aboutOrAll(span, scenario).stream()
                  .flatMap(
                      call -> call.isEmbedding() ? Stream.of("embeddings") : GENERATION.stream())
                  .collect(Collectors.toSet()));
    }
  }

  @CaptureTest("output_text")
  void answersAreOutputMessages(Scenario scenario) {
    assertShown(scenario, "output_text", CapturesTest::answers, places(Place.BILLED, Place.SPAN));
  }

  @CaptureTest("input_text")
  void questionsAreInputMessages(Scenario scenario) {
    assertShown(scenario, "input_text", CapturesTest::questions, places(Place.BILLED, Place.SPAN));
  }

  @CaptureTest("tool_calls")
  void toolCallsAreOutputMessages(Scenario scenario) {
    assertShown(scenario, "tool_calls", CapturesTest::toolCalls, places(Place.BILLED, Place.SPAN));
  }

  @CaptureTest("log_content")
  void contentOfLogRecordsIsMessages(Scenario scenario) {
    Set<Place> inLogs = places(Place.RECORD);
    int shown =
        assertShown(scenario, "log_content", CapturesTest::answers, inLogs)
            + assertShown(scenario, "log_content", CapturesTest::questions, inLogs)
            + assertShown(scenario, "log_content", CapturesTest::toolCalls, inLogs);
    assertThat(shown).as("%s, log_content: contents in logs", scenario).isPositive();
  }

  @CaptureTest("tool_spans")
  void runsOfToolsSayWhichAndWithWhat(Scenario scenario) {
    Map<String, Entry> spans = byId(CaptureRun.of(scenario).after());
    assertThat(scenario.toolRuns()).as("%s, tool_spans", scenario).isNotEmpty();
    for (ToolRun tool : scenario.toolRuns()) {
      Entry span = spans.get(tool.spanId());
      String what = scenario + ", tool_spans: span " + tool.spanId();
      assertThat(span).as(what).isNotNull();
      assertThat(span.text("gen_ai.operation.name")).as(what).isEqualTo("execute_tool");
      assertThat(span.text("gen_ai.tool.name")).as(what).isEqualTo(tool.name());
      if (!tool.arguments().isEmpty()) {
        assertThat(span.json("gen_ai.tool.call.arguments")).as(what).isIn(tool.arguments());
      }
    }
  }

  @CaptureTest("error")
  void callThatFailedIsAnErrorAndCostsNothing(Scenario scenario) {
    ErrorSpans errors = scenario.errors();
    Output after = CaptureRun.of(scenario).after();
    assertThat(after.spans())
        .as("%s, error: one of the spans %s with an error", scenario, errors.spanIds())
        .anyMatch(
            span ->
                errors.spanIds().contains(span.id())
                    && span.failed()
                    && (!errors.llm() || span.has("gen_ai.operation.name")));
    if (scenario.served().isEmpty()) {
      for (Slot slot : Slot.values()) {
        assertThat(after.sum(slot)).as("%s, error: %s", scenario, slot.check).isZero();
      }
      assertThat(after.cost()).as("%s, error: cost", scenario).isZero();
    }
  }

  @CaptureTest("identity")
  void sessionAndUserAreOnSpans(Scenario scenario) {
    List<Entry> spans = CaptureRun.of(scenario).after().spans();
    assertThat(Stream.of(scenario.session(), scenario.user()))
        .as("%s, identity", scenario)
        .anyMatch(value -> value != null);
    if (scenario.session() != null) {
      assertThat(spans)
          .as("%s, identity: session %s", scenario, scenario.session())
          .anyMatch(
              span ->
                  scenario.session().equals(span.text("gen_ai.conversation.id"))
                      || scenario.session().equals(span.text("session.id")));
    }
    if (scenario.user() != null) {
      assertThat(spans)
          .as("%s, identity: user %s", scenario, scenario.user())
          .anyMatch(span -> scenario.user().equals(span.text("user.id")));
    }
  }

  @CaptureTest("lossless")
  void everySpanAndAttributeIsKept(Scenario scenario) {
    CaptureRun run = CaptureRun.of(scenario);
    List<Entry> before = run.before().spans();
    List<Entry> after = run.after().spans();
    assertThat(after).as("%s, lossless: spans", scenario).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      String what = scenario + ", lossless: span " + before.get(i).id();
      Entry then = before.get(i);
      Entry now = after.get(i);
      assertThat(now.attributes().keySet()).as(what).containsAll(List.of(then.keys()));
      for (String key : then.keys()) {
        if (!RESPELT.contains(key) && !isTypedAnew(then, now, key)) {
          assertThat(now.attributes().get(key))
              .as("%s: %s", what, key)
              .isEqualTo(then.attributes().get(key));
        }
      }
      assertThat(now.span().toBuilder().clearAttributes().build())
          .as(what)
          .isEqualTo(then.span().toBuilder().clearAttributes().build());
    }
  }

  @CaptureTest("valid_json")
  void messagesHaveTheShapeOfTheSchema(Scenario scenario) {
    int found = 0;
    for (Entry entry : CaptureRun.of(scenario).after().records()) {
      for (String key : entry.attributes().keySet()) {
        if (key.startsWith("gen_ai.") && key.endsWith(".messages")) {
          found++;
          assertThat(entry.json(key))
              .as("%s, valid_json: %s of %s", scenario, key, entry.name())
              .isInstanceOf(List.class)
              .satisfies(
                  messages ->
                      assertThat(JsonTree.list(messages)).allMatch(CapturesTest::isMessage));
        }
      }
    }
    assertThat(found).as("%s, valid_json: attributes with messages", scenario).isPositive();
  }

  @CaptureTest("idempotent")
  void processingTwiceEqualsProcessingOnce(Scenario scenario, @TempDir Path folder)
      throws Exception {
    List<String> once = CaptureRun.of(scenario).lines();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < once.size(); i++) {
      files.add(Files.writeString(folder.resolve(i + ".json"), once.get(i)));
    }
    CommandRun twice = CaptureRun.process(files);
    assertThat(twice.exitCode()).as("%s, idempotent: exit code", scenario).isZero();
    assertThat(twice.lines()).as("%s, idempotent", scenario).isEqualTo(once);
  }

  @Test
  void everyCheckOfTheTruthIsMade() {
    Set<String> made = new TreeSet<>();
    for (Method method : CapturesTest.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(CaptureTest.class)) {
        made.add(method.getAnnotation(CaptureTest.class).value());
      }
    }
    assertThat(made).isEqualTo(Captures.checks());
  }

  @Test
  void thereAreCaptures() {
    assertThat(Captures.scenarios()).hasSizeGreaterThan(400);
    assertThat(Captures.scenarios().stream().map(Scenario::library).distinct())
        .hasSizeGreaterThan(70);
  }

  private static void assertTokens(Scenario scenario, Slot slot) {
    assertSum(
        scenario,
        slot.check,
        CaptureRun.of(scenario).after().sum(slot),
        call -> BigDecimal.valueOf(call.usage(slot)),
        call -> call.tells(slot));
  }

  private static void assertSum(
      Scenario scenario,
      String check,
      BigDecimal got,
      Function<Call, BigDecimal> value,
      Predicate<Call> told) {
    assertAmong(scenario, check, got, sums(scenario, value, told));
  }

  private static void assertAmong(
      Scenario scenario, String check, BigDecimal got, List<BigDecimal> right) {
    assertThat(right)
        .as("%s, %s: expected %s, got %s", scenario, check, right, got.toPlainString())
        .anyMatch(sum -> sum.compareTo(got) == 0);
  }

  /** A sum is right if it is that of all calls, or of those that the telemetry tells of. */
  private static List<BigDecimal> sums(
      Scenario scenario, Function<Call, BigDecimal> value, Predicate<Call> told) {
    List<Call> calls = scenario.metered();
    return Stream.of(calls.stream().filter(told), calls.stream())
        .map(some -> some.map(value).reduce(BigDecimal.ZERO, BigDecimal::add))
        .toList();
  }

  private static List<Entry> billed(Scenario scenario, String check) {
    List<Entry> billed = CaptureRun.of(scenario).after().billed();
    assertThat(billed).as("%s, %s: billed spans", scenario, check).isNotEmpty();
    return billed;
  }

  private static List<Call> aboutOrAll(Entry span, Scenario scenario) {
    List<Call> about = about(span, scenario);
    return about.isEmpty() ? scenario.served() : about;
  }

  /** The calls whose model a span names. */
  private static List<Call> about(Entry span, Scenario scenario) {
    return scenario.served().stream()
        .filter(
            call ->
                Stream.of("gen_ai.request.model", "gen_ai.response.model")
                    .anyMatch(
                        key -> span.text(key) != null && call.models().contains(span.text(key))))
        .toList();
  }

  /** Something that a call said, in which attribute it must be, and how to tell it there. */
  private record Content(String key, Shown shown, BiPredicate<Part, Shown> isIt) {}

  private static Stream<Content> answers(Call call) {
    return Stream.of(
        new Content(
            "gen_ai.output.messages",
            call.outputText(),
            (part, shown) -> part.isOf("text") && part.says(shown.content())));
  }

  private static Stream<Content> questions(Call call) {
    return Stream.of(
        new Content(
            "gen_ai.input.messages",
            call.inputText(),
            (part, shown) -> "user".equals(part.role()) && part.says(shown.content())));
  }

  private static Stream<Content> toolCalls(Call call) {
    return call.toolCalls().stream()
        .map(
            tool ->
                new Content(
                    "gen_ai.output.messages",
                    tool,
                    (part, shown) ->
                        part.isOf("tool_call")
                            && shown.name().equals(part.part().get("name"))
                            && shown
                                .content()
                                .equals(JsonTree.opened(part.part().get("arguments")))));
  }

  private static Set<Place> places(Place... places) {
    return Set.of(places);
  }

  /** Asserts that what is known to be in these places is there; returns how much that was. */
  private static int assertShown(
      Scenario scenario,
      String check,
      Function<Call, Stream<Content>> contents,
      Set<Place> places) {
    Output after = CaptureRun.of(scenario).after();
    int count = 0;
    for (Call call : scenario.served()) {
      for (Content content : contents.apply(call).toList()) {
        Shown shown = content.shown();
        if (shown == null || !places.contains(shown.place())) {
          continue;
        }
        count++;
        List<Entry> entries =
            switch (shown.place()) {
              case BILLED -> after.billed();
              case SPAN -> after.spans();
              case RECORD -> after.records();
            };
        assertThat(entries.stream().flatMap(entry -> entry.parts(content.key()).stream()))
            .as("%s, %s: %s in %s", scenario, check, shown, content.key())
            .anyMatch(part -> content.isIt().test(part, shown));
      }
    }
    if (!places.contains(Place.RECORD)) {
      assertThat(count).as("%s, %s: contents on spans", scenario, check).isPositive();
    }
    return count;
  }

  private static boolean isMessage(Object tree) {
    Map<?, ?> message = JsonTree.map(tree);
    return message.get("role") instanceof String role
        && !role.isEmpty()
        && message.get("parts") instanceof List<?> parts
        && parts.stream()
            .allMatch(
                part -> JsonTree.map(part).get("type") instanceof String type && !type.isEmpty());
  }

  /** Whether a text is now the number that it spells, or a whole number one with a fraction. */
  private static boolean isTypedAnew(Entry then, Entry now, String key) {
    return key.startsWith("gen_ai.")
        && String.valueOf(then.json(key)).equals(String.valueOf(now.json(key)));
  }

  private static Map<String, Entry> byId(Output output) {
    Map<String, Entry> byId = new LinkedHashMap<>();
    output.spans().forEach(span -> byId.put(span.id(), span));
    return byId;
  }
}
