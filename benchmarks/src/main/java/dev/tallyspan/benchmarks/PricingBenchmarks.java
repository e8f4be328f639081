package dev.tallyspan.benchmarks;

import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Pricing of one call with the shipped catalog and names that were seen before. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class PricingBenchmarks {
  /** {@code provider|model|condition=value}, the last empty for none. */
  @Param({
    "openai|gpt-4o|",
    "openai|gpt-5.6-sol|service_tier=flex",
    "anthropic|claude-opus-5|speed=fast",
    "azure|gpt-5.6-sol|server.address=acme.openai.azure.com",
    "aws.bedrock|us.anthropic.claude-sonnet-4-5-20250929-v1:0|",
    "deepseek|deepseek-v4-pro|",
    "openai|no-such-model|"
  })
  public String call;

  private PriceCatalog catalog;
  private PriceRequest request;
  private PriceRequest empty;
  private String[] parts;
  private long epochNanos;

  @Setup
  public void setUp() {
    catalog = PriceCatalog.shipped();
    parts = call.split("[|=]", -1);
    epochNanos = Instant.parse("2026-09-01T12:00:00Z").getEpochSecond() * 1_000_000_000;
    request = newRequest();
    empty = PriceRequest.builder().build();
  }

  /** Lookup and computation. */
  @Benchmark
  public Price price() {
    return catalog.price(request);
  }

  /** A price without either, because nothing was used: what the result alone takes. */
  @Benchmark
  public Price resultAlone() {
    return catalog.price(empty);
  }

  /** The request made first, from values as a span has them. */
  @Benchmark
  public Price requestAndPrice() {
    return catalog.price(newRequest());
  }

  private PriceRequest newRequest() {
    PriceRequest.Builder builder =
        PriceRequest.builder()
            .provider(parts[0])
            .responseModel(parts[1])
            .at(epochNanos)
            .usage(
                Usage.builder()
                    .set(Unit.INPUT, 1200)
                    .set(Unit.CACHE_READ, 3400)
                    .set(Unit.OUTPUT, 560)
                    .set(Unit.REASONING, 78)
                    .build());
    if (parts.length > 3) {
      builder.when(parts[2], parts[3]);
    }
    return builder.build();
  }
}
