package dev.tallyspan.collector.output.recent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.window.KeptCall;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.span.Cost;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces that are kept on disk, over runs that end in different ways. */
class StoredTracesTest {

  private static final Subject ADA = new Subject(Subject.Kind.USER, "ada");

  @TempDir private Path directory;
  private MasterKeys keys = MasterKeys.NONE;

  @Test
  void tracesAreThereAfterARestart() throws Exception {
    run(
        (store, stored) ->
            add(store, stored, span("a", "1", "ada", "asked"), span("b", "1", "", "")));

    run(
        (store, stored) -> {
          assertThat(ids(store)).containsExactlyInAnyOrder("a", "b");
          assertThat(facts(span(store, "a"))).isEqualTo(facts(span("a", "1", "ada", "asked")));
        });
  }

  @Test
  void spanThatWasDeliveredAgainIsThereOnceAndAsItWasLast() throws Exception {
    run(
        (store, stored) -> {
          add(store, stored, span("a", "1", "ada", "first"));
          stored.flush();
          add(store, stored, span("a", "1", "ada", "second"));
        });

    run(
        (store, stored) -> {
          assertThat(store.stats().spans()).isEqualTo(1);
          assertThat(new String(span(store, "a").detail(), StandardCharsets.UTF_8))
              .isEqualTo("second");
        });
  }

  @Test
  void spanThatArrivesWhileEarlierTracesAreReadStays() throws Exception {
    run(
        (store, stored) ->
            add(store, stored, span("a", "1", "", "before"), span("a", "2", "", "")));

    RecentTraces store = RecentTraces.builder().build();
    store.add(List.of(span("a", "1", "", "after")));
    try (StoredTraces stored = StoredTraces.open(directory, store, keys)) {
      stored.awaitLoaded();
    }

    assertThat(store.stats().spans()).isEqualTo(2);
    assertThat(new String(span(store, "a").detail(), StandardCharsets.UTF_8)).isEqualTo("after");
  }

  @Test
  void traceThatIsOldIsNotShownAgain() throws Exception {
    run((store, stored) -> add(store, stored, span("a", "1", "", "")));

    RecentTraces later =
        RecentTraces.builder()
            .maxAge(Duration.ofHours(1))
            .clock(() -> Instant.now().plus(Duration.ofHours(2)))
            .build();
    try (StoredTraces stored = StoredTraces.open(directory, later, keys)) {
      stored.awaitLoaded();
    }

    assertThat(later.stats().traces()).isZero();
  }

  @Test
  void diskStaysWithinTheLimitOfTheStore() throws Exception {
    RecentTraces store = RecentTraces.builder().maxBytes(2 << 20).build();
    try (StoredTraces stored = StoredTraces.open(directory, store, keys)) {
      for (int i = 0; i < 100; i++) {
        add(store, stored, span("trace" + i, "1", "", "x".repeat(100_000)));
        stored.flush();
      }
    }

    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    assertThat(bytes).isBetween(1L << 20, (2L << 20) + (300 << 10));
    RecentTraces again = RecentTraces.builder().maxBytes(2 << 20).build();
    try (StoredTraces stored = StoredTraces.open(directory, again, keys)) {
      stored.awaitLoaded();
    }
    assertThat(ids(again)).contains("trace99").doesNotContain("trace1").hasSizeGreaterThan(8);
  }

  @Test
  void whatAKilledProcessWroteHalfIsCutOff() throws Exception {
    run(
        (store, stored) -> {
          add(store, stored, span("a", "1", "", "kept"));
          stored.flush();
          add(store, stored, span("b", "1", "", "torn".repeat(100)));
        });
    Path file = segment();
    Files.write(
        file,
        java.util.Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 100),
        StandardOpenOption.TRUNCATE_EXISTING);

