package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RequestCutTest {

  private static RequestCut cut(ExportTraceServiceRequest request) throws Exception {
    return RequestCut.ofItems(Slices.of(request.toByteArray()));
  }

  @Test
  void partHasTheResourceAndScopeOfItsSpans() throws Exception {
    ExportTraceServiceRequest request =
        Traces.request(Traces.llmSpan(), Traces.httpSpan(), Traces.llmSpan());

    Slices part = cut(request).cut(1, 2);

    assertThat(ExportTraceServiceRequest.parseFrom(part.toByteArray()))
        .isEqualTo(Traces.request(Traces.httpSpan()));
  }

  @Test
  void partWithAllUnitsIsTheRequest() throws Exception {
    byte[] bytes = Traces.request(Traces.llmSpan(), Traces.httpSpan()).toByteArray();
    RequestCut cut = RequestCut.ofItems(Slices.of(bytes));

    assertThat(cut.cut(0, 2).contiguous()).isSameAs(bytes);
    assertThat(cut.size(0, 2)).isEqualTo(bytes.length);
  }

  @Test
  void requestWithoutUnitsHasNone() throws Exception {
    RequestCut cut =
        cut(
            ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                    ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.getDefaultInstance()))
                .build());

    assertThat(cut.units()).isZero();
    assertThat(RequestCut.ofItems(new Slices()).units()).isZero();
  }

  @Test
  void rangeOutsideTheUnitsIsRejected() throws Exception {
    RequestCut cut = cut(Traces.request(Traces.llmSpan()));

    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> cut.cut(0, 2));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> cut.size(-1, 1));
  }

  /** Each span in a scope of its own is the most work. */
  @Test
  @Timeout(60)
  void cuttingIntoSingleUnitsTakesTimeInProportionToTheRequest() throws Exception {
    int spans = 200_000;
    ResourceSpans.Builder resource = ResourceSpans.newBuilder().setSchemaUrl("schema");
    ScopeSpans scope = ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("a")).build();
    for (int i = 0; i < spans; i++) {
      resource.addScopeSpans(scope);
    }
    RequestCut cut = cut(ExportTraceServiceRequest.newBuilder().addResourceSpans(resource).build());

    long size = 0;
    for (int from = 0, to; from < spans; from = to) {
      to = cut.fit(from, spans, 1);
      size += cut.cut(from, to).size();
    }
    assertThat(size).isEqualTo(spans * cut.size(0, 1));
  }
}
