package dev.tallyspan.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.GenAiMetrics;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private final Telemetry telemetry = new Telemetry();

  private static void chat(GenAi genAi, Telemetry telemetry) {
    ChatCall call = genAi.chat("openai", "gpt-4o").server("localhost", 8080).start();
    telemetry.pass(1500);
    call.responseModel("gpt-4o-2024-08-06")
        .usage(
            TokenUsage.inclusive()
                .input(300)
                .cacheRead(40)
                .cacheWrite(7)
                .output(30)
                .reasoning(20)
                .inputModalities(new Modalities(100, 150, -1, -1)))
        .end();
  }

  private HistogramPointData histogram(String name) {
    MetricData metric = telemetry.metric(name);
    assertThat(metric.getHistogramData().getPoints()).hasSize(1);
    return metric.getHistogramData().getPoints().iterator().next();
  }

  private Map<String, Long> byModality(String name) {
    return telemetry.metric(name).getLongSumData().getPoints().stream()
        .collect(
            Collectors.toMap(
                point -> point.getAttributes().get(AttributeKey.stringKey("gen_ai.token.modality")),
                LongPointData::getValue));
  }

  @Test
  void inferenceInTheNewestGeneration() {
    chat(telemetry.genAi().build(), telemetry);

    MetricData duration = telemetry.metric("gen_ai.client.inference.duration");
    assertThat(duration.getUnit()).isEqualTo("s");
    HistogramPointData point = histogram("gen_ai.client.inference.duration");
    assertThat(point.getSum()).isEqualTo(1.5);
    assertThat(point.getBoundaries())
        .isEqualTo(GenAiMetrics.GEN_AI_CLIENT_INFERENCE_DURATION.buckets());
    assertThat(point.getAttributes())
        .isEqualTo(
            Attributes.builder()
                .put("gen_ai.operation.name", "chat")
                .put("gen_ai.provider.name", "openai")
                .put("gen_ai.request.model", "gpt-4o")
                .put("gen_ai.response.model", "gpt-4o-2024-08-06")
                .put("server.address", "localhost")
                .put("server.port", 8080)
                .build());
    assertThat(byModality("gen_ai.client.inference.usage.input_tokens"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("text", 100L, "image", 150L, "unknown", 50L));
    assertThat(byModality("gen_ai.client.inference.usage.output_tokens"))
        .containsExactlyEntriesOf(Map.of("unknown", 30L));
    assertThat(byModality("gen_ai.client.inference.usage.cache_read.input_tokens"))
        .containsExactlyEntriesOf(Map.of("unknown", 40L));
    assertThat(byModality("gen_ai.client.inference.usage.cache_write.input_tokens"))
        .containsExactlyEntriesOf(Map.of("unknown", 7L));
    assertThat(byModality("gen_ai.client.inference.usage.reasoning.output_tokens"))
        .containsExactlyEntriesOf(Map.of("unknown", 20L));
    assertThat(histogram("gen_ai.client.inference.operation.input_tokens").getSum()).isEqualTo(300);
    assertThat(histogram("gen_ai.client.inference.operation.output_tokens").getSum()).isEqualTo(30);
    assertThat(telemetry.metricNames())
        .doesNotContain("gen_ai.client.token.usage", "gen_ai.client.operation.duration");
  }

  @Test
  void inferenceInTheCoreGeneration() {
    GenAi genAi = telemetry.genAi().generation(ConventionVersion.CORE_1_41).build();
    chat(genAi, telemetry);
    genAi.agent("a").start().close();

    assertThat(telemetry.metricNames())
        .containsExactly("gen_ai.client.operation.duration", "gen_ai.client.token.usage");
    Map<String, Double> byType =
        telemetry.metric("gen_ai.client.token.usage").getHistogramData().getPoints().stream()
            .collect(
                Collectors.toMap(
                    point -> point.getAttributes().get(AttributeKey.stringKey("gen_ai.token.type")),
                    HistogramPointData::getSum));
    assertThat(byType).containsExactlyInAnyOrderEntriesOf(Map.of("input", 300.0, "output", 30.0));
  }

  @Test
  void embeddingsAndRetrievals() {
    GenAi genAi = telemetry.genAi().build();
    genAi.embeddings("openai", "text-embedding-3-small").run(call -> call.inputTokens(11));
    genAi.retrieval("policies").start().close();

    assertThat(telemetry.metricNames())
        .containsExactly("gen_ai.client.operation.duration", "gen_ai.client.token.usage");
    assertThat(telemetry.metric("gen_ai.client.operation.duration").getHistogramData().getPoints())
        .hasSize(2);
    assertThat(histogram("gen_ai.client.token.usage").getSum()).isEqualTo(11);
  }

  @Test
  @SuppressWarnings("try") // the operations are only there to be closed
  void agentsCountTheirOwnCalls() {
    GenAi genAi = telemetry.genAi().build();
    try (AgentRun outer = genAi.agent("outer").start()) {
      genAi.chat("openai", "gpt-4o").start().close();
      genAi.chat("openai", "gpt-4o").start().close();
      try (ToolRun tool = genAi.tool("t").start()) {
        try (AgentRun inner = genAi.agent("inner").start()) {
          genAi.chat("openai", "gpt-4o").start().close();
        }
      }
    }
    genAi.chat("openai", "gpt-4o").start().close();

    assertThat(sums("gen_ai.invoke_agent.inference_calls"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("outer", 2.0, "inner", 1.0));
    assertThat(sums("gen_ai.invoke_agent.tool_calls"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("outer", 1.0, "inner", 0.0));
    assertThat(sums("gen_ai.invoke_agent.duration")).containsOnlyKeys("outer", "inner");
    assertThat(
            telemetry
                .metric("gen_ai.invoke_agent.inference_calls")
                .getHistogramData()
                .getPoints()
                .iterator()
                .next()
                .getBoundaries())
        .isEqualTo(GenAiMetrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS.buckets());
  }

  private Map<String, Double> sums(String metric) {
    return telemetry.metric(metric).getHistogramData().getPoints().stream()
        .collect(
            Collectors.toMap(
                point -> point.getAttributes().get(AttributeKey.stringKey("gen_ai.agent.name")),
                HistogramPointData::getSum));
  }

  @Test
  void toolsWorkflowsAndMcp() {
    GenAi genAi = telemetry.genAi().build();
    genAi.tool("t").start().fail("timeout").close();
    genAi.workflow("w").start().close();
    genAi.mcpClient("tools/list").start().close();
    genAi.mcpServer("ping").start().close();

    assertThat(telemetry.metricNames())
        .containsExactly(
            "gen_ai.execute_tool.duration",
            "gen_ai.invoke_workflow.duration",
            "mcp.client.operation.duration",
            "mcp.server.operation.duration");
    assertThat(histogram("gen_ai.execute_tool.duration").getAttributes())
        .isEqualTo(
            Attributes.builder()
                .put("gen_ai.operation.name", "execute_tool")
                .put("gen_ai.tool.name", "t")
                .put("error.type", "timeout")
                .build());
  }

  @Test
  void durationOfMcpHasTheAttributesOfTheConventionsAndNoIds() {
    telemetry
        .genAi()
        .build()
        .mcpClient("prompts/get")
        .prompt("summary")
        .session("s-1")
        .requestId("7")
        .resource("file:///secret")
        .protocolVersion("2025-06-18")
        .attribute(AttributeKey.stringKey("network.transport"), "tcp")
        .attribute(AttributeKey.stringKey("network.protocol.name"), "http")
        .start()
        .rpcError(-32602, null)
        .close();

    assertThat(histogram("mcp.client.operation.duration").getAttributes())
        .isEqualTo(
            Attributes.builder()
                .put("mcp.method.name", "prompts/get")
                .put("gen_ai.prompt.name", "summary")
                .put("mcp.protocol.version", "2025-06-18")
                .put("network.transport", "tcp")
                .put("network.protocol.name", "http")
                .put("rpc.response.status_code", "-32602")
                .put("error.type", "-32602")
                .build());
  }

  @Test
  void identityIsNoMetricAttribute() {
    GenAi genAi = telemetry.genAi().build();
    genAi
        .chat("openai", "gpt-4o")
        .parent(genAi.identity().user("u-7").storeIn(io.opentelemetry.context.Context.root()))
        .conversation("c-1")
        .start()
        .close();

    assertThat(histogram("gen_ai.client.inference.duration").getAttributes().toString())
        .doesNotContain("u-7", "c-1");
  }

  @Test
  void callsThatAreNotSampledAreMeasured() {
    try (Telemetry unsampled = new Telemetry(Sampler.alwaysOff())) {
      chat(unsampled.genAi().content(ContentCapture.ALL).build(), unsampled);

      assertThat(unsampled.spans()).isEmpty();
      assertThat(unsampled.metricNames()).contains("gen_ai.client.inference.duration");
    }
  }

  @Test
  void metricsCanBeTurnedOff() {
    chat(telemetry.genAi().metrics(false).build(), telemetry);

    assertThat(telemetry.metricNames()).isEmpty();
    assertThat(telemetry.spans()).hasSize(1);
  }
}
