package dev.tallyspan.semconv.span;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The dialects of a span, and the result of reading them.
 *
 * @param dialects the dialects that the span is written in, strongest first
 * @param faults the dialects that failed to read their part of the span
 * @param originals the attributes that were read completely into slots or the reported cost, by
 *     key; only those that were noted
 * @param alreadyProcessed whether Tallyspan has processed the span before
 */
public record Provenance(
    List<String> dialects,
    List<DialectFault> faults,
    Map<String, Collection<Original>> originals,
    boolean alreadyProcessed) {

  /**
   * Checks and copies the components.
   *
   * @param dialects the dialects that the span is written in, strongest first
   * @param faults the dialects that failed to read their part of the span
   * @param originals the attributes that were read completely into slots or the reported cost, by
   *     key; only those that were noted
   * @param alreadyProcessed whether Tallyspan has processed the span before
   */
  public Provenance {
    dialects = List.copyOf(dialects);
    faults = List.copyOf(faults);
  }
}
