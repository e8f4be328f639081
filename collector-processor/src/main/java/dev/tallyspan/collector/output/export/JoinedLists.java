package dev.tallyspan.collector.output.export;

import dev.tallyspan.collector.wire.ValueType;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.collector.wire.WireValues;
import dev.tallyspan.semconv.AttributeEdits;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes lists of texts as one text too, with commas, under keys of their own: for backends whose
 * search compares a list as a whole. What the sender wrote under such a key stays. Of one span; not
 * thread-safe.
 */
final class JoinedLists implements AttributeEdits {

  private final AttributeEdits edits;
  private final Map<String, String> keys;
  private final WireSpan span;

  /** The keys of lists that were edited, so that what came is no longer there. */
  private final Set<String> edited = new HashSet<>();

  /**
   * @param keys of lists, and of the texts beside them
   */
  JoinedLists(AttributeEdits edits, Map<String, String> keys, WireSpan span) {
    this.edits = edits;
    this.keys = keys;
    this.span = span;
  }

  /** Writes the texts of lists that the span came with; called after all other edits. */
  void joinWhatCame() {
    if (keys.isEmpty()) {
      return;
    }
    WireAttributes attributes = span.attributes();
    keys.forEach(
        (key, text) -> {
          int index = edited.contains(key) ? -1 : attributes.indexOf(key);
          if (index >= 0 && attributes.type(index) == ValueType.ARRAY) {
            join(text, texts(attributes.arrayValue(index)));
          }
        });
  }

  private static List<String> texts(WireValues array) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      if (array.type(i) == ValueType.STRING) {
        texts.add(array.stringValue(i));
      }
    }
    return texts;
  }

  private void join(String key, List<String> values) {
    if (!values.isEmpty() && span.attributes().indexOf(key) < 0) {
      edits.set(key, String.join(",", values));
    }
  }

  private void edited(String key) {
    if (keys.containsKey(key)) {
      edited.add(key);
    }
  }

  @Override
  public void set(String key, List<String> values) {
    edits.set(key, values);
    String text = keys.get(key);
    if (text != null) {
      edited.add(key);
      join(text, values);
    }
  }

  @Override
  public void set(String key, String value) {
    edits.set(key, value);
    edited(key);
  }

  @Override
  public void setUtf8(String key, byte[] utf8, int length) {
    edits.setUtf8(key, utf8, length);
    edited(key);
  }

  @Override
  public void set(String key, long value) {
    edits.set(key, value);
    edited(key);
  }

  @Override
  public void set(String key, double value) {
    edits.set(key, value);
    edited(key);
  }

  @Override
  public void set(String key, boolean value) {
    edits.set(key, value);
    edited(key);
  }

  @Override
  public void set(String key, Value<?> value) {
    edits.set(key, value);
    edited(key);
  }

  @Override
  public void remove(String key) {
    edits.remove(key);
    edited(key);
  }
}
