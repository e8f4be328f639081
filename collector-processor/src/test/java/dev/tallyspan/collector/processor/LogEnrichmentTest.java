package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.MalformedRequestException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Log requests of real instrumentation, and some that are not about an LLM. */
class LogEnrichmentTest {

  private static final Path CAPTURES = Path.of("src/test/resources/captures/files");

  /** Attributes whose value the conventions spell in another way than some senders. */
  private static final Set<String> RESPELT =
      Set.of("gen_ai.provider.name", "gen_ai.response.finish_reasons", "gen_ai.tool.definitions");

  /** Libraries that log more than calls of LLMs. */
  private static final Set<String> LOGGING_OTHER_THINGS =
      Set.of("claude-code__", "mastra__", "py-openlit__");

  private static final LlmProcessor ENRICHMENT = LlmProcessor.builder().build();

  static List<Path> captures() throws Exception {
    try (Stream<Path> files = Files.list(CAPTURES)) {
      return files.filter(file -> file.toString().matches(".*__logs__.*\\.pb")).sorted().toList();
    }
  }

  @Test
  void thereAreCaptures() throws Exception {
    assertThat(captures()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void everyRecordLeavesWithAllThatItCameWith(Path file) throws Exception {
    byte[] request = Files.readAllBytes(file);

    Forwarded processed = Forwarded.of(ENRICHMENT, Signal.LOGS, request);

    List<LogRecord> before = records(request);
    List<LogRecord> after = records(processed.body().toByteArray());
    assertThat(processed.items()).isEqualTo(before.size());
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i).toBuilder().clearAttributes().build())
          .isEqualTo(before.get(i).toBuilder().clearAttributes().build());
      Map<String, AnyValue> then = attributes(before.get(i));
      assertThat(attributes(after.get(i))).containsKeys(then.keySet().toArray(String[]::new));
      // Where content was held back, a text part without text is put in the schema's shape.
      then.keySet().removeIf(key -> key.endsWith(".messages") || RESPELT.contains(key));
      assertThat(attributes(after.get(i))).containsAllEntriesOf(then);
    }
  }

  static Stream<Path> capturesOfCallsAlone() throws Exception {
    return captures().stream()
        .filter(
            file ->
                LOGGING_OTHER_THINGS.stream().noneMatch(file.getFileName().toString()::startsWith));
  }

  @ParameterizedTest
  @MethodSource("capturesOfCallsAlone")
  void everyRecordAboutACallIsUnderstood(Path file) throws Exception {
    Forwarded processed = Forwarded.of(ENRICHMENT, Signal.LOGS, Files.readAllBytes(file));

    assertThat(records(processed.body().toByteArray()))
        .isNotEmpty()
        .allSatisfy(
            record ->
                assertThat(attributes(record))
                    .containsKeys("tallyspan.dialect", "gen_ai.provider.name"));
  }

  @ParameterizedTest
  @MethodSource("captures")
  void processingTwiceEqualsProcessingOnce(Path file) throws Exception {
    byte[] once =
        Forwarded.of(ENRICHMENT, Signal.LOGS, Files.readAllBytes(file)).body().toByteArray();

    assertThat(Forwarded.of(ENRICHMENT, Signal.LOGS, once).body().toByteArray()).isEqualTo(once);
  }

  @Test
  void conversationWithToolsIsOnItsRecords() throws Exception {
    byte[] request = Files.readAllBytes(CAPTURES.resolve("otel-genai-js__tool_loop__logs__02.pb"));

    List<LogRecord> after =
        records(Forwarded.of(ENRICHMENT, Signal.LOGS, request).body().toByteArray());

    assertThat(after).hasSize(9);
    assertThat(text(after.get(1), "gen_ai.input.messages"))
        .isEqualTo(
            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":"
                + "\"What is the weather in Paris and in London?\"}]}]");
    assertThat(text(after.get(2), "gen_ai.output.messages"))
        .contains("\"type\":\"tool_call\"", "\"arguments\":{\"city\":\"Paris\"");
    assertThat(text(after.get(6), "gen_ai.input.messages"))
        .contains("\"type\":\"tool_call_response\"", "\"temp_c\":21.5");
    assertThat(text(after.get(8), "gen_ai.output.messages")).contains("a light jacket is enough.");
  }

  @Test
  void callThatIsLoggedOutsideOfEveryTraceIsPriced() throws Exception {
    LogRecord record = apiRequest().build();

    Map<String, AnyValue> out = attributes(enriched(record));

    // 1000 x 3 + 2000 x 0.3 + 100 x 15 USD per million.
    assertThat(out.get("tallyspan.cost.status").getStringValue()).isEqualTo("priced");
    assertThat(out.get("tallyspan.cost.total_exact").getStringValue()).isEqualTo("0.0051");
    assertThat(out.get("gen_ai.usage.input_tokens").getIntValue()).isEqualTo(3000);
    assertThat(out).containsAllEntriesOf(attributes(record));
  }

  @Test
  void callThatIsLoggedWithinATraceIsBilledOnItsSpanAlone() throws Exception {
    ByteString trace = ByteString.fromHex("000102030405060708090a0b0c0d0e0f");

    Map<String, AnyValue> out = attributes(enriched(apiRequest().setTraceId(trace).build()));

    assertThat(out.get("tallyspan.cost.status").getStringValue()).isEqualTo("duplicate");
    assertThat(out).doesNotContainKeys("tallyspan.cost.total", "gen_ai.usage.cost");
  }

  @Test
  void loggedCallIsPricedOnce() throws Exception {
    byte[] once =
        Forwarded.of(ENRICHMENT, Signal.LOGS, claudeCode(apiRequest())).body().toByteArray();
    assertThat(Forwarded.of(ENRICHMENT, Signal.LOGS, once).body().toByteArray()).isEqualTo(once);
  }

  @Test
  void otherRecordsLeaveAsTheSameBytes() throws Exception {
    byte[] request =
        request(
                record("order.paid", "gen_ai.agent.name", "shop"),
                record("gen_ai.evaluation.result", "gen_ai.system", "openai"))
            .toByteArray();

    Forwarded processed = Forwarded.of(ENRICHMENT, Signal.LOGS, request);

    assertThat(processed.body().toByteArray()).isEqualTo(request);
    assertThat(processed.items()).isEqualTo(2);
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThatThrownBy(() -> Forwarded.of(ENRICHMENT, Signal.LOGS, new byte[] {0x0A, 5, 1}))
        .isInstanceOf(MalformedRequestException.class);
  }

  private static LogRecord.Builder apiRequest() {
    return LogRecord.newBuilder()
        .setTimeUnixNano(1_795_000_000_000_000_000L)
        .addAttributes(text("event.name", "api_request"))
        .addAttributes(text("model", "claude-sonnet-4-5-20250929"))
        .addAttributes(text("input_tokens", "1000"))
        .addAttributes(text("cache_read_tokens", "2000"))
        .addAttributes(text("output_tokens", "100"));
  }

  private static byte[] claudeCode(LogRecord.Builder record) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    ScopeLogs.Builder scope = request.addResourceLogsBuilder().addScopeLogsBuilder();
    scope.getScopeBuilder().setName("com.anthropic.claude_code.events");
    scope.addLogRecords(record);
    return request.build().toByteArray();
  }

  private static LogRecord enriched(LogRecord record) throws Exception {
    byte[] request = claudeCode(record.toBuilder());
    return records(Forwarded.of(ENRICHMENT, Signal.LOGS, request).body().toByteArray()).get(0);
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static LogRecord record(String eventName, String key, String value) {
    return LogRecord.newBuilder().setEventName(eventName).addAttributes(text(key, value)).build();
  }

  private static ExportLogsServiceRequest request(LogRecord... records) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request.addResourceLogsBuilder().addScopeLogsBuilder().addAllLogRecords(List.of(records));
    return request.build();
  }

  private static List<LogRecord> records(byte[] request) throws Exception {
    return ExportLogsServiceRequest.parseFrom(request).getResourceLogsList().stream()
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  private static Map<String, AnyValue> attributes(LogRecord record) {
    Map<String, AnyValue> attributes = new LinkedHashMap<>();
    record.getAttributesList().forEach(a -> attributes.put(a.getKey(), a.getValue()));
    return attributes;
  }

  private static String text(LogRecord record, String key) {
    return attributes(record).get(key).getStringValue();
  }
}
