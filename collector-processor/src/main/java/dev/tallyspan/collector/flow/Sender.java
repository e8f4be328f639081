package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as its credentials prove.
 *
 * @param name the name that the configuration gives to the credentials; not a secret
 * @param tenant the tenant that the credentials belong to; null = none, and the tenant is then what
 *     the telemetry says
 */
public record Sender(String name, @Nullable String tenant) {

  public Sender {
    requireNonNull(name, "name");
  }
}
