package dev.tallyspan.collector.output.recent;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.trace.v1.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One trace: a failed request of maya with a chat of 1,000 and 100 tokens for 0.0035 USD in 1 s.
 */
class TraceQueryTest {

  private static final Instant STARTED = Instant.ofEpochSecond(1_795_000_000);

  private final RecentTraces store = RecentTraces.builder().build();

  @BeforeEach
  void store() throws Exception {
    RecentOutput.on(Runnable::run, store, /* policy= */ null)
        .write(
            processed(
                span("1", "", "POST /ask")
                    .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR)),
                chat("2", "1", "gpt-4o")
                    .addAttributes(attribute("user.id", "maya"))
                    .addAttributes(attribute("session.id", "trip 2041"))
                    .addAttributes(attribute("tallyspan.metadata.feature", "trips"))
                    .addAttributes(
                        attribute(
                            "gen_ai.input.messages",
                            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\","
                                + "\"content\":\"A night train to Ljubljana\"}]}]"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "ljubljana",
        "\"night train\"",
        "/ask",
        "model:gpt-4o",
        "model:GPT",
        "user:maya",
        "user:ma*",
        "session:\"trip 2041\"",
        "feature:trips",
        "provider:openai",
        "operation:chat",
        "name:chat",
        "trace:0af7",
        "status:priced",
        "error",
        "llm",
        "-unpriced",
        "-user:jonas",
        "cost>0.003",
        "cost>=0.0035",
        "cost<1",
        "duration>=1s",
        "duration<2000ms",
        "tokens>1k",
        "in>=1000 out<=100",
        "calls>0",
        "since:1h",
        "since:2026-11-01",
        "until:2027-01-01T00:00:00Z",
        "model:gpt-4o cost>0.001 error user:maya session:\"trip 2041\" duration>0.5s since:1h",
        "prague or ljubljana",
        "prague OR ljubljana or vienna",
        "prague or error cost>0.003",
        "error and llm",
        "not prague",
        "not not error",
        "not (prague or vienna)",
        "-(prague or vienna)",
        "(error)",
        "((error or unpriced) user:maya)",
        "cost > 0.003",
        "cost >= 0.0035 or unpriced",
        "cost >0.003 duration>= 1s",
        "not cost > 1",
        "-cost > 1",
        "\"a night\" or \"or\"",
        "notes or ljubljana",
        "(user:maya)"
      })
  void selects(String query) {
    assertThat(selected(query)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prague",
        "\"train night\"",
        "model:claude",
        "user:may",
        "session:trip",
        "-error",
        "unpriced",
        "duplicate",
        "status:free",
        "cost>0.0035",
        "duration>1s",
        "ttft>0",
        "ttft<100s",
        "since:10s",
        "until:2026-01-31",
        "model:gpt-4o user:jonas",
        "prague or vienna",
        "error prague or vienna",
        "error (prague or vienna)",
        "error not llm",
        "not (error or prague)",
        "\"or\"",
        "cost > 0.0035 or unpriced",
        "error(cost>0.003)",
        "train(ljubljana)",
        "user:(maya)"
      })
  void leavesOut(String query) {
    assertThat(selected(query)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colour:red | unknown field colour",
        "weight>3 | unknown number weight",
        "weight > 3 | unknown number weight",
        "cost:total>3 | cost:total: cost is one number, without a name",
        "error or | a condition is expected after or, at character 9",
        "or error | a condition is expected after the beginning, at character 1",
        "not | a condition is expected after not, at character 4",
        "() | a condition is expected after the beginning, at character 2",
        "error (llm or llm | the ( at character 7 is not closed",
        "error) llm | the ) at character 6 closes nothing",
        "cost>much | cost>much: not a number; use 0.01",
        "duration>2y | duration>2y: not a number; use 500ms",
        "since:yesterday | yesterday is not a time; use|",
        "status:paid | status:paid is unknown"
      })
  void namesWhatItCannotRead(String query, String message) {
    assertThatThrownBy(() -> selected(query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            message.startsWith("yesterday") ? "yesterday is not a time" : message);
  }

  @Test
  void depthIsLimited() {
    String query = "(".repeat(50) + "error" + ")".repeat(50);
    assertThat(selected(query)).hasSize(1);
    assertThatThrownBy(() -> selected("(" + query + ")"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("more than 50 conditions within each other");
    assertThatThrownBy(() -> selected("not ".repeat(100_000) + "error"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyTextIsReadWithoutFailingOtherwise() {
    for (String odd :
        List.of(
            "\"", "-", "--", "\"a", ":", "> <", "a:b:c\"", "\u0000", "((", "-\"\"", "-(", ")-",
            "not-", "or(", "a(b", "a)b", "cost>(", "- -", "-not")) {
      try {
        selected(odd);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  private List<TraceSummary> selected(String query) {
    return TraceQuery.parse(query, STARTED.plusSeconds(100)).select(store.summaries());
  }
}
