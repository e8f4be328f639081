package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceIdsOfARequestTest {

  private static final String ONE = "5b8efff798038103d269b633813fc60c";
  private static final String OTHER = "0af7651916cd43dd8448eb211c80319c";

  @Test
  void eachTraceIsAskedForUntilOneIsWanted() throws Exception {
    List<String> asked = new ArrayList<>();
    byte[] request = request(ONE, ONE, OTHER, OTHER);

    assertThat(SpanOutlines.hasTrace(request, trace -> !asked.add(trace.toString()))).isFalse();
    assertThat(asked).containsExactly(ONE, OTHER);
    assertThat(SpanOutlines.hasTrace(request, trace -> trace.toString().equals(OTHER))).isTrue();
    assertThat(SpanOutlines.hasTrace(request, trace -> trace.toString().equals(ONE))).isTrue();
  }

  @Test
  void aSpanWithoutAValidIdHasTheIdOfNoTrace() throws Exception {
    assertThat(SpanOutlines.hasTrace(request("5b8e"), trace -> !trace.isValid())).isTrue();
    assertThat(SpanOutlines.hasTrace(request(), trace -> true)).isFalse();
  }

  @Test
  void aRequestThatIsNotProtobufIsRefused() {
    assertThatThrownBy(() -> SpanOutlines.hasTrace(new byte[] {0x0a, 0x7f}, trace -> true))
        .isInstanceOf(MalformedRequestException.class);
  }

  private static byte[] request(String... traceIds) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    ScopeSpans.Builder spans = request.addResourceSpansBuilder().addScopeSpansBuilder();
    for (String id : traceIds) {
      ByteString bytes = ByteString.copyFrom(HexFormat.of().parseHex(id));
      spans.addSpans(Span.newBuilder().setTraceId(bytes).setName("work"));
    }
    return request.build().toByteArray();
  }
}
