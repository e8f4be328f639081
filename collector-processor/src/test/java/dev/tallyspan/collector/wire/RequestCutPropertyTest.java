package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

@AddLifecycleHook(FuzzBudget.class)
class RequestCutPropertyTest {

  private static final List<Message> TYPES =
      List.of(
          ExportTraceServiceRequest.getDefaultInstance(),
          ExportLogsServiceRequest.getDefaultInstance(),
          ExportMetricsServiceRequest.getDefaultInstance());

  /** A unit, and everything around it that is not another unit or its envelope. */
  private record Unit(Message unit, Message scope, Message resource, UnknownFieldSet request) {}

  @Property
  void partsHoldTheUnitsOfTheRequestInOrderEachWithItsEnvelopes(
      @ForAll @IntRange(max = 2) int type,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int size,
      @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.encoded(random, TYPES.get(type), size, odd);
    List<Unit> units = units(TYPES.get(type), bytes);
    RequestCut cut = cut(type, sliced(random, bytes));

    assertThat(cut.units()).isEqualTo(units.size());
    List<Unit> found = new ArrayList<>();
    int items = 0;
    for (int from = 0, to; from < units.size(); from = to) {
      to = from + 1 + random.nextInt(units.size() - from);
      Slices part = cut.cut(from, to);
      byte[] partBytes = part.toByteArray();
      assertThat(part.size()).isEqualTo(cut.size(from, to));
      assertThat(count(type, partBytes)).isEqualTo(cut.items(from, to));
      items += cut.items(from, to);
      found.addAll(units(TYPES.get(type), partBytes));
    }
    assertThat(found).isEqualTo(units);
    assertThat(items).isEqualTo(count(type, bytes));
  }

  @Property
  void partHasNoEmptyEnvelopes(
      @ForAll long seed, @ForAll @IntRange(max = 3) int size, @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    RequestCut cut = cut(0, Slices.of(RandomTraces.encoded(random, size, odd)));
    if (cut.units() < 2) {
      return;
    }
    int from = random.nextInt(cut.units() - 1);
    byte[] part = cut.cut(from, from + 1).toByteArray();

    ExportTraceServiceRequest parsed =
        ProtobufOracle.parse(ExportTraceServiceRequest.getDefaultInstance(), part);
    assertThat(parsed.getResourceSpansCount()).isEqualTo(1);
    assertThat(parsed.getResourceSpans(0).getScopeSpansCount()).isEqualTo(1);
  }

  @Property
  void longestPartThatFitsIsFound(
      @ForAll @IntRange(max = 2) int type,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int size,
      @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = RandomTraces.encoded(random, TYPES.get(type), size, odd);
    RequestCut cut = cut(type, Slices.of(bytes));
    long max = random.nextInt(bytes.length + 2);
    for (int from = 0, to; from < cut.units(); from = to) {
      to = cut.fit(from, cut.units(), max);

      assertThat(to).isGreaterThan(from);
      assertThat(to == from + 1 || cut.size(from, to) <= max).isTrue();
      // The whole request may be larger than a part with all of it, if its lengths are padded.
      if (to < cut.units() && (from > 0 || to + 1 < cut.units())) {
        assertThat(cut.size(from, to + 1)).isGreaterThan(max);
      }
    }
  }

  @Property
  void damagedRequestIsCutIfItsItemsCanBeCounted(
      @ForAll @IntRange(max = 2) int type,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int size,
      @ForAll @IntRange(max = 40) int odd) {
    Random random = new Random(seed);
    byte[] bytes =
        RandomTraces.damaged(random, RandomTraces.encoded(random, TYPES.get(type), size, odd));
    Integer counted = null;
    try {
      counted = count(type, bytes);
    } catch (MalformedRequestException e) {
      // Not cut either.
    }
    Integer items = null;
    try {
      RequestCut cut = cut(type, Slices.of(bytes));
      items = cut.items(0, cut.units());
    } catch (MalformedRequestException e) {
      // Not counted either.
    }
    assertThat(items).isEqualTo(counted);
  }

  private static RequestCut cut(int type, Slices request) throws MalformedRequestException {
    return type == 2 ? RequestCut.ofMetrics(request) : RequestCut.ofItems(request);
  }

  private static int count(int type, byte[] bytes) throws MalformedRequestException {
    return switch (type) {
      case 0 -> ItemCounter.spans(bytes, 0, bytes.length);
      case 1 -> ItemCounter.logRecords(bytes, 0, bytes.length);
      default -> ItemCounter.dataPoints(bytes, 0, bytes.length);
    };
  }

  private static Slices sliced(Random random, byte[] bytes) {
    Slices slices = new Slices();
    for (int at = 0, end; at < bytes.length; at = end) {
      end = at + 1 + random.nextInt(bytes.length - at);
      slices.add(bytes, at, end - at);
    }
    return slices;
  }

  private static List<Unit> units(Message type, byte[] bytes) throws Exception {
    Message request = ProtobufOracle.parse(type, bytes);
    List<Unit> units = new ArrayList<>();
    for (Message resource : nested(request, 1)) {
      for (Message scope : nested(resource, 2)) {
        for (Message unit : nested(scope, 2)) {
          units.add(
              new Unit(unit, without(scope, 2), without(resource, 2), request.getUnknownFields()));
        }
      }
    }
    return units;
  }

  @SuppressWarnings("unchecked")
  private static List<Message> nested(Message message, int field) {
    return (List<Message>) message.getField(descriptor(message, field));
  }

  private static Message without(Message message, int field) {
    return message.toBuilder().clearField(descriptor(message, field)).build();
  }

  private static FieldDescriptor descriptor(Message message, int field) {
    return message.getDescriptorForType().findFieldByNumber(field);
  }
}
