package dev.tallyspan.collector.auth;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The extension {@code headers_setter}.
 *
 * @param rules applied in this order
 */
public record HeadersSettings(String id, List<HeaderRule> rules) implements AuthSettings {

  public HeadersSettings {
    requireNonNull(id, "id");
    rules = List.copyOf(rules);
  }

  /** Whether what is sent depends on the tenant. */
  public boolean needsTenant() {
    return rules.stream().anyMatch(HeaderRule::needsTenant);
  }

  /**
   * Returns the headers to send.
   *
   * @param headers those of the exporter, by name in lower case
   * @param tenant that the data belongs to; null = none
   */
  public Map<String, String> applied(Map<String, String> headers, @Nullable String tenant) {
    Map<String, String> applied = new LinkedHashMap<>(headers);
    rules.forEach(rule -> rule.apply(applied, tenant));
    return applied;
  }

  @Override
  public boolean forReceivers() {
    return false;
  }

  @Override
  public boolean forExporters() {
    return true;
  }

  @Override
  public boolean givesTenants() {
    return false;
  }
}
