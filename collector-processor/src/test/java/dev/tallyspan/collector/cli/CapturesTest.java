package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.cli.Captures.Call;
import dev.tallyspan.collector.cli.Captures.Scenario;
import dev.tallyspan.collector.json.JsonToProto;
import dev.tallyspan.collector.otlp.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real traffic with the provider's truth beside it, run through {@code process}. */
class CapturesTest {

  private static final Set<String> BILLED =
      Set.of("priced", "free", "partial", "unpriced", "provider_reported");

  /** "tool_calls" is "tool_call" in the conventions, and instructions are a list of parts. */
  private static final Set<String> RESPELT =
      Set.of("gen_ai.response.finish_reasons", "gen_ai.system_instructions");

  static Stream<Scenario> scenarios() throws Exception {
    return Captures.scenarios().stream().filter(s -> !s.traces().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void everySpanAndAttributeIsKept(Scenario scenario) throws Exception {
    Map<String, Span> out = byId(process(scenario));
    for (Path file : scenario.traces()) {
      for (Span before : spans(ExportTraceServiceRequest.parseFrom(Files.readAllBytes(file)))) {
        Span after = out.get(id(before));
        assertThat(after).as("span %s", id(before)).isNotNull();
        Map<String, AnyValue> now = attributes(after);
        Map<String, AnyValue> then = attributes(before);
        assertThat(now).containsKeys(then.keySet().toArray(String[]::new));
        then.keySet().removeAll(RESPELT);
        assertThat(now).containsAllEntriesOf(then);
        assertThat(after.toBuilder().clearAttributes().build())
            .isEqualTo(before.toBuilder().clearAttributes().build());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void whatTheWireToldOfTokensIsBilledAtTheRightPrice(Scenario scenario) throws Exception {
    List<Map<String, AnyValue>> billed = new ArrayList<>();
    for (Span span : process(scenario)) {
      Map<String, AnyValue> attributes = attributes(span);
      AnyValue status = attributes.get("tallyspan.cost.status");
      if (status != null
          && BILLED.contains(status.getStringValue())
          && attributes.containsKey("gen_ai.usage.input_tokens")) {
        billed.add(attributes);
      }
    }
    List<Call> served = scenario.calls().stream().filter(Call::usageOnWire).toList();
    assertThat(billed).hasSameSizeAs(served);
    BigDecimal expected = BigDecimal.ZERO;
    BigDecimal actual = BigDecimal.ZERO;
    long input = 0;
    long output = 0;
    // Spans leave in no order of calls, and some have no response id: compare sums.
    for (int i = 0; i < served.size(); i++) {
      Map<String, AnyValue> span = billed.get(i);
      assertThat(span.get("tallyspan.cost.status").getStringValue()).isEqualTo("priced");
      boolean cacheKnown = span.containsKey("gen_ai.usage.cache_read.input_tokens");
      expected = expected.add(Captures.price(served.get(i), cacheKnown));
      actual = actual.add(new BigDecimal(span.get("tallyspan.cost.total_exact").getStringValue()));
      input += span.get("gen_ai.usage.input_tokens").getIntValue() - served.get(i).input();
      output += tokens(span, "gen_ai.usage.output_tokens") - served.get(i).output();
    }
    assertThat(input).as("input tokens too many").isZero();
    assertThat(output).as("output tokens too many").isZero();
    assertThat(actual).isEqualByComparingTo(expected);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void processingTwiceEqualsProcessingOnce(Scenario scenario) throws Exception {
    CommandRun once = CommandRun.of(arguments(scenario));
    Path file = Files.createTempFile("once", ".json");
    try {
      Files.writeString(file, once.lines().get(0));
      assertThat(CommandRun.of("process", file.toString()).lines())
          .containsExactly(once.lines().get(0));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void thereAreCaptures() throws Exception {
    assertThat(scenarios()).hasSizeGreaterThan(25);
  }

  private static List<Span> process(Scenario scenario) throws Exception {
    CommandRun run = CommandRun.of(arguments(scenario));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    List<Span> spans = new ArrayList<>();
    for (String line : run.lines()) {
      byte[] request =
          JsonToProto.convert(
              Signal.TRACES, line.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
      spans.addAll(spans(ExportTraceServiceRequest.parseFrom(request)));
    }
    return spans;
  }

  private static String[] arguments(Scenario scenario) {
    return Stream.concat(Stream.of("process"), scenario.traces().stream().map(Path::toString))
        .toArray(String[]::new);
  }

  private static List<Span> spans(ExportTraceServiceRequest request) {
    return request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static Map<String, Span> byId(List<Span> spans) {
    Map<String, Span> byId = new LinkedHashMap<>();
    spans.forEach(span -> byId.put(id(span), span));
    return byId;
  }

  private static String id(Span span) {
    return java.util.HexFormat.of().formatHex(span.getSpanId().toByteArray());
  }

  private static Map<String, AnyValue> attributes(Span span) {
    Map<String, AnyValue> attributes = new LinkedHashMap<>();
    for (KeyValue attribute : span.getAttributesList()) {
      attributes.put(attribute.getKey(), attribute.getValue());
    }
    return attributes;
  }

  private static long tokens(Map<String, AnyValue> span, String key) {
    AnyValue value = span.get(key);
    return value == null ? 0 : value.getIntValue();
  }
}
