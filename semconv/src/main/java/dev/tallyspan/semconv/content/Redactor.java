package dev.tallyspan.semconv.content;

import dev.tallyspan.semconv.content.PathRule.Action;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Masks values and applies rules, in texts, in JSON text, and in structured values. Thread-safe.
 */
final class Redactor {
  /*
   * A text is read in one of two ways. JSON text (also cut off, also as Python prints it) is walked:
   * each string in it is decoded, edited by itself, and encoded again only if it changed; everything
   * else stays as it was written, byte for byte. So the result is JSON if the text was, a value
   * split by escapes is seen whole, and a secret is known by the name of its member. A string may be
   * JSON text again, and so on.
   *
   * Any other text is scanned as it is. If it has backslashes, which is how JSON inside of prose
   * looks, it is also scanned without its escapes, and what is found there is masked here.
   *
   * Masking repeats until nothing is found, because a mask may change what its neighbours mean. So
   * redacting twice is redacting once, by construction. Nearly always the second look finds nothing;
   * texts without findings are looked at once.
   */

  private static final int MOST_PASSES = 6;
  private static final int FEWEST_DIGITS = 7;

  private final int kinds;
  private final List<Detector> detectors;
  private final Masks masks;
  private final boolean detects;
  private final boolean knowsSecretNames;
  private final boolean knowsIdNames;

  /**
   * @param kinds the bits of the standard detectors that are on
   */
  Redactor(int kinds, List<Detector> detectors, Masks masks) {
    this.kinds = kinds;
    this.detectors = List.copyOf(detectors);
    this.masks = masks;
    detects = kinds != 0 || !detectors.isEmpty();
    knowsSecretNames = (kinds & StandardDetector.SECRET.bit()) != 0;
    knowsIdNames = (kinds & StandardDetector.NATIONAL_ID.bit()) != 0;
  }

