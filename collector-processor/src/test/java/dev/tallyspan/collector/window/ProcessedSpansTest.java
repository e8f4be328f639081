package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans that Tallyspan has processed before. */
class ProcessedSpansTest {

  private static List<String> verdicts(Recorded... spans) throws Exception {
    return Decided.whole(spans).stream().map(Decided::verdict).toList();
  }

  @Test
  void billedSpanStaysAndItsTwinIsADuplicate() throws Exception {
    Recorded framework =
        Recorded.chat("framework", 1)
            .tokens(1_000, 100)
            .with("tallyspan.cost.status", "priced")
            .with("tallyspan.cost.total_exact", "0.003")
            .with("tallyspan.cost.currency", "USD");
    Recorded client = Recorded.chat("client", 2).in(framework).tokens(1_000, 100).cacheRead(600);

    assertThat(verdicts(framework, client)).containsExactly("priced", "duplicate of 1");
  }

  @Test
  void twoTwinsThatWereBilledBeforeAreBilledOnce() throws Exception {
    Recorded framework =
        Recorded.chat("framework", 1).tokens(1_000, 100).with("tallyspan.cost.status", "unpriced");
    Recorded client =
        Recorded.chat("client", 2)
            .in(framework)
            .tokens(1_000, 100)
            .with("tallyspan.cost.status", "unpriced");

    assertThat(verdicts(framework, client)).containsExactly("duplicate of 2", "unpriced");
  }

  @Test
  void nothingOfAWithdrawnCostIsLeft() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(1_000, 100);
    Recorded client = Recorded.chat("client", 2).in(framework).tokens(1_000, 100);
    // In the application, each span is seen alone.
    List<ExportTraceServiceRequest> alone = new ArrayList<>();
    for (Recorded span : List.of(framework, client)) {
      alone.addAll(Front.wholeTraces().process(List.of(Recorded.request(List.of(span)))));
    }
    assertThat(keys(alone)).anySatisfy(keys -> assertThat(keys).contains("gen_ai.usage.cost"));

    List<ExportTraceServiceRequest> together = Front.wholeTraces().process(alone);

    assertThat(keys(together.subList(0, 1)))
        .singleElement()
        .satisfies(
            keys ->
                assertThat(keys)
                    .contains("tallyspan.cost.status", "tallyspan.cost.duplicate_of")
                    .doesNotContain("gen_ai.usage.cost", "tallyspan.cost.total")
                    .noneMatch(key -> key.equals("tallyspan.cost.input")));
    assertThat(Front.wholeTraces().process(together)).isEqualTo(together);
  }

  private static List<List<String>> keys(List<ExportTraceServiceRequest> requests) {
    return requests.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span -> span.getAttributesList().stream().map(it -> it.getKey()).toList())
        .toList();
  }

  @Test
  void duplicateStaysOneThoughItsTwinIsNotThere() throws Exception {
    Recorded client =
        Recorded.chat("client", 2)
            .tokens(1_000, 100)
            .with("tallyspan.cost.status", "duplicate")
            .with("tallyspan.cost.duplicate_of", "0000000000000001");

    assertThat(verdicts(client)).containsExactly("duplicate of 1");
  }

  @Test
  void processingAgainChangesNoByte() throws Exception {
    Recorded http = Recorded.http(1);
    Recorded agent = Recorded.agent("framework", 2).in(http).tokens(5_000, 500);
    Recorded framework = Recorded.chat("framework", 3).in(agent).tokens(1_000, 100).answeredBy("m");
    Recorded client = Recorded.chat("client", 4).in(framework).tokens(1_000, 100).at(3, 990);
    Recorded tool = Recorded.tool("framework", 5).in(agent).failed("boom");
    Recorded inTool = Recorded.chat("client", 6).in(tool).model("secret").tokens(70, 7);
    Recorded twice = Recorded.chat("client", 7).in(agent).tokens(80, 8);
    Recorded across = Recorded.chat("framework", 8).trace(7).tokens(80, 8).at(-5, 1_005);
    Recorded sole = Recorded.agent("framework", 9).trace(8).model("m").tokens(90, 9);
    List<ExportTraceServiceRequest> once =
        Front.wholeTraces()
            .process(
                List.of(
                    Recorded.request(List.of(tool, client, twice, inTool)),
                    Recorded.request(List.of(twice, agent, http, framework, across, sole))));

    List<ExportTraceServiceRequest> again = Front.wholeTraces().process(once);

    for (int i = 0; i < once.size(); i++) {
      assertThat(again.get(i).toByteArray()).isEqualTo(once.get(i).toByteArray());
    }
  }
}
