package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Operations;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sums the billed calls of traces over agents, workflows, tools and roots, once it is decided which
 * spans are billed. A span that was forwarded gets no sums, but is part of those of others.
 */
final class Totals {

  /** Hides the noise of adding doubles. */
  private static final MathContext DIGITS = new MathContext(15);

  /** A sum that is being added up. */
  private static final class Sum {
    private double cost;
    private @Nullable String currency;
    private boolean mixed;
    private long input;
    private long output;
    private long cacheRead;
    private long calls;
    private long unpriced;
    private long errors;

    void add(SpanFacts call) {
      calls++;
      input += Math.max(0, call.input());
      output += Math.max(0, call.output());
      cacheRead += call.cacheRead();
      String own = call.currency();
      if (own != null) {
        mixed |= currency != null && !currency.equals(own);
        currency = own;
        cost += call.cost();
      }
      switch (call.status()) {
        case UNPRICED, PARTIAL -> unpriced++;
        default -> {
          // Complete.
        }
      }
    }

    SpanTotals.Sums sums() {
      return new SpanTotals.Sums(
          new BigDecimal(cost, DIGITS).doubleValue(),
          mixed ? null : currency,
          input,
          output,
          cacheRead,
          calls,
          unpriced,
          errors);
    }
  }

  private final Collection<TraceSpan> spans;
  private final SpanTree tree;
  private final Map<TraceSpan, Sum> sums = new HashMap<>();

  private Totals(Collection<TraceSpan> spans) {
    this.spans = spans;
    this.tree = new SpanTree(spans);
  }

  private static Collection<TraceSpan> lastStates(Collection<TraceSpan> spans) {
    Map<TraceSpan, TraceSpan> earlier = SpanStates.earlier(spans);
    return earlier.isEmpty()
        ? spans
        : spans.stream().filter(span -> !earlier.containsKey(span)).toList();
  }

  /** Sets the totals of the spans of one or more traces. */
  static void set(Collection<TraceSpan> spans) {
    for (TraceSpan span : spans) {
      if (!span.forwarded && isSummed(span)) {
        new Totals(lastStates(spans)).set();
        return;
      }
    }
  }

  private void set() {
    for (TraceSpan span : spans) {
      if (!span.forwarded && isSummed(span)) {
        sums.put(span, new Sum());
      }
    }
    Set<TraceSpan> causes = new HashSet<>();
    for (TraceSpan span : spans) {
      if (span.facts != null && span.facts.failed()) {
        tree.ancestors(
            span,
            ancestor -> {
              if (ancestor.facts != null && ancestor.facts.failed()) {
                causes.add(ancestor);
              }
              return true;
            });
      }
    }
    for (TraceSpan span : spans) {
      SpanFacts facts = span.facts;
      if (facts == null) {
        continue;
      }
      boolean billed = facts.isCall();
      boolean failure = facts.failed() && !causes.contains(span);
      if (billed || failure) {
        add(span, span, billed, failure);
        tree.ancestors(
            span,
            ancestor -> {
              add(ancestor, span, billed, failure);
              return true;
            });
      }
    }
    Map<TraceSpan, List<TraceSpan>> children = new HashMap<>();
    Map<TraceId, List<TraceSpan>> aboutLlms = new HashMap<>();
    sums.forEach(
        (span, sum) -> {
          if (sum.calls > 0 || sum.errors > 0) {
            SpanTotals.Trace trace = null;
            if (span.parentId == 0) {
              if (aboutLlms.isEmpty()) {
                collectChildren(children);
                collectAboutLlms(aboutLlms);
              }
              trace = trace(span, aboutLlms.getOrDefault(span.trace, List.of()), children);
            }
            span.totals = new SpanTotals(span.item, sum.sums(), trace);
          }
        });
  }

  private static boolean isSummed(TraceSpan span) {
    return span.parentId == 0
        || span.facts != null && (span.facts.isStep() || span.facts.billing() == Billing.AGGREGATE);
  }

  private void add(TraceSpan to, TraceSpan span, boolean billed, boolean failure) {
    Sum sum = sums.get(to);
    if (sum != null && span.facts != null) {
      if (billed) {
        sum.add(span.facts);
      }
      sum.errors += failure ? 1 : 0;
    }
  }

  private void collectChildren(Map<TraceSpan, List<TraceSpan>> children) {
    for (TraceSpan span : spans) {
      TraceSpan parent = tree.parent(span);
      if (parent != null) {
        children.computeIfAbsent(parent, first -> new ArrayList<>()).add(span);
      }
    }
    Comparator<TraceSpan> lastFirst =
        Comparator.<TraceSpan>comparingLong(span -> span.end).reversed();
    children.values().forEach(list -> list.sort(lastFirst));
  }

  private void collectAboutLlms(Map<TraceId, List<TraceSpan>> byTrace) {
    for (TraceSpan span : spans) {
      if (span.facts != null) {
        byTrace.computeIfAbsent(span.trace, first -> new ArrayList<>()).add(span);
      }
    }
  }

  private static SpanTotals.Trace trace(
      TraceSpan root, List<TraceSpan> aboutLlms, Map<TraceSpan, List<TraceSpan>> children) {
    Set<String> models = new TreeSet<>();
    Set<String> services = new TreeSet<>();
    TraceSpan first = null;
    for (TraceSpan span : aboutLlms) {
      SpanFacts facts = span.facts();
      if (!facts.service().isEmpty()) {
        services.add(facts.service());
      }
      if (facts.isCall()) {
        String model = facts.responseModel();
        if (model != null) {
          models.add(model);
        }
        if (!Double.isNaN(facts.timeToFirstChunk())
            && (first == null || span.start < first.start)) {
          first = span;
        }
      }
    }
    Double firstChunk =
        first == null || first.facts == null || root.start == 0 || first.start < root.start
            ? null
            : (first.start - root.start) / 1e9 + first.facts.timeToFirstChunk();
    return new SpanTotals.Trace(
        List.copyOf(models), List.copyOf(services), llmTimeShare(root, children), firstChunk);
  }

  /*
   * The critical path, from its end: the child that ended last is on it; before that child started,
   * the child that had ended last by then; and so on. What remains is the time of the span itself.
   */

  private static @Nullable Double llmTimeShare(
      TraceSpan root, Map<TraceSpan, List<TraceSpan>> children) {
    if (root.start == 0 || root.end <= root.start) {
      return null;
    }
    double share =
        (double) llmTime(root, root.start, root.end, children, /* depth= */ 0)
            / (root.end - root.start);
    return Math.round(share * 1e4) / 1e4;
  }

  private static final int MOST_DEPTH = 200;

  private static long llmTime(
      TraceSpan span, long from, long to, Map<TraceSpan, List<TraceSpan>> children, int depth) {
    if (span.facts != null && Operations.isCall(span.facts.operation())) {
      return to - from;
    }
    if (depth == MOST_DEPTH) {
      return 0;
    }
    long sum = 0;
    long until = to;
    for (TraceSpan child : children.getOrDefault(span, List.of())) {
      long start = Math.max(child.start, from);
      long end = Math.min(child.end, until);
      if (start < end) {
        sum += llmTime(child, start, end, children, depth + 1);
        until = start;
      }
    }
    return sum;
  }
}
