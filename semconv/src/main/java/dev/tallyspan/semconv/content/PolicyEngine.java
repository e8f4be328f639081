package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.content.PathRule.Action;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applies a policy to values. Thread-safe. */
final class PolicyEngine {
  /*
   * The order of the steps is part of what a policy promises:
   *
   *   mend -> rule (drop, keep) -> mode (none, metadata) -> redact -> offload -> budget of the
   *   attribute -> budget of the span
   *
   * Texts are redacted before they are stored, and before they are cut, so that half of a secret is
   * never left over. What is cut is redacted again, since a cut may make a number of another. A value
   * that no step changes stays the same instance, and then no edit is made.
   */

  private static final int LONGEST_EVENT_NAME = 64;
  private static final int CUTS = 3;

  private final ContentMode mode;
  private final PolicySettings settings;
  private final Redactor redactor;
  private final Summary summary;
  private final @Nullable Offloader offloader;

  PolicyEngine(PolicySettings settings) {
    this.settings = settings;
    mode = settings.mode();
    int kinds = 0;
    for (StandardDetector detector : settings.standard()) {
      kinds |= detector.bit();
    }
    Masks masks = new Masks(settings.pseudonymKey());
    boolean redacts = settings.redacts();
    redactor = new Redactor(redacts ? kinds : 0, redacts ? settings.detectors() : List.of(), masks);
    summary = new Summary(masks, redactor);
    OffloadStore store = settings.store();
    offloader =
        store == null
            ? null
            : new Offloader(store, settings.maxTextBytes(), settings.keepsWhatIsNotStored());
  }

  /** A value with content that is within the budget of its attribute. */
  private static final class Content {
    final String key;
    final Value<?> original;
    Value<?> value;

    Content(String key, Value<?> original, Value<?> value) {
      this.key = key;
      this.original = original;
      this.value = value;
    }
  }

  void apply(AttributeView attributes, AttributeEdits edits, ContentBudget budget, Tally tally) {
    List<Content> contents = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    int size = attributes.size();
    for (int i = 0; i < size; i++) {
      String key = attributes.key(i);
      if (key == null) {
        continue;
      }
      if (!seen.add(key)) {
        // The first counts; the others must not leave unseen.
        edits.remove(key);
        Value<?> first = attributes.get(key);
        Value<?> edited = first == null ? null : safely(key, first, new Tally());
        if (edited != null) {
          set(key, edited, edits);
        }
        contents.removeIf(content -> content.key.equals(key));
        continue;
      }
      Value<?> value;
      try {
        value = attributes.value(i);
      } catch (RuntimeException e) {
        tally.failures++;
        edits.remove(key);
        continue;
      }
      if (value == null) {
        continue;
      }
      Value<?> edited = safely(key, value, tally);
      if (edited == null) {
        edits.remove(key);
      } else if (budget.isLimited() && isContent(key, edited)) {
        contents.add(new Content(key, value, edited));
      } else if (edited != value) {
        set(key, edited, edits);
      }
    }
    share(contents, budget, tally);
    for (Content content : contents) {
      if (isNothing(content.value) && !isNothing(content.original)) {
        edits.remove(content.key);
      } else if (content.value != content.original) {
        set(content.key, content.value, edits);
      }
    }
  }

  @Nullable Value<?> value(String key, Value<?> value, ContentBudget budget, Tally tally) {
    Value<?> edited = safely(key, value, tally);
    if (edited == null || !budget.isLimited()) {
      return edited;
    }
    List<Content> contents = new ArrayList<>(List.of(new Content(key, value, edited)));
    share(contents, budget, tally);
    Value<?> shared = contents.get(0).value;
    return isNothing(shared) && !isNothing(value) ? null : shared;
  }

  @Nullable Value<?> body(Value<?> body, ContentBudget budget, Tally tally) {
    boolean isName = body.getValue() instanceof String text && isEventName(text);
    return value(isName ? "event.name" : "event.body", body, budget, tally);
  }

