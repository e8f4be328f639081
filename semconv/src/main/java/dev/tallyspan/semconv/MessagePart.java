package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a message, as the message schemas of the GenAI conventions have them. What a source
 * says beyond the schema (signatures, cache marks, citations) is kept in {@link #extra()} and
 * written beside the schema's own members. Optional members are null where absent.
 */
public sealed interface MessagePart {

  /** The schema's name of the part: {@code text}, {@code tool_call}, … */
  String type();

  /** Members beyond the schema, in their order; never null. */
  Map<String, Value<?>> extra();

  /** What was written or said. */
  record Text(String content, Map<String, Value<?>> extra) implements MessagePart {
    public Text {
      content = Objects.requireNonNullElse(content, "");
      extra = kept(extra, "content");
    }

    public Text(String content) {
      this(content, Map.of());
    }

    @Override
    public String type() {
      return "text";
    }
  }

  /** What the model thought; empty content if the provider withheld it. */
  record Reasoning(String content, Map<String, Value<?>> extra) implements MessagePart {
    public Reasoning {
      content = Objects.requireNonNullElse(content, "");
      extra = kept(extra, "content");
    }

    public Reasoning(String content) {
      this(content, Map.of());
    }

    @Override
    public String type() {
      return "reasoning";
    }
  }

  /**
   * The model asks for a tool.
   *
   * @param arguments an object; text, if the source's text is not JSON
   */
  record ToolCall(
      @Nullable String id, String name, @Nullable Value<?> arguments, Map<String, Value<?>> extra)
      implements MessagePart {
    public ToolCall {
      name = Objects.requireNonNullElse(name, "");
      extra = kept(extra, "id", "name", "arguments");
    }

    @Override
    public String type() {
      return "tool_call";
    }
  }

  /** What a tool answered. */
  record ToolCallResponse(@Nullable String id, Value<?> response, Map<String, Value<?>> extra)
      implements MessagePart {
    public ToolCallResponse {
      response = Objects.requireNonNullElse(response, Value.of(""));
      extra = kept(extra, "id", "response");
    }

    @Override
    public String type() {
      return "tool_call_response";
    }
  }

  /**
   * The provider ran a tool of its own.
   *
   * @param call an object with a {@code type}
   */
  record ServerToolCall(
      @Nullable String id, String name, Value<?> call, Map<String, Value<?>> extra)
      implements MessagePart {
    public ServerToolCall {
      name = Objects.requireNonNullElse(name, "");
      Objects.requireNonNull(call, "call");
      extra = kept(extra, "id", "name", "server_tool_call");
    }

    @Override
    public String type() {
      return "server_tool_call";
    }
  }

  /**
   * What a provider's own tool answered.
   *
   * @param response an object with a {@code type}
   */
  record ServerToolCallResponse(@Nullable String id, Value<?> response, Map<String, Value<?>> extra)
      implements MessagePart {
    public ServerToolCallResponse {
      Objects.requireNonNull(response, "response");
      extra = kept(extra, "id", "server_tool_call_response");
    }

    @Override
    public String type() {
      return "server_tool_call_response";
    }
  }

  /**
   * Bytes inside the message.
   *
   * @param modality {@code image}, {@code audio}, {@code video}, {@code document}
   * @param content base64
   */
  record Blob(
      @Nullable String mimeType, String modality, String content, Map<String, Value<?>> extra)
      implements MessagePart {
    public Blob {
      modality = Objects.requireNonNullElse(modality, "document");
      content = Objects.requireNonNullElse(content, "");
      extra = kept(extra, "mime_type", "modality", "content");
    }

    @Override
    public String type() {
      return "blob";
    }
  }

  /** A file that the provider holds. */
  record StoredFile(
      @Nullable String mimeType, String modality, String fileId, Map<String, Value<?>> extra)
      implements MessagePart {
    public StoredFile {
      modality = Objects.requireNonNullElse(modality, "document");
      fileId = Objects.requireNonNullElse(fileId, "");
      extra = kept(extra, "mime_type", "modality", "file_id");
    }

    @Override
    public String type() {
      return "file";
    }
  }

  /** A resource elsewhere; never a {@code data:} URL, which is a blob. */
  record Uri(@Nullable String mimeType, String modality, String uri, Map<String, Value<?>> extra)
      implements MessagePart {
    public Uri {
      modality = Objects.requireNonNullElse(modality, "document");
      uri = Objects.requireNonNullElse(uri, "");
      extra = kept(extra, "mime_type", "modality", "uri");
    }

    @Override
    public String type() {
      return "uri";
    }
  }

  /** Stands for earlier messages that were summed up. */
  record Compaction(@Nullable String id, @Nullable String content, Map<String, Value<?>> extra)
      implements MessagePart {
    public Compaction {
      extra = kept(extra, "id", "content");
    }

    @Override
    public String type() {
      return "compaction";
    }
  }

  /** Any other part; everything but its type is in {@code extra}. */
  record Generic(String type, Map<String, Value<?>> extra) implements MessagePart {
    public Generic {
      type = Objects.requireNonNullElse(type, "unknown");
      extra = kept(extra);
    }
  }

  /** What is not a member of the schema, which would be written twice. */
  private static Map<String, Value<?>> kept(@Nullable Map<String, Value<?>> extra, String... own) {
    if (extra == null || extra.isEmpty()) {
      return Map.of();
    }
    Map<String, Value<?>> kept = new LinkedHashMap<>(extra);
    kept.remove("type");
    for (String name : own) {
      kept.remove(name);
    }
    return Collections.unmodifiableMap(kept);
  }
}
