package dev.tallyspan.benchmarks;

import dev.tallyspan.pricing.CatalogException;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What comes before the name cache is warm: names never seen, and a large catalog read from its
 * file.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class CatalogBenchmarks {
  private static final int MODELS = 5_000;

  private final Usage usage = Usage.builder().set(Unit.INPUT, 1200).set(Unit.OUTPUT, 560).build();
  private final Instant at = Instant.parse("2026-09-01T12:00:00Z");
  private PriceCatalog catalog;
  private Path file;
  private long count;

  @Setup
  public void setUp() throws IOException {
    catalog = PriceCatalog.shipped();
    file = Files.createTempFile("catalog", ".json");
    Files.writeString(file, largeCatalog());
  }

  @TearDown
  public void tearDown() throws IOException {
    Files.delete(file);
  }

  /**
   * A name never seen before that is a known model's with a version; the string itself is included.
   */
  @Benchmark
  public Price newNameOfAKnownModel() {
    return price(
        "bedrock",
        "arn:aws:bedrock:us-east-1:"
            + count++
            + ":inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0");
  }

  /** A name never seen before that no rule covers. */
  @Benchmark
  public Price newNameOfNoModel() {
    return price("openai", "my-deployment-" + count++);
  }

  /** Five thousand models of three cards each: read, checked for gaps and ties, compiled. */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public PriceCatalog load() throws CatalogException {
    return PriceCatalog.read(file);
  }

  private Price price(String provider, String model) {
    return catalog.price(
        PriceRequest.builder().provider(provider).responseModel(model).at(at).usage(usage).build());
  }

  private static String largeCatalog() {
    StringBuilder text =
        new StringBuilder(
            "{\"format\": \"tallyspan-prices/1\", \"version\": \"large\", \"currency\": \"USD\","
                + " \"providers\": {");
    for (int i = 0; i < MODELS; i++) {
      if (i % 100 == 0) {
        text.append(i == 0 ? "" : "\n}},").append("\"p").append(i / 100);
        text.append("\": {\"versions\": [\"-\\\\d{4}-\\\\d{2}-\\\\d{2}\"], \"models\": {");
      }
      text.append(i % 100 == 0 ? "\n" : ",\n");
      text.append(
          """
          "model-%d": {"aliases": ["model-%d-latest"], "cards": [
            {"rates": {"input": "5/M", "cache_read": "0.5/M", "cache_write_5m": "6.25/M", "output": "30/M"}, "source": "s"},
            {"from": "2026-08-21", "rates": {"input": "4/M", "cache_read": "0.4/M", "cache_write_5m": "5/M", "output": "20/M"}, "source": "s"},
            {"when": {"service_tier": "flex"}, "rates": {"input": "2.5/M", "cache_read": "0.25/M", "output": "15/M"}, "source": "s"}]}"""
              .formatted(i, i));
    }
    return text.append("\n}}}}\n").toString();
  }
}
