package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.KeyClass;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code window} and {@code fill_gaps} of a processor. */
final class WindowReader {

  private static final int MOST_SPANS = 10_000_000;
  private static final Duration LONGEST = Duration.ofHours(1);

  private WindowReader() {}

  /** Returns null if {@code window} is false. */
  static @Nullable WindowConfig read(Section processor) {
    WindowConfig otherwise = WindowConfig.DEFAULT;
    if (!processor.isSection("window")) {
      return processor.bool("window", true) ? otherwise : null;
    }
    Section window = processor.child("window");
    WindowConfig read =
        new WindowConfig(
            duration(window, "wait", otherwise.quiet()),
            duration(window, "wait_after_root", otherwise.quietAfterRoot()),
            duration(window, "max_age", otherwise.maxAge()),
            (int) window.number("max_spans_per_trace", 1, MOST_SPANS, otherwise.maxSpansPerTrace()),
            (int) window.number("max_spans", 1, MOST_SPANS, otherwise.maxSpans()),
            window.has("max_size") ? window.bytes("max_size", 1, Long.MAX_VALUE, 1) : null,
            (int) window.number("remembered_spans", 0, MOST_SPANS, otherwise.rememberedSpans()));
    window.end();
    return read;
  }

  private static Duration duration(Section window, String key, Duration otherwise) {
    Duration duration = window.duration(key, otherwise);
    if (duration.toMillis() < 1 || duration.compareTo(LONGEST) > 0) {
      window.error(key, window.name(key) + ": must be from 1ms to 1h");
      return otherwise;
    }
    return duration;
  }

  /** Returns what a billed span takes over from the other spans of its call. */
  static Set<KeyClass> fillGaps(Section processor) {
    return ProfileReader.classes(processor, "fill_gaps", true, ProcessorConfig.ALL_GAPS);
  }
}
