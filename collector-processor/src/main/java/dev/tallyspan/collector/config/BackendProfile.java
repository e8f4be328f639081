package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.BackendAttributes;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.tree.TreeSettings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a backend needs: how it is reached, and how spans are written for it. All of it are
 * defaults: what the configuration sets itself counts.
 *
 * @param name as in configuration
 * @param description one line for people
 * @param protocols that the backend accepts
 * @param signals that the backend accepts
 * @param endpoint where it is; null if there is no usual place
 * @param maxRequestBytes the largest request that it accepts, in bytes before compression; 0 =
 *     unknown
 * @param limits how much content it accepts or shows
 * @param headers that it needs or accepts
 * @param writing the generation of the conventions, the form of content, and names
 * @param traces how the trees of traces are written
 * @param attributes what it reads besides the conventions' attributes
 */
public record BackendProfile(
    String name,
    String description,
    Set<Protocol> protocols,
    Set<Signal> signals,
    @Nullable DefaultEndpoint endpoint,
    long maxRequestBytes,
    SizeLimits limits,
    List<HeaderRule> headers,
    ProfileConfig writing,
    TreeSettings traces,
    BackendAttributes attributes) {

  /**
   * Where a backend is, if the configuration has no endpoint.
   *
   * @param url the usual one; null if there is none
   * @param variables names of environment variables that can have it; the first that is set counts
   * @param path of OTLP over HTTP, for endpoints without a path; empty for the usual paths
   */
  public record DefaultEndpoint(@Nullable String url, List<String> variables, String path) {
    public DefaultEndpoint {
      variables = List.copyOf(variables);
      requireNonNull(path, "path");
    }
  }

  public BackendProfile {
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    protocols = Set.copyOf(protocols);
    signals = Set.copyOf(signals);
    requireNonNull(limits, "limits");
    headers = List.copyOf(headers);
    requireNonNull(writing, "writing");
    requireNonNull(traces, "traces");
    requireNonNull(attributes, "attributes");
  }
}
