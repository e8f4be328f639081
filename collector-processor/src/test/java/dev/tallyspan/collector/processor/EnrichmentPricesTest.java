package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.accounting.Accounting;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.price.UnpricedModels;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployment;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which prices hold for which span, and what is counted of costs that were reported. */
class EnrichmentPricesTest {

  @TempDir private Path folder;

  @Test
  void spansOfOneRequestSeeOneCatalogAndTheNextRequestSeesTheNext() throws Exception {
    Iterator<PriceCatalog> inForce =
        List.of(catalog("v1", "2/M"), catalog("v2", "3/M"), catalog("v3", "4/M")).iterator();
    LlmProcessor enrichment = LlmProcessor.builder().catalog(inForce::next).build();

    assertThat(totals(enrichment, request(call(), call()))).containsExactly("0.002", "0.002");
    assertThat(totals(enrichment, request(call()))).containsExactly("0.003");
  }

  @Test
  void tenantOfTheResourcePaysByItsContract() throws Exception {
    LlmProcessor enrichment = withContracts();

    assertThat(totals(enrichment, request(call()).toBuilder(), "acme-corp"))
        .containsExactly("0.001");
    assertThat(totals(enrichment, request(call()).toBuilder(), "stranger"))
        .containsExactly("0.002");
    assertThat(totals(enrichment, request(call()))).containsExactly("0.002");
  }

  @Test
  void tenantOfTheSpanComesBeforeThatOfTheResource() throws Exception {
    Span span = call().toBuilder().addAttributes(text("tenant.id", "acme-corp")).build();

    assertThat(totals(withContracts(), request(span, call()).toBuilder(), "stranger"))
        .containsExactly("0.001", "0.002");
  }

  @Test
  void tenantMayBeANumber() throws Exception {
    Span span = call().toBuilder().addAttributes(number("tenant.id", 42)).build();

    assertThat(totals(withContracts(), request(span))).containsExactly("0.0005");
  }

  @Test
  void deploymentIsPricedAsItsModelAndKeepsItsName() throws Exception {
    Span span =
        withoutKey(call(), "gen_ai.request.model")
            .addAttributes(text("gen_ai.request.model", "acme-chat"))
            .build();
    LlmProcessor enrichment =
        LlmProcessor.builder()
            .catalog(catalog("v1", "2/M"))
            .deployments(Deployments.of(Map.of("acme-chat", "m")))
            .build();

    assertThat(attributes(enrichment, span))
        .containsEntry("gen_ai.request.model", "acme-chat")
        .containsEntry("tallyspan.cost.price", "acme/m")
        .containsEntry("tallyspan.cost.total_exact", "0.002");
  }

  @Test
  void placeOfACallIsPricedOrNamedAsMissing() throws Exception {
    LlmProcessor enrichment =
        LlmProcessor.builder()
            .catalog(places())
            .deployments(
                Deployments.ofAll(
                    Map.of(
                        "acme-eu",
                        Deployment.of("m", "data_zone", null, "swedencentral"),
                        "acme-capacity",
                        Deployment.of("m", "provisioned", null, null))))
            .build();

    assertThat(attributes(enrichment, with(call(), "url.full", "https://x/v1/locations/eu/m")))
        .containsEntry("tallyspan.cost.total_exact", "0.0022")
        .doesNotContainKey("tallyspan.cost.missing");
    assertThat(attributes(enrichment, with(call(), "url.full", "https://x/v1/locations/jp:m")))
        .containsEntry("tallyspan.cost.status", "partial")
        .containsEntry("tallyspan.cost.total_exact", "0.002")
        .containsEntry("tallyspan.cost.missing", "[geo=jp]");
    assertThat(attributes(enrichment, with(call(), "cloud.region", "eu-west-1")))
        .containsEntry("tallyspan.cost.status", "priced")
        .containsEntry("tallyspan.cost.total_exact", "0.002");
    assertThat(attributes(enrichment, asked("acme-eu")))
        .containsEntry("tallyspan.cost.total_exact", "0.0022");
    assertThat(attributes(enrichment, asked("acme-capacity")))
        .containsEntry("tallyspan.cost.status", "unpriced")
        .containsEntry("tallyspan.cost.missing", "[service_tier=provisioned]")
        .doesNotContainKey("tallyspan.cost.total_exact");
  }

