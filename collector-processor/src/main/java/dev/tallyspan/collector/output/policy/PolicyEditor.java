package dev.tallyspan.collector.output.policy;

import dev.tallyspan.collector.spans.WireAttributeView;
import dev.tallyspan.collector.spans.WireEdits;
import dev.tallyspan.collector.spans.WireValueReader;
import dev.tallyspan.collector.wire.ContentEditor;
import dev.tallyspan.collector.wire.ItemEdits;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireValues;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.content.ContentBudget;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.Edited;
import dev.tallyspan.semconv.content.PolicyReport;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies a policy to one request. Not thread-safe. */
final class PolicyEditor implements ContentEditor {

  /** What must have a name, and had one that must not leave. */
  private static final String NO_NAME = "[REMOVED]";

  private static final ContentBudget UNLIMITED = ContentBudget.ofBytes(0);
  private static final PolicyReport FAILURE = new PolicyReport(Map.of(), 0, 0, 0, 0, 0, 0, 1);
  private static final PolicyReport MENDED = new PolicyReport(Map.of(), 0, 0, 0, 0, 1, 0, 0);

  private final ContentPolicy policy;
  private final TraceBudgets budgets;
  private final @Nullable PolicyListener single;
  private ContentBudget budget = UNLIMITED;
  private PolicyReport report = PolicyReport.nothing();

  /**
   * @param single receives what was done with each attribute; null if it is not reported for each
   */
  PolicyEditor(ContentPolicy policy, TraceBudgets budgets, @Nullable PolicyListener single) {
    this.policy = policy;
    this.budgets = budgets;
    this.single = single;
  }

  /** What was done with the request so far. */
  PolicyReport report() {
    return report;
  }

  @Override
  public void start(String traceId) {
    budget = budgets.ofItem(traceId);
  }

  @Override
  public void attributes(Place place, WireAttributes attributes, ItemEdits itemEdits) {
    WireAttributeView view = new WireAttributeView(attributes);
    WireEdits edits = new WireEdits(itemEdits);
    for (int i = 0; i < attributes.size(); i++) {
      if (!attributes.isUtf8Key(i) || !attributes.isUtf8(i)) {
        Value<?> value = view.value(i);
        if (value != null) {
          edits.set(view.key(i), value); // The policy may replace or remove it.
        }
        did(name(place), view.key(i), MENDED);
      }
    }
    PolicyReport all = policy.apply(view, edits, budgetOf(place));
    if (single == null) {
      report = report.plus(all);
    } else {
      eachAlone(place, view, all);
    }
  }

  /** Reports what the policy does with each attribute, and the rest, which is of the budget. */
  private void eachAlone(Place place, AttributeView view, PolicyReport all) {
    long truncated = all.truncatedBytes();
    for (int i = 0; i < view.size(); i++) {
      Value<?> value = view.value(i);
      if (value != null) {
        PolicyReport alone =
            policy.apply(new OneAttribute(view.key(i), value), new TextEdit(), UNLIMITED);
        did(name(place), view.key(i), alone);
        truncated -= alone.truncatedBytes();
      }
    }
    if (truncated > 0) {
      did(name(place), "", new PolicyReport(Map.of(), 0, 0, 0, 0, 0, truncated, 0));
    }
  }

  @Override
  public String text(Text text, String value, boolean utf8) {
    if (!utf8) {
      did("text", key(text), MENDED);
    }
    TextEdit edit = new TextEdit();
    PolicyReport done = policy.apply(new OneAttribute(key(text), Value.of(value)), edit, budget);
    did("text", key(text), done);
    if (!edit.edited) {
      return value;
    }
    boolean named = text == Text.SPAN_NAME || text == Text.EVENT_NAME;
    return edit.value != null ? edit.value : named ? NO_NAME : "";
  }

  @Override
  public byte @Nullable [] body(WireValues body) {
    Value<?> value = WireValueReader.read(body, 0);
    if (value == null) {
      return null;
    }
    boolean utf8 = body.isUtf8(0);
    if (!utf8) {
      did("log", "body", MENDED);
    }
    Edited<Value<?>> edited = policy.body(value, budget);
    did("log", "body", edited.report());
    Value<?> now = edited.value();
    if (now == null) {
      return new byte[0];
    }
    return now == value && utf8 ? null : WireEdits.encode(now);
  }

  @Override
  public void removed(Place place, Throwable cause) {
    did(name(place), "", FAILURE);
  }

  private void did(String place, String key, PolicyReport done) {
    report = report.plus(done);
    if (single != null) {
      single.applied(place, key, done);
    }
  }

  private ContentBudget budgetOf(Place place) {
    return switch (place) {
      case SPAN, EVENT, LINK, LOG -> budget;
      case RESOURCE, SCOPE, METRIC, DATA_POINT, EXEMPLAR -> UNLIMITED;
    };
  }

  private static String name(Place place) {
    return place.name().toLowerCase(Locale.ROOT);
  }

  /** The keys that say what a text is; names are searched, and content only if they are long. */
  private static String key(Text text) {
    return switch (text) {
      case SPAN_NAME -> "span.name";
      case STATUS_MESSAGE -> "status.message";
      case EVENT_NAME -> "span.event.name";
      case LOG_EVENT_NAME -> "log.event.name";
      case SEVERITY_TEXT -> "log.severity";
    };
  }

  private record OneAttribute(String name, Value<?> only) implements AttributeView {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public String key(int index) {
      return name;
    }

    @Override
    public Value<?> value(int index) {
      return only;
    }
  }

  /** What an edit makes of a text. */
  private static final class TextEdit implements AttributeEdits {
    private @Nullable String value;
    private boolean edited;

    @Override
    public void set(String key, String value) {
      this.value = value;
      edited = true;
    }

    @Override
    public void set(String key, long value) {
      set(key, Long.toString(value));
    }

    @Override
    public void set(String key, double value) {
      set(key, Double.toString(value));
    }

    @Override
    public void set(String key, boolean value) {
      set(key, Boolean.toString(value));
    }

    @Override
    public void set(String key, List<String> values) {
      set(key, String.join(" ", values));
    }

    @Override
    public void set(String key, Value<?> value) {
      set(key, value.asString());
    }

    @Override
    public void remove(String key) {
      value = null;
      edited = true;
    }
  }
}
