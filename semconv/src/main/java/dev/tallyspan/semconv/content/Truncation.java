package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shortens content to a number of UTF-8 bytes, so that JSON stays valid and it says how much is
 * gone.
 */
final class Truncation {
  /*
   * What matters of a conversation is how it starts and where it is now: the system message sets the
   * task, and the last messages show what went wrong. So first the system messages at the front are
   * kept, in a third of the space if they are long; then the last message; then the ones before it,
   * as many as fit, without gaps. The first message after the gap says how many are gone.
   *
   * A text keeps its beginning and its end, two to one, and the mark between them says how many bytes
   * are gone. Base64 is kept or removed, since half an image is useless.
   *
   * Objects and other lists divide the space: what is small stays as it is, and what is large shares
   * the rest equally (water filling). What can't be made small enough is removed.
   */

  static final String NOTE = "tallyspan.truncated";

  private static final String MARK_START = "\u2026[truncated ";
  private static final int NOTE_BYTES = 72;

  /** A cut text that is shorter says no more than that it was cut. */
  private static final int SHORTEST_TEXT = 48;

  private static final int ATTEMPTS = 6;

  private Truncation() {}

  /** The text in at most {@code max} bytes; the same instance if it fits. */
  static String fit(String text, long max) {
    if (text.length() <= max / 3 || utf8Length(text) <= max) {
      return text;
    }
    Json json = Json.parse(text);
    if (!json.isPresent()) {
      return cut(text, max);
    }
    Value<?> shrunk = shrink(json.value(), (int) Math.min(max, Integer.MAX_VALUE));
    return shrunk == null ? (json.isArray() ? "[]" : "{}") : JsonWriter.write(shrunk);
  }

  /** The value in at most {@code max} bytes of JSON; null if that is too little for anything. */
  static @Nullable Value<?> fit(Value<?> value, long max) {
    return size(value) <= max ? value : shrink(value, (int) Math.min(max, Integer.MAX_VALUE));
  }

  /** The number of UTF-8 bytes of the value as JSON. */
  static long size(Value<?> value) {
    return utf8Length(JsonWriter.write(value));
  }