  @Test
  void whatIsMissingStaysWhenTheSpanIsProcessedAgain() throws Exception {
    LlmProcessor enrichment = LlmProcessor.builder().catalog(places()).build();
    ExportTraceServiceRequest request =
        request(with(call(), "url.full", "https://x/v1/locations/jp/m"));

    byte[] once =
        Forwarded.of(enrichment, Signal.TRACES, request.toByteArray()).body().toByteArray();
    byte[] twice = Forwarded.of(enrichment, Signal.TRACES, once).body().toByteArray();

    assertThat(twice).isEqualTo(once);
    assertThat(ExportTraceServiceRequest.parseFrom(once).toString())
        .contains("tallyspan.cost.missing");
  }

  @Test
  void modelWithoutAPriceIsLoggedOnceAndCounted() throws Exception {
    List<LogRecord> logged = new ArrayList<>();
    Handler handler = handler(logged);
    Logger logger = Logger.getLogger(UnpricedModels.class.getName());
    logger.addHandler(handler);
    try (OwnMetrics metrics = OwnMetrics.create();
        LlmMetrics counts = new LlmMetrics(metrics.meter("test"), "tallyspan")) {
      LlmProcessor enrichment = measured(metrics);
      Accounting accounting = new Accounting(List.of(counts), List.of());
      count(
          accounting,
          enrichment,
          request(asked("gpt-99\n"), asked("gpt-99\n"), call(), withoutUsage()));

      assertThat(logged).hasSize(1);
      assertThat(logged.get(0).getParameters())
          .containsExactly("gpt-99_", "acme", "the catalog has no such model of acme");
      assertThat(metrics.prometheusText())
          .contains(
              "tallyspan_unpriced_calls_total{model=\"gpt-99_\",processor=\"tallyspan\",provider=\"acme\"} 2")
          .doesNotContain("calls_total{model=\"m\"");

      for (int i = 0; i < 150; i++) {
        count(accounting, enrichment, request(asked("flood-" + i)));
      }
      assertThat(logged).hasSize(100);
      assertThat(metrics.prometheusText())
          .contains(
              "tallyspan_unpriced_calls_total{model=\"other\",processor=\"tallyspan\",provider=\"other\"} 51");
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void differenceOfReportedAndComputedCostIsMeasured() throws Exception {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      LlmProcessor enrichment = measured(metrics);

      assertThat(totals(enrichment, request(reported(0.0015), reported(0.002), reported(0.25))))
          .containsExactly("0.0015", "0.002", "0.25");

      assertThat(metrics.prometheusText())
          .contains(
              "tallyspan_cost_delta_sum{computed=\"higher\",currency=\"USD\",provider=\"acme\"} 5.0E-4")
          .contains(
              "tallyspan_cost_delta_count{computed=\"equal\",currency=\"USD\",provider=\"acme\"} 1")
          .contains(
              "tallyspan_cost_delta_sum{computed=\"lower\",currency=\"USD\",provider=\"acme\"} 0.248");
    }
  }

  @Test
  void callWithoutReportedCostOrWithoutPriceIsNotMeasured() throws Exception {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      LlmProcessor enrichment = measured(metrics);
      Span unknown =
          withoutKey(reported(0.5), "gen_ai.request.model")
              .addAttributes(text("gen_ai.request.model", "unheard-of"))
              .build();

      Forwarded.of(enrichment, Signal.TRACES, request(call(), unknown).toByteArray());

      assertThat(metrics.prometheusText()).doesNotContain("tallyspan_cost_delta");
    }
  }

