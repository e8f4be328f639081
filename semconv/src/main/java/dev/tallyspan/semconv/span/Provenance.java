package dev.tallyspan.semconv.span;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Who wrote a span, and how reading it went.
 *
 * @param dialects the dialects that it is written in, strongest first
 * @param faults dialects that failed to read their part of it
 * @param originals the attributes that slots, and the reported cost, were read from in full, by
 *     key; as far as they were noted
 * @param alreadyProcessed whether it has been through Tallyspan before
 */
public record Provenance(
    List<String> dialects,
    List<DialectFault> faults,
    Map<String, Collection<Original>> originals,
    boolean alreadyProcessed) {

  public Provenance {
    dialects = List.copyOf(dialects);
    faults = List.copyOf(faults);
  }
}
