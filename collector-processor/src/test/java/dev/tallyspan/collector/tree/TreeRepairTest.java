package dev.tallyspan.collector.tree;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.tree.TreeSettings.Duplicates;
import dev.tallyspan.collector.tree.TreeSettings.Identity;
import dev.tallyspan.collector.tree.TreeSettings.Spans;
import dev.tallyspan.collector.window.WholeTraces;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TreeRepairTest {

  private final List<Outcome> outcomes = new ArrayList<>();

  @Test
  void defaultsChangeNothing() throws Exception {
    Batch batch = batch(root(), framework(), client());

    assertThat(repair(TreeSettings.DEFAULT).apply(List.of(batch))).singleElement().isSameAs(batch);
  }

  @Test
  void strippedDuplicateKeepsItsPlaceAndItsVerdict() throws Exception {
    Map<String, Span> out = written(duplicates(Duplicates.STRIP), root(), framework(), client());

    assertThat(attributes(out.get("2")))
        .containsKeys(
            "gen_ai.request.model", "tallyspan.cost.status", "tallyspan.cost.duplicate_of")
        .doesNotContainKeys(
            "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "llm.token_count.total");
    assertThat(attributes(out.get("3")))
        .containsKeys("gen_ai.usage.input_tokens", "tallyspan.cost.total");
  }

  @Test
  void childrenOfADroppedDuplicateMoveToItsParent() throws Exception {
    Map<String, Span> out = written(duplicates(Duplicates.DROP), root(), framework(), client());

    assertThat(out).containsOnlyKeys("1", "3");
    assertThat(parent(out.get("3"))).isEqualTo("1");
    assertThat(parent(out.get("1"))).isEmpty();
  }

  @Test
  void onlyLlmSpansAreLeftBelowTheirNearestLlmAncestor() throws Exception {
    Map<String, Span> out =
        written(
            spans(Spans.LLM),
            root(),
            agent("2", "1"),
            span("3", "2", "HTTP POST"),
            chat("4", "3", "gpt-4o"),
            span("5", "4", "SELECT"));

    assertThat(out).containsOnlyKeys("2", "4");
    assertThat(parent(out.get("2"))).isEmpty();
    assertThat(parent(out.get("4"))).isEqualTo("2");
  }

  @Test
  void spanBelowAnAncestorThatWasNotSeenIsNoRoot() throws Exception {
    Map<String, Span> out =
        written(spans(Spans.LLM), span("2", "9", "GET /"), chat("3", "2", "gpt-4o"));

    assertThat(parent(out.get("3"))).isEqualTo("9");
  }

  @Test
  void ancestorsOfLlmSpansStayIfTheyAreAskedFor() throws Exception {
    Map<String, Span> out =
        written(
            spans(Spans.LLM_WITH_ANCESTORS),
            root(),
            span("2", "1", "work"),
            chat("3", "2", "gpt-4o"),
            span("4", "2", "SELECT"));

    assertThat(out).containsOnlyKeys("1", "2", "3");
    assertThat(parent(out.get("3"))).isEqualTo("2");
  }

  @Test
  void requestOfWhichNothingIsLeftIsSettled() throws Exception {
    assertThat(written(spans(Spans.LLM), root(), span("2", "1", "SELECT"))).isEmpty();
    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void spansOfOneTraceInSeveralRequestsAreOneTree() throws Exception {
    Batch first = batch(chat("3", "2", "gpt-4o"));
    Batch second = batch(root(), span("2", "1", "work"));

    List<Batch> left = repair(spans(Spans.LLM)).apply(List.of(first, second));

    assertThat(left).hasSize(1);
    assertThat(parent(byId(rendered(left.get(0))).get("3"))).isEmpty();
    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void identityOnWhichAllSpansAgreeIsCopiedToTheRoot() throws Exception {
    Map<String, Span> out =
        written(
            identity(Identity.ROOT),
            agent("1", "").addAttributes(attribute("session.id", "its own")),
            chat("2", "1", "gpt-4o")
                .addAttributes(attribute("user.id", "ada"))
                .addAttributes(attribute("session.id", "s1"))
                .addAttributes(attribute("tenant.id", "acme"))
                .addAttributes(attribute("gen_ai.conversation.id", "c1"))
                .addAttributes(tags("langfuse.trace.tags", "beta")),
            chat("3", "1", "gpt-4o").addAttributes(attribute("gen_ai.conversation.id", "c2")));

    assertThat(attributes(out.get("1")))
        .containsEntry("user.id", text("ada"))
        .containsEntry("tenant.id", text("acme"))
        .containsEntry("session.id", text("its own"))
        .containsEntry("langfuse.trace.tags", tags("", "beta").getValue())
        .as("spans differ")
        .doesNotContainKey("gen_ai.conversation.id");
    assertThat(attributes(out.get("3"))).doesNotContainKey("user.id");
  }

  @Test
  void nothingIsCopiedThatMakesARootAnLlmSpan() throws Exception {
    Map<String, Span> out =
        written(
            identity(Identity.ROOT),
            root(),
            chat("2", "1", "gpt-4o")
                .addAttributes(attribute("user.id", "ada"))
                .addAttributes(attribute("gen_ai.conversation.id", "c1"))
                .addAttributes(tags("langfuse.trace.tags", "beta")));

    assertThat(attributes(out.get("1")))
        .containsKeys("user.id", "langfuse.trace.tags")
        .doesNotContainKey("gen_ai.conversation.id");
  }

  @Test
  void identityIsCopiedToAllLlmSpansIfThatIsAskedFor() throws Exception {
    Map<String, Span> out =
        written(
            identity(Identity.ALL),
            root().addAttributes(attribute("user.id", "ada")),
            chat("2", "1", "gpt-4o"),
            span("3", "1", "SELECT"));

    assertThat(attributes(out.get("2"))).containsEntry("user.id", text("ada"));
    assertThat(attributes(out.get("3"))).doesNotContainKey("user.id");
  }

  @Test
  void pendingSpanLeavesOnceTheSpanItselfWasSeen() throws Exception {
    Map<String, Span> out =
        written(
            snapshots(), root(), pending("2", "1"), pending("3", "9"), chat("4", "1", "gpt-4o"));

    assertThat(out).containsOnlyKeys("1", "3", "4");
  }

  @Test
  void lastStateOfASpanIsLeft() throws Exception {
    Span.Builder started = span("2", "1", "work").clearEndTimeUnixNano();

    List<Span> out =
        LlmRequests.spans(
            rendered(
                repair(snapshots())
                    .apply(List.of(batch(root(), started, span("2", "1", "work"))))
                    .get(0)));

    assertThat(out).hasSize(2);
    assertThat(out.get(1).getEndTimeUnixNano()).isPositive();
  }

  @Test
  void spanWhoseParentWasNotSeenIsMarked() throws Exception {
    TreeSettings marking =
        new TreeSettings(Duplicates.KEEP, Spans.ALL, Identity.LEAVE, false, true);

    Map<String, Span> out =
        written(marking, root(), span("2", "1", "work"), chat("3", "9", "gpt-4o"));

    assertThat(attributes(out.get("3")).get("tallyspan.tree.orphan").getBoolValue()).isTrue();
    assertThat(attributes(out.get("2"))).isEmpty();
    assertThat(out.get("1")).isEqualTo(root().build());
  }

  @ParameterizedTest
  @EnumSource(Duplicates.class)
  void doingItTwiceIsDoingItOnce(Duplicates duplicates) throws Exception {
    TreeSettings everything =
        new TreeSettings(duplicates, Spans.LLM_WITH_ANCESTORS, Identity.ALL, true, true);
    Batch batch =
        batch(
            root().addAttributes(attribute("user.id", "ada")),
            framework(),
            client(),
            pending("4", "3"),
            chat("5", "9", "gpt-4o"));
    byte[] once = rendered(repair(everything).apply(List.of(batch)).get(0));

    byte[] twice = rendered(repair(everything).apply(List.of(processed(once))).get(0));

    assertThat(twice).isEqualTo(once);
  }

  private static Span.Builder root() {
    return span("1", "", "GET /");
  }

  private static Span.Builder agent(String id, String parent) {
    return span(id, parent, "invoke_agent")
        .addAttributes(attribute("gen_ai.operation.name", "invoke_agent"))
        .addAttributes(attribute("gen_ai.agent.name", "helper"));
  }

  /** The span of a framework around {@link #client}, with the same tokens. */
  private static Span.Builder framework() {
    return chat("2", "1", "gpt-4o").addAttributes(attribute("llm.token_count.total", 1_100));
  }

  private static Span.Builder client() {
    return chat("3", "2", "gpt-4o").addAttributes(attribute("gen_ai.response.id", "resp-1234567"));
  }

  private static Span.Builder pending(String id, String of) {
    return span(id, of, "work")
        .setEndTimeUnixNano(root().getStartTimeUnixNano())
        .addAttributes(attribute("logfire.span_type", "pending_span"));
  }

  private static KeyValue tags(String key, String tag) {
    KeyValue.Builder tags = KeyValue.newBuilder().setKey(key);
    tags.getValueBuilder()
        .getArrayValueBuilder()
        .addValues(AnyValue.newBuilder().setStringValue(tag));
    return tags.build();
  }

  private static AnyValue text(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }

  private static TreeSettings duplicates(Duplicates duplicates) {
    return new TreeSettings(duplicates, Spans.ALL, Identity.LEAVE, false, false);
  }

  private static TreeSettings spans(Spans spans) {
    return new TreeSettings(Duplicates.KEEP, spans, Identity.LEAVE, false, false);
  }

  private static TreeSettings identity(Identity identity) {
    return new TreeSettings(Duplicates.KEEP, Spans.ALL, identity, false, false);
  }

  private static TreeSettings snapshots() {
    return new TreeSettings(Duplicates.KEEP, Spans.ALL, Identity.LEAVE, true, false);
  }

  private static TreeRepair repair(TreeSettings settings) {
    return new TreeRepair(settings, "tenant.id", MeterProvider.noop().get("test"));
  }

  /** The spans that are written of one request, by the digit of their id. */
  private Map<String, Span> written(TreeSettings settings, Span.Builder... spans) throws Exception {
    List<Batch> left = repair(settings).apply(List.of(batch(spans)));
    return left.isEmpty() ? Map.of() : byId(rendered(left.get(0)));
  }

  private static byte[] rendered(Batch batch) {
    return new ProfileRenderer(
            Profile.DEFAULT,
            failure -> {
              throw new AssertionError(failure);
            })
        .render(batch)
        .toByteArray();
  }

  private static Map<String, Span> byId(byte[] request) throws Exception {
    Map<String, Span> byId = new HashMap<>();
    for (Span span : LlmRequests.spans(request)) {
      byId.put(digit(span.getSpanId()), span);
    }
    return byId;
  }

  private static String parent(Span span) {
    return digit(span.getParentSpanId());
  }

  private static String digit(com.google.protobuf.ByteString id) {
    return id.isEmpty() ? "" : Integer.toHexString(id.byteAt(0) & 0xF);
  }

  private static Map<String, AnyValue> attributes(Span span) {
    Map<String, AnyValue> attributes = new HashMap<>();
    span.getAttributesList().forEach(it -> attributes.put(it.getKey(), it.getValue()));
    return attributes;
  }

  private Batch batch(Span.Builder... spans) throws Exception {
    return processed(LlmRequests.traces(spans));
  }

  private Batch processed(byte[] request) throws Exception {
    return WholeTraces.perRequest(ProcessorConfig.ALL_GAPS)
        .apply(
            LlmProcessor.builder()
                .build()
                .apply(LlmRequests.batch(Signal.TRACES, request, outcomes::add)));
  }
}
