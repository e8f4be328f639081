package dev.tallyspan.collector.edit;

import static dev.tallyspan.collector.edit.EditTesting.attribute;
import static dev.tallyspan.collector.edit.EditTesting.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.RouteRules.Route;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteRulesTest {

  private static final Route A_ELSEWHERE = route("name == \"a\"", true, false);
  private static final Route COPY_OF_B_ELSEWHERE = route("name == \"b\"", false, false);
  private static final Route AB_HERE = route("IsMatch(name, \"a|b\")", true, true);

  @Test
  void theFirstRouteThatMatchesTakesASpan() throws Exception {
    assertThat(names(new RouteRules(List.of(A_ELSEWHERE, AB_HERE), false))).containsExactly("b");
    assertThat(names(new RouteRules(List.of(AB_HERE, A_ELSEWHERE), false)))
        .containsExactly("a", "b");
  }

  @Test
  void aRouteThatCopiesLeavesASpanToOthers() throws Exception {
    assertThat(names(new RouteRules(List.of(COPY_OF_B_ELSEWHERE, AB_HERE), false)))
        .containsExactly("a", "b");
    assertThat(names(new RouteRules(List.of(COPY_OF_B_ELSEWHERE), true)))
        .containsExactly("a", "b", "c");
  }

  @Test
  void theRestIsWhatNoRouteTakes() throws Exception {
    assertThat(names(new RouteRules(List.of(A_ELSEWHERE), true))).containsExactly("b", "c");
    assertThat(names(new RouteRules(List.of(A_ELSEWHERE), false))).isEmpty();
  }

  @Test
  void resourcesAreRouted() throws Exception {
    Route shop =
        new Route(
            Condition.parse(
                "attributes[\"service.name\"] == \"shop\"", Context.RESOURCE, Context.RESOURCE),
            true,
            true);

    assertThat(names(new RouteRules(List.of(shop), false))).containsExactly("a", "b", "c");
  }

  @Test
  void conditionThatCannotBeDecidedDoesNotHold() throws Exception {
    Route undecided = route("SHA256(attributes[\"n\"]) == \"a\"", true, false);

    assertThat(
            EditTesting.apply(
                new RouteRules(List.of(undecided), true), span("a", attribute("n", 1))))
        .hasSize(1);
  }

  @Test
  void spanThatCannotBeReadGoesWithTheRest() throws Exception {
    byte[] request =
        EditTesting.spans(
                Span.newBuilder()
                    .mergeFrom(
                        Span.newBuilder()
                            .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                    .addField(
                                        20,
                                        UnknownFieldSet.Field.newBuilder()
                                            .addLengthDelimited(ByteString.copyFromUtf8("x"))
                                            .build())
                                    .build())
                            .build()))
            .toByteArray();
    // Field 20 becomes an attribute (field 9) that is not valid.
    for (int i = 0; i + 3 < request.length; i++) {
      if ((request[i] & 0xFF) == 0xA2 && request[i + 1] == 1 && request[i + 3] == 'x') {
        request[i] = (byte) 0xCA;
        request[i + 1] = 0;
      }
    }

    assertThat(items(new RouteRules(List.of(A_ELSEWHERE), true), request)).isEqualTo(1);
    assertThat(items(new RouteRules(List.of(A_ELSEWHERE), false), request)).isZero();
  }

  private static int items(RouteRules rules, byte[] request) throws Exception {
    Batch batch = EditTesting.batch(Signal.TRACES, request, 1);
    return rules.processor("r", EditTesting.NO_METER).apply(batch).request().items();
  }

  private static List<String> names(RouteRules rules) throws Exception {
    return EditTesting.apply(rules, span("a"), span("b"), span("c")).stream()
        .map(Span::getName)
        .toList();
  }

  private static Route route(String condition, boolean takes, boolean here) {
    return new Route(Condition.parse(condition, Context.SPAN, Context.SPAN), takes, here);
  }
}
