package dev.tallyspan.sdk;

import static dev.tallyspan.sdk.TestSpans.STATUS;
import static dev.tallyspan.sdk.TestSpans.chat;
import static io.opentelemetry.api.common.AttributeKey.longArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the content is exported, by each way to configure it. */
class ContentPolicyTest {

  private static final String MESSAGES =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"I am ada@example.org\"}]}]";

  @TempDir Path directory;

  private List<LogRecordData> logged = List.of();

  @BeforeEach
  void createExporters() {
    MemoryExporters.spans = InMemorySpanExporter.create();
    MemoryExporters.logs = InMemoryLogRecordExporter.create();
  }

  @Test
  void withoutAPolicyEverythingLeavesThatWasCaptured() {
    SpanData span = autoconfigured(Map.of());

    assertThat(span.getAttributes().get(stringKey("gen_ai.input.messages"))).isEqualTo(MESSAGES);
    assertThat(span.getName()).isEqualTo("chat for ada@example.org");
  }

  @Test
  void redactedMasksWhereverASpanHasTexts() {
    SpanData span = autoconfigured(Map.of("otel.tallyspan.content-policy", "redacted"));

    assertThat(span.toString()).doesNotContain("ada@example.org");
    assertThat(span.getAttributes().get(stringKey("gen_ai.input.messages")))
        .isEqualTo(MESSAGES.replace("ada@example.org", "[EMAIL]"));
    assertThat(span.getAttributes().get(stringArrayKey("acme.prompts")))
        .containsExactly("for [EMAIL]", "b");
    assertThat(span.getEvents().get(0).getAttributes().get(stringKey("exception.message")))
        .isEqualTo("no [EMAIL] here");
    assertThat(span.getLinks().get(0).getAttributes().get(stringKey("asked")))
        .isEqualTo("by [EMAIL]");
    assertThat(span.getStatus().getDescription()).isEqualTo("refused [EMAIL]");
    assertThat(span.getName()).isEqualTo("chat for [EMAIL]");
    assertThat(span.getAttributes().get(STATUS)).isEqualTo("priced");
  }