  @Test
  void spanThatWasProcessedBeforeIsNotMeasuredAgain() throws Exception {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      LlmProcessor enrichment = measured(metrics);
      byte[] once =
          Forwarded.of(enrichment, Signal.TRACES, request(reported(0.0015)).toByteArray())
              .body()
              .toByteArray();
      Forwarded.of(enrichment, Signal.TRACES, once);

      assertThat(metrics.prometheusText())
          .contains(
              "tallyspan_cost_delta_count{computed=\"higher\",currency=\"USD\",provider=\"acme\"} 1");
    }
  }

  @Test
  void costIsSaidInTheCurrencyThatIsAskedForExactly() throws Exception {
    Map<String, Object> span = attributes(converting("0.917"), call());

    // 1000 tokens at 2 USD per million.
    assertThat(span)
        .containsEntry("tallyspan.cost.total_exact", "0.001834")
        .containsEntry("tallyspan.cost.total", 0.001834)
        .containsEntry("tallyspan.cost.input", 0.001834)
        .containsEntry("tallyspan.cost.currency", "EUR")
        .containsEntry("tallyspan.cost.original.total_exact", "0.002")
        .containsEntry("tallyspan.cost.original.currency", "USD")
        .containsEntry("tallyspan.cost.exchange_rate", "0.917")
        .containsEntry("tallyspan.cost.price", "acme/m")
        .containsEntry("tallyspan.cost.catalog", "v1")
        .containsEntry("gen_ai.usage.cost", 0.002);
  }

  @Test
  void reportedCostIsConvertedBesideTheAttributeThatItCameIn() throws Exception {
    assertThat(attributes(converting("0.5"), reported(0.25)))
        .containsEntry("tallyspan.cost.status", "provider_reported")
        .containsEntry("tallyspan.cost.total_exact", "0.125")
        .containsEntry("tallyspan.cost.currency", "EUR")
        .containsEntry("gen_ai.usage.cost", 0.25);
  }

  @Test
  void costWithoutARateStaysInItsCurrencyAndIsCounted() throws Exception {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      LlmProcessor enrichment =
          LlmProcessor.builder()
              .catalog(catalog("v1", "2/M"))
              .currency(ExchangeRates.to("EUR").rate("GBP", new BigDecimal("1.15")).build())
              .meter(metrics.meter("test"))
              .build();

      assertThat(attributes(enrichment, call()))
          .containsEntry("tallyspan.cost.total_exact", "0.002")
          .containsEntry("tallyspan.cost.currency", "USD")
          .doesNotContainKey("tallyspan.cost.exchange_rate");
      assertThat(metrics.prometheusText())
          .contains("tallyspan_cost_unconverted_total{currency=\"USD\"} 1");
    }
  }

  @Test
  void timeOfTheSpanDecidesTheRate() throws Exception {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochSecond(1_790_000_000), ZoneOffset.UTC);
    LlmProcessor enrichment =
        LlmProcessor.builder()
            .catalog(catalog("v1", "2/M"))
            .currency(
                ExchangeRates.to("EUR")
                    .rate("USD", day.minusDays(1), new BigDecimal("0.5"))
                    .rate("USD", day, new BigDecimal("0.25"))
                    .rate("USD", day.plusDays(1), new BigDecimal("0.125"))
                    .build())
            .build();

    assertThat(totals(enrichment, request(call()))).containsExactly("0.0005");
  }

  @Test
  void convertedSpanIsNotConvertedAgain() throws Exception {
    byte[] once =
        Forwarded.of(converting("0.5"), Signal.TRACES, request(call()).toByteArray())
            .body()
            .toByteArray();
    assertThat(Forwarded.of(converting("0.25"), Signal.TRACES, once).body().toByteArray())
        .isEqualTo(once);
  }

  private LlmProcessor converting(String rate) throws Exception {
    return LlmProcessor.builder()
        .catalog(catalog("v1", "2/M"))
        .currency(ExchangeRates.to("EUR").rate("USD", new BigDecimal(rate)).build())
        .build();
  }

  private static Map<String, Object> attributes(LlmProcessor enrichment, Span span)
      throws Exception {
    byte[] body =
        Forwarded.of(enrichment, Signal.TRACES, request(span).toByteArray()).body().toByteArray();
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (KeyValue attribute :
        ExportTraceServiceRequest.parseFrom(body)
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpans(0)
            .getAttributesList()) {
      AnyValue value = attribute.getValue();
      if (value.hasArrayValue()) {
        attributes.put(
            attribute.getKey(),
            value.getArrayValue().getValuesList().stream()
                .map(AnyValue::getStringValue)
                .toList()
                .toString());
        continue;
      }
      attributes.put(
          attribute.getKey(),
          value.hasDoubleValue() ? (Object) value.getDoubleValue() : value.getStringValue());
    }
    return attributes;
  }

  private static void count(
      Accounting accounting, LlmProcessor enrichment, ExportTraceServiceRequest request)
      throws Exception {
    byte[] bytes = request.toByteArray();
    accounting.write(
        enrichment.apply(
            Batch.of(
                new OtlpRequest(
                    Signal.TRACES,
                    Slices.of(bytes),
                    request.getResourceSpans(0).getScopeSpans(0).getSpansCount(),
                    new SenderAck(outcome -> {})))));
  }

  private LlmProcessor measured(OwnMetrics metrics) throws Exception {
    return LlmProcessor.builder()
        .catalog(catalog("v1", "2/M"))
        .meter(metrics.meter("test"))
        .build();
  }

  private LlmProcessor withContracts() throws Exception {
    Path contracts =
        Files.writeString(
            folder.resolve("contracts.json"),
            """
            {"format": "tallyspan-contracts/1", "version": "c1", "tenants": {
              "acme-corp": {"discounts": [{"provider": "acme", "factor": "0.5"}]},
              "42": {"discounts": [{"provider": "acme", "factor": "0.25"}]}}}
            """);
    return LlmProcessor.builder()
        .catalog(catalog("v1", "2/M"))
        .contracts(Contracts.read(contracts), "tenant.id")
        .build();
  }

  private PriceCatalog catalog(String version, String rate) throws Exception {
    return PriceCatalog.read(
        Files.writeString(
            folder.resolve(version + ".json"),
            """
            {"format": "tallyspan-prices/1", "version": "%s", "currency": "USD", "providers": {
              "acme": {"models": {"m": {"cards": [{"rates": {"input": "%s"}}]}}}}}
            """
                .formatted(version, rate)));
  }

  private PriceCatalog places() throws Exception {
    return PriceCatalog.read(
        Files.writeString(
            folder.resolve("places.json"),
            """
            {"format": "tallyspan-prices/1", "version": "p", "currency": "USD", "providers": {
              "acme": {"prices_by": {"geo": ["global"]}, "models": {"m": {"cards": [
                {"rates": {"input": "2/M"}},
                {"when": {"geo": "eu"}, "rates": {"input": "2.2/M"}}]}}}}}
            """));
  }

  private static List<String> totals(
      LlmProcessor enrichment, ExportTraceServiceRequest.Builder request, String tenant)
      throws Exception {
    request
        .getResourceSpansBuilder(0)
        .setResource(Resource.newBuilder().addAttributes(text("tenant.id", tenant)));
    return totals(enrichment, request.build());
  }

  private static List<String> totals(LlmProcessor enrichment, ExportTraceServiceRequest request)
      throws Exception {
    Forwarded processed = Forwarded.of(enrichment, Signal.TRACES, request.toByteArray());
    List<String> totals = new ArrayList<>();
    for (Span span :
        ExportTraceServiceRequest.parseFrom(processed.body().toByteArray())
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpansList()) {
      span.getAttributesList().stream()
          .filter(attribute -> attribute.getKey().equals("tallyspan.cost.total_exact"))
          .forEach(attribute -> totals.add(attribute.getValue().getStringValue()));
    }
    return totals;
  }

  private static ExportTraceServiceRequest request(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(Arrays.asList(spans))))
        .build();
  }

  /** A call of 1000 input tokens. */
  private static Span call() {
    return Span.newBuilder()
        .setName("chat m")
        .setStartTimeUnixNano(1_790_000_000_000_000_000L)
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.provider.name", "acme"))
        .addAttributes(text("gen_ai.request.model", "m"))
        .addAttributes(number("gen_ai.usage.input_tokens", 1000))
        .build();
  }

  private static Span with(Span span, String key, String value) {
    return span.toBuilder().addAttributes(text(key, value)).build();
  }

  private static Span asked(String model) {
    return withoutKey(call(), "gen_ai.request.model")
        .addAttributes(text("gen_ai.request.model", model))
        .build();
  }

  private static Span withoutUsage() {
    return withoutKey(asked("gpt-98"), "gen_ai.usage.input_tokens").build();
  }

  private static Handler handler(List<LogRecord> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        logged.add(record);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static Span reported(double cost) {
    return call().toBuilder()
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("gen_ai.usage.cost")
                .setValue(AnyValue.newBuilder().setDoubleValue(cost)))
        .build();
  }

  private static Span.Builder withoutKey(Span span, String key) {
    Span.Builder without = span.toBuilder().clearAttributes();
    span.getAttributesList().stream()
        .filter(attribute -> !attribute.getKey().equals(key))
        .forEach(without::addAttributes);
    return without;
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
