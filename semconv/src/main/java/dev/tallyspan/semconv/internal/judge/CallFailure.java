package dev.tallyspan.semconv.internal.judge;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a call failed, which decides whether it may have been billed. A provider does not bill what
 * it refused: a rate limit, a bad request, an outage that it reports. What the client gave up, or
 * lost on the way, the provider may have served and billed.
 *
 * <p>An HTTP status decides before the class of an error, and that before a message. The texts are
 * only looked at; nothing of them is kept.
 */
enum CallFailure {
  /** The span shows no failure. */
  NONE,
  /** The provider, or a gateway before it, did not do what it was asked. */
  REFUSED,
  /** The client did not get an answer, or could not use it. */
  ON_THE_CLIENT;

  private static final String[] STATUS_KEYS = {
    "http.response.status_code", "http.status_code", "error.type", "error.code"
  };

  /**
   * Statuses after which the work may be done all the same, because the answer was not waited for.
   */
  private static final List<Integer> NOT_WAITED_FOR = List.of(408, 499, 504, 522, 524);

  private static final Pattern STATUS_IN_TEXT =
      Pattern.compile(
          "(?:\\b(?:error|status|http|response)[ _-]?(?:code)?[ :='\"(]{1,4}|^\\W{0,3})([45]\\d\\d)\\b",
          CASE_INSENSITIVE);

  private static final Pattern REFUSAL =
      Pattern.compile(
          "rate.?limit|too.?many.?requests|throttl|quota|resource.?exhausted|bad.?request"
              + "|invalid.?(?:request|argument|prompt|api.?key)|unauthori[sz]ed|unauthenticated"
              + "|authentication|permission.?denied|forbidden|access.?denied|not.?found"
              + "|unprocessable|overloaded|capacity|service.?unavailable|internal.?server"
              + "|\\bserver.?error|ServerException|\\bValidationException|content.?(?:policy|filter)"
              + "|context.?(?:window|length)|billing|payment.?required|insufficient"
              + "|failed.?precondition|payload.?too.?large|too.?large",
          CASE_INSENSITIVE);

  private static final Pattern CLIENT =
      Pattern.compile(
          "time.?d?.?out|deadline|abort|cancel|interrupt|clos(?:ed|ing)|reset|connect|\\bI/?O\\b"
              + "|IOException|IOError|broken.?pipe|socket|network|fetch.?failed|unreachable"
              + "|unknown.?host|host.?not|\\bEOF|EOFError|EOFException|premature|protocol.?(?:error"
              + "|exception)|(?:read|write|transport).?(?:error|exception)|\\bSSL|\\bTLS|handshake"
              + "|getaddrinfo|ENOTFOUND|EPIPE|ECONN|hang.?up|decod|deseriali|JSON|pars(?:er?|ing)"
              + "|\\bValidationError",
          CASE_INSENSITIVE);

  private static final int HEAD = 300;

  static CallFailure of(IndexedSpan span, @Nullable String errorType) {
    if (errorType == null && !span.span().failed() && !hasException(span)) {
      return NONE;
    }
    List<String> classes = new ArrayList<>(2);
    List<String> messages = new ArrayList<>(2);
    add(classes, errorType);
    add(classes, span.text("exception.type"));
    add(messages, span.text("exception.message"));
    for (EventView event : span.events()) {
      if ("exception".equals(event.name())) {
        add(classes, Json.of(event.attributes().get("exception.type")).asText());
        add(messages, Json.of(event.attributes().get("exception.message")).asText());
      }
    }
    if (span.span().failed()) {
      add(messages, span.span().statusMessage());
    }
    CallFailure byStatus = byStatus(span, classes, messages);
    if (byStatus != null) {
      return byStatus;
    }
    for (List<String> texts : List.of(classes, messages)) {
      for (String text : texts) {
        if (REFUSAL.matcher(text).find()) {
          return REFUSED;
        }
        if (CLIENT.matcher(text).find()) {
          return ON_THE_CLIENT;
        }
      }
    }
    return errorType == null ? NONE : REFUSED;
  }

  /** Whether the span names the class of an exception, as its own attribute or on an event. */
  private static boolean hasException(IndexedSpan span) {
    if (span.text("exception.type") != null) {
      return true;
    }
    for (EventView event : span.events()) {
      if ("exception".equals(event.name())) {
        String type = Json.of(event.attributes().get("exception.type")).asText();
        if (type != null && !type.isBlank()) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable CallFailure byStatus(
      IndexedSpan span, List<String> classes, List<String> messages) {
    for (String key : STATUS_KEYS) {
      long status = span.count(key);
      if (status >= 400 && status < 600) {
        return ofStatus((int) status);
      }
    }
    for (List<String> texts : List.of(classes, messages)) {
      for (String text : texts) {
        Matcher status = STATUS_IN_TEXT.matcher(text);
        if (status.find()) {
          return ofStatus(Integer.parseInt(status.group(1)));
        }
      }
    }
    return null;
  }

  private static CallFailure ofStatus(int status) {
    return NOT_WAITED_FOR.contains(status) ? ON_THE_CLIENT : REFUSED;
  }

  private static void add(List<String> texts, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      texts.add(text.length() <= HEAD ? text : text.substring(0, HEAD));
    }
  }
}
