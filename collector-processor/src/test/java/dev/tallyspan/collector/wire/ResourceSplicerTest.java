package dev.tallyspan.collector.wire;

import static dev.tallyspan.collector.wire.Traces.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceSplicerTest {

  private static final byte[] SCOPES =
      ResourceSpans.newBuilder()
          .addScopeSpans(ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("s")))
          .build()
          .toByteArray();

  @Test
  void attributeIsSetInAResource() throws Exception {
    byte[] request = request(resource("a", "1"), SCOPES);

    assertThat(edit(request, (at, attributes, edits) -> edits.set("b", 2)))
        .isEqualTo(
            request(
                Resource.newBuilder()
                    .addAttributes(attribute("a", "1"))
                    .addAttributes(attribute("b", 2))
                    .build(),
                SCOPES));
  }

  @Test
  void resourceAfterTheScopesIsEdited() throws Exception {
    byte[] request =
        new ProtobufWriter()
            .startMessage(1)
            .append(SCOPES, 0, SCOPES.length)
            .writeBytes(1, resource("a", "1").toByteArray())
            .endMessage()
            .toByteArray();

    byte[] edited = edit(request, (at, attributes, edits) -> edits.set("a", "2"));

    assertThat(ExportTraceServiceRequest.parseFrom(edited))
        .isEqualTo(ExportTraceServiceRequest.parseFrom(request(resource("a", "2"), SCOPES)));
  }

  @Test
  void duplicatesInAllPartsOfAResourceAreRemoved() throws Exception {
    byte[] request =
        new ProtobufWriter()
            .startMessage(1)
            .writeBytes(1, resource("secret", "1").toByteArray())
            .append(SCOPES, 0, SCOPES.length)
            .writeBytes(
                1,
                Resource.newBuilder()
                    .addAttributes(attribute("secret", "2"))
                    .addAttributes(attribute("kept", "3"))
                    .addAttributes(attribute("secret", "4"))
                    .build()
                    .toByteArray())
            .endMessage()
            .toByteArray();

    byte[] edited = edit(request, (at, attributes, edits) -> edits.remove("secret"));

    assertThat(ExportTraceServiceRequest.parseFrom(edited))
        .isEqualTo(ExportTraceServiceRequest.parseFrom(request(resource("kept", "3"), SCOPES)));
  }

  @Test
  void envelopeWithoutAResourceGetsOne() throws Exception {
    byte[] request =
        new ProtobufWriter()
            .startMessage(1)
            .append(SCOPES, 0, SCOPES.length)
            .endMessage()
            .toByteArray();

    byte[] edited = edit(request, (at, attributes, edits) -> edits.set("a", "1"));

    assertThat(ExportTraceServiceRequest.parseFrom(edited))
        .isEqualTo(ExportTraceServiceRequest.parseFrom(request(resource("a", "1"), SCOPES)));
  }

  @Test
  void resourceWhoseEditorFailsStaysAndTheOthersAreEdited() throws Exception {
    byte[] first = request(resource("a", "1"), SCOPES);
    byte[] second = request(resource("b", "1"), SCOPES);
    Slices both = new Slices();
    both.add(first, 0, first.length);
    both.add(second, 0, second.length);
    List<Throwable> failures = new ArrayList<>();

    Slices edited =
        ResourceSplicer.splice(
            both,
            new ResourceEditor() {
              @Override
              public void edit(int at, WireAttributes attributes, ResourceEdits edits) {
                edits.set("new", true);
                if (attributes.indexOf("a") >= 0) {
                  throw new IllegalStateException("test");
                }
              }

              @Override
              public void failed(Throwable cause) {
                failures.add(cause);
              }
            });

    assertThat(failures).hasSize(1);
    ExportTraceServiceRequest parsed = ExportTraceServiceRequest.parseFrom(edited.toByteArray());
    assertThat(parsed.getResourceSpans(0).getResource()).isEqualTo(resource("a", "1"));
    assertThat(parsed.getResourceSpans(1).getResource().getAttributesCount()).isEqualTo(2);
  }

  @Test
  void malformedEnvelopeIsRefused() {
    assertThatThrownBy(
            () ->
                ResourceSplicer.splice(
                    Slices.of(new byte[] {0x0a, 0x05}), (at, attributes, edits) -> {}))
        .isInstanceOf(MalformedRequestException.class);
  }

  private static byte[] edit(byte[] request, ResourceEditor editor) throws Exception {
    return ResourceSplicer.splice(Slices.of(request), editor).toByteArray();
  }

  private static Resource resource(String key, String value) {
    return Resource.newBuilder().addAttributes(attribute(key, value)).build();
  }

  private static byte[] request(Resource resource, byte[] scopes) {
    return new ProtobufWriter()
        .startMessage(1)
        .writeBytes(1, resource.toByteArray())
        .append(scopes, 0, scopes.length)
        .endMessage()
        .toByteArray();
  }
}
