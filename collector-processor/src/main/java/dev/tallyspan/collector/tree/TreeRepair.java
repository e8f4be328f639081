package dev.tallyspan.collector.tree;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanChange;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.tree.TreeSettings.Duplicates;
import dev.tallyspan.collector.tree.TreeSettings.Identity;
import dev.tallyspan.collector.tree.TreeSettings.Spans;
import dev.tallyspan.collector.tree.TreeSpan.Removal;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the trees of traces what one backend can show: leaves out spans and attaches their children
 * to the nearest ancestor that stays, removes counts that would be summed twice, copies identity,
 * and marks orphans. Thread-safe.
 */
public final class TreeRepair implements TraceStep {

  /*
   * The order matters. Snapshots go first, so that no rule sees a state that another one replaces.
   * Then duplicates, then spans that are not about LLMs; what is an ancestor of an LLM span is
   * judged by the spans that are left. Only then is it known which parents are gone.
   *
   * A parent that was not seen may still arrive, or be in a service that sends its spans elsewhere.
   * So a span whose ancestors lead to one that was not seen gets that one as its parent, not none:
   * it is not a root, and backends show it as what it is.
   */

  private static final Attributes ORPHAN =
      Attributes.of(TallyspanAttributes.TALLYSPAN_TREE_ORPHAN, true);
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  /** Of several states of a span, the greatest is the last one; the one that is billed, if any. */
  private static final Comparator<TreeSpan> MORE_FINAL =
      Comparator.comparing(TreeSpan::isBilled).thenComparingLong(span -> span.end);

  private final TreeSettings settings;
  private final String tenantAttribute;
  private final LongCounter removed;

  /**
   * @param tenantAttribute the attribute that names the tenant, which is part of a trace's identity
   * @param meter records how many spans are left out, and why
   */
  public TreeRepair(TreeSettings settings, String tenantAttribute, Meter meter) {
    this.settings = requireNonNull(settings, "settings");
    this.tenantAttribute = requireNonNull(tenantAttribute, "tenantAttribute");
    this.removed =
        meter
            .counterBuilder("tallyspan_tree_removed_spans")
            .setDescription("Spans that were left out for a backend, by reason.")
            .setUnit("{span}")
            .build();
  }

  @Override
  public List<Batch> apply(List<Batch> batches) {
    List<TreePart> parts = new ArrayList<>(batches.size());
    List<TreeSpan> spans = new ArrayList<>();
    for (Batch batch : batches) {
      TreePart part = batch.request().signal() == Signal.TRACES ? TreePart.of(batch) : null;
      if (part == null) {
        return batches; // cannot be read, so it is forwarded as it is
      }
      parts.add(part);
      spans.addAll(part.spans());
    }
    Forest forest = new Forest(spans);
    if (settings.collapseSnapshots()) {
      collapseSnapshots(parts, forest);
    }
    remove(spans, forest);
    for (TreeSpan span : spans) {
      if (span.isKept()) {
        span.newParentId = forest.nearestKept(span);
      } else {
        count(span.removed);
      }
    }
    TraceIdentities identities =
        settings.identity() == Identity.LEAVE
            ? TraceIdentities.NONE
            : TraceIdentities.of(parts, tenantAttribute);
    Set<TraceId> withCalls = new HashSet<>();
    for (TreeSpan span : spans) {
      if (span.isAboutLlm() && span.trace != null) {
        withCalls.add(span.trace);
      }
    }
    List<Batch> written = new ArrayList<>(parts.size());
    for (TreePart part : parts) {
      Batch left = left(part, forest, identities, withCalls);
      if (left != null) {
        written.add(left);
      }
    }
    return written;
  }

  private void count(@Nullable Removal reason) {
    if (reason != null) {
      removed.add(1, Attributes.of(REASON, reason.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static void collapseSnapshots(List<TreePart> parts, Forest forest) {
    forest.forEachRepeated(
        same -> {
          TreeSpan last = same.get(0);
          for (TreeSpan span : same) {
            last = MORE_FINAL.compare(span, last) >= 0 ? span : last;
          }
          for (TreeSpan span : same) {
            // Spans that differ in their start share an id by mistake.
            if (span != last && span.start == last.start && !span.isBilled()) {
              span.removed = Removal.SNAPSHOT;
            }
          }
        });
    for (TreePart part : parts) {
      Set<TreeSpan> pending = new HashSet<>(part.pendingSpans());
      for (TreeSpan span : pending) {
        // Logfire's pending span has an id of its own, and the span itself as its parent.
        if (forest.withId(span, span.parentId).stream().anyMatch(real -> !pending.contains(real))) {
          span.removed = Removal.SNAPSHOT;
        }
      }
    }
  }

  private void remove(List<TreeSpan> spans, Forest forest) {
    if (settings.duplicates() == Duplicates.DROP) {
      for (TreeSpan span : spans) {
        if (span.isKept() && span.is(Cost.Status.DUPLICATE)) {
          span.removed = Removal.DUPLICATE;
        }
      }
    }
    if (settings.spans() == Spans.ALL) {
      return;
    }
    Set<TreeSpan> chosen = new HashSet<>();
    for (TreeSpan span : spans) {
      if (span.isKept() && span.isAboutLlm()) {
        chosen.add(span);
        if (settings.spans() == Spans.LLM_WITH_ANCESTORS) {
          forest.forEachAncestor(span, chosen::add);
        }
      }
    }
    for (TreeSpan span : spans) {
      if (span.isKept() && !chosen.contains(span)) {
        span.removed = Removal.NOT_LLM;
      }
    }
  }

  /** Returns what is left of a request; null if that is nothing, which is settled. */
  private @Nullable Batch left(
      TreePart part, Forest forest, TraceIdentities identities, Set<TraceId> withCalls) {
    BitSet kept = new BitSet(part.spans().size());
    List<SpanChange> changes = new ArrayList<>();
    for (TreeSpan span : part.spans()) {
      if (span.isKept()) {
        kept.set(span.item);
        change(span, forest, identities, withCalls, changes);
      }
    }
    return part.batch().changed(part.outlines().index(), changes).keep(kept);
  }

  private void change(
      TreeSpan span,
      Forest forest,
      TraceIdentities identities,
      Set<TraceId> withCalls,
      List<SpanChange> changes) {
    if (span.newParentId != span.parentId) {
      changes.add(SpanChange.ofParent(span.item, span.newParentId));
    }
    if (settings.duplicates() != Duplicates.KEEP
        && (span.is(Cost.Status.DUPLICATE) || span.is(Cost.Status.AGGREGATE))) {
      changes.add(SpanChange.withoutUsage(span.item));
    }
    boolean root = span.newParentId == 0;
    if (root || settings.identity() == Identity.ALL && span.isAboutLlm()) {
      Attributes missing = identities.missing(span);
      if (!missing.isEmpty()) {
        changes.add(SpanChange.ofAttributes(span.item, missing));
      }
    }
    // The spans of other traces do not wait for their parents.
    if (settings.markOrphans()
        && !root
        && withCalls.contains(span.trace)
        && forest.withId(span, span.newParentId).isEmpty()) {
      changes.add(SpanChange.ofAttributes(span.item, ORPHAN));
    }
  }
}
