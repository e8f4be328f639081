package dev.tallyspan.semconv;

import io.opentelemetry.api.common.Value;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a message, as defined by the message schemas of the GenAI conventions. Members that the
 * schema does not define (signatures, cache marks, citations) are kept in {@link #extra()} and
 * written next to the schema's members. Optional members are null if absent. Required members are
 * never null: null given for a text becomes an empty text, and null for an object an empty object,
 * so that building a part never throws.
 */
public sealed interface MessagePart {

  /** The schema's name of the part: {@code text}, {@code tool_call}, … */
  String type();

  /** Members that the schema does not define, in order; never null. */
  Map<String, Value<?>> extra();

  /** Text that was written or spoken. */
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

  /** The model's reasoning; the content is empty if the provider withheld it. */
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
   * A tool call that the model requests.
   *
   * @param arguments an object, or text if the source's text is not JSON; null if there are none
   */
  record ToolCall(
      @Nullable String id, String name, @Nullable Value<?> arguments, Map<String, Value<?>> extra)
      implements MessagePart {
    public ToolCall {
      name = Objects.requireNonNullElse(name, "");
      extra = kept(extra, "id", "name", "arguments");
    }

    /**
     * Creates a call from the text of its arguments.
     *
     * @param id of the call, as in its result; null if there is none
     * @param json the arguments, usually an object; other text is kept as text; null if there are
     *     none
     */
    public static ToolCall of(@Nullable String id, @Nullable String name, @Nullable String json) {
      Value<?> arguments = json == null || json.isBlank() ? null : ValueSupport.fromJson(json);
      return new ToolCall(id, name == null ? "" : name, arguments, Map.of());
    }

    @Override
    public String type() {
      return "tool_call";
    }
  }

  /** The result of a tool call. */
  record ToolCallResponse(@Nullable String id, Value<?> response, Map<String, Value<?>> extra)
      implements MessagePart {
    public ToolCallResponse {
      response = Objects.requireNonNullElse(response, Value.of(""));
      extra = kept(extra, "id", "response");
    }

    /**
     * Creates the result of a call.
     *
     * @param id of the call; null if there is none
     * @param result text, or the text of a JSON object or array; null is an empty text
     */
    public static ToolCallResponse of(@Nullable String id, @Nullable String result) {
      return new ToolCallResponse(id, ValueSupport.fromJson(result), Map.of());
    }

    @Override
    public String type() {
      return "tool_call_response";
    }
  }

  /**
   * A call of a tool that the provider runs itself.
   *
   * @param call an object with a {@code type}
   */
  record ServerToolCall(
      @Nullable String id, String name, Value<?> call, Map<String, Value<?>> extra)
      implements MessagePart {
    public ServerToolCall {
      name = Objects.requireNonNullElse(name, "");
      call = Objects.requireNonNullElse(call, Value.of(Map.of()));
      extra = kept(extra, "id", "name", "server_tool_call");
    }

    @Override
    public String type() {
      return "server_tool_call";
    }
  }

  /**
   * The result of a tool that the provider ran itself.
   *
   * @param response an object with a {@code type}
   */
  record ServerToolCallResponse(@Nullable String id, Value<?> response, Map<String, Value<?>> extra)
      implements MessagePart {
    public ServerToolCallResponse {
      response = Objects.requireNonNullElse(response, Value.of(Map.of()));
      extra = kept(extra, "id", "server_tool_call_response");
    }

    @Override
    public String type() {
      return "server_tool_call_response";
    }
  }

  /**
   * Bytes that are part of the message.
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

    /**
     * Creates a part from bytes; the modality is that of the MIME type.
     *
     * @param mimeType such as {@code image/png}; null if it is not known
     */
    public static Blob of(@Nullable String mimeType, byte @Nullable [] bytes) {
      String content = bytes == null ? "" : Base64.getEncoder().encodeToString(bytes);
      return new Blob(mimeType, modalityOf(mimeType), content, Map.of());
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

  /** A resource at another location; never a {@code data:} URL, which is a blob. */
  record Uri(@Nullable String mimeType, String modality, String uri, Map<String, Value<?>> extra)
      implements MessagePart {
    public Uri {
      modality = Objects.requireNonNullElse(modality, "document");
      uri = Objects.requireNonNullElse(uri, "");
      extra = kept(extra, "mime_type", "modality", "uri");
    }

    /**
     * Creates a part from a location; the modality is that of the MIME type.
     *
     * @param mimeType such as {@code image/png}; null if it is not known
     */
    public static Uri of(@Nullable String mimeType, @Nullable String uri) {
      return new Uri(mimeType, modalityOf(mimeType), uri == null ? "" : uri, Map.of());
    }

    @Override
    public String type() {
      return "uri";
    }
  }

  /** A summary that replaces earlier messages. */
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

  /** Any other part; all members except its type are in {@code extra}. */
  record Generic(String type, Map<String, Value<?>> extra) implements MessagePart {
    public Generic {
      type = Objects.requireNonNullElse(type, "unknown");
      extra = kept(extra);
    }
  }

  /** The modality of a MIME type; {@code document} if it is not known. */
  private static String modalityOf(@Nullable String mimeType) {
    if (mimeType != null) {
      String top = mimeType.strip().toLowerCase(Locale.ROOT);
      for (String modality : List.of("image", "audio", "video")) {
        if (top.startsWith(modality)) {
          return modality;
        }
      }
    }
    return "document";
  }

  /** Removes the schema's own members, which would be written twice. */
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
