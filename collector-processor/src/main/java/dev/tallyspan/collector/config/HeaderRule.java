package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A header of requests to a backend, whose value is fixed or comes from environment variables.
 *
 * @param name in lower case
 * @param form how the value is made
 * @param value the fixed value, or what stands before a variable's; may be empty
 * @param variables names of environment variables: two for {@link Form#BASIC}; for other forms, the
 *     first that is set counts; empty for a fixed value
 * @param required whether the backend refuses requests without the header
 */
public record HeaderRule(
    String name, Form form, String value, List<String> variables, boolean required) {

  /** How the value of a header is made. */
  public enum Form {
    /** A text, or a text and the value of a variable. */
    PLAIN,
    /** {@code Bearer} and a token. */
    BEARER,
    /** {@code Basic} and the base64 of user and password. */
    BASIC
  }

  public HeaderRule {
    requireNonNull(name, "name");
    requireNonNull(form, "form");
    requireNonNull(value, "value");
    variables = List.copyOf(variables);
  }

  /** Returns the value; null if a variable that it needs is not set. */
  @Nullable String value(Map<String, String> env) {
    if (variables.isEmpty()) {
      return value;
    }
    if (form == Form.BASIC) {
      String user = text(env, variables.get(0));
      String password = text(env, variables.get(1));
      return user.isEmpty() || password.isEmpty()
          ? null
          : "Basic "
              + Base64.getEncoder()
                  .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
    return variables.stream()
        .map(name -> text(env, name))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .map(text -> (form == Form.BEARER ? "Bearer " : value) + text)
        .orElse(null);
  }

  private static String text(Map<String, String> env, String variable) {
    return env.getOrDefault(variable, "").strip();
  }
}