  /**
   * The text without what must not be seen; the same instance if nothing changed.
   *
   * @param name the name of the member or attribute; empty if there is none
   */
  String redact(String text, String name, PathState rules, Tally tally) {
    if (isLeftAlone(rules)) {
      return text;
    }
    String now = text;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      String next = once(now, name, rules, tally);
      if (next.equals(now)) {
        return now;
      }
      now = next;
    }
    return now;
  }

  private String once(String text, String name, PathState rules, Tally tally) {
    if (text.isEmpty() || Masks.isMask(text)) {
      return text;
    }
    String named = byName(text, name, rules, tally);
    if (named != null) {
      return named;
    }
    if (JsonRewriter.mayBeJson(text)) {
      Tally own = new Tally();
      String rewritten = new JsonRewriter(this, own).rewrite(text, name, rules);
      if (rewritten != null) {
        tally.add(own);
        return rewritten;
      }
    }
    if (rules.is(Action.MASK)) {
      return mask(Masks.BY_RULE, text, tally);
    }
    String masked = plain(text, name, rules, tally);
    return masked == null ? text : masked;
  }

  private String mask(String kind, String value, Tally tally) {
    tally.masked(kind);
    return masks.mask(kind, value);
  }

  /** Whether neither detectors nor rules can change a value here or below. */
  boolean isLeftAlone(PathState rules) {
    return rules.isSettled() && (rules.is(Action.KEEP) || (!detects && rules.action() == null));
  }

  /** The mask of a value that is secret because of its name; null if it is not. */
  @Nullable String byName(String text, String name, PathState rules, Tally tally) {
    if (rules.action() != null || name.isEmpty() || text.isBlank() || Masks.isMask(text)) {
      return null;
    }
    String kind = kindOf(name);
    if (kind == null && knowsSecretNames && SensitiveNames.isToken(name, text)) {
      kind = StandardDetector.SECRET.name();
    }
    return kind == null || Boolean.parseBoolean(text) || text.equals("false")
        ? null
        : mask(kind, text, tally);
  }

  private @Nullable String kindOf(String name) {
    String kind = knowsSecretNames || knowsIdNames ? SensitiveNames.kind(name) : null;
    boolean isSecret = StandardDetector.SECRET.name().equals(kind);
    return kind != null && (isSecret ? knowsSecretNames : knowsIdNames) ? kind : null;
  }

  /** The text with masks; null if nothing was found. */
  @Nullable String plain(String text, String name, PathState rules, Tally tally) {
    if (!detects || rules.action() != null) {
      return null;
    }
    Ranges ranges = new Ranges();
    find(text, name, ranges);
    if (text.indexOf('\\') >= 0) {
      Unescaped view = Unescaped.of(text);
      if (view != null) {
        find(
            view.text(),
            name,
            (start, end, kind) -> ranges.found(view.origin(start), view.origin(end), kind));
      }
    }
    return ranges.isEmpty()
        ? null
        : ranges.replaced(text, (kind, value) -> mask(kind, value, tally));
  }

  /** The same for a part of a text that has no escapes; null if nothing was found. */
  @Nullable String plain(String text, int from, int to, String name, PathState rules, Tally tally) {
    if (!detects || rules.action() != null) {
      return null;
    }
    if (!detectors.isEmpty()) {
      return plain(text.substring(from, to), name, rules, tally);
    }
    Ranges ranges = new Ranges();
    StandardScan.scan(kinds, ranges, text, from, to, name);
    return ranges.isEmpty()
        ? null
        : ranges.replaced(text, from, to, (kind, value) -> mask(kind, value, tally));
  }

  /**
   * Whether a part of a text that has no escapes is certain to stay as it is, if it is redacted as
   * a value with this name. Costs no copy of it.
   */
  boolean keeps(String text, int from, int to, String name, PathState rules) {
    if (from == to) {
      return true;
    }
    if (rules.action() != null
        || !detectors.isEmpty()
        || name.equalsIgnoreCase(SensitiveNames.TOKEN)
        || JsonRewriter.mayBeJson(text, from, to)
        || kindOf(name) != null) {
      return false;
    }
    Ranges ranges = new Ranges();
    StandardScan.scan(kinds, ranges, text, from, to, name);
    return ranges.isEmpty();
  }

  private void find(String text, String name, Findings findings) {
    if (kinds != 0) {
      StandardScan.scan(kinds, findings, text, 0, text.length(), name);
    }
    for (Detector detector : detectors) {
      detector.find(text, findings);
    }
  }

  /** The mask for a number, as JSON or an attribute has it; null if it may stay. */
  @Nullable String number(String number, String name, PathState rules, Tally tally) {
    if (rules.action() != null) {
      return rules.is(Action.MASK) ? mask(Masks.BY_RULE, number, tally) : null;
    }
    String kind = number.length() >= 3 ? kindOf(name) : null;
    if (kind != null) {
      return mask(kind, number, tally);
    }
    return number.length() < FEWEST_DIGITS ? null : plain(number, name, rules, tally);
  }

  /**
   * The value without what must not be seen; the same instance if nothing changed; null if a rule
   * drops it.
   */
  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  @Nullable Value<?> redact(Value<?> value, String name, PathState rules, Tally tally) {
    if (rules.is(Action.DROP)) {
      tally.removed++;
      return null;
    }
    if (isLeftAlone(rules)) {
      return value;
    }
    switch (value.getType()) {
      case STRING -> {
        String text = (String) value.getValue();
        String redacted = redact(text, name, rules, tally);
        return redacted.equals(text) ? value : Value.of(redacted);
      }
      case LONG -> {
        String masked = number(value.getValue().toString(), name, rules, tally);
        return masked == null ? value : Value.of(masked);
      }
      case DOUBLE, BOOLEAN -> {
        boolean hides = rules.is(Action.MASK);
        return hides ? Value.of(mask(Masks.BY_RULE, value.getValue().toString(), tally)) : value;
      }
      case BYTES -> {
        String text = textOf((ByteBuffer) value.getValue());
        String redacted = text == null ? "" : redact(text, name, rules, tally);
        return text == null || redacted.equals(text) ? value : Value.of(redacted);
      }
      case ARRAY -> {
        return array(value, (List<Value<?>>) value.getValue(), name, rules, tally);
      }
      case KEY_VALUE_LIST -> {
        return object(value, (List<KeyValue>) value.getValue(), rules, tally);
      }
      default -> {
        return value;
      }
    }
  }

  private Value<?> array(
      Value<?> array, List<Value<?>> elements, String name, PathState rules, Tally tally) {
    List<Value<?>> kept = new ArrayList<>(elements.size());
    boolean changed = false;
    for (int i = 0; i < elements.size(); i++) {
      Value<?> element = elements.get(i);
      Value<?> redacted = redact(element, name, rules.element(i), tally);
      changed |= redacted != element;
      if (redacted != null) {
        kept.add(redacted);
      }
    }
    return changed ? Value.of(kept) : array;
  }

  private Value<?> object(Value<?> object, List<KeyValue> members, PathState rules, Tally tally) {
    List<KeyValue> kept = new ArrayList<>(members.size());
    boolean changed = false;
    for (KeyValue member : members) {
      String name = member.getKey();
      Value<?> redacted = redact(member.getValue(), name, rules.member(name), tally);
      String seenName =
          redact(name, "", rules.action() == null ? PathState.NO_RULES : rules, tally);
      boolean renamed = rules.action() == null && !seenName.equals(name);
      changed |= redacted != member.getValue() || renamed;
      if (redacted != null) {
        kept.add(renamed ? KeyValue.of(seenName, redacted) : KeyValue.of(name, redacted));
      }
    }
    return changed ? Value.of(kept.toArray(new KeyValue[0])) : object;
  }

  private static @Nullable String textOf(ByteBuffer bytes) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate());
      return text.toString();
    } catch (CharacterCodingException e) {
      return null; // not text
    }
  }
}
