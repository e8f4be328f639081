package dev.tallyspan.collector.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Compares with what protobuf-java makes of the same request. */
class ResourceStampTest {

  private static final KeyValue ACME =
      KeyValue.newBuilder()
          .setKey("tenant.id")
          .setValue(AnyValue.newBuilder().setStringValue("acme"))
          .build();

  @Property
  void everyResourceOfSpansHasTheAttributeOnce(
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int size,
      @ForAll @IntRange(max = 40) int odd,
      @ForAll @IntRange(max = 12) int key)
      throws Exception {
    String name = RandomMessages.KEYS.get(key);
    byte[] bytes = encoded(seed, size, odd, ExportTraceServiceRequest.getDefaultInstance());
    ExportTraceServiceRequest.Builder expected =
        parsed(ExportTraceServiceRequest.getDefaultInstance(), bytes).toBuilder();
    for (var resource : expected.getResourceSpansBuilderList()) {
      resource.setResource(stamped(resource.getResource(), name));
      for (var scope : resource.getScopeSpansBuilderList()) {
        for (var span : scope.getSpansBuilderList()) {
          List<KeyValue> kept = without(span.getAttributesList(), name);
          span.clearAttributes().addAllAttributes(kept);
        }
      }
    }

    byte[] stamped = ResourceStamp.ofSpans(name, "acme").stamp(bytes);
    assertThat(parsed(ExportTraceServiceRequest.getDefaultInstance(), stamped))
        .isEqualTo(inOrder(expected.build(), stamped, name));
    assertThat(ResourceStamp.ofSpans(name, "acme").stamp(stamped)).isEqualTo(stamped);
  }

  @Property
  void everyResourceOfLogsHasTheAttributeOnce(
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int size,
      @ForAll @IntRange(max = 40) int odd,
      @ForAll @IntRange(max = 12) int key)
      throws Exception {
    String name = RandomMessages.KEYS.get(key);
    byte[] bytes = encoded(seed, size, odd, ExportLogsServiceRequest.getDefaultInstance());
    ExportLogsServiceRequest.Builder expected =
        parsed(ExportLogsServiceRequest.getDefaultInstance(), bytes).toBuilder();
    for (var resource : expected.getResourceLogsBuilderList()) {
      resource.setResource(stamped(resource.getResource(), name));
      for (var scope : resource.getScopeLogsBuilderList()) {
        for (var log : scope.getLogRecordsBuilderList()) {
          List<KeyValue> kept = without(log.getAttributesList(), name);
          log.clearAttributes().addAllAttributes(kept);
        }
      }
    }

    byte[] stamped = ResourceStamp.ofLogRecords(name, "acme").stamp(bytes);
    assertThat(parsed(ExportLogsServiceRequest.getDefaultInstance(), stamped))
        .isEqualTo(inOrder(expected.build(), stamped, name));
  }

  @Property
  void everyResourceOfMetricsHasTheAttributeOnce(
      @ForAll long seed,
      @ForAll @IntRange(max = 2) int size,
      @ForAll @IntRange(max = 40) int odd,
      @ForAll @IntRange(max = 12) int key)
      throws Exception {
    String name = RandomMessages.KEYS.get(key);
    byte[] bytes = encoded(seed, size, odd, ExportMetricsServiceRequest.getDefaultInstance());
    ExportMetricsServiceRequest.Builder expected =
        parsed(ExportMetricsServiceRequest.getDefaultInstance(), bytes).toBuilder();
    for (var resource : expected.getResourceMetricsBuilderList()) {
      resource.setResource(stamped(resource.getResource(), name));
    }

    byte[] stamped = ResourceStamp.ofMetrics(name, "acme").stamp(bytes);
    assertThat(parsed(ExportMetricsServiceRequest.getDefaultInstance(), stamped))
        .isEqualTo(inOrder(expected.build(), stamped, name));
  }

  @Test
  void claimsOfTheSenderAreReplaced() throws Exception {
    KeyValue claim =
        KeyValue.newBuilder()
            .setKey("tenant.id")
            .setValue(AnyValue.newBuilder().setIntValue(7))
            .build();
    KeyValue other = KeyValue.newBuilder().setKey("tenant.id.old").build();
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    var resource = request.addResourceSpansBuilder();
    resource.getResourceBuilder().addAttributes(claim).addAttributes(other).addAttributes(claim);
    resource
        .addScopeSpansBuilder()
        .addSpansBuilder()
        .addAttributes(claim)
        .addAttributes(other)
        .setName("n");

    ExportTraceServiceRequest stamped =
        ExportTraceServiceRequest.parseFrom(
            ResourceStamp.ofSpans("tenant.id", "acme").stamp(request.build().toByteArray()));
    assertThat(stamped.getResourceSpans(0).getResource().getAttributesList())
        .containsExactly(other, ACME);
    assertThat(stamped.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributesList())
        .containsExactly(other);
  }

