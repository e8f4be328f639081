package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import dev.tallyspan.collector.wire.ProtobufOracle.Edit;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Whatever protobuf-java reads, the splicer reads the same and writes to the same effect. */
@AddLifecycleHook(FuzzBudget.class)
class ResourceSplicerPropertyTest {

  private static final List<Message> TYPES =
      List.of(
          ExportTraceServiceRequest.getDefaultInstance(),
          ExportLogsServiceRequest.getDefaultInstance(),
          ExportMetricsServiceRequest.getDefaultInstance());

  /** What the editor saw of a resource, and what it asked for. */
  private record Seen(List<KeyValue> attributes, List<Edit> edits) {}

  @Property
  void editsAsProtobufJavaDoes(
      @ForAll @IntRange(max = 2) int type,
      @ForAll long seed,
      @ForAll @IntRange(max = 4) int size,
      @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    editBoth(TYPES.get(type), RandomTraces.encoded(random, TYPES.get(type), size, odd), random);
  }

  @Property
  void editsDamagedRequestsAsProtobufJavaDoes(
      @ForAll @IntRange(max = 2) int type,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int size,
      @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    Random random = new Random(seed);
    Message prototype = TYPES.get(type);
    byte[] bytes = RandomTraces.damaged(random, RandomTraces.encoded(random, prototype, size, odd));
    Assume.that(!ProtobufOracle.mayHideLongVarint(bytes));
    try {
      ProtobufOracle.parse(prototype, bytes);
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    editBoth(prototype, bytes, random);
  }

  @Property
  void sameEditsMadeTwiceChangeNothingTheSecondTime(
      @ForAll @IntRange(max = 2) int type,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int size,
      @ForAll @IntRange(max = 40) int odd)
      throws Exception {
    byte[] bytes = RandomTraces.encoded(new Random(seed), TYPES.get(type), size, odd);
    ResourceEditor editor =
        (at, attributes, edits) -> {
          edits.set("server.address", "a");
          edits.remove("g");
        };

    Slices once = Slices.of(ResourceSplicer.splice(Slices.of(bytes), editor).toByteArray());

    assertThat(ResourceSplicer.splice(once, editor)).isSameAs(once);
  }

  private static void editBoth(Message prototype, byte[] bytes, Random random) throws Exception {
    List<Seen> seen = new ArrayList<>();
    byte[] copy = bytes.clone();
    Slices request = Slices.of(bytes);

    Slices edited =
        ResourceSplicer.splice(
            request,
            (at, attributes, edits) ->
                seen.add(
                    new Seen(
                        ProtobufOracle.keyValues(attributes),
                        ProtobufOracle.makeEdits(random, attributes, edits))));

    assertThat(bytes).isEqualTo(copy);
    List<Message> before = envelopes(ProtobufOracle.parse(prototype, bytes));
    Message parsed = ProtobufOracle.parse(prototype, edited.toByteArray());
    List<Message> after = envelopes(parsed);
    assertThat(seen).hasSize(before.size());
    assertThat(after).hasSize(before.size());
    assertThat(parsed.getUnknownFields())
        .isEqualTo(ProtobufOracle.parse(prototype, bytes).getUnknownFields());
    for (int i = 0; i < before.size(); i++) {
      Resource resource = resource(before.get(i));
      Resource written = resource(after.get(i));
      List<Edit> edits = seen.get(i).edits();
      assertThat(seen.get(i).attributes())
          .isEqualTo(ProtobufOracle.visible(resource).getAttributesList());
      assertThat(with(written, ProtobufOracle.sorted(written.getAttributesList(), edits)))
          .isEqualTo(with(resource, ProtobufOracle.apply(resource.getAttributesList(), edits)));
      assertThat(withoutResource(after.get(i))).isEqualTo(withoutResource(before.get(i)));
    }
    if (seen.stream().allMatch(each -> each.edits().isEmpty())) {
      assertThat(edited).isSameAs(request);
    }
  }

  private static Resource with(Resource resource, List<KeyValue> attributes) {
    return resource.toBuilder().clearAttributes().addAllAttributes(attributes).build();
  }

  private static List<Message> envelopes(Message request) {
    FieldDescriptor field = request.getDescriptorForType().findFieldByNumber(1);
    List<Message> envelopes = new ArrayList<>();
    for (int i = 0; i < request.getRepeatedFieldCount(field); i++) {
      envelopes.add((Message) request.getRepeatedField(field, i));
    }
    return envelopes;
  }

  private static Resource resource(Message envelope) {
    return (Resource) envelope.getField(envelope.getDescriptorForType().findFieldByNumber(1));
  }

  private static Message withoutResource(Message envelope) {
    return envelope.toBuilder()
        .clearField(envelope.getDescriptorForType().findFieldByNumber(1))
        .build();
  }
}