  static long utf8Length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        length++;
      } else if (c < 0x800) {
        length += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        length += 4;
        i++;
      } else {
        length += 3;
      }
    }
    return length;
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static @Nullable Value<?> shrink(Value<?> value, int max) {
    if (size(value) <= max) {
      return value;
    }
    switch (value.getType()) {
      case STRING -> {
        String text = leaf((String) value.getValue(), max);
        return text == null ? null : Value.of(text);
      }
      case ARRAY -> {
        List<Value<?>> elements = (List<Value<?>>) value.getValue();
        return isConversation(elements) ? messages(elements, max) : array(elements, max);
      }
      case KEY_VALUE_LIST -> {
        return object((List<KeyValue>) value.getValue(), max);
      }
      default -> {
        return null;
      }
    }
  }

  /** The text so that, quoted, it has at most {@code max} bytes; null if that is too little. */
  private static @Nullable String leaf(String text, int max) {
    Json inner = Json.parse(text);
    long target = max - 2L;
    for (int attempt = 0; attempt < ATTEMPTS && target > 2; attempt++) {
      String cut = inner.isPresent() ? fit(text, target) : cut(text, target);
      long quoted = size(Value.of(cut));
      if (quoted <= max) {
        return cut.isEmpty() || cut.equals("[]") || cut.equals("{}") ? null : cut;
      }
      target = target * max / quoted - 1;
    }
    return null;
  }

  /** The beginning and the end of the text, in at most {@code max} bytes; maybe empty. */
  static String cut(String text, long max) {
    long all = utf8Length(text);
    if (all <= max) {
      return text;
    }
    String mark = MARK_START + all + " bytes]\u2026";
    long space = max - utf8Length(mark);
    if (space < 0) {
      return "";
    }
    if (isBase64(text) || max < SHORTEST_TEXT) {
      return mark;
    }
    int head = end(text, space * 2 / 3);
    int tail = start(text, space - space * 2 / 3);
    long gone = utf8Length(text.substring(head, tail));
    return text.substring(0, head) + MARK_START + gone + " bytes]\u2026" + text.substring(tail);
  }

  private static boolean isBase64(String text) {
    int start = text.startsWith("data:") ? text.indexOf(',') + 1 : 0;
    for (int i = start; i < Math.min(text.length(), start + 256); i++) {
      char c = text.charAt(i);
      if (c >= 128 || (!CharClass.isWord(c) && c != '+' && c != '/' && c != '=' && c != '-')) {
        return false;
      }
    }
    return text.length() > start + 256;
  }

  /** How many characters from the start have at most this number of bytes. */
  private static int end(String text, long bytes) {
    long used = 0;
    int i = 0;
    while (i < text.length()) {
      int next = i + Character.charCount(text.codePointAt(i));
      used += utf8Length(text.substring(i, next));
      if (used > bytes) {
        return i;
      }
      i = next;
    }
    return i;
  }

  /** Where the characters start that have at most this number of bytes up to the end. */
  private static int start(String text, long bytes) {
    long used = 0;
    int i = text.length();
    while (i > 0) {
      int next = i - Character.charCount(text.codePointBefore(i));
      used += utf8Length(text.substring(next, i));
      if (used > bytes) {
        return i;
      }
      i = next;
    }
    return i;
  }

  private static boolean isConversation(List<Value<?>> elements) {
    return elements.size() > 1 && elements.stream().allMatch(e -> Json.of(e).get("role").isText());
  }

  private static @Nullable Value<?> messages(List<Value<?>> messages, int max) {
    int space = max - 2 - NOTE_BYTES;
    int count = messages.size();
    int front = 0;
    while (front < count - 1 && isInstruction(messages.get(front))) {
      front++;
    }
    List<Value<?>> kept = new ArrayList<>();
    if (front > 0) {
      Value<?> instructions = array(messages.subList(0, front), Math.max(space / 3, 2));
      if (instructions != null) {
        Json.of(instructions).forEach(message -> kept.add(message.value()));
        space -= (int) size(instructions) - 1;
      }
    }
    int insert = kept.size();
    Value<?> last = shrink(messages.get(count - 1), space - 1);
    int first = count;
    if (last != null) {
      kept.add(last);
      first--;
      space -= (int) size(last) + 1;
      while (first > front && size(messages.get(first - 1)) + 1 <= space) {
        first--;
        kept.add(insert, messages.get(first));
        space -= (int) size(messages.get(first)) + 1;
      }
    }
    if (kept.isEmpty()) {
      return null;
    }
    long gone = 0;
    for (int i = front; i < first; i++) {
      gone += size(messages.get(i));
    }
    if (first > front && insert < kept.size()) {
      kept.set(insert, noted(kept.get(insert), messages.subList(front, first), gone));
    }
    return Value.of(kept);
  }

  /** The message with a note of how many messages before it are gone. */
  private static Value<?> noted(Value<?> message, List<Value<?>> gone, long bytes) {
    long messages = gone.size();
    long all = bytes;
    for (Value<?> one : gone) {
      Json earlier = Json.of(one).get(NOTE);
      messages += Math.max(0, earlier.get("messages").asCount());
      all += Math.max(0, earlier.get("bytes").asCount());
    }
    Json earlier = Json.of(message).get(NOTE);
    messages += Math.max(0, earlier.get("messages").asCount());
    all += Math.max(0, earlier.get("bytes").asCount());
    return Json.of(message)
        .with(
            NOTE,
            Value.of(
                KeyValue.of("messages", Value.of(messages)), KeyValue.of("bytes", Value.of(all))));
  }

  private static boolean isInstruction(Value<?> message) {
    String role = Json.of(message).get("role").text();
    return "system".equals(role) || "developer".equals(role);
  }

  private static @Nullable Value<?> array(List<Value<?>> elements, int max) {
    if (max < 2) {
      return null;
    }
    // The last elements stay if there is no space for all.
    for (int from = 0;
        from < elements.size();
        from = Math.max(from + 1, (from + elements.size()) / 2)) {
      List<Value<?>> part = elements.subList(from, elements.size());
      int space = max - 1 - part.size();
      long[] sizes = part.stream().mapToLong(Truncation::size).toArray();
      long cap = cap(sizes, space);
      if (cap < SHORTEST_TEXT && from + 1 < elements.size() && Arrays.stream(sizes).sum() > space) {
        continue;
      }
      List<Value<?>> kept = new ArrayList<>();
      for (Value<?> element : part) {
        Value<?> shrunk = shrink(element, (int) cap);
        if (shrunk != null) {
          kept.add(shrunk);
        }
      }
      return kept.isEmpty() ? null : Value.of(kept);
    }
    return null;
  }

  private static @Nullable Value<?> object(List<KeyValue> members, int max) {
    int space = max - 1;
    long[] sizes = new long[members.size()];
    for (int i = 0; i < sizes.length; i++) {
      KeyValue member = members.get(i);
      space -= (int) Math.min(size(Value.of(member.getKey())) + 2, max);
      sizes[i] = size(member.getValue());
    }
    if (space <= 0) {
      return null;
    }
    long cap = cap(sizes, space);
    List<KeyValue> kept = new ArrayList<>();
    for (KeyValue member : members) {
      Value<?> shrunk = shrink(member.getValue(), (int) cap);
      if (shrunk != null) {
        kept.add(KeyValue.of(member.getKey(), shrunk));
      }
    }
    return kept.isEmpty() ? null : Value.of(kept.toArray(new KeyValue[0]));
  }

  /** The largest size so that all together, each at most of this size, fit into the space. */
  static long cap(long[] sizes, long space) {
    long[] sorted = sizes.clone();
    Arrays.sort(sorted);
    long left = Math.max(space, 0);
    for (int i = 0; i < sorted.length; i++) {
      long share = left / (sorted.length - i);
      if (sorted[i] > share) {
        return share;
      }
      left -= sorted[i];
    }
    return sorted.length == 0 ? left : sorted[sorted.length - 1];
  }
}