  private static boolean isEventName(String text) {
    if (text.length() > LONGEST_EVENT_NAME) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || (!CharClass.isWord(c) && c != '.' && c != '-')) {
        return false;
      }
    }
    return text.indexOf('.') > 0 || text.indexOf('_') > 0;
  }

  boolean isContent(String key, @Nullable Value<?> value) {
    for (String prefix : settings.contentPrefixes()) {
      if (prefix.endsWith(".") ? key.startsWith(prefix) : key.equals(prefix)) {
        return true;
      }
    }
    return ContentKeys.isContent(key, value);
  }

  private @Nullable Value<?> safely(String key, Value<?> value, Tally tally) {
    Tally own = new Tally();
    try {
      Value<?> edited = edited(key, value, own);
      tally.add(own);
      return edited;
    } catch (RuntimeException | StackOverflowError e) {
      // What could not be checked does not leave. Neither does the cause, which may quote it.
      tally.failures++;
      return null;
    }
  }

  private @Nullable Value<?> edited(String key, Value<?> original, Tally tally) {
    PathState rules = PathState.at(settings.rules(), key);
    if (rules.is(Action.DROP)) {
      tally.removed++;
      return null;
    }
    boolean content = isContent(key, original);
    if (content && !rules.is(Action.KEEP)) {
      if (mode == ContentMode.NONE) {
        tally.removed++;
        return null;
      }
    }
    Value<?> value = mended(original, tally);
    if (content && mode == ContentMode.METADATA && !rules.is(Action.KEEP)) {
      value = summarized(value, tally);
    }
    Value<?> redacted = redacted(key, value, rules, content, tally);
    if (redacted == null) {
      return null;
    }
    if (!content) {
      return redacted;
    }
    value = redacted;
    if (offloader != null && !rules.is(Action.KEEP)) {
      value = offloader.offload(value, tally);
    }
    return cut(key, value, rules, settings.maxAttributeBytes(), tally);
  }

  private @Nullable Value<?> redacted(
      String key, Value<?> value, PathState rules, boolean content, Tally tally) {
    boolean number = value.getType() == ValueType.LONG;
    if (number && !content && rules.action() == null && !ContentKeys.isUnknown(key)) {
      return value;
    }
    String name = key.substring(Math.max(key.lastIndexOf('.'), key.lastIndexOf(':')) + 1);
    return redactor.redact(value, name, rules, tally);
  }

  private Value<?> summarized(Value<?> value, Tally tally) {
    if (value.getValue() instanceof String text) {
      String summarized = summary.of(text, tally);
      return summarized.equals(text) ? value : Value.of(summarized);
    }
    Value<?> summarized = summary.of(value, tally);
    return summarized.equals(value) ? value : summarized;
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static Value<?> mended(Value<?> value, Tally tally) {
    switch (value.getType()) {
      case STRING -> {
        String text = (String) value.getValue();
        String mended = Mending.mend(text);
        tally.mended += mended.equals(text) ? 0 : 1;
        return mended.equals(text) ? value : Value.of(mended);
      }
      case ARRAY -> {
        List<Value<?>> elements = new ArrayList<>();
        boolean changed = false;
        for (Value<?> element : (List<Value<?>>) value.getValue()) {
          Value<?> mended = mended(element, tally);
          changed |= mended != element;
          elements.add(mended);
        }
        return changed ? Value.of(elements) : value;
      }
      case KEY_VALUE_LIST -> {
        List<KeyValue> members = new ArrayList<>();
        boolean changed = false;
        for (KeyValue member : (List<KeyValue>) value.getValue()) {
          Value<?> mended = mended(member.getValue(), tally);
          String key = Mending.mend(member.getKey());
          changed |= mended != member.getValue() || !key.equals(member.getKey());
          members.add(KeyValue.of(key, mended));
        }
        return changed ? Value.of(members.toArray(new KeyValue[0])) : value;
      }
      default -> {
        return value;
      }
    }
  }

  /** The value in at most {@code max} bytes; null if that is too little for anything. */
  private @Nullable Value<?> cut(
      String key, Value<?> value, PathState rules, long max, Tally tally) {
    if (max == 0 || size(value) <= max) {
      return value;
    }
    long before = size(value);
    Value<?> now = value;
    for (int i = 0; i < CUTS && now != null && size(now) > max; i++) {
      Value<?> cut =
          now.getValue() instanceof String text
              ? Value.of(Truncation.fit(text, max))
              : Truncation.fit(now, max);
      now = cut == null ? null : redacted(key, cut, rules, /* content= */ true, tally);
    }
    if (now != null && size(now) > max) {
      now = null;
    }
    tally.truncatedBytes += before - (now == null ? 0 : size(now));
    return now;
  }

  /** Cuts what is large until everything fits into the budget, and spends it. */
  private void share(List<Content> contents, ContentBudget budget, Tally tally) {
    if (!budget.isLimited()) {
      return;
    }
    long[] sizes = contents.stream().mapToLong(content -> size(content.value)).toArray();
    long cap = Truncation.cap(sizes, budget.remaining());
    for (Content content : contents) {
      if (size(content.value) > cap) {
        PathState rules = PathState.at(settings.rules(), content.key);
        Value<?> cut = cap == 0 ? null : cut(content.key, content.value, rules, cap, tally);
        if (cap == 0) {
          tally.truncatedBytes += size(content.value);
        }
        content.value = cut == null ? Value.of("") : cut;
      }
      budget.spend(size(content.value));
    }
  }

  private static boolean isNothing(Value<?> value) {
    return value.getValue() instanceof String text && text.isEmpty();
  }

  /** The number of bytes of a text, or of the JSON text of a structured value. */
  private static long size(Value<?> value) {
    return value.getValue() instanceof String text
        ? Truncation.utf8Length(text)
        : Truncation.size(value);
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static void set(String key, Value<?> value, AttributeEdits edits) {
    switch (value.getType()) {
      case STRING -> edits.set(key, (String) value.getValue());
      case LONG -> edits.set(key, (long) (Long) value.getValue());
      case DOUBLE -> edits.set(key, (double) (Double) value.getValue());
      case BOOLEAN -> edits.set(key, (boolean) (Boolean) value.getValue());
      case ARRAY -> {
        List<Value<?>> elements = (List<Value<?>>) value.getValue();
        boolean texts = !elements.isEmpty();
        for (Value<?> element : elements) {
          texts &= element.getType() == ValueType.STRING;
        }
        if (texts) {
          edits.set(key, elements.stream().map(Value::asString).toList());
        } else {
          edits.set(key, value);
        }
      }
      default -> edits.set(key, value);
    }
  }
}
