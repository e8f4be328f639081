package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.internal.json.Json;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the class of an error from the text that an emitter left of it: the HTTP status that
 * provider SDKs put first, else the class of the exception, else {@code _OTHER}, which the error
 * conventions have for what cannot be told.
 */
public final class ErrorTexts {

  private static final Pattern STATUS =
      Pattern.compile(
          "^(?:[\\w.]*(?:Error|Exception)[:(\"' ]+)*(?:Error code: |HTTP |status )?([45]\\d\\d)\\b");

  private static final Pattern CLASS =
      Pattern.compile("^([A-Za-z_][\\w.$]{0,80}(?:Error|Exception|Timeout))\\b");

  private static final Pattern STATUS_WITHIN =
      Pattern.compile("(?:[Ee]rror|[Ss]tatus)[ _]?[Cc]ode:? ?([45]\\d\\d)\\b");

  private static final Set<String> VAGUE =
      Set.of(
          "Exception",
          "BaseException",
          "Error",
          "RuntimeError",
          "builtins.Exception",
          "java.lang.Exception",
          "java.lang.RuntimeException",
          "System.Exception");

  private ErrorTexts() {}

  /** Whether the class of an exception only says that it is an exception. */
  public static boolean isVague(String exceptionType) {
    return VAGUE.contains(exceptionType);
  }

  /** The HTTP status that a text names; null if it names none. */
  public static @Nullable String status(@Nullable String text) {
    Matcher status =
        STATUS_WITHIN.matcher(text == null ? "" : text.substring(0, Math.min(200, text.length())));
    return status.find() ? status.group(1) : null;
  }

  /** The error's class. The text itself never becomes part of it. */
  public static String type(@Nullable String text, @Nullable String exceptionType) {
    String head = text == null ? "" : text.substring(0, Math.min(200, text.length())).strip();
    Matcher status = STATUS.matcher(head);
    if (status.find()) {
      return status.group(1);
    }
    if (exceptionType != null && !isVague(exceptionType)) {
      return exceptionType;
    }
    Matcher name = CLASS.matcher(head);
    return name.find() ? name.group(1) : exceptionType != null ? exceptionType : "_OTHER";
  }

  /** The first exception event's class and message; null if there is no such event. */
  static @Nullable String ofException(IndexedSpan span) {
    for (EventView event : span.events()) {
      if ("exception".equals(event.name())) {
        AttributeView attributes = event.attributes();
        return type(
            Json.of(attributes.get("exception.message")).asText(),
            Json.of(attributes.get("exception.type")).asText());
      }
    }
    return null;
  }
}
