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

/** One price computation with the shipped catalog and a warm name cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class PricingBenchmarks {
  /** {@code provider|model|service tier}, the last empty for the standard one. */
  @Param({
    "openai|gpt-4o|",
    "openai|gpt-5.6-sol|flex",
    "aws.bedrock|us.anthropic.claude-sonnet-4-5-20250929-v1:0|",
    "deepseek|deepseek-v4-pro|",
    "openai|no-such-model|"
  })
  public String call;

  private PriceCatalog catalog;
  private PriceRequest request;

  @Setup
  public void setUp() {
    catalog = PriceCatalog.shipped();
    String[] parts = call.split("\\|", -1);
    request =
        PriceRequest.builder()
            .provider(parts[0])
            .responseModel(parts[1])
            .when("service_tier", parts[2])
            .at(Instant.parse("2026-09-01T12:00:00Z"))
            .usage(
                Usage.builder()
                    .set(Unit.INPUT, 1200)
                    .set(Unit.CACHE_READ, 3400)
                    .set(Unit.OUTPUT, 560)
                    .set(Unit.REASONING, 78)
                    .build())
            .build();
  }

  @Benchmark
  public Price price() {
    return catalog.price(request);
  }
}
