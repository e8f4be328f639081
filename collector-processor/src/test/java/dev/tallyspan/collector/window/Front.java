package dev.tallyspan.collector.window;

import dev.tallyspan.collector.flow.FakeTimer;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.KeyClass;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What requests pass through, and leave decided. */
@FunctionalInterface
interface Front {

  /**
   * Returns what leaves for these requests, as it is written for a backend. They may leave in
   * another order, and in other requests.
   */
  List<ExportTraceServiceRequest> process(List<ExportTraceServiceRequest> requests)
      throws Exception;

  /** What billed spans take over from the others of their calls. */
  Set<KeyClass> FILLED = EnumSet.of(KeyClass.CONTENT, KeyClass.IDENTITY, KeyClass.CALL);

  /** Decides over all the requests at once. */
  static Front wholeTraces() {
    return requests -> {
      List<Batch> batches = new ArrayList<>();
      for (ExportTraceServiceRequest request : requests) {
        batches.add(understood(request));
      }
      List<ExportTraceServiceRequest> written = new ArrayList<>();
      for (Batch batch : WholeTraces.of(batches, FILLED)) {
        written.add(written(batch));
      }
      return written;
    };
  }

  /**
   * Receives one request after the other, and decides when nothing follows. Requests with calls
   * come first, as they do where children end before their parents: spans that come before any call
   * of their trace leave at once, and nothing is known of them.
   */
  static Front window() {
    return unordered -> {
      List<ExportTraceServiceRequest> requests = new ArrayList<>(unordered);
      requests.sort(Comparator.comparing(request -> !hasCall(request)));
      FakeTimer timer = new FakeTimer();
      List<Batch> left = new ArrayList<>();
      try (TraceWindow window = TraceWindow.builder(left::add, timer).fillGaps(FILLED).build()) {
        for (ExportTraceServiceRequest request : requests) {
          window.write(understood(request));
        }
        timer.advance(Duration.ofMinutes(1));
      }
      List<ExportTraceServiceRequest> written = new ArrayList<>();
      for (Batch batch : left) {
        written.add(written(batch));
      }
      return written;
    };
  }

  private static boolean hasCall(ExportTraceServiceRequest request) {
    return request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .flatMap(span -> span.getAttributesList().stream())
        .anyMatch(attribute -> attribute.getKey().startsWith("gen_ai."));
  }

  /** The batch of a request, before anything was decided about its traces. */
  static Batch understood(ExportTraceServiceRequest request) throws Exception {
    return Prices.PROCESSOR.apply(
        LlmRequests.batch(Signal.TRACES, request.toByteArray(), outcome -> {}));
  }

  /** What an exporter writes for a batch. */
  static ExportTraceServiceRequest written(Batch batch) throws Exception {
    ProfileRenderer renderer =
        new ProfileRenderer(
            Profile.DEFAULT,
            failure -> {
              throw new AssertionError(failure);
            });
    return ExportTraceServiceRequest.parseFrom(renderer.render(batch).toByteArray());
  }

  /** Prices that make every kind of token count: one token of each differs. */
  final class Prices {

    static final LlmProcessor PROCESSOR = LlmProcessor.builder().catalog(catalog()).build();

    private Prices() {}

    private static PriceCatalog catalog() {
      try {
        Path file = Files.createTempFile("prices", ".json");
        Files.writeString(
            file,
            """
            {"format": "tallyspan-prices/1", "version": "v1", "currency": "USD",
             "providers": {
              "acme": {"models": {
               "m": {"cards": [{"rates": {"input": "2/M", "output": "10/M", "cache_read": "0.2/M",
                "cache_write_5m": "2.5/M"}}]},
               "mini": {"cards": [{"rates": {"input": "0.1/M", "output": "0.4/M",
                "cache_read": "0.01/M", "cache_write_5m": "0.2/M"}}]},
               "embed": {"cards": [{"rates": {"input": "0.05/M"}}]}}},
              "umbrella": {"models": {
               "n": {"cards": [{"rates": {"input": "3/M", "output": "15/M", "cache_read": "0.3/M",
                "cache_write_5m": "4/M"}}]}}}}}
            """);
        PriceCatalog catalog = PriceCatalog.read(file);
        Files.delete(file);
        return catalog;
      } catch (IOException | CatalogException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
