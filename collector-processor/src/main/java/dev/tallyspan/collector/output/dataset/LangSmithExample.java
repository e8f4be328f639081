package dev.tallyspan.collector.output.dataset;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An example of LangSmith. Its {@code source_run_id} would be a run of LangSmith; which trace it is
 * from, its metadata say.
 */
final class LangSmithExample implements Row {

  @Override
  public Map<String, @Nullable Object> of(String dataset, DatasetCase each) {
    Map<String, @Nullable Object> example = new LinkedHashMap<>();
    example.put("id", uuid(each.stableId(dataset)));
    example.put("inputs", Row.chatInput(each));
    Map<String, @Nullable Object> expected = Row.expectedObject(each);
    if (expected != null) {
      example.put("outputs", expected);
    }
    example.put("metadata", each.metadata());
    example.put("split", each.split());
    return example;
  }

  /** Returns 32 hexadecimal digits as a UUID of version 8, which is free for own digests. */
  private static String uuid(String hex) {
    char variant = "89ab".charAt(Character.digit(hex.charAt(16), 16) & 3);
    return hex.substring(0, 8)
        + "-"
        + hex.substring(8, 12)
        + "-8"
        + hex.substring(13, 16)
        + "-"
        + variant
        + hex.substring(17, 20)
        + "-"
        + hex.substring(20);
  }
}
