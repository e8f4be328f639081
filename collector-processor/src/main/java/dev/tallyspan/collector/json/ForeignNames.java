package dev.tallyspan.collector.json;

import dev.tallyspan.collector.flow.Signal;
import java.util.Locale;

/**
 * The names in the outermost object of a request that are not the request's own. Of the names
 * themselves only those of OTLP's are repeated, since the others are the sender's content.
 */
final class ForeignNames {

  private final String own;
  private boolean any;
  private String snakeCase;
  private String ofAnotherSignal;

  ForeignNames(MessageType request) {
    own = request.fields().get(0).jsonName();
  }

  void add(String name) {
    any = true;
    if (name.equals(snakeCase(own))) {
      snakeCase = name;
    }
    for (Signal signal : Signal.values()) {
      String other = OtlpMessages.request(signal).fields().get(0).jsonName();
      if (name.equals(other) || name.equals(snakeCase(other))) {
        ofAnotherSignal = other;
      }
    }
  }

  boolean any() {
    return any;
  }

  /** Why nothing of the request is understood, said as it goes behind the name of the document. */
  String message() {
    if (snakeCase != null) {
      return snakeCase + " must be " + own + ": names in OTLP/JSON are lowerCamelCase";
    }
    return ofAnotherSignal == null
        ? "has no " + own + ", and nothing else that OTLP knows"
        : "has no " + own + " but " + ofAnotherSignal + ", which is of another signal";
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
