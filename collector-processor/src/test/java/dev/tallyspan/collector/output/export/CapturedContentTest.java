package dev.tallyspan.collector.output.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.JsonToProto;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What real instrumentation sends, in every dialect, under the modes that keep texts back. The
 * captured conversations use few texts, which the scenarios share.
 */
class CapturedContentTest {

  private static final Path CAPTURES = Path.of("src/test/resources/captures");

  /** Texts that people, models, tools and documents said, and error messages that quote them. */
  private static final List<String> SAID =
      List.of(
          "capital of France",
          "Paris is",
          "is Paris",
          "weather in Paris",
          "refund policy",
          "Refunds are accepted",
          "refunds are accepted",
          "contracts assistant",
          "Clause 1",
          "travel assistant",
          "Based on the tool results",
          "Summary: the document",
          "The quick brown fox",
          "jumps over",
          "temp_c",
          "conditions",
          "Rate limit reached",
          "maximum context length",
          "base64,iVBOR");

  @Test
  void noneLeavesNothingThatWasSaid() throws Exception {
    assertThat(leaking(ContentMode.NONE)).isEmpty();
  }

  @Test
  void metadataLeavesNothingThatWasSaid() throws Exception {
    assertThat(leaking(ContentMode.METADATA)).isEmpty();
  }

  @Test
  void theTextsAreInTheCaptures() throws Exception {
    assertThat(leaking(ContentMode.FULL)).hasSizeGreaterThan(100);
  }

  /** The keys, with their dialects' names, that still have one of the texts. */
  private static Set<String> leaking(ContentMode mode) throws Exception {
    ContentPolicy policy = ContentPolicy.of(mode);
    Set<String> leaking = new TreeSet<>();
    try (Stream<Path> files = Files.walk(CAPTURES)) {
      for (Path file :
          files.filter(it -> it.toString().matches(".*__(traces|logs)__.*")).toList()) {
        if (file.toString().contains("__traces__")) {
          for (Span span : spans(file)) {
            collect(policy, span.getAttributesList(), leaking);
            span.getEventsList().forEach(e -> collect(policy, e.getAttributesList(), leaking));
            String status = span.getStatus().getMessage();
            add("status", policy.text("exception.message", status).value(), leaking);
          }
        } else {
          logs(file, policy, leaking);
        }
      }
    }
    return leaking;
  }

  private static List<Span> spans(Path file) throws Exception {
    return ExportTraceServiceRequest.parseFrom(bytes(Signal.TRACES, file))
        .getResourceSpansList()
        .stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static byte[] bytes(Signal signal, Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    return file.toString().endsWith(".json") ? JsonToProto.convert(signal, bytes, 64 << 20) : bytes;
  }

  private static void logs(Path file, ContentPolicy policy, Set<String> leaking) throws Exception {
    ExportLogsServiceRequest.parseFrom(bytes(Signal.LOGS, file)).getResourceLogsList().stream()
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .forEach(
            log -> {
              collect(policy, log.getAttributesList(), leaking);
              Value<?> body = value(log.getBody());
              Value<?> left = policy.body(body, policy.spanBudget()).value();
              add("body", left == null ? null : left.asString(), leaking);
            });
  }

  private static void collect(
      ContentPolicy policy, List<KeyValue> attributes, Set<String> leaking) {
    Edits edits = new Edits(attributes);
    policy.apply(edits, edits);
    edits.values.forEach((key, value) -> add(key, value.asString(), leaking));
  }

  private static void add(String key, String text, Set<String> leaking) {
    for (String said : SAID) {
      if (text != null && text.contains(said)) {
        leaking.add(key.replaceAll("\\d+", "N") + ": " + said);
      }
    }
  }

  private static Value<?> value(AnyValue any) {
    return switch (any.getValueCase()) {
      case STRING_VALUE -> Value.of(any.getStringValue());
      case BOOL_VALUE -> Value.of(any.getBoolValue());
      case INT_VALUE -> Value.of(any.getIntValue());
      case DOUBLE_VALUE -> Value.of(any.getDoubleValue());
      case BYTES_VALUE -> Value.of(any.getBytesValue().toByteArray());
      case ARRAY_VALUE -> {
        List<Value<?>> elements = new ArrayList<>();
        any.getArrayValue().getValuesList().forEach(element -> elements.add(value(element)));
        yield Value.of(elements);
      }
      case KVLIST_VALUE -> {
        Map<String, Value<?>> members = new LinkedHashMap<>();
        any.getKvlistValue()
            .getValuesList()
            .forEach(member -> members.put(member.getKey(), value(member.getValue())));
        yield Value.of(members);
      }
      default -> Value.of("");
    };
  }

  /** The attributes of a span with the edits made to them. */
  private static final class Edits implements AttributeView, AttributeEdits {

    private final List<Map.Entry<String, Value<?>>> original = new ArrayList<>();
    private final Map<String, Value<?>> values = new LinkedHashMap<>();

    Edits(List<KeyValue> attributes) {
      for (KeyValue attribute : attributes) {
        Value<?> value = value(attribute.getValue());
        original.add(Map.entry(attribute.getKey(), value));
        values.put(attribute.getKey(), value);
      }
    }

    private static Value<?> value(AnyValue any) {
      return CapturedContentTest.value(any);
    }

    @Override
    public int size() {
      return original.size();
    }

    @Override
    public String key(int index) {
      return original.get(index).getKey();
    }

    @Override
    public Value<?> value(int index) {
      return original.get(index).getValue();
    }

    @Override
    public void set(String key, String value) {
      values.put(key, Value.of(value));
    }

    @Override
    public void set(String key, long value) {
      values.put(key, Value.of(value));
    }

    @Override
    public void set(String key, double value) {
      values.put(key, Value.of(value));
    }

    @Override
    public void set(String key, boolean value) {
      values.put(key, Value.of(value));
    }

    @Override
    public void set(String key, List<String> texts) {
      List<Value<?>> elements = new ArrayList<>();
      texts.forEach(text -> elements.add(Value.of(text)));
      values.put(key, Value.of(elements));
    }

    @Override
    public void set(String key, Value<?> value) {
      values.put(key, value);
    }

    @Override
    public void remove(String key) {
      values.remove(key);
    }
  }
}
