package dev.tallyspan.semconv;

import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;

/** Values as JSON text, as backends read structured attributes. */
public final class JsonText {

  private JsonText() {}

  /**
   * {@return the value as JSON text; text as it is, without quotes}
   *
   * @param value any value
   */
  public static String of(Value<?> value) {
    return String.valueOf(Json.of(value).asText());
  }
}
