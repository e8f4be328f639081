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

  /** {@return the schema's name of the part: {@code text}, {@code tool_call}, …} */
  String type();

  /** {@return members that the schema does not define, in order; never null} */
  Map<String, Value<?>> extra();

  /**
   * Text that was written or spoken.
   *
   * @param content the text
   * @param extra members that the schema does not define, in order
   */
  record Text(String content, Map<String, Value<?>> extra) implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param content null is an empty text
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
    public Text {
      content = Objects.requireNonNullElse(content, "");
      extra = kept(extra, "content");
    }

    /**
     * Creates a part without extra members.
     *
     * @param content the text
     */
    public Text(String content) {
      this(content, Map.of());
    }

    @Override
    public String type() {
      return "text";
    }
  }

  /**
   * The model's reasoning.
   *
   * @param content the text; empty if the provider withheld it
   * @param extra members that the schema does not define, in order
   */
  record Reasoning(String content, Map<String, Value<?>> extra) implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param content null is an empty text
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
    public Reasoning {
      content = Objects.requireNonNullElse(content, "");
      extra = kept(extra, "content");
    }

    /**
     * Creates a part without extra members.
     *
     * @param content the text; empty if the provider withheld it
     */
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
   * @param id of the call, as in its result; null if there is none
   * @param name of the tool
   * @param arguments an object, or text if the source's text is not JSON; null if there are none
   * @param extra members that the schema does not define, in order
   */
  record ToolCall(
      @Nullable String id, String name, @Nullable Value<?> arguments, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param id as in the result; null if there is none
     * @param name null is an empty text
     * @param arguments null if there are none
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
    public ToolCall {
      name = Objects.requireNonNullElse(name, "");
      extra = kept(extra, "id", "name", "arguments");
    }

    /**
     * {@return a call with the text of its arguments}
     *
     * @param id of the call, as in its result; null if there is none
     * @param name of the tool; null is an empty name
     * @param json the arguments, usually an object; other text is kept as text; null or blank if
     *     there are none
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

  /**
   * The result of a tool call.
   *
   * @param id of the call; null if there is none
   * @param response text, or an object or array
   * @param extra members that the schema does not define, in order
   */
  record ToolCallResponse(@Nullable String id, Value<?> response, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param id null if there is none
     * @param response null is an empty text
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
    public ToolCallResponse {
      response = Objects.requireNonNullElse(response, Value.of(""));
      extra = kept(extra, "id", "response");
    }

    /**
     * {@return the result of a call}
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
   * @param id of the call, as in its result; null if there is none
   * @param name of the tool
   * @param call an object with a {@code type}
   * @param extra members that the schema does not define, in order
   */
  record ServerToolCall(
      @Nullable String id, String name, Value<?> call, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param id as in the result; null if there is none
     * @param name null is an empty text
     * @param call null is an empty object
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
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
   * @param id of the call; null if there is none
   * @param response an object with a {@code type}
   * @param extra members that the schema does not define, in order
   */
  record ServerToolCallResponse(@Nullable String id, Value<?> response, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param id null if there is none
     * @param response null is an empty object
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
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
   * @param mimeType such as {@code image/png}; null if it is not known
   * @param modality {@code image}, {@code audio}, {@code video}, {@code document}
   * @param content base64
   * @param extra members that the schema does not define, in order
   */
  record Blob(
      @Nullable String mimeType, String modality, String content, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param mimeType null if it is not known
     * @param modality null is {@code document}
     * @param content base64; null is an empty text
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
    public Blob {
      modality = Objects.requireNonNullElse(modality, "document");
      content = Objects.requireNonNullElse(content, "");
      extra = kept(extra, "mime_type", "modality", "content");
    }

    /**
     * {@return a part with the bytes; its modality is that of the MIME type}
     *
     * @param mimeType such as {@code image/png}; null if it is not known
     * @param bytes the content, not encoded; null is no bytes
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

  /**
   * A file that the provider holds.
   *
   * @param mimeType such as {@code image/png}; null if it is not known
   * @param modality {@code image}, {@code audio}, {@code video}, {@code document}
   * @param fileId the provider's id of the file
   * @param extra members that the schema does not define, in order
   */
  record StoredFile(
      @Nullable String mimeType, String modality, String fileId, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param mimeType null if it is not known
     * @param modality null is {@code document}
     * @param fileId null is an empty text
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
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

  /**
   * A resource at another location; never a {@code data:} URL, which is a blob.
   *
   * @param mimeType such as {@code image/png}; null if it is not known
   * @param modality {@code image}, {@code audio}, {@code video}, {@code document}
   * @param uri the location
   * @param extra members that the schema does not define, in order
   */
  record Uri(@Nullable String mimeType, String modality, String uri, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param mimeType null if it is not known
     * @param modality null is {@code document}
     * @param uri null is an empty text
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
    public Uri {
      modality = Objects.requireNonNullElse(modality, "document");
      uri = Objects.requireNonNullElse(uri, "");
      extra = kept(extra, "mime_type", "modality", "uri");
    }

    /**
     * {@return a part with the location; its modality is that of the MIME type}
     *
     * @param mimeType such as {@code image/png}; null if it is not known
     * @param uri the location; null is an empty text
     */
    public static Uri of(@Nullable String mimeType, @Nullable String uri) {
      return new Uri(mimeType, modalityOf(mimeType), uri == null ? "" : uri, Map.of());
    }

    @Override
    public String type() {
      return "uri";
    }
  }

  /**
   * A summary that replaces earlier messages.
   *
   * @param id of the summary; null if there is none
   * @param content the summary; null if there is none
   * @param extra members that the schema does not define, in order
   */
  record Compaction(@Nullable String id, @Nullable String content, Map<String, Value<?>> extra)
      implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param id null if there is none
     * @param content null if there is none
     * @param extra null is none; the schema's own members are removed, as they would be written
     *     twice
     */
    public Compaction {
      extra = kept(extra, "id", "content");
    }

    @Override
    public String type() {
      return "compaction";
    }
  }

  /**
   * Any other part.
   *
   * @param type the source's name of the part
   * @param extra all members except the type, in order
   */
  record Generic(String type, Map<String, Value<?>> extra) implements MessagePart {
    /**
     * Creates a part. Null is never an error.
     *
     * @param type null is {@code unknown}
     * @param extra null is none; a member named {@code type} is removed, as it would be written
     *     twice
     */
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
