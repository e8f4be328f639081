package dev.tallyspan.collector.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A client, the gateway that it calls, and the server of the model. */
class ServerCallsTest {

  private final Recorded client = Recorded.chat("client", 1).tokens(1_000, 100);
  private final Recorded http = Recorded.http(2).in(client);

  private Recorded gateway() {
    return Recorded.chat("gateway", 3)
        .in(http)
        .kind(Recorded.SERVER)
        .service("gateway")
        .tokens(1_000, 100)
        .at(-40, 900);
  }

  private static List<String> verdicts(Recorded... spans) throws Exception {
    return Decided.whole(spans).stream().map(Decided::verdict).toList();
  }

  @Test
  void clientBillsOnEqualDetail() throws Exception {
    assertThat(verdicts(client, http, gateway())).containsExactly("priced", "", "duplicate of 1");
  }

  @Test
  void serverBillsIfTheClientHasNoUsage() throws Exception {
    client.without("gen_ai.usage.input_tokens").without("gen_ai.usage.output_tokens");

    assertThat(verdicts(client, http, gateway())).containsExactly("duplicate of 3", "", "priced");
  }

  @Test
  void serverBillsIfItKnowsMore() throws Exception {
    assertThat(verdicts(client, http, gateway().cacheRead(500)))
        .containsExactly("duplicate of 3", "", "priced");
  }

  @Test
  void costThatAGatewayReportsIsTheCost() throws Exception {
    List<Decided> decided = Decided.whole(client, http, gateway().reportedCost(0.0123));

    assertThat(decided)
        .extracting(Decided::verdict)
        .containsExactly("duplicate of 3", "", "provider_reported");
    assertThat(decided.get(2).cost()).isEqualByComparingTo("0.0123");
  }

  @Test
  void wholeChainIsOneCall() throws Exception {
    Recorded gateway = gateway();
    Recorded onwards =
        Recorded.chat("gateway-client", 4).in(gateway).service("gateway").tokens(1_000, 100);
    Recorded server =
        Recorded.chat("vllm", 5)
            .in(onwards)
            .kind(Recorded.SERVER)
            .service("vllm")
            .tokens(1_000, 100)
            .at(60, 1_050);

    assertThat(Decided.whole(client, http, gateway, onwards, server))
        .filteredOn(Decided::isBilled)
        .extracting(span -> span.id)
        .containsExactly(4L);
  }

  @Test
  void providerThatAGatewayTriedInVainIsNotBilled() throws Exception {
    Recorded gateway = gateway();
    Recorded refused =
        Recorded.chat("gateway-client", 4).in(gateway).service("gateway").failed("503");
    Recorded other =
        Recorded.chat("gateway-client", 5)
            .in(gateway)
            .service("gateway")
            .model("n")
            .with("gen_ai.provider.name", "umbrella")
            .tokens(1_000, 100);

    assertThat(verdicts(client, http, gateway, refused, other))
        .containsExactly("duplicate of 5", "", "duplicate of 5", "not_billable", "priced");
  }

  @Test
  void serverWhoseCallerWasNotSeenIsBilledAndTheCallerSaysSo() throws Exception {
    assertThat(verdicts(client, gateway())).containsExactly("priced, maybe 3", "priced");
  }
}