  @Test
  void noneRemovesContentAndKeepsTheCost() {
    SpanData span = autoconfigured(Map.of("otel.tallyspan.content-policy", "none"));

    assertThat(span.getAttributes().get(stringKey("gen_ai.input.messages"))).isNull();
    assertThat(span.getEvents().get(0).getAttributes().isEmpty()).isTrue();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getStatus().getDescription()).isEmpty();
    assertThat(span.getAttributes().get(STATUS)).isEqualTo("priced");
  }

  @Test
  void logRecordsAreCoveredToo() {
    autoconfigured(Map.of("otel.tallyspan.content-policy", "redacted"));

    LogRecordData record = logged.get(0);
    assertThat(record.getBodyValue()).isEqualTo(Value.of("I am [EMAIL], hello"));
    assertThat(record.getAttributes().get(stringKey("gen_ai.prompt"))).isEqualTo("of [EMAIL]");
    assertThat(record.getSpanContext().isValid()).isFalse();
  }

  @Test
  void allSettingsArrive() {
    SpanData span =
        autoconfigured(
            Map.of(
                "otel.tallyspan.content-policy",
                "redacted",
                "otel.tallyspan.content-policy.rules",
                "acme.prompts=drop",
                "otel.tallyspan.content-policy.detectors",
                "email",
                "otel.tallyspan.content-policy.pseudonym-key",
                "0123456789abcdef",
                "otel.tallyspan.content-policy.max-attribute-size",
                "5KiB"));

    assertThat(span.getAttributes().get(stringArrayKey("acme.prompts"))).isNull();
    assertThat(span.getName()).matches("chat for \\[EMAIL#[a-p]{12}]");
  }

  @Test
  void policyOfAFileAppliesAndPropertiesTakePrecedence() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("policy.json"),
            """
            {"mode": "none", "rules": {"acme.prompts": "drop"}, "detectors": ["email"],
             "max_span_size": "64KiB"}
            """);

    SpanData span =
        autoconfigured(
            Map.of(
                "otel.tallyspan.content-policy.file",
                file.toString(),
                "otel.tallyspan.content-policy",
                "redacted"));

    assertThat(span.getName()).isEqualTo("chat for [EMAIL]");
    assertThat(span.getAttributes().get(stringArrayKey("acme.prompts"))).isNull();
  }

  @Test
  void policyStaysInForceWhereSpansAreNotEnriched() {
    SpanData span =
        autoconfigured(
            Map.of("otel.tallyspan.enabled", "false", "otel.tallyspan.content-policy", "redacted"));

    assertThat(span.toString()).doesNotContain("ada@example.org").contains("[EMAIL]");
    assertThat(span.getAttributes().get(STATUS)).isNull();
    assertThat(logged.get(0).getBodyValue()).isEqualTo(Value.of("I am [EMAIL], hello"));
  }

  @Test
  void policyOfAConfigurationFileStaysInForceWhereSpansAreNotEnriched() {
    InMemorySpanExporter spans = InMemorySpanExporter.create();

    SpanData span =
        ended(
            DeclarativeComponents.spanProcessor(
                Map.of("enabled", false, "content_policy", "redacted")),
            spans,
            spans);

    assertThat(span.getAttributes().toString()).doesNotContain("ada@example.org");
    assertThat(span.getAttributes().get(STATUS)).isNull();
  }

  @Test
  void faultsOfAFileNameIt() throws Exception {
    Path file = Files.writeString(directory.resolve("policy.json"), "{\"detectors\": [\"mail\"]}");
    Path absent = directory.resolve("absent.json");

    assertThatThrownBy(
            () -> autoconfigured(Map.of("otel.tallyspan.content-policy.file", "" + file)))
        .hasMessageStartingWith(
            "otel.tallyspan.content-policy.file: " + file + ": detectors: mail is unknown");
    assertThatThrownBy(
            () -> autoconfigured(Map.of("otel.tallyspan.content-policy.file", "" + absent)))
        .hasMessageStartingWith(
            "otel.tallyspan.content-policy.file: " + absent + ": cannot be read");
  }

  @Test
  void faultsNameTheProperty() {
    assertThatThrownBy(() -> autoconfigured(Map.of("otel.tallyspan.content-policy", "some")))
        .hasMessageStartingWith("otel.tallyspan.content-policy.mode=some is unknown; known: full");
    assertThatThrownBy(() -> autoconfigured(Map.of("otel.tallyspan.content-policy", "offload")))
        .hasMessage("otel.tallyspan.content-policy: mode=offload needs a store");
    assertThatThrownBy(
            () ->
                autoconfigured(
                    Map.of(
                        "otel.tallyspan.content-policy",
                        "redacted",
                        "otel.tallyspan.content-policy.max-span-size",
                        "5 MB")))
        .hasMessage(
            "otel.tallyspan.content-policy.max-span-size must be a size such as 64KiB, from 0 to"
                + " 2147483647");
    assertThatThrownBy(() -> autoconfigured(Map.of("otel.tallyspan.content-policy.redact", "true")))
        .hasMessageStartingWith("otel.tallyspan.content-policy.mode is missing");
  }

  @Test
  void exportersAreWrappedByCode() {
    LlmEnrichment enrichment =
        LlmEnrichment.builder().contentPolicy(ContentPolicy.of(ContentMode.REDACTED)).build();
    InMemorySpanExporter spans = InMemorySpanExporter.create();

    SpanData span = ended(enrichment.spanProcessor(), enrichment.spanExporter(spans), spans);

    assertThat(span.toString()).doesNotContain("ada@example.org").contains("[EMAIL]");
    assertThat(LlmEnrichment.create().spanExporter(spans)).isSameAs(spans);
  }

  @Test
  void configurationFileCoversTheAttributes() {
    InMemorySpanExporter spans = InMemorySpanExporter.create();

    SpanData redacted =
        ended(
            DeclarativeComponents.spanProcessor(Map.of("content_policy", "redacted")),
            spans,
            spans);
    InMemorySpanExporter others = InMemorySpanExporter.create();
    SpanData none =
        ended(
            DeclarativeComponents.spanProcessor(
                Map.of(
                    "content_policy", Map.of("mode", "none", "rules", Map.of("user.id", "drop")))),
            others,
            others);

    assertThat(redacted.getAttributes().toString()).doesNotContain("ada@example.org");
    assertThat(none.getAttributes().get(stringKey("gen_ai.input.messages"))).isEqualTo("[REMOVED]");
    assertThat(none.getAttributes().get(stringArrayKey("acme.prompts"))).isEmpty();
    assertThat(none.getAttributes().get(longArrayKey("acme.messages"))).isNullOrEmpty();
    assertThat(none.getAttributes().get(stringKey("gen_ai.request.model")))
        .isEqualTo("gpt-4o-mini");
    assertThat(none.getAttributes().get(STATUS)).isEqualTo("priced");
  }

  private static void said(Span span) {
    chat(span);
    span.setAttribute("gen_ai.input.messages", MESSAGES);
    span.setAttribute(stringArrayKey("acme.prompts"), List.of("for ada@example.org", "b"));
    span.setAttribute(longArrayKey("acme.messages"), List.of(1L, 2L));
    span.addEvent(
        "exception", Attributes.of(stringKey("exception.message"), "no ada@example.org here"));
    span.addLink(
        SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getDefault(),
            TraceState.getDefault()),
        Attributes.of(stringKey("asked"), "by ada@example.org"));
    span.setStatus(StatusCode.ERROR, "refused ada@example.org");
    span.updateName("chat for ada@example.org");
  }

  /** Returns the span that an SDK with these properties exports; it exports a log record too. */
  private SpanData autoconfigured(Map<String, String> properties) {
    Map<String, String> all = new HashMap<>(properties);
    all.put("otel.traces.exporter", "memory");
    all.put("otel.logs.exporter", "memory");
    all.put("otel.metrics.exporter", "none");
    try (OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook()
            .addPropertiesSupplier(() -> all)
            .build()
            .getOpenTelemetrySdk()) {
      Span span = sdk.getTracer("application").spanBuilder("chat").startSpan();
      said(span);
      span.end();
      sdk.getSdkLoggerProvider()
          .get("application")
          .logRecordBuilder()
          .setBody("I am ada@example.org, hello")
          .setAttribute(stringKey("gen_ai.prompt"), "of ada@example.org")
          .emit();
      sdk.getSdkTracerProvider().forceFlush().join(60, TimeUnit.SECONDS);
      sdk.getSdkLoggerProvider().forceFlush().join(60, TimeUnit.SECONDS);
      logged = MemoryExporters.logs.getFinishedLogRecordItems();
      return MemoryExporters.spans.getFinishedSpanItems().get(0);
    }
  }

  private static SpanData ended(
      SpanProcessor processor, SpanExporter exporter, InMemorySpanExporter exported) {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(processor)
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      Span span = provider.get("application").spanBuilder("chat").startSpan();
      said(span);
      span.end();
      return exported.getFinishedSpanItems().get(0);
    }
  }
}
