package dev.tallyspan.spring;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a user or session comes from in a request.
 *
 * @param kind of the source
 * @param name of the header or attribute; empty for the principal
 */
record IdentitySource(Kind kind, String name) {

  /** Longer values are no names; a header is what the caller sends. */
  private static final int LONGEST = 256;

  private static final IdentitySource NONE = new IdentitySource(Kind.NONE, "");

  enum Kind {
    NONE,
    PRINCIPAL,
    HEADER,
    ATTRIBUTE
  }

  /**
   * Reads a property.
   *
   * @param property its name, for the message
   * @param text null for none
   * @throws IllegalArgumentException if it is not valid
   */
  static IdentitySource parse(String property, @Nullable String text, boolean principal) {
    if (text == null || text.isBlank()) {
      return NONE;
    }
    if (principal && text.equals("principal")) {
      return new IdentitySource(Kind.PRINCIPAL, "");
    }
    int colon = text.indexOf(':');
    String name = text.substring(colon + 1).strip();
    if (colon > 0 && !name.isEmpty()) {
      switch (text.substring(0, colon)) {
        case "header" -> {
          return new IdentitySource(Kind.HEADER, name);
        }
        case "attribute" -> {
          return new IdentitySource(Kind.ATTRIBUTE, name);
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException(
        property
            + "="
            + text
            + " must be "
            + (principal ? "principal, " : "")
            + "header:NAME or attribute:NAME");
  }

  /** Returns the value; null if there is none, it is too long, or it cannot be read. */
  @Nullable String read(
      Supplier<@Nullable String> principal,
      Function<String, @Nullable String> header,
      Function<String, @Nullable Object> attribute) {
    try {
      Object value =
          switch (kind) {
            case NONE -> null;
            case PRINCIPAL -> principal.get();
            case HEADER -> header.apply(name);
            case ATTRIBUTE -> attribute.apply(name);
          };
      String text = value == null ? "" : value.toString().strip();
      return text.isEmpty() || text.length() > LONGEST ? null : text;
    } catch (RuntimeException e) { // thrown by the application; its request goes on
      return null;
    }
  }
}