  @Test
  void resourceInPartsHasTheAttributeOnce() throws Exception {
    byte[] claim =
        Resource.newBuilder()
            .addAttributes(ACME)
            .setDroppedAttributesCount(3)
            .build()
            .toByteArray();
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    // scope_spans first, then the resource three times, once empty.
    parts.writeBytes(new byte[] {0x12, 0});
    for (byte[] part : new byte[][] {claim, {}, claim}) {
      parts.write(0x0a);
      parts.write(part.length);
      parts.writeBytes(part);
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(0x0a);
    request.write(parts.size());
    request.writeBytes(parts.toByteArray());

    byte[] stamped = ResourceStamp.ofSpans("tenant.id", "acme").stamp(request.toByteArray());
    Resource resource =
        ExportTraceServiceRequest.parseFrom(stamped).getResourceSpans(0).getResource();
    assertThat(resource.getAttributesList()).containsExactly(ACME);
    assertThat(resource.getDroppedAttributesCount()).isEqualTo(3);
  }

  @Test
  void unknownFieldsKeepTheirBytes() throws Exception {
    byte[] unknown = {(byte) 0xa2, 0x38, 1, 'x'};
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.write(0x0a);
    request.write(unknown.length);
    request.writeBytes(unknown);
    request.writeBytes(unknown);

    byte[] stamped = ResourceStamp.ofSpans("tenant.id", "acme").stamp(request.toByteArray());
    ExportTraceServiceRequest parsed = ExportTraceServiceRequest.parseFrom(stamped);
    assertThat(parsed.getUnknownFields().toByteString()).isEqualTo(ByteString.copyFrom(unknown));
    assertThat(parsed.getResourceSpans(0).getUnknownFields().toByteString())
        .isEqualTo(ByteString.copyFrom(unknown));
    assertThat(parsed.getResourceSpans(0).getResource().getAttributesList()).containsExactly(ACME);
  }

  @Test
  void requestThatWouldBecomeManyTimesAsLargeIsRefused() {
    byte[] empty = new byte[2 << 20];
    for (int i = 0; i < empty.length; i += 2) {
      empty[i] = 0x0a;
    }
    assertThatThrownBy(() -> ResourceStamp.ofSpans("tenant.id", "acme").stamp(empty))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessage("the request has too many resources for its size");
  }

  @Test
  void truncatedRequestIsRefused() {
    assertThatThrownBy(
            () -> ResourceStamp.ofSpans("tenant.id", "acme").stamp(new byte[] {0x0a, 5, 1}))
        .isInstanceOf(MalformedRequestException.class);
  }

  private static Resource stamped(Resource resource, String key) {
    List<KeyValue> kept = without(resource.getAttributesList(), key);
    return resource.toBuilder()
        .clearAttributes()
        .addAllAttributes(kept)
        .addAttributes(ACME.toBuilder().setKey(key))
        .build();
  }

  private static List<KeyValue> without(List<KeyValue> attributes, String key) {
    return attributes.stream().filter(each -> !each.getKey().equals(key)).toList();
  }

  /**
   * Moves the attribute of each resource to where it is in the stamped request: after the
   * attributes of the first part, which is not visible in the message.
   */
  private static Message inOrder(Message expected, byte[] stamped, String key) throws Exception {
    Message actual = parsed(expected.getDefaultInstanceForType(), stamped);
    Message.Builder ordered = expected.toBuilder();
    var resources = expected.getDescriptorForType().getFields().get(0);
    for (int i = 0; i < expected.getRepeatedFieldCount(resources); i++) {
      Message envelope = (Message) expected.getRepeatedField(resources, i);
      var field = envelope.getDescriptorForType().findFieldByName("resource");
      Resource wanted = (Resource) envelope.getField(field);
      Resource found = (Resource) ((Message) actual.getRepeatedField(resources, i)).getField(field);
      List<KeyValue> attributes = new ArrayList<>(without(wanted.getAttributesList(), key));
      int at = found.getAttributesList().stream().map(KeyValue::getKey).toList().indexOf(key);
      assertThat(at).isNotNegative();
      attributes.add(at, wanted.getAttributes(wanted.getAttributesCount() - 1));
      ordered.setRepeatedField(
          resources,
          i,
          envelope.toBuilder()
              .setField(
                  field, wanted.toBuilder().clearAttributes().addAllAttributes(attributes).build())
              .build());
    }
    return ordered.build();
  }

  private static <T extends Message> T parsed(T prototype, byte[] bytes) throws Exception {
    return ProtobufOracle.parse(prototype, bytes);
  }

  private static byte[] encoded(long seed, int size, int odd, Message prototype) {
    Random random = new Random(seed);
    return new UnusualEncoder(random, odd).encode(new RandomMessages(random, size).like(prototype));
  }
}
