package dev.tallyspan.api;

import static dev.tallyspan.api.Telemetry.keys;
import static dev.tallyspan.api.Telemetry.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Set;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // scopes are only there to be closed
class IdentityTest {

  private final Telemetry telemetry = new Telemetry();
  private final GenAi genAi = telemetry.genAi().build();

  @Test
  void everySpanIsStamped() {
    try (Scope scope =
        genAi
            .identity()
            .session("s-42")
            .user("u-7")
            .conversation("c-1")
            .tag("beta", "eu")
            .metadata("plan", "pro")
            .makeCurrent()) {
      try (AgentRun agent = genAi.agent("a").start()) {
        genAi.chat("openai", "gpt-4o").start().close();
        genAi.tool("t").start().close();
      }
    }
    genAi.workflow("outside").start().close();

    for (String name : new String[] {"invoke_agent a", "chat gpt-4o", "execute_tool t"}) {
      SpanData span = telemetry.span(name);
      assertThat(text(span, "session.id")).isEqualTo("s-42");
      assertThat(text(span, "user.id")).isEqualTo("u-7");
      assertThat(text(span, "gen_ai.conversation.id")).isEqualTo("c-1");
      assertThat(text(span, "tallyspan.metadata.plan")).isEqualTo("pro");
      assertThat(span.getAttributes().get(Identity.TAGS)).containsExactly("beta", "eu");
    }
    assertThat(keys(telemetry.span("invoke_workflow outside")))
        .doesNotContain("session.id", "user.id", "tag.tags");
    assertThat(genAi.faults()).isZero();
  }

  @Test
  void collectorReadsIt() {
    try (Scope scope = genAi.identity().session("s").user("u").tag("beta").makeCurrent()) {
      genAi.chat("openai", "gpt-4o").start().close();
    }

    LlmSpan read = Normalizer.create().read(new SpanDataView(telemetry.span()));
    assertThat(read.get(Slot.SESSION_ID)).isEqualTo("s");
    assertThat(read.get(Slot.USER_ID)).isEqualTo("u");
    assertThat(read.get(Slot.TAGS)).containsExactly("beta");
    assertThat(read.dialects()).containsExactly("otel");
  }

  @Test
  void innerIdentityAddsToTheOuterOne() {
    try (Scope outer = genAi.identity().session("s").tag("x").makeCurrent()) {
      try (Scope inner = genAi.identity().user("u").tag("y").makeCurrent()) {
        assertThat(Identity.current().session()).isEqualTo("s");
        assertThat(Identity.current().user()).isEqualTo("u");
        assertThat(Identity.current().tags()).containsExactly("x", "y");
      }
      assertThat(Identity.current().user()).isNull();
    }
    assertThat(Identity.current()).isSameAs(Identity.NONE);
  }

  @Test
  void operationsOwnConversationComesFirst() {
    try (Scope scope = genAi.identity().conversation("outer").makeCurrent()) {
      genAi.chat("openai", "gpt-4o").conversation("own").start().close();
    }

    assertThat(text(telemetry.span(), "gen_ai.conversation.id")).isEqualTo("own");
  }

  @Test
  void nothingTravelsInBaggageByDefault() {
    try (Scope scope = genAi.identity().user("u").makeCurrent()) {
      assertThat(Baggage.current().isEmpty()).isTrue();
    }
    Context remote = Context.root().with(Baggage.builder().put("user.id", "forged").build());
    genAi.chat("openai", "gpt-4o").parent(remote).start().close();

    assertThat(keys(telemetry.span())).doesNotContain("user.id");
  }

  @Test
  void allowedPartsTravelInBaggage() {
    GenAi propagating = telemetry.genAi().propagate("session.id").build();
    try (Scope scope = propagating.identity().session("s").user("u").makeCurrent()) {
      assertThat(Baggage.current().asMap().keySet()).containsExactly("session.id");
    }
    Context remote =
        Context.root()
            .with(Baggage.builder().put("session.id", "s-1").put("user.id", "forged").build());
    propagating.chat("openai", "gpt-4o").parent(remote).start().close();

    assertThat(text(telemetry.span(), "session.id")).isEqualTo("s-1");
    assertThat(keys(telemetry.span())).doesNotContain("user.id");
  }

  @Test
  void contextComesBeforeBaggage() {
    Context context =
        Identity.builder()
            .session("own")
            .storeIn(Context.root().with(Baggage.builder().put("session.id", "other").build()));

    assertThat(Identity.from(context, Set.of("session.id")).session()).isEqualTo("own");
  }

  @Test
  void unknownBaggageKeyIsRefused() {
    assertThatThrownBy(() -> telemetry.genAi().propagate("email"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("propagate=email ");
  }

  @Test
  void emptyValuesAreNone() {
    Identity identity =
        Identity.builder()
            .session(null)
            .user(" ")
            .tag((String[]) null)
            .tag("", null)
            .tags(null)
            .metadata(null, "v")
            .metadata("k", null)
            .build();

    assertThat(identity.attributes().isEmpty()).isTrue();
    assertThat(Identity.from(null)).isSameAs(Identity.NONE);
    assertThat(Identity.from(null, Set.of("user.id"))).isSameAs(Identity.NONE);
  }
}
