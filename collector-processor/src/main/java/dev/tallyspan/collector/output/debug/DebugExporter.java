package dev.tallyspan.collector.output.debug;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.exporter.SentItems;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.wire.MalformedRequestException;
import io.opentelemetry.api.metrics.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Writes telemetry to the console, and accepts all of it: whether it can be read or written does
 * not matter to the sender. Thread-safe.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector/tree/main/exporter/debugexporter">Collector,
 *     debug exporter</a>
 */
public final class DebugExporter implements Exporter {

  private static final Logger LOGGER = System.getLogger(DebugExporter.class.getName());

  private final String id;
  private final DebugSettings settings;
  private final DebugSampler sampler;
  private final Consumer<String> out;
  private final SentItems items;

  /**
   * @param id of the exporter, for the first line of each text
   * @param out takes each text, of one or more lines without a line break at the end
   * @param clock tells the seconds in which requests are counted
   */
  public DebugExporter(
      String id, DebugSettings settings, Consumer<String> out, InstantSource clock, Meter meter) {
    this.id = requireNonNull(id, "id");
    this.settings = requireNonNull(settings, "settings");
    this.out = requireNonNull(out, "out");
    this.sampler = new DebugSampler(settings, clock);
    this.items = new SentItems(meter, id);
  }

  /** Returns what writes to the target of the settings. */
  public static Consumer<String> target(DebugSettings settings) {
    return switch (settings.target()) {
      case LOG -> text -> LOGGER.log(Level.INFO, text);
      case STDOUT -> System.out::println;
      case STDERR -> System.err::println;
    };
  }

  @Override
  public void send(OtlpRequest request) {
    // First, so that the sender does not wait for the console.
    request.ack().settle(Outcome.ACCEPTED);
    items.sent(request.signal(), request.items());
    if (!sampler.takes(request.signal())) {
      return;
    }
    String text;
    try {
      text = new RequestText(settings).of(request);
    } catch (MalformedRequestException | RuntimeException | StackOverflowError e) {
      text = "a request that cannot be read: " + e.getClass().getSimpleName();
    }
    out.accept("exporters." + id + ": " + text);
  }

  /** Has no effect: nothing is pending. */
  @Override
  public void close(Duration drain) {}
}
