package dev.tallyspan.semconv.content;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Keeps large parts of content, so that a reference to them can leave instead. Called on the thread
 * that applies the policy, also on several at once; in an application, that is the thread that ends
 * the span, so an implementation should be quick.
 */
@FunctionalInterface
public interface OffloadStore {

  /**
   * Keeps a part. The same content may be given any number of times, and has the same hash.
   *
   * @param contentHash the SHA-256 of the bytes, as 64 lowercase hex digits
   * @param bytes the content; must not be modified
   * @param mimeType what it is, {@code application/octet-stream} if not known
   * @return where it is; null if it cannot be kept, in which case the part is removed, as it is if
   *     an exception is thrown
   */
  @Nullable URI put(String contentHash, byte[] bytes, String mimeType);
}
