package dev.tallyspan.collector.erasure;

import static java.util.Objects.requireNonNull;

/**
 * Whose telemetry is to be removed.
 *
 * @param id compared as a whole; not empty
 */
public record Subject(Kind kind, String id) {

  /** What {@link #id} is. */
  public enum Kind {
    /** {@code user.id}, in every dialect. */
    USER("user"),
    /** {@code session.id} or {@code gen_ai.conversation.id}, in every dialect. */
    SESSION("session"),
    /** A trace id, 32 hexadecimal digits in lower case. */
    TRACE("trace");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the name that commands use. */
    public String wireName() {
      return wireName;
    }

    /**
     * @throws IllegalArgumentException if there is no such kind
     */
    public static Kind of(String wireName) {
      for (Kind kind : values()) {
        if (kind.wireName.equals(wireName)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("kind=" + wireName + ": must be user, session or trace");
    }
  }

  public Subject {
    requireNonNull(kind, "kind");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id=: must not be empty");
    }
  }

  /** Leaves out the id, which is personal. */
  @Override
  public String toString() {
    return "Subject[" + kind.wireName + "]";
  }
}
