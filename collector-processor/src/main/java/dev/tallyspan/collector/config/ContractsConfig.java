package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The contracts of tenants, and the attribute that names the tenant of a span.
 *
 * @param file the contracts
 * @param reloadInterval how often to look for a new version; default 1 min, at least 1 s
 * @param attribute of the span, or else of its resource; default {@code tenant.id}
 */
public record ContractsConfig(Path file, Duration reloadInterval, String attribute) {

  /** The attribute by default. */
  public static final String ATTRIBUTE = "tenant.id";

  public ContractsConfig {
    requireNonNull(file, "file");
    requireNonNull(reloadInterval, "reloadInterval");
    requireNonNull(attribute, "attribute");
  }
}
