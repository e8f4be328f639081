package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

@AddLifecycleHook(FuzzBudget.class)
class ItemCounterPropertyTest {

  @Property
  void spansAreCounted(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = encoded(seed, size, odd, ExportTraceServiceRequest.getDefaultInstance());

    int spans =
        ProtobufOracle.parse(ExportTraceServiceRequest.getDefaultInstance(), bytes)
            .getResourceSpansList()
            .stream()
            .flatMap(resource -> resource.getScopeSpansList().stream())
            .mapToInt(scope -> scope.getSpansCount())
            .sum();
    assertThat(ItemCounter.spans(bytes, 0, bytes.length)).isEqualTo(spans);
  }

  @Property
  void logRecordsAreCounted(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = encoded(seed, size, odd, ExportLogsServiceRequest.getDefaultInstance());

    int records =
        ProtobufOracle.parse(ExportLogsServiceRequest.getDefaultInstance(), bytes)
            .getResourceLogsList()
            .stream()
            .flatMap(resource -> resource.getScopeLogsList().stream())
            .mapToInt(scope -> scope.getLogRecordsCount())
            .sum();
    assertThat(ItemCounter.logRecords(bytes, 0, bytes.length)).isEqualTo(records);
  }

  @Property
  void dataPointsAreCounted(
      @ForAll long seed, @ForAll @IntRange(max = 2) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = encoded(seed, size, odd, ExportMetricsServiceRequest.getDefaultInstance());

    int points =
        ProtobufOracle.parse(ExportMetricsServiceRequest.getDefaultInstance(), bytes)
            .getResourceMetricsList()
            .stream()
            .flatMap(resource -> resource.getScopeMetricsList().stream())
            .flatMap(scope -> scope.getMetricsList().stream())
            .mapToInt(ItemCounterPropertyTest::points)
            .sum();
    assertThat(ItemCounter.dataPoints(bytes, 0, bytes.length)).isEqualTo(points);
  }

  private static int points(Metric metric) {
    return switch (metric.getDataCase()) {
      case GAUGE -> metric.getGauge().getDataPointsCount();
      case SUM -> metric.getSum().getDataPointsCount();
      case HISTOGRAM -> metric.getHistogram().getDataPointsCount();
      case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsCount();
      case SUMMARY -> metric.getSummary().getDataPointsCount();
      case DATA_NOT_SET -> 0;
    };
  }

  /** Counting walks what rewriting walks, so it must not refuse what rewriting accepts. */
  @Property
  void damagedTracesAreRefusedOnlyIfTheRewriterRefusesThem(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd) {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.damaged(random, RandomTraces.encoded(random, size, odd));
    String refusal = null;
    try {
      ItemCounter.spans(bytes, 0, bytes.length);
    } catch (MalformedRequestException e) {
      refusal = e.getMessage();
    }

    if (refusal != null && !ProtobufOracle.mayHideLongVarint(bytes)) {
      assertThat(LookedAt.acceptsScan(bytes)).as(refusal).isFalse();
    }
  }

  private static byte[] encoded(long seed, int size, int odd, Message prototype) {
    Random random = new Random(seed);
    return new UnusualEncoder(random, odd).encode(new RandomMessages(random, size).like(prototype));
  }
}
