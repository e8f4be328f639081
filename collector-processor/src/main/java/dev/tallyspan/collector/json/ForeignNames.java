package dev.tallyspan.collector.json;

import dev.tallyspan.collector.flow.Signal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Collects the names in the outermost object of a request that the request does not define. The
 * message repeats only names that OTLP defines, because the others are the sender's content.
 */
final class ForeignNames {

  private final String own;
  private boolean any;
  private @Nullable String snakeCase;
  private @Nullable String ofAnotherSignal;

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

  /**
   * Says why the request is not understood; continues a message that starts with the name of the
   * document.
   */
  String message() {
    if (snakeCase != null) {
      return snakeCase + " must be " + own + ": names in OTLP/JSON are lowerCamelCase";
    }
    return ofAnotherSignal == null
        ? "has no " + own + ", and no other name that OTLP defines"
        : "has no " + own + " but " + ofAnotherSignal + ", which belongs to another signal";
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
