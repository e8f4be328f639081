package dev.tallyspan.collector.processor;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.spans.WireLogView;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.KeyPrefixes;
import dev.tallyspan.collector.wire.LogIndexer;
import dev.tallyspan.collector.wire.LogReader;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.enrichment.CostDelta;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.enrichment.TokenEstimator;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.read.LogJoin;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processor {@code tallyspan}: finds the items of a request that are about LLMs, reads and
 * prices them. Changes no bytes; metrics pass through unchanged. Thread-safe.
 *
 * <p>Spans and their log records arrive in different requests. A span gets the messages of its log
 * records only if they were kept before, see {@link Builder#logJoin}.
 */
public final class LlmProcessor implements Processor {

  private static final String SERVICE_NAME = "service.name";

  /** In seconds: most requests have few spans, each of which takes some 10 µs. */
  private static final List<Double> DURATIONS =
      List.of(
          0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
          1.0);

  private final Enricher enricher;
  private final Optional<CostDelta> costDelta;
  private final ReadFaults readFaults;
  private final Optional<UnreadKeys> unreadKeys;
  private final DoubleHistogram duration;
  private final Attributes labels;
  private final LongSupplier nanoTime;
  private final @Nullable LogJoin logJoin;
  private final Consumer<? super LogView> eventListener;
  private final SharedWork sharedWork;
  private final TraceIndexer traces;
  private final LogIndexer logs;
  private final ThreadLocal<SpanReader> spanReaders = ThreadLocal.withInitial(SpanReader::new);
  private final ThreadLocal<LogReader> logReaders = ThreadLocal.withInitial(LogReader::new);

  private LlmProcessor(Builder builder) {
    this.enricher = builder.enricher.build();
    Optional<Meter> meter = Optional.ofNullable(builder.meter);
    this.costDelta = meter.map(CostDelta::new);
    Meter metered = meter.orElse(MeterProvider.noop().get("tallyspan"));
    this.labels = builder.labels;
    this.readFaults = new ReadFaults(metered, labels);
    this.unreadKeys = meter.map(it -> new UnreadKeys(it, labels));
    this.duration =
        metered
            .histogramBuilder("tallyspan.processing.duration")
            .setUnit("s")
            .setDescription("The time to read and price the LLM spans of a request.")
            .setExplicitBucketBoundariesAdvice(DURATIONS)
            .build();
    this.nanoTime = builder.nanoTime;
    this.logJoin = builder.logJoin;
    this.eventListener = builder.eventListener;
    this.sharedWork = builder.sharedWork;
    Normalizer normalizer = enricher.normalizer();
    this.traces =
        new TraceIndexer(
            KeyPrefixes.of(normalizer.markerKeyPrefixes()),
            KeyPrefixes.of(normalizer.markerEventPrefixes()));
    this.logs = new LogIndexer(KeyPrefixes.none(), KeyPrefixes.of(Normalizer.logEventPrefixes()));
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    long start = nanoTime.getAsLong();
    Batch understood =
        switch (batch.request().signal()) {
          case TRACES -> traces(batch);
          case LOGS -> logs(batch);
          case METRICS -> batch;
        };
    if (!understood.records().isEmpty()) {
      duration.record((nanoTime.getAsLong() - start) / 1e9, labels);
    }
    return understood;
  }

  /** Counts, and logs once, that an item is forwarded unchanged because writing it failed. */
  public void notWritten(Throwable cause) {
    readFaults.failed(cause);
  }

  /**
   * Reads a span again if messages of it have come as log records since it was read. Returns the
   * same record otherwise.
   *
   * @param batch the span's request, as {@link #apply} returned it
   */
  public SpanRecord joined(Batch batch, SpanRecord record) {
    RequestIndex index = batch.index();
    if (logJoin == null
        || index == null
        || !logJoin.hasMessages(record.traceId(), record.spanId())) {
      return record;
    }
    for (int i = 0; i < index.size(); i++) {
      if (index.ordinal(i) == record.item()) {
        try (SpanReader reader = spanReaders.get()) {
          SpanRecord again = understand(reader, index, i, enricher.request());
          return again == null ? record : again;
        } catch (MalformedRequestException e) {
          return record; // Cannot happen: it was read before.
        }
      }
    }
    return record;
  }

  private Batch traces(Batch batch) throws MalformedRequestException {
    byte[] bytes = batch.request().bytes().contiguous();
    RequestIndex index = traces.index(bytes, 0, bytes.length);
    if (index.size() == 0) {
      return batch;
    }
    Enricher.Request enrichment = enricher.request();
    SharedWork.Part<SpanRecord> spans =
        (from, to) -> {
          List<SpanRecord> read = new ArrayList<>(to - from);
          try (SpanReader reader = spanReaders.get()) {
            for (int i = from; i < to; i++) {
              SpanRecord record = understand(reader, index, i, enrichment);
              if (record != null) {
                read.add(record);
              }
            }
          }
          return read;
        };
    List<SpanRecord> records =
        enrichment.isThreadSafe()
            ? sharedWork.read(index.size(), spans)
            : spans.read(0, index.size());
    records.forEach(this::measure);
    return batch.with(index, records);
  }

  /** Returns null if the span is not about an LLM, or cannot be read. */
  private @Nullable SpanRecord understand(
      SpanReader reader, RequestIndex index, int i, Enricher.Request enrichment)
      throws MalformedRequestException {
    try {
      WireSpan span = reader.read(index, i);
      SpanView view = new WireSpanView(span);
      Enriched enriched = enrichment.enrich(logJoin == null ? view : logJoin.join(view));
      return enriched == null
          ? null
          : new SpanRecord(
              index.ordinal(i),
              span.traceId(),
              span.spanId(),
              span.parentSpanId(),
              span.scopeName(),
              serviceName(view.resource()),
              span.startEpochNanos(),
              span.endEpochNanos(),
              enriched,
              /* verdict= */ null);
    } catch (RuntimeException | StackOverflowError e) {
      readFaults.failed(e);
      return null;
    }
  }

  private Batch logs(Batch batch) throws MalformedRequestException {
    byte[] bytes = batch.request().bytes().contiguous();
    RequestIndex index = logs.index(bytes, 0, bytes.length);
    if (index.size() == 0) {
      return batch;
    }
    Enricher.Request enrichment = enricher.request();
    List<SpanRecord> records = new ArrayList<>(index.size());
    try (LogReader reader = logReaders.get()) {
      for (int i = 0; i < index.size(); i++) {
        SpanRecord record = understand(reader, index, i, enrichment);
        if (record != null) {
          records.add(record);
          measure(record);
        }
      }
    }
    return batch.with(index, records);
  }

  private @Nullable SpanRecord understand(
      LogReader reader, RequestIndex index, int i, Enricher.Request enrichment)
      throws MalformedRequestException {
    try {
      WireLog log = reader.read(index, i);
      WireLogView view = new WireLogView(log);
      if (logJoin != null) {
        logJoin.keep(view);
      }
      eventListener.accept(view);
      Enriched enriched = enrichment.enrich(view);
      return enriched == null
          ? null
          : new SpanRecord(
              index.ordinal(i),
              log.traceId(),
              log.spanId(),
              /* parentSpanId= */ "",
              log.scopeName(),
              serviceName(view.resource()),
              view.epochNanos(),
              view.epochNanos(),
              enriched,
              /* verdict= */ null);
    } catch (RuntimeException | StackOverflowError e) {
      readFaults.failed(e);
      return null;
    }
  }

  private static String serviceName(AttributeView resource) {
    Value<?> name = resource.get(SERVICE_NAME);
    return name != null && name.getValue() instanceof String text ? text : "";
  }

  private void measure(SpanRecord record) {
    LlmSpan llm = record.llm();
    readFaults.note(llm);
    if (llm.alreadyProcessed()) {
      return;
    }
    if (record.cost().status() == Cost.Status.PROVIDER_REPORTED) {
      costDelta.ifPresent(delta -> delta.measure(record.enriched()));
    }
    unreadKeys.ifPresent(keys -> keys.note(llm));
  }

  /** Builds an {@link LlmProcessor}. */
  public static final class Builder {
    private final Enricher.Builder enricher = Enricher.builder();
    private @Nullable Meter meter;
    private Attributes labels = Attributes.empty();
    private LongSupplier nanoTime = System::nanoTime;
    private @Nullable LogJoin logJoin;
    private Consumer<? super LogView> eventListener = log -> {};
    private SharedWork sharedWork = SharedWork.ofAllPipelines();

    Builder() {}

    /** Sets the reader of dialects. Default: {@link Normalizer#create()}. */
    public Builder normalizer(Normalizer normalizer) {
      enricher.normalizer(normalizer);
      return this;
    }

    /** Sets the prices. Default: {@link PriceCatalog#shipped()}. */
    public Builder catalog(PriceCatalog catalog) {
      requireNonNull(catalog, "catalog");
      return catalog(() -> catalog);
    }

    /**
     * Sets the source of the prices in force. Called once per request, by the thread that processes
     * it.
     */
    public Builder catalog(Supplier<PriceCatalog> catalog) {
      enricher.catalog(catalog);
      return this;
    }

    /**
     * Prices by the contract of a span's tenant. Default: list prices.
     *
     * @param attribute of the span, or else of its resource, whose text names the tenant
     */
    public Builder contracts(Contracts contracts, String attribute) {
      requireNonNull(contracts, "contracts");
      return contracts(() -> contracts, attribute);
    }

    /** Sets the source of the contracts in force. Called once per request, like the catalog. */
    public Builder contracts(Supplier<Contracts> contracts, String attribute) {
      enricher.contracts(contracts, attribute);
      return this;
    }

    /** Prices calls of deployments as calls of their models. Default: no deployments. */
    public Builder deployments(Deployments deployments) {
      enricher.deployments(deployments);
      return this;
    }

    /** Counts the tokens of calls without reported usage. Default: no estimates. */
    public Builder estimator(TokenEstimator estimator) {
      enricher.estimator(estimator);
      return this;
    }

    /** Converts costs to another currency. Default: no conversion. */
    public Builder currency(ExchangeRates rates) {
      enricher.currency(rates);
      return this;
    }

    /** Sets the id of the processor, a label of its metrics. Default: no such label. */
    public Builder name(String name) {
      labels = Attributes.of(LlmMetrics.PROCESSOR, name);
      return this;
    }

    /** Sets the clock by which the processor measures how long it takes. */
    Builder nanoTime(LongSupplier clock) {
      nanoTime = requireNonNull(clock, "clock");
      return this;
    }

    /** Sets who helps with large requests. */
    Builder sharedWork(SharedWork shared) {
      sharedWork = requireNonNull(shared, "shared");
      return this;
    }

    /**
     * Records how long requests take, how far reported costs are from computed ones, token counts
     * that match no rule, and spans that could not be read; logs each of the last two once.
     * Default: no metrics.
     */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      enricher.meter(meter);
      return this;
    }

    /**
     * Adds to spans the messages of their log records that are in {@code logJoin} when a span
     * arrives, from earlier log requests or put there in advance. Default: spans are read alone.
     */
    public Builder logJoin(LogJoin logJoin) {
      this.logJoin = requireNonNull(logJoin, "logJoin");
      return this;
    }

    /**
     * Receives each log record that is an event about an LLM, on the thread that processes it; it
     * is valid only during the call. Default: nothing receives them.
     */
    public Builder eventListener(Consumer<? super LogView> listener) {
      this.eventListener = requireNonNull(listener, "listener");
      return this;
    }

    public LlmProcessor build() {
      return new LlmProcessor(this);
    }
  }
}
