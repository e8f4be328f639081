package dev.tallyspan.collector.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every log line of JSON contains besides the record.
 *
 * @param resource whether it contains the attributes of the collector; default true
 * @param initial further members, in this order; default none
 */
public record LogFields(boolean resource, Map<String, String> initial) {

  public static final LogFields DEFAULT = new LogFields(true, Map.of());

  public LogFields {
    initial = Collections.unmodifiableMap(new LinkedHashMap<>(initial));
  }
}
