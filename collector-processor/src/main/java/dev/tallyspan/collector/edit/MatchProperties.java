package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireItem;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The properties of spans or log records that {@code include} and {@code exclude} select. An item
 * matches if all lists that are not empty match.
 *
 * @param services any of them is the service's name
 * @param spanNames any of them is the span's name
 * @param spanKinds any of them is the span's kind, such as {@code SPAN_KIND_CLIENT}
 * @param logBodies any of them is the body, which must be a text
 * @param severityTexts any of them is the severity's text
 * @param severity of a log record; null for any
 * @param attributes all of them are attributes of the item
 * @param resources all of them are attributes of the resource
 * @param libraries all of them are the instrumentation scope
 */
public record MatchProperties(
    List<TextMatch> services,
    List<TextMatch> spanNames,
    List<TextMatch> spanKinds,
    List<TextMatch> logBodies,
    List<TextMatch> severityTexts,
    @Nullable Severity severity,
    List<KeyMatch> attributes,
    List<KeyMatch> resources,
    List<Library> libraries) {

  /** What the Collector takes for the service if there is no {@code service.name}. */
  private static final String NO_SERVICE = "<nil-service-name>";

  /**
   * Matches a text: one that is equal, or one of which a part matches an expression.
   *
   * @param regex null to compare with {@code text}
   */
  public record TextMatch(String text, @Nullable GoRegex regex) {
    boolean matches(String found) {
      return regex == null ? text.equals(found) : regex.matches(found);
    }
  }

  /**
   * Matches an attribute.
   *
   * @param value of the same type and equal; null for any
   * @param regex for the value as text; null for any
   */
  public record KeyMatch(String key, @Nullable Value<?> value, @Nullable GoRegex regex) {
    boolean matches(WireAttributes attributes) {
      Value<?> found = ItemFields.attribute(attributes, key);
      if (found == null) {
        return false;
      }
      if (regex == null) {
        return value == null || value.equals(found);
      }
      return switch (found.getType()) {
        case STRING, BOOLEAN, LONG, DOUBLE -> regex.matches(Conversion.text(found));
        default -> false;
      };
    }

    /** Leaves out the value. */
    @Override
    public String toString() {
      return "KeyMatch[" + key + "]";
    }
  }

  /**
   * Matches an instrumentation scope.
   *
   * @param version null for any
   */
  public record Library(TextMatch name, @Nullable TextMatch version) {
    boolean matches(WireItem item) {
      return name.matches(item.scopeName())
          && (version == null || version.matches(item.scopeVersion()));
    }
  }

  /**
   * Matches the severity of a log record.
   *
   * @param min the lowest, as OTLP's number
   * @param matchUndefined whether records without a severity match
   */
  public record Severity(int min, boolean matchUndefined) {
    boolean matches(int severity) {
      return severity == 0 ? matchUndefined : severity >= min;
    }
  }

  public MatchProperties {
    services = List.copyOf(services);
    spanNames = List.copyOf(spanNames);
    spanKinds = List.copyOf(spanKinds);
    logBodies = List.copyOf(logBodies);
    severityTexts = List.copyOf(severityTexts);
    attributes = List.copyOf(attributes);
    resources = List.copyOf(resources);
    libraries = List.copyOf(libraries);
  }

  /** Whether nothing is selected, which is a mistake. */
  public boolean isEmpty() {
    return services.isEmpty()
        && attributes.isEmpty()
        && resources.isEmpty()
        && libraries.isEmpty()
        && ofSpans().isEmpty()
        && ofLogs().isEmpty();
  }

  /** The keys that are set and select only spans. */
  public List<String> ofSpans() {
    List<String> keys = new ArrayList<>();
    add(keys, "services", services.isEmpty());
    add(keys, "span_names", spanNames.isEmpty());
    add(keys, "span_kinds", spanKinds.isEmpty());
    return keys;
  }

  /** The keys that are set and select only log records. */
  public List<String> ofLogs() {
    List<String> keys = new ArrayList<>();
    add(keys, "log_bodies", logBodies.isEmpty());
    add(keys, "log_severity_texts", severityTexts.isEmpty());
    add(keys, "log_severity_number", severity == null);
    return keys;
  }

  private static void add(List<String> keys, String key, boolean empty) {
    if (!empty) {
      keys.add(key);
    }
  }

  /** Whether a span or log record matches. */
  boolean matches(WireItem item) {
    return (services.isEmpty() || any(services, service(item)))
        && (spanNames.isEmpty() || any(spanNames, ItemFields.name(item)))
        && (spanKinds.isEmpty() || any(spanKinds, ItemFields.kind(item)))
        && (logBodies.isEmpty() || any(logBodies, ItemFields.bodyText(item)))
        && (severityTexts.isEmpty() || any(severityTexts, ItemFields.severityText(item)))
        && (severity == null || severity.matches(ItemFields.severity(item)))
        && libraries.stream().allMatch(library -> library.matches(item))
        && resources.stream().allMatch(key -> key.matches(item.resource()))
        && attributes.stream().allMatch(key -> key.matches(item.attributes()));
  }

  private static boolean any(List<TextMatch> texts, @Nullable String found) {
    return found != null && texts.stream().anyMatch(text -> text.matches(found));
  }

  private static String service(WireItem item) {
    Value<?> name = ItemFields.attribute(item.resource(), "service.name");
    return name == null ? NO_SERVICE : Conversion.text(name);
  }

  /**
   * Returns what {@code include} and {@code exclude} select together.
   *
   * @param include null = everything
   * @param exclude null = nothing
   */
  static Predicate<WireItem> selection(
      @Nullable MatchProperties include, @Nullable MatchProperties exclude) {
    return item ->
        (include == null || include.matches(item)) && (exclude == null || !exclude.matches(item));
  }
}
