package dev.tallyspan.collector.window;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls of all traces, by what the spans of one call may have in common. Not thread-safe. */
final class Evidence {

  /** More calls that are alike are not kept: what many calls have in common proves nothing. */
  private static final int MOST_ALIKE = 16;

  private final Map<String, List<TraceSpan>> alike = new HashMap<>();

  void add(TraceSpan call) {
    for (String key : keys(call)) {
      List<TraceSpan> calls = alike.computeIfAbsent(key, first -> new ArrayList<>(1));
      if (calls.size() < MOST_ALIKE) {
        calls.add(call);
      }
    }
  }

  void remove(TraceSpan call) {
    for (String key : keys(call)) {
      List<TraceSpan> calls = alike.get(key);
      if (calls != null && calls.remove(call) && calls.isEmpty()) {
        alike.remove(key);
      }
    }
  }

  /** Returns the calls of other traces that may be the same as some of these. */
  List<TraceSpan> about(Collection<TraceSpan> spans) {
    Set<TraceSpan> found = new LinkedHashSet<>();
    for (TraceSpan span : spans) {
      if (span.isCall() && span.isOpen()) {
        for (String key : questions(span)) {
          for (TraceSpan other : alike.getOrDefault(key, List.of())) {
            if (!other.trace.equals(span.trace)) {
              found.add(other);
            }
          }
        }
      }
    }
    return found.stream().map(TraceSpan::asEvidence).toList();
  }

  /** Equal tokens are evidence only for a call without an id. */
  private static List<String> questions(TraceSpan span) {
    List<String> keys = keys(span);
    return span.facts != null && span.facts.responseId() != null ? keys.subList(0, 1) : keys;
  }

  /** Does not depend on how the call is billed, which changes. */
  private static List<String> keys(TraceSpan span) {
    SpanFacts facts = span.facts;
    if (facts == null) {
      return List.of();
    }
    List<String> keys = new ArrayList<>(2);
    if (facts.responseId() != null) {
      keys.add(facts.responseId());
    }
    if (facts.hasTokens()) {
      long cached = facts.cacheRead() + facts.cacheWrite();
      keys.add(tokens(facts, facts.input()));
      if (cached > 0) {
        // The other instrumentation may leave out cache tokens, or count them twice.
        keys.add(tokens(facts, facts.input() - cached));
        keys.add(tokens(facts, facts.input() + cached));
      }
    }
    return keys;
  }

  private static String tokens(SpanFacts facts, long input) {
    return facts.service() + '\n' + input + '\n' + facts.output();
  }
}
