package dev.tallyspan.collector.config;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * A processor {@code memory_limiter}, as a limit for the requests that a receiver holds at a time.
 * The Collector measures its memory from time to time; Tallyspan counts the bytes of each request
 * exactly, and refuses what is beyond the limit.
 *
 * @param bytes the Collector's soft limit, at which it starts to refuse; 0 = no limit of its own
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector/tree/main/processor/memorylimiterprocessor">Memory
 *     Limiter</a>
 */
record MemoryLimit(String id, long bytes) {

  static final String TYPE = "memory_limiter";

  static MemoryLimit read(String id, Section section) {
    long limit = section.number("limit_mib", 0, 1 << 30, 0) << 20;
    long spike = section.number("spike_limit_mib", 0, 1 << 30, 0) << 20;
    long limitShare = section.number("limit_percentage", 0, 100, 0);
    long spikeShare = section.number("spike_limit_percentage", 0, 100, 0);
    for (String key :
        new String[] {
          "check_interval", "min_gc_interval_when_soft_limited", "min_gc_interval_when_hard_limited"
        }) {
      section.has(key); // Nothing is measured from time to time.
    }
    section.has("ballast_size_mib");
    section.end();
    if (limit == 0 && limitShare > 0) {
      long memory = memory();
      limit = memory / 100 * limitShare;
      spike = memory / 100 * spikeShare;
    }
    if (limit == 0) {
      section.error("set limit_mib or limit_percentage");
      return new MemoryLimit(id, 0);
    }
    if (spike >= limit) {
      section.error("spike_limit must be less than limit");
      return new MemoryLimit(id, 0);
    }
    return new MemoryLimit(id, limit - (spike == 0 ? limit / 5 : spike));
  }

  /** The memory of the machine, or of the container. */
  private static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
