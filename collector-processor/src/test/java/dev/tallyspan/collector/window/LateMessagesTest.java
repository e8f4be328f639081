package dev.tallyspan.collector.window;

import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.FakeTimer;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.semconv.read.LogJoin;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateMessagesTest {

  private final LlmProcessor processor = LlmProcessor.builder().logJoin(new LogJoin()).build();
  private final FakeTimer timer = new FakeTimer();
  private final List<Batch> left = new ArrayList<>();
  private final TraceWindow window =
      TraceWindow.builder(left::add, timer).rereading(processor::joined).build();

  @Test
  void spanThatWaitsGetsTheMessagesOfLogRecordsThatArriveInTheMeantime() throws Exception {
    window.write(
        processor.apply(
            LlmRequests.batch(
                Signal.TRACES, LlmRequests.traces(chat("1", "", "gpt-4o")), outcome -> {})));
    timer.advance(Duration.ofMillis(500));
    processor.apply(
        LlmRequests.batch(Signal.LOGS, userMessage("What is the time?"), outcome -> {}));
    timer.advance(Duration.ofSeconds(2));

    ProfileRenderer renderer = new ProfileRenderer(Profile.DEFAULT, failure -> {});
    assertThat(left).hasSize(1);
    assertThat(new String(renderer.render(left.get(0)).toByteArray(), StandardCharsets.ISO_8859_1))
        .contains("gen_ai.input.messages")
        .contains("What is the time?");
  }

  private static byte[] userMessage(String text) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request
        .addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setEventName("gen_ai.user.message")
        .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(LlmRequests.TRACE)))
        .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex("1".repeat(16))))
        .setBody(
            AnyValue.newBuilder()
                .setKvlistValue(
                    KeyValueList.newBuilder().addValues(LlmRequests.attribute("content", text))));
    return request.build().toByteArray();
  }
}
