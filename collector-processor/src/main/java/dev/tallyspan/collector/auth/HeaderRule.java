package dev.tallyspan.collector.auth;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of the headers that an exporter sends.
 *
 * @param key the name of the header, in lower case
 * @param value null for the tenant that the data belongs to
 * @param otherwise the value for data without a tenant; null = the header stays as it is
 */
public record HeaderRule(
    Action action, String key, @Nullable String value, @Nullable String otherwise) {

  /** When a header is set. */
  public enum Action {
    /** Only if the exporter does not send it. */
    INSERT,
    /** Only if the exporter sends it. */
    UPDATE,
    UPSERT,
    /** It is not sent. */
    DELETE
  }

  public HeaderRule {
    requireNonNull(action, "action");
    key = key.toLowerCase(Locale.ROOT);
  }

  boolean needsTenant() {
    return action != Action.DELETE && value == null;
  }

  void apply(Map<String, String> headers, @Nullable String tenant) {
    if (action == Action.DELETE) {
      headers.remove(key);
      return;
    }
    String found = value != null ? value : tenant != null ? tenant : otherwise;
    boolean has = headers.containsKey(key);
    if (found != null && (action == Action.UPSERT || has == (action == Action.UPDATE))) {
      headers.put(key, found);
    }
  }

  /** Leaves out the values, which may be secret. */
  @Override
  public String toString() {
    return "HeaderRule[" + action + ", " + key + "]";
  }
}
