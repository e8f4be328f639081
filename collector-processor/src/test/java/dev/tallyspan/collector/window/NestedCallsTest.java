package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A framework's span around the spans of the client library that it uses. */
class NestedCallsTest {

  private static final String ANSWER = "chatcmpl-AbCdEfGhIjKlMnOp";

  private static Recorded framework(long id) {
    return Recorded.chat("framework", id).tokens(1_000, 100);
  }

  private static Recorded client(long id, Recorded parent) {
    return Recorded.chat("client", id).in(parent).tokens(1_000, 100).at(10, 990);
  }

  private static List<String> verdicts(Recorded... spans) throws Exception {
    return Decided.whole(spans).stream().map(Decided::verdict).toList();
  }

  @Test
  void clientBillsOnEqualDetailThoughTheFrameworkHasNoIdAndAnotherModelName() throws Exception {
    Recorded framework = framework(1).model("acme/m-2026-01-01");
    Recorded client = client(2, framework).answer(ANSWER);

    assertThat(verdicts(framework, client)).containsExactly("duplicate of 2", "priced");
    assertThat(verdicts(client, framework)).containsExactly("priced", "duplicate of 2");
  }

  @Test
  void nameOfADeploymentIsNoReasonToBillTwice() throws Exception {
    Recorded framework = framework(1).model("our-deployment");

    assertThat(verdicts(framework, client(2, framework)))
        .containsExactly("duplicate of 2", "priced");
  }

  @Test
  void spansThatAreNotAboutLlmsMayLieBetween() throws Exception {
    Recorded framework = framework(1);
    Recorded http = Recorded.http(2).in(framework);

    assertThat(verdicts(framework, http, client(3, http)))
        .containsExactly("duplicate of 3", "", "priced");
  }

  @Test
  void differentIdsOfOneKindAreTwoCalls() throws Exception {
    Recorded framework = framework(1).answer("chatcmpl-AnotherAnotherAnother");

    assertThat(verdicts(framework, client(2, framework).answer(ANSWER)))
        .allMatch(verdict -> verdict.startsWith("priced"));
  }

  @Test
  void idsOfDifferentKindsProveNothing() throws Exception {
    Recorded framework = framework(1).answer("run-018f3c1e-7d2a-7c11-9c55-0123456789ab");

    assertThat(verdicts(framework, client(2, framework).answer(ANSWER)))
        .containsExactly("duplicate of 2", "priced");
  }

  @Test
  void idsThatShowNoKindProveNothing() throws Exception {
    Recorded framework = framework(1).answer("018f3c1e-7d2a-7c11-9c55-0123456789ab");
    Recorded client = client(2, framework).answer("4bc81e44-19aa-4a7c-8f11-ba9876543210");

    assertThat(verdicts(framework, client)).containsExactly("duplicate of 2", "priced");
  }

  @Test
  void streamedClientWithoutUsageIsADuplicateOfTheFramework() throws Exception {
    Recorded framework = framework(1);
    Recorded client = Recorded.chat("client", 2).in(framework);

    assertThat(verdicts(framework, client)).containsExactly("priced", "duplicate of 1");
  }

  @Test
  void streamOfAnotherAnswerIsACallOfItsOwn() throws Exception {
    Recorded framework = framework(1).answer("chatcmpl-AnotherAnotherAnother");
    Recorded client = Recorded.chat("client", 2).in(framework).answer(ANSWER);

    assertThat(verdicts(framework, client)).containsExactly("priced", "unpriced");
  }

  @Test
  void wrapperWithoutUsageIsADuplicateOfTheOneCallInIt() throws Exception {
    Recorded wrapper = Recorded.chat("framework", 1);
    Recorded inner = Recorded.chat("framework", 2).in(wrapper).tokens(1_000, 100);

    assertThat(verdicts(wrapper, inner, client(3, inner)))
        .containsExactly("duplicate of 3", "duplicate of 3", "priced");
  }

  @Test
  void wrapperWithoutUsageOfAnotherAnswerIsACallOfItsOwn() throws Exception {
    Recorded wrapper = Recorded.chat("framework", 1).answer("chatcmpl-AnotherAnotherAnother");

    assertThat(verdicts(wrapper, client(2, wrapper).answer(ANSWER)))
        .containsExactly("unpriced", "priced");
  }

  @Test
  void wrapperWithoutUsageAroundSeveralCallsIsNoCall() throws Exception {
    Recorded wrapper = Recorded.chat("framework", 1);

    assertThat(verdicts(wrapper, client(2, wrapper), client(3, wrapper)))
        .containsExactly("aggregate", "priced", "priced");
  }

  @Test
  void wrapperAroundAWrapperAroundSeveralCallsIsNoCall() throws Exception {
    Recorded outer = Recorded.chat("framework", 1);
    Recorded inner = Recorded.chat("framework", 2).in(outer);
    Recorded one = client(3, inner);
    Recorded two = client(4, inner);

    assertThat(verdicts(outer, inner, one, two))
        .containsExactly("aggregate", "aggregate", "priced", "priced");
    assertThat(verdicts(two, one, inner, outer))
        .containsExactly("priced", "priced", "aggregate", "aggregate");
  }

