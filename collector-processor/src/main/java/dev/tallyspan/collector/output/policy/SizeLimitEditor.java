package dev.tallyspan.collector.output.policy;

import dev.tallyspan.collector.spans.WireAttributeView;
import dev.tallyspan.collector.spans.WireEdits;
import dev.tallyspan.collector.wire.ContentEditor;
import dev.tallyspan.collector.wire.ItemEdits;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireValues;
import dev.tallyspan.semconv.content.ContentBudget;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.PolicyReport;
import org.jspecify.annotations.Nullable;

/** Cuts the content of the spans of one request. Not thread-safe. */
final class SizeLimitEditor implements ContentEditor {

  private static final ContentBudget UNLIMITED = ContentBudget.ofBytes(0);

  private final ContentPolicy policy;
  private final int least;
  private final TraceBudgets budgets;
  private ContentBudget budget = UNLIMITED;
  private PolicyReport report = PolicyReport.nothing();

  /**
   * @param least spans, events and links without a longer value are not looked at, and do not count
   */
  SizeLimitEditor(ContentPolicy policy, int least, TraceBudgets budgets) {
    this.policy = policy;
    this.least = least;
    this.budgets = budgets;
  }

  /** What was cut so far. */
  PolicyReport report() {
    return report;
  }

  @Override
  public void start(String traceId) {
    budget = budgets.ofItem(traceId);
  }

  @Override
  public void attributes(Place place, WireAttributes attributes, ItemEdits edits) {
    boolean ofSpan = place == Place.SPAN || place == Place.EVENT || place == Place.LINK;
    if (!ofSpan || !hasLong(attributes)) {
      return;
    }
    HeldEdits held = new HeldEdits();
    PolicyReport done = policy.apply(new WireAttributeView(attributes), held, budget);
    if (done.truncatedBytes() > 0) {
      held.applyTo(new WireEdits(edits));
      report = report.plus(done);
    }
  }

  private boolean hasLong(WireAttributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      if (hasLength(attributes, i) && attributes.valueLength(i) > least) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasLength(WireAttributes attributes, int index) {
    return switch (attributes.type(index)) {
      case STRING, ARRAY, MAP, BYTES -> true;
      default -> false;
    };
  }

  @Override
  public String text(Text text, String value, boolean utf8) {
    return value;
  }

  @Override
  public byte @Nullable [] body(WireValues body) {
    return null;
  }

  @Override
  public void removed(Place place, Throwable cause) {}
}
