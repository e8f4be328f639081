package dev.tallyspan.collector.edit;

import static dev.tallyspan.collector.edit.EditTesting.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterRulesTest {

  private final List<Outcome> outcomes = new ArrayList<>();

  @Test
  void spansThatFulfilAnyConditionAreDropped() throws Exception {
    FilterRules rules = rules("name == \"a\"", "name == \"c\"");

    assertThat(EditTesting.apply(rules, span("a"), span("b"), span("c"), span("d")))
        .extracting(Span::getName)
        .containsExactly("b", "d");
  }

  @Test
  void onlyIncludedSpansAreKept() throws Exception {
    FilterRules rules =
        new FilterRules(
            Matches.of("span_names", "^[ab]$", true),
            Matches.of("span_names", "b", false),
            List.of(),
            List.of());

    assertThat(EditTesting.apply(rules, span("a"), span("b"), span("c")))
        .extracting(Span::getName)
        .containsExactly("a");
  }

  @Test
  void requestOfWhichNothingIsDroppedStaysTheSame() throws Exception {
    Batch batch = batch(span("a"));

    assertThat(rules("name == \"b\"").processor("f", EditTesting.NO_METER).apply(batch))
        .isSameAs(batch);
  }

  @Test
  void nothingIsLeftOfARequestOfWhichAllIsDropped() throws Exception {
    Batch left = rules("true").processor("f", EditTesting.NO_METER).apply(batch(span("a")));

    assertThat(left.request().items()).isZero();
    assertThat(left.request().bytes().size()).isZero();
    assertThat(outcomes).isEmpty();
  }

  @Test
  void refusalOfWhatIsLeftNamesTheSpansOfTheWholeRequest() throws Exception {
    Batch left =
        rules("name == \"b\"")
            .processor("f", EditTesting.NO_METER)
            .apply(batch(span("a"), span("b"), span("c")));

    left.request().ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, "no"));

    assertThat(outcomes)
        .containsExactly(
            new Outcome.Partial(2, UnitSet.range(0, 1).union(UnitSet.range(2, 3)), "no"));
  }

  private static FilterRules rules(String... conditions) {
    return new FilterRules(
        null,
        null,
        List.of(conditions).stream()
            .map(text -> Condition.parse(text, Context.SPAN, Context.SPAN))
            .toList(),
        List.of());
  }

  private Batch batch(Span.Builder... spans) {
    return Batch.of(
        new OtlpRequest(
            Signal.TRACES,
            Slices.of(EditTesting.spans(spans).toByteArray()),
            spans.length,
            new SenderAck(outcomes::add)));
  }
}