  @Test
  void chatWithTheTokensOfTheSeveralCallsInItIsTheirSum() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(3_000, 250);
    Recorded first = client(2, framework);
    Recorded second = Recorded.chat("client", 3).in(framework).tokens(2_000, 150);

    assertThat(verdicts(framework, first, second)).containsExactly("aggregate", "priced", "priced");
  }

  @Test
  void sumAroundASumIsBilledNeitherWay() throws Exception {
    Recorded outer = Recorded.chat("agents", 1).tokens(3_000, 250);
    Recorded inner = Recorded.chat("framework", 2).in(outer).tokens(3_000, 250);
    Recorded first = client(3, inner);
    Recorded second = Recorded.chat("client", 4).in(inner).tokens(2_000, 150);

    assertThat(verdicts(outer, inner, first, second))
        .containsExactly("aggregate", "aggregate", "priced", "priced");
    assertThat(verdicts(second, first, inner, outer))
        .containsExactly("priced", "priced", "aggregate", "aggregate");
  }

  @Test
  void chatThatIsNeitherACallInItNorTheirSumIsBilledAndSaysSo() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(7_000, 900);

    assertThat(verdicts(framework, client(2, framework), client(3, framework)))
        .containsExactly("priced, maybe 3", "priced", "priced");
  }

  @Test
  void refusedAttemptIsNotBilledAndTheGoodOneBills() throws Exception {
    Recorded framework = framework(1);
    Recorded refused = Recorded.chat("client", 2).in(framework).refused().at(10, 100);

    assertThat(verdicts(framework, refused, client(3, framework).at(200, 990)))
        .containsExactly("duplicate of 3", "not_billable", "priced");
  }

  @Test
  void attemptThatTimedOutMayHaveBeenBilledByTheProvider() throws Exception {
    Recorded framework = framework(1);
    Recorded late = Recorded.chat("client", 2).in(framework).failed("timeout").at(10, 100);

    assertThat(verdicts(framework, late, client(3, framework).at(200, 990)))
        .containsExactly("duplicate of 3", "unpriced", "priced");
  }

  @Test
  void attemptThatTimedOutIsNoTwinOfTheAnswerBesideAStreamWithoutUsage() throws Exception {
    Recorded framework = framework(1);
    Recorded late = Recorded.chat("client", 2).in(framework).failed("timeout").at(10, 100);
    Recorded streamed = Recorded.chat("client", 3).in(framework).at(200, 990);

    assertThat(verdicts(framework, late, streamed))
        .containsExactly("priced", "unpriced", "duplicate of 1");
  }

  @Test
  void fallbackToAnotherProviderIsBilledByTheOneThatAnswered() throws Exception {
    Recorded framework = framework(1);
    Recorded refused = Recorded.chat("client", 2).in(framework).refused().at(10, 100);
    Recorded other =
        Recorded.chat("other-client", 3)
            .in(framework)
            .model("n")
            .with("gen_ai.provider.name", "umbrella")
            .tokens(1_000, 100)
            .at(200, 990);

    assertThat(Decided.whole(framework, refused, other))
        .extracting(Decided::verdict, span -> span.cost().toPlainString())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("duplicate of 3", "0"),
            org.assertj.core.groups.Tuple.tuple("not_billable", "0"),
            org.assertj.core.groups.Tuple.tuple("priced", "0.0045"));
  }

  @Test
  void failedFrameworkAroundAnAnsweredCallIsItsDuplicate() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).failed("OutputParserException");

    assertThat(verdicts(framework, client(2, framework)).get(1)).isEqualTo("priced");
    assertThat(Decided.whole(framework, client(2, framework)).get(0).isBilled()).isFalse();
  }

  @Test
  void callOfAnotherModelInsideAChatIsACallOfItsOwn() throws Exception {
    Recorded framework = framework(1);
    Recorded guardrail =
        Recorded.chat("client", 2).in(framework).model("mini").tokens(300, 5).at(5, 9);

    assertThat(verdicts(framework, guardrail, client(3, framework)))
        .containsExactly("duplicate of 3", "priced", "priced");
  }

  @Test
  void streamWithoutUsageBesideACallOfAnotherModelIsTheTwin() throws Exception {
    Recorded framework = framework(1);
    Recorded guardrail =
        Recorded.chat("client", 2).in(framework).model("mini").tokens(300, 5).at(5, 9);
    Recorded streamed = Recorded.chat("client", 3).in(framework).at(20, 990);
    Recorded gateway =
        Recorded.chat("gateway", 4).kind(Recorded.SERVER).in(streamed).tokens(1_000, 100);

    assertThat(verdicts(framework, guardrail, streamed))
        .containsExactly("priced", "priced", "duplicate of 1");
    assertThat(verdicts(framework, guardrail, streamed, gateway))
        .containsExactly("priced", "priced", "duplicate of 1", "duplicate of 1");
  }

  @Test
  void sumOfCallsOfWhichNotAllWereSeenIsBilledAndSaysSo() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(3_000, 250).answer(ANSWER);
    Recorded first = client(2, framework).answer("chatcmpl-AnotherAnotherAnother");

    assertThat(verdicts(framework, first)).containsExactly("priced, maybe 2", "priced");
  }

  @Test
  void sumWithTheIdOfItsLastCallIsBilledAndSaysSoIfACallWasNotSeen() throws Exception {
    Recorded framework =
        Recorded.chat("framework", 1).tokens(6_000, 500).cacheRead(50).answer(ANSWER);
    Recorded first = client(2, framework).answer("chatcmpl-AnotherAnotherAnother");
    Recorded last = Recorded.chat("client", 3).in(framework).tokens(2_000, 150).answer(ANSWER);

    assertThat(verdicts(framework, first, last))
        .containsExactly("priced, maybe 2", "priced", "duplicate of 1");
  }

  @Test
  void callInsideIsOneThoughASpanBetweenWasNotSeen() throws Exception {
    Recorded framework = framework(1);
    Recorded http = Recorded.http(2).in(framework);

    assertThat(verdicts(framework, client(3, http))).containsExactly("priced, maybe 3", "priced");
  }

  @Test
  void outputWithoutReasoningIsTheSameOutput() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(1_000, 30);

    assertThat(verdicts(framework, client(2, framework).reasoning(70)))
        .containsExactly("duplicate of 2", "priced");
  }

  @Test
  void amongCallsOfEqualTokensTheOneOfTheSameModelIsTheTwin() throws Exception {
    Recorded framework = framework(1);
    Recorded guardrail = client(3, framework).model("mini").at(500, 995);

    assertThat(verdicts(framework, client(2, framework).at(10, 400), guardrail))
        .containsExactly("duplicate of 2", "priced", "priced");
  }

  @Test
  void amongCallsOfNearlyEqualTokensTheEqualOneIsTheTwin() throws Exception {
    Recorded framework = framework(1);
    Recorded near = Recorded.chat("client", 3).in(framework).tokens(1_001, 99).at(500, 995);

    assertThat(verdicts(framework, client(2, framework).at(10, 400), near))
        .containsExactly("duplicate of 2", "priced", "priced");
  }

  @Test
  void embeddingsInsideAChatAreACallOfTheirOwn() throws Exception {
    Recorded framework = framework(1);
    Recorded embeddings =
        Recorded.embeddings("client", 2).in(framework).with("gen_ai.usage.input_tokens", 1_000L);

    assertThat(verdicts(framework, embeddings)).containsExactly("priced", "priced");
  }

  @Test
  void callsInsideToolsAndAgentsOfACallAreCallsOfTheirOwn() throws Exception {
    Recorded framework = framework(1);
    Recorded tool = Recorded.tool("framework", 2).in(framework);
    Recorded agent = Recorded.agent("framework", 3).in(framework);

    assertThat(verdicts(framework, tool, client(4, tool), agent, client(5, agent)))
        .containsExactly("priced", "not_billable", "priced", "not_billable", "priced");
  }

  @Test
  void promptWithoutItsCachePartIsTheSamePrompt() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(9, 50).cacheWrite(2_870);
    Recorded client = client(2, framework).tokens(2_879, 50).cacheWrite(2_870);

    assertThat(verdicts(framework, client)).containsExactly("duplicate of 2", "priced");
    framework.without("gen_ai.usage.cache_creation.input_tokens");
    assertThat(verdicts(framework, client)).containsExactly("duplicate of 2", "priced");
  }

  @Test
  void twinThatDoesNotKnowTheCacheLoses() throws Exception {
    Recorded framework = Recorded.chat("framework", 1).tokens(1_000, 100).cacheRead(900);
    Recorded client = client(2, framework).cacheWrite(0);

    List<Decided> decided = Decided.whole(framework, client);

    assertThat(decided).extracting(Decided::verdict).containsExactly("priced", "duplicate of 1");
    // 100 × 2/M + 900 × 0.2/M + 100 × 10/M
    assertThat(decided.get(0).cost()).isEqualByComparingTo("0.00138");
  }

  @Test
  void twinWhoseModelHasNoPriceLoses() throws Exception {
    Recorded framework = framework(1);

    assertThat(verdicts(framework, client(2, framework).model("secret")))
        .containsExactly("priced", "duplicate of 1");
  }

  @Test
  void operationThatTheConventionsDoNotDefineMayBeAChat() throws Exception {
    Recorded framework = framework(1);
    Recorded client =
        Recorded.call("client", 2, "responses.create").model("m").in(framework).tokens(1_000, 100);

    assertThat(verdicts(framework, client)).containsExactly("duplicate of 2", "priced");
  }
}
