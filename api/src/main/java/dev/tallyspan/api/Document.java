package dev.tallyspan.api;

import io.opentelemetry.api.common.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document that a retrieval found.
 *
 * @param id null if there is none
 * @param content the text; null if there is none
 * @param score the relevance; null if there is none
 * @param metadata further members, in order
 */
public record Document(
    @Nullable String id,
    @Nullable String content,
    @Nullable Double score,
    Map<String, Value<?>> metadata) {

  /**
   * Creates a document.
   *
   * @param id null if there is none
   * @param content the text; null if there is none
   * @param score the relevance, as the search gives it; null if there is none, NaN and infinity are
   *     not written
   * @param metadata further members, in order, which are copied; null for none
   */
  public Document {
    metadata =
        metadata == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Creates a document without metadata.
   *
   * @param id null if there is none
   * @param content the text; null if there is none
   * @param score the relevance, as the search gives it; null if there is none, NaN and infinity are
   *     not written
   * @return the document
   */
  public static Document of(@Nullable String id, @Nullable String content, @Nullable Number score) {
    return new Document(id, content, score == null ? null : score.doubleValue(), Map.of());
  }

  Value<?> toValue() {
    Map<String, Value<?>> members = new LinkedHashMap<>();
    if (id != null) {
      members.put("id", Value.of(id));
    }
    if (score != null && Double.isFinite(score)) {
      members.put("score", Value.of(score));
    }
    if (content != null) {
      members.put("content", Value.of(content));
    }
    if (!metadata.isEmpty()) {
      members.put("metadata", Value.of(metadata));
    }
    return Value.of(members);
  }
}
