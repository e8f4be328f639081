package dev.tallyspan.semconv.content;

/** How much of the content leaves. */
public enum ContentMode {
  /** No attribute with content leaves, and no body, event attribute or error message with it. */
  NONE("none"),
  /**
   * The structure leaves without its texts: roles, types of parts, names of tools, ids, finish
   * reasons, and the length of each text. A text becomes {@code <120 characters>}; arguments,
   * results and other values of any shape become {@code <object, 3 members>}.
   */
  METADATA("metadata"),
  /**
   * Content leaves, with detected secrets and personal data replaced by masks such as {@code
   * [EMAIL]}. Attributes that are not content are searched too.
   */
  REDACTED("redacted"),
  /** Everything leaves as it is. */
  FULL("full"),
  /**
   * Large parts (images, documents, long texts) are moved to an {@link OffloadStore}, and leave as
   * references. Everything else leaves as it is, or redacted, see {@link
   * ContentPolicy.Builder#redact}.
   */
  OFFLOAD("offload");

  private final String wireName;

  ContentMode(String wireName) {
    this.wireName = wireName;
  }

  /** {@return the name in configuration} */
  public String wireName() {
    return wireName;
  }

  /**
   * {@return the mode with this name in configuration}
   *
   * @param wireName the name, in lower case
   * @throws IllegalArgumentException if the name is not known
   */
  public static ContentMode ofName(String wireName) {
    for (ContentMode mode : values()) {
      if (mode.wireName.equals(wireName)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "mode=" + wireName + " is unknown; known: none, metadata, redacted, full, offload");
  }
}
