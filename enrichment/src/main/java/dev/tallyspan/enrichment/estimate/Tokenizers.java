package dev.tallyspan.enrichment.estimate;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/** The encodings, each loaded once for the whole process when it is first asked for. */
final class Tokenizers {

  /** With which counts are marked; the version is jtokkit's, as in the build. */
  private static final String NAME = "jtokkit/%s@1.1.0";

  private Tokenizers() {}

  static Encoding of(EncodingType type) {
    return switch (type) {
      case O200K_BASE -> O200k.ENCODING;
      case CL100K_BASE -> Cl100k.ENCODING;
      default -> throw new IllegalArgumentException("type=" + type + " encodes no chats");
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
