package dev.tallyspan.enrichment.estimate;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/** The encodings, each loaded once per process on first use. */
final class Tokenizers {

  /** Marks estimated counts; the version is that of jtokkit in the build. */
  private static final String NAME = "jtokkit/%s@1.1.0";

  private Tokenizers() {}

  static Encoding of(EncodingType type) {
    return switch (type) {
      case O200K_BASE -> O200k.ENCODING;
      case CL100K_BASE -> Cl100k.ENCODING;
      default ->
          throw new IllegalArgumentException("type=" + type + " is not an encoding of chats");
    };
  }

  static String name(EncodingType type) {
    return NAME.formatted(type.getName());
  }

  private static Encoding load(EncodingType type) {
    return Encodings.newLazyEncodingRegistry().getEncoding(type);
  }

  private static final class O200k {
    static final Encoding ENCODING = load(EncodingType.O200K_BASE);
  }

  private static final class Cl100k {
    static final Encoding ENCODING = load(EncodingType.CL100K_BASE);
  }
}
