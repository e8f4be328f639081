package dev.tallyspan.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Content as JSON text, as the SDK writes it. */
final class Json {

  private Json() {}

  static String write(Object value) {
    try {
      return McpJsonDefaults.getMapper().writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The result of a tool: the structured one if there is one, which its parts only repeat. */
  static @Nullable String result(@Nullable Object structured, @Nullable Object parts) {
    Object result = structured == null ? parts : structured;
    return result == null ? null : write(result);
  }
}
