package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.wire.WireItem;
import java.util.List;
import java.util.function.Predicate;

/**
 * A condition on a span or log record, in a part of the OpenTelemetry Transformation Language.
 * Immutable and thread-safe.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl">Collector,
 *     OTTL</a>
 */
public final class Condition {

  /** What paths without a prefix belong to. */
  public enum Context {
    SPAN("span"),
    EVENT("spanevent"),
    LOG("log"),
    RESOURCE("resource");

    private final String prefix;

    Context(String prefix) {
      this.prefix = prefix;
    }

    /** What a condition on such an item can name. */
    List<Context> reachable() {
      return switch (this) {
        case SPAN -> List.of(SPAN, RESOURCE);
        case EVENT -> List.of(EVENT, SPAN, RESOURCE);
        case LOG -> List.of(LOG, RESOURCE);
        case RESOURCE -> List.of(RESOURCE);
      };
    }

    /** The first part of a path that says what it belongs to. */
    String prefix() {
      return prefix;
    }
  }

  private final String text;
  private final Predicate<Subject> predicate;

  private Condition(String text, Predicate<Subject> predicate) {
    this.text = text;
    this.predicate = predicate;
  }

  /**
   * Parses a condition.
   *
   * @param item what it is a condition on
   * @param context of paths without a prefix
   * @throws IllegalArgumentException if it is not valid or not supported; the message says where
   *     and why
   */
  public static Condition parse(String text, Context item, Context context) {
    return new Condition(text, ConditionParser.parse(text, item, context));
  }

  /**
   * Whether an item fulfils the condition.
   *
   * @throws IllegalStateException if a regular expression takes too long
   */
  boolean matches(WireItem item) {
    return matches(Subject.of(item));
  }

  /** As {@link #matches(WireItem)}. */
  boolean matches(Subject subject) {
    return predicate.test(subject);
  }

  @Override
  public String toString() {
    return text;
  }
}
