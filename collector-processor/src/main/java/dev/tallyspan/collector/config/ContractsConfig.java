package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * The contracts of tenants, and what tells a span's tenant.
 *
 * @param file the contracts
 * @param attribute of the span, or else of its resource; default {@code tenant.id}
 */
public record ContractsConfig(Path file, String attribute) {

  static final String ATTRIBUTE = "tenant.id";

  public ContractsConfig {
    requireNonNull(file, "file");
    requireNonNull(attribute, "attribute");
  }
}
