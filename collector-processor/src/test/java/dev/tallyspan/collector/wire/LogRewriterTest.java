package dev.tallyspan.collector.wire;

import static dev.tallyspan.collector.wire.Traces.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogRewriterTest {

  private final LogRewriter rewriter =
      new LogRewriter(KeyPrefixes.of("gen_ai."), KeyPrefixes.of("gen_ai."));

  @Test
  void requestWithoutMatchingRecordLeavesAsTheSameBytes() throws Exception {
    byte[] bytes = request(appLog(), appLog()).toByteArray();

    Rewritten rewritten = rewrite(bytes, (log, edits) -> edits.set("x", 1));

    assertThat(rewritten.unchanged()).isTrue();
    assertThat(rewritten.items()).isEqualTo(2);
    bytes[0] ^= 1; // a copy would not see it
    assertThat(rewritten.body().toByteArray()).isEqualTo(bytes);
  }

  @Test
  void recordIsKnownByAnAttribute() throws Exception {
    assertThat(shown(appLog().addAttributes(attribute("gen_ai.system", "openai")))).isTrue();
  }

  @Test
  void recordIsKnownByItsEventName() throws Exception {
    assertThat(shown(appLog().setEventName("gen_ai.choice"))).isTrue();
    assertThat(shown(appLog().setEventName("order.paid"))).isFalse();
  }

  @Test
  void recordIsKnownByTheAttributeEventName() throws Exception {
    assertThat(shown(appLog().addAttributes(attribute("event.name", "gen_ai.choice")))).isTrue();
    assertThat(shown(appLog().addAttributes(attribute("event.name", "api_request")))).isFalse();
    assertThat(shown(appLog().addAttributes(attribute("event.names", "gen_ai.choice")))).isFalse();
    assertThat(shown(appLog().addAttributes(attribute("event.name", 7)))).isFalse();
  }

  @Test
  void attributesAreAppendedAndReplaced() throws Exception {
    LogRecord.Builder before =
        appLog()
            .addAttributes(attribute("gen_ai.system", "a"))
            .addAttributes(attribute("kept", "k"));

    Rewritten rewritten =
        rewrite(
            request(appLog(), before).toByteArray(),
            (log, edits) -> {
              edits.set("gen_ai.system", "b");
              edits.set("long", "x".repeat(300));
              edits.remove("code");
            });

    LogRecord.Builder after =
        appLog()
            .clearAttributes()
            .addAttributes(attribute("kept", "k"))
            .addAttributes(attribute("gen_ai.system", "b"))
            .addAttributes(attribute("long", "x".repeat(300)));
    assertThat(ExportLogsServiceRequest.parseFrom(rewritten.body().toByteArray()))
        .isEqualTo(request(appLog(), after));
    assertThat(rewritten.edited()).isEqualTo(1);
  }

  @Test
  void recordIsReadWithItsSurroundings() throws Exception {
    List<String> seen = new ArrayList<>();

    rewrite(
        request(llmLog()).toByteArray(),
        (log, edits) -> {
          seen.add(log.traceId() + " " + log.spanId() + " " + log.eventName());
          seen.add(log.epochNanos() + " " + log.observedEpochNanos());
          seen.add(log.scopeName() + " " + log.scopeVersion() + " " + log.resource().key(0));
          seen.add(log.body().size() + " " + log.body().mapValue(0).stringValue(0));
        });

    assertThat(seen)
        .containsExactly("0102 03 gen_ai.user.message", "5 6", "scope 1.2 service.name", "1 Hi");
  }

  @Test
  void recordWithoutBodyHasNone() throws Exception {
    List<Integer> sizes = new ArrayList<>();

    rewrite(
        request(llmLog(), llmLog().clearBody()).toByteArray(),
        (log, edits) -> sizes.add(log.body().size()));

    assertThat(sizes).containsExactly(1, 0);
  }

  @Test
  void bodyInPartsIsMerged() throws Exception {
    byte[] one = llmLog().build().toByteArray();
    byte[] two = LogRecord.newBuilder().setBody(body("more", "there")).build().toByteArray();
    byte[] record = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, record, one.length, two.length);
    ProtobufWriter writer = new ProtobufWriter();
    writer.startMessage(1).startMessage(2).writeBytes(2, record).endMessage().endMessage();
    List<String> keys = new ArrayList<>();

    Rewritten rewritten =
        rewrite(
            writer.toByteArray(),
            (log, edits) -> {
              keys.add(log.body().mapValue(0).key(0));
              keys.add(log.body().mapValue(0).key(1));
            });

    assertThat(keys).containsExactly("content", "more");
    assertThat(rewritten.fallbacks()).isEqualTo(1);
  }

  @Test
  void recordWhoseEditorThrowsLeavesAsItCame() throws Exception {
    byte[] bytes = request(llmLog()).toByteArray();

    Rewritten rewritten =
        rewrite(
            bytes,
            (log, edits) -> {
              edits.set("x", 1);
              throw new IllegalStateException("editor");
            });

    assertThat(rewritten.body().toByteArray()).isEqualTo(bytes);
    assertThat(rewritten.failed()).isEqualTo(1);
    assertThat(rewritten.failure()).hasMessage("editor");
  }

  @Test
  void requestCutOffAnywhereIsRefusedAsProtobufJavaDoes() {
    byte[] whole = request(llmLog(), appLog()).toByteArray();
    int accepted = 0;
    for (int length = 0; length <= whole.length; length++) {
      byte[] bytes = Arrays.copyOf(whole, length);
      assertThat(accepts(bytes)).as("length %d", length).isEqualTo(parses(bytes));
      accepted += accepts(bytes) ? 1 : 0;
    }
    assertThat(accepted).isEqualTo(2); // nothing, and all
  }

  private boolean shown(LogRecord.Builder log) throws MalformedRequestException {
    return rewrite(request(log).toByteArray(), (l, edits) -> edits.set("x", 1)).edited() == 1;
  }

  private Rewritten rewrite(byte[] bytes, LogRewriter.LogEditor editor)
      throws MalformedRequestException {
    return rewriter.rewrite(bytes, 0, bytes.length, editor);
  }

  private boolean accepts(byte[] bytes) {
    try {
      rewrite(bytes, (log, edits) -> edits.set("x", 1));
      return true;
    } catch (MalformedRequestException e) {
      return false;
    }
  }

  private static boolean parses(byte[] bytes) {
    try {
      ExportLogsServiceRequest.parseFrom(bytes);
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static LogRecord.Builder appLog() {
    return LogRecord.newBuilder()
        .setBody(AnyValue.newBuilder().setStringValue("order paid"))
        .addAttributes(attribute("code", 7));
  }

  private static LogRecord.Builder llmLog() {
    return LogRecord.newBuilder()
        .setTraceId(ByteString.fromHex("0102"))
        .setSpanId(ByteString.fromHex("03"))
        .setEventName("gen_ai.user.message")
        .setTimeUnixNano(5)
        .setObservedTimeUnixNano(6)
        .setBody(body("content", "Hi"))
        .addAttributes(attribute("gen_ai.system", "openai"));
  }

  private static AnyValue body(String key, String value) {
    return AnyValue.newBuilder()
        .setKvlistValue(KeyValueList.newBuilder().addValues(attribute(key, value)))
        .build();
  }

  private static ExportLogsServiceRequest request(LogRecord.Builder... logs) {
    ScopeLogs.Builder scope =
        ScopeLogs.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("scope").setVersion("1.2"));
    for (LogRecord.Builder log : logs) {
      scope.addLogRecords(log);
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", "shop")))
                .addScopeLogs(scope))
        .build();
  }
}