    run((store, stored) -> assertThat(ids(store)).containsExactly("a"));
  }

  @Test
  void encryptedTracesCannotBeReadOnDisk() throws Exception {
    keys = MasterKeys.parse(List.of("k:" + Base64.getEncoder().encodeToString(new byte[32])));
    run((store, stored) -> add(store, stored, span("a", "1", "ada", "asked s3cret")));

    assertThat(Files.readString(segment(), StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
    run((store, stored) -> assertThat(ids(store)).containsExactly("a"));
    keys = MasterKeys.NONE;
    assertThatThrownBy(() -> run((store, stored) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("which is not configured");
  }

  @Test
  void forgottenTracesAreGoneFromTheDisk() throws Exception {
    run(
        (store, stored) -> {
          add(store, stored, span("a", "1", "ada", "asked s3cret"), span("b", "1", "", "other"));
          Set<String> ids = new HashSet<>();
          stored.findTraces(ADA, ids);
          assertThat(ids).containsExactly("a");

          store.forget(ids);
          stored.forget(ADA, ids);

          assertThat(Files.readString(segment(), StandardCharsets.ISO_8859_1))
              .doesNotContain("s3cret")
              .contains("other");
          assertThat(store.add(List.of(span("a", "2", "", "late")))).isEmpty();
        });

    run((store, stored) -> assertThat(ids(store)).containsExactly("b"));
  }

  @Test
  void tracesOfAServerThatDoesNotRunAreForgotten() throws Exception {
    run((store, stored) -> add(store, stored, span("a", "1", "ada", ""), span("b", "1", "", "")));

    try (StoredTraces stored = StoredTraces.openToForget(directory, keys)) {
      Set<String> ids = new HashSet<>();
      stored.findTraces(ADA, ids);
      assertThat(stored.forget(ADA, ids))
          .extracting(it -> it.text())
          .containsExactly("removed 1 trace of the viewer from the disk");
    }

    run((store, stored) -> assertThat(ids(store)).containsExactly("b"));
  }

  private interface Work {
    void with(RecentTraces store, StoredTraces stored) throws Exception;
  }

  private void run(Work work) throws Exception {
    RecentTraces store = RecentTraces.builder().build();
    try (StoredTraces stored = StoredTraces.open(directory, store, keys)) {
      stored.awaitLoaded();
      work.with(store, stored);
    }
  }

  private static void add(RecentTraces store, StoredTraces stored, RecentSpan... spans) {
    stored.add(store.add(List.of(spans)));
  }

  private static Set<String> ids(RecentTraces store) {
    Set<String> ids = new HashSet<>();
    store.summaries().forEach(trace -> ids.add(trace.traceId));
    return ids;
  }

  private static RecentSpan span(RecentTraces store, String traceId) {
    TraceSummary trace = store.trace(traceId);
    assertThat(trace).isNotNull();
    return trace.spans.get(0);
  }

  private Path segment() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".segment"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  /** All components, so that one that is added and not written fails here. */
  private static Map<String, Object> facts(Record record) throws Exception {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (var component : record.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(record);
      facts.put(
          component.getName(),
          value instanceof Cost cost
              ? cost(cost)
              : value instanceof byte[] bytes
                  ? new String(bytes, StandardCharsets.UTF_8)
                  : value instanceof KeptCall call
                      ? call.equals(call())
                      : value instanceof Record inner ? facts(inner) : String.valueOf(value));
    }
    return facts;
  }

  private static List<String> cost(Cost cost) {
    return List.of(
        String.valueOf(cost.status()),
        String.valueOf(cost.total()),
        String.valueOf(cost.totalExact()),
        String.valueOf(cost.currency()),
        String.valueOf(cost.originalTotal()),
        String.valueOf(cost.originalCurrency()),
        String.valueOf(cost.exchangeRate()),
        String.valueOf(cost.parts()),
        String.valueOf(cost.priceKey()),
        String.valueOf(cost.catalogVersion()),
        String.valueOf(cost.duplicateOf()),
        String.valueOf(cost.possibleDuplicateOf()),
        String.valueOf(cost.missing()));
  }

  private static KeptCall call() {
    try {
      return KeptCall.of(
          LlmRequests.processed(LlmRequests.chat("1", "", "gpt-4o")).records().get(0), true);
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No two components are alike. */
  private static RecentSpan span(String traceId, String key, String user, String detail) {
    return new RecentSpan(
        traceId,
        key,
        "parent",
        "name",
        "service",
        1_795_000_000_000_000_000L,
        1_795_000_001_000_000_000L,
        true,
        "timeout",
        "message",
        user,
        "session",
        "feature",
        new RecentSpan.Facts(
            "chat",
            "openai",
            "gpt-4o",
            "subject",
            1,
            2,
            3,
            4,
            0.5,
            Cost.builder(Cost.Status.PARTIAL)
                .total(0.25, "0.250", "EUR")
                .convertedFrom("0.3", "USD", "0.8333")
                .part(Cost.Part.INPUT, 0.2)
                .priceKey("openai/gpt-4o")
                .catalogVersion("7")
                .possibleDuplicateOf("2222222222222222")
                .missing(List.of("audio", "größe"))
                .build(),
            new BigDecimal("0.250"),
            "rule",
            false,
            call(),
            "asked",
            "answered 😀",
            "response"),
        true,
        List.of(
            new Evaluation(
                "result-1",
                "faithful",
                0.25,
                "bad",
                "why",
                "response",
                "timeout",
                "event",
                1_795_000_002L),
            new Evaluation(null, "other", null, null, null, null, null, "log", 0)),
        detail.getBytes(StandardCharsets.UTF_8));
  }
}
