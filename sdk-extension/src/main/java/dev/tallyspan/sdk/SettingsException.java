package dev.tallyspan.sdk;

import org.jspecify.annotations.Nullable;

/**
 * A setting with a fault. Knows the path of the setting apart from what is wrong with it, because
 * properties and configuration files spell the same path differently.
 */
public final class SettingsException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /** The keys down to the setting, with dots between them, as configuration files spell them. */
  private final String path;

  /** What follows the path in the message: the value, if it says more, and what is wrong. */
  private final String rest;

  SettingsException(String path, String rest) {
    this(path, rest, /* cause= */ null);
  }

  SettingsException(String path, String rest, @Nullable Throwable cause) {
    super(path + rest, cause);
    this.path = path;
    this.rest = rest;
  }

  /** {@return the message for a setting that was given as a property} */
  public String ofProperty() {
    return Setting.PREFIX + path.replace('_', '-') + rest;
  }

  /** {@return the message for a setting of the component {@code tallyspan} in a file} */
  public String ofComponent() {
    return "tallyspan: " + path + rest;
  }
}
