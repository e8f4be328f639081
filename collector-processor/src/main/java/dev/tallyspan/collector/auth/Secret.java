package dev.tallyspan.collector.auth;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** A token or a password, or the file that holds it. */
public sealed interface Secret {

  /** A secret in the configuration or the environment. */
  record Text(String value) implements Secret {

    public Text {
      requireNonNull(value, "value");
    }

    /** Leaves out the value. */
    @Override
    public String toString() {
      return "Secret";
    }
  }

  /**
   * A file whose content, without surrounding whitespace, is the secret. It is read again when it
   * changes.
   */
  record InFile(Path file) implements Secret {

    public InFile {
      requireNonNull(file, "file");
    }
  }
}
