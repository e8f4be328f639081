package dev.tallyspan.sdk.it;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One application in two surroundings: an SDK that configures itself, with the thin jars on the
 * class path; and the Java agent with the jar made for it.
 */
class LlmEnrichmentIT {

  @TempDir Path directory;
  private FakeOpenAi provider;
  private OtlpReceiver backend;

  @BeforeEach
  void startServers() throws IOException {
    provider = new FakeOpenAi();
    backend = new OtlpReceiver();
  }

  @AfterEach
  void stopServers() {
    provider.close();
    backend.close();
  }

  @Test
  void plainSdk() throws Exception {
    String classPath = ChildJvm.thinJars() + File.pathSeparator + ChildJvm.applicationClassPath();

    String output = run(exportedTo(backend), classPath, PlainApplication.class);

    assertThatEveryCallHasItsCost(output);
  }

  @Test
  void agentWithProperties() throws Exception {
    List<String> options =
        List.of(
            "-javaagent:" + ChildJvm.JAVAAGENT,
            "-Dotel.javaagent.extensions=" + ChildJvm.AGENT_EXTENSION);

    String output =
        run(
            concat(options, exportedTo(backend)),
            ChildJvm.applicationClassPath(),
            AgentApplication.class);

    assertThatEveryCallHasItsCost(output);
    assertThat(backend.spans("chat gpt-4o-mini"))
        .noneMatch(chat -> attributes(chat).containsKey("gen_ai.input.messages"));
  }

  @Test
  void agentThatRecordsMessagesAsEvents() throws Exception {
    List<String> options =
        List.of(
            "-javaagent:" + ChildJvm.JAVAAGENT,
            "-Dotel.javaagent.extensions=" + ChildJvm.AGENT_EXTENSION,
            "-Dotel.instrumentation.genai.capture-message-content=true",
            "-Dotel.tallyspan.catalouge=prices.json",
            "-Dotel.tallyspan.doctor=true");

    String output =
        run(
            concat(options, exportedTo(backend)),
            ChildJvm.applicationClassPath(),
            AgentApplication.class);

    assertThatEveryCallHasItsCost(output);
    assertThatChatsHaveTheirMessages();
    assertThat(output)
        .contains("otel.tallyspan.catalouge (did you mean otel.tallyspan.catalog?)")
        .contains("LLM client openai-java-core")
        .contains("Messages are recorded as events");
  }

  @Test
  void wrongValueStopsTheSdkAndNotTheApplicationUnderTheAgent() throws Exception {
    List<String> options =
        List.of(
            "-javaagent:" + ChildJvm.JAVAAGENT,
            "-Dotel.javaagent.extensions=" + ChildJvm.AGENT_EXTENSION,
            "-Dotel.tallyspan.target=2019");

    String output =
        run(
            concat(options, exportedTo(backend)),
            ChildJvm.applicationClassPath(),
            AgentApplication.class);

    assertThat(output)
        .contains("otel.tallyspan.target=2019 is not a generation")
        .contains("refused with 429");
    assertThat(backend.spans()).isEmpty();
  }

  private String run(List<String> options, String classPath, Class<?> application)
      throws Exception {
    return ChildJvm.run(directory, options, classPath, application, provider.baseUrl());
  }

  private void assertThatEveryCallHasItsCost(String output) {
    assertThat(output).contains("refused with 429");
    List<Span> chats = backend.spans("chat gpt-4o-mini");
    List<Span> embeddings = backend.spans("embeddings");
    List<Span> refused = backend.spans("chat busy");
    assertThat(chats).as(output).hasSize(2);
    assertThat(embeddings).as(output).hasSize(1);
    assertThat(refused).as(output).hasSize(1);

    // USD per million: 1117 x 0.15 + 463 x 0.60; 1031 x 0.15 + 257 x 0.60; 8191 x 0.02.
    assertCost(chats.get(0), 0.00044535, "0.00044535");
    assertCost(chats.get(1), 0.00030885, "0.00030885");
    assertCost(embeddings.get(0), 0.00016382, "0.00016382");

    Map<String, AnyValue> failed = attributes(refused.get(0));
    assertThat(refused.get(0).getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(failed).containsEntry("tallyspan.cost.status", text("not_billable"));
    assertThat(failed).doesNotContainKeys("tallyspan.cost.total", "gen_ai.usage.cost");
    assertThat(failed).containsEntry("error.type", text("com.openai.errors.RateLimitException"));

    assertThat(backend.spans("POST")).as(output).isNotEmpty();
    for (Span http : backend.spans("POST")) {
      assertThat(attributes(http).keySet()).noneMatch(key -> key.startsWith("tallyspan."));
    }
  }

  private void assertThatChatsHaveTheirMessages() {
    assertThat(backend.spans("chat gpt-4o-mini"))
        .hasSize(2)
        .allSatisfy(
            chat -> {
              Map<String, AnyValue> attributes = attributes(chat);
              assertThat(attributes.get("gen_ai.input.messages").getStringValue())
                  .contains("How is the weather?");
              assertThat(attributes.get("gen_ai.output.messages").getStringValue())
                  .contains("sunny.");
            });
  }

  private static void assertCost(Span span, double total, String exact) {
    assertThat(attributes(span))
        .containsEntry("tallyspan.cost.total", number(total))
        .containsEntry("tallyspan.cost.total_exact", text(exact))
        .containsEntry("tallyspan.cost.currency", text("USD"))
        .containsEntry("tallyspan.cost.status", text("priced"))
        .containsEntry("gen_ai.usage.cost", number(total))
        .containsEntry("gen_ai.provider.name", text("openai"));
  }

  private static List<String> exportedTo(OtlpReceiver backend) {
    return List.of(
        "-Dotel.exporter.otlp.protocol=http/protobuf",
        "-Dotel.exporter.otlp.endpoint=" + backend.endpoint(),
        "-Dotel.metrics.exporter=none",
        "-Dotel.logs.exporter=none");
  }

  private static List<String> concat(List<String> first, List<String> second) {
    return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
  }

  private static Map<String, AnyValue> attributes(Span span) {
    return span.getAttributesList().stream().collect(toMap(KeyValue::getKey, KeyValue::getValue));
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  private static AnyValue number(double value) {
    return AnyValue.newBuilder().setDoubleValue(value).build();
  }
}
