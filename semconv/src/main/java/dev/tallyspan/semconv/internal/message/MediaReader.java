package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.StoredFile;
import dev.tallyspan.semconv.MessagePart.Uri;
import dev.tallyspan.semconv.internal.json.Json;
import io.opentelemetry.api.common.Value;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads parts that hold images, audio, video and documents, in any provider's shape. */
final class MediaReader {

  private static final String[] READ = {
    "type",
    "image_url",
    "image",
    "source",
    "url",
    "uri",
    "data",
    "mediaType",
    "media_type",
    "mimeType",
    "mime_type",
    "modality",
    "content",
    "file_id",
    "fileId",
    "fileUri",
    "file_uri",
    "file",
    "file_data",
    "input_audio",
    "audio",
    "video",
    "document",
    "format"
  };

  private MediaReader() {}

  /** Reads a part with a type; null if it contains no media. */
  static @Nullable MessagePart read(Json part, String type) {
    switch (type) {
      case "blob":
        return blob(part, mime(part), part.get("modality").text(), part.get("content"));
      case "uri":
        return located(part, mime(part), part.get("modality").text(), part.get("uri").asText());
      case "image_url", "input_image", "image":
        return media(part, part.first("image_url", "image", "source"), "image");
      case "input_audio", "audio":
        return media(part, part.first("input_audio", "audio", "source"), "audio");
      case "video", "video_url", "input_video":
        return media(part, part.first("video", "video_url", "source"), "video");
      case "file", "input_file", "document", "media":
        return media(part, part.first("file", "document", "source"), null);
      default:
        return null;
    }
  }

  /** Reads a part without a type; null if none of its members contains media. */
  static @Nullable MessagePart readByMember(Json part) {
    Json inline = part.first("inlineData", "inline_data", "fileData", "file_data");
    if (inline.isObject()) {
      return media(inline, Json.ABSENT, null);
    }
    for (String modality : new String[] {"image", "video", "document", "audio"}) {
      if (part.get(modality).isPresent()) {
        return media(part, part.get(modality), modality);
      }
    }
    return null;
  }

  /**
   * @param inner the member that may contain the source; absent if there is none
   */
  private static @Nullable MessagePart media(Json part, Json inner, @Nullable String modality) {
    Json from = inner.isObject() && !isByteMap(inner) ? inner : part;
    Json deeper = from.first("source", "image", "audio", "image_url");
    if (deeper.isObject() && !isByteMap(deeper)) {
      from = deeper;
    }
    String mime = mime(from) != null ? mime(from) : mime(part);
    Json format = from.get("format").isText() ? from.get("format") : inner.get("format");
    if (mime == null && format.isText() && modality != null) {
      mime = modality + "/" + format.text();
    }
    Json fileId = from.first("file_id", "fileId");
    if (!fileId.isPresent()) {
      fileId = part.first("file_id", "fileId");
    }
    if (fileId.isPresent()) {
      return new StoredFile(mime, modality(mime, modality), fileId.asText(), rest(part));
    }
    Json location = from.first("url", "uri", "fileUri", "file_uri");
    if (location.isText()) {
      return located(part, mime, modality, location.text());
    }
    Json data = from.first("data", "bytes", "file_data", "image", "audio", "content");
    if (!data.isPresent() && !inner.isObject()) {
      data = inner; // the member itself is the URL, the base64 text or the bytes
    }
    if (!data.isPresent() && isByteMap(inner)) {
      data = inner;
    }
    return data.isPresent() ? blob(part, mime, modality, data) : null;
  }

  private static @Nullable MessagePart located(
      Json part, @Nullable String mime, @Nullable String modality, @Nullable String location) {
    if (location == null) {
      return null;
    }
    if (location.startsWith("data:")) {
      int comma = location.indexOf(',');
      String head = comma < 0 ? "" : location.substring(5, comma);
      int end = head.indexOf(';');
      String ofUrl = end < 0 ? head : head.substring(0, end);
      String known = ofUrl.isEmpty() ? mime : ofUrl;
      return new Blob(known, modality(known, modality), location.substring(comma + 1), rest(part));
    }
    return new Uri(mime, modality(mime, modality), location, rest(part));
  }

  private static @Nullable MessagePart blob(
      Json part, @Nullable String mime, @Nullable String modality, Json data) {
    String text = data.text();
    if (text != null && (text.startsWith("data:") || isUrl(text))) {
      return located(part, mime, modality, text);
    }
    String base64 =
        text == null ? base64(data) : PythonBytes.isPrinted(text) ? PythonBytes.base64(text) : text;
    return new Blob(mime, modality(mime, modality), base64, rest(part));
  }

  private static boolean isUrl(String text) {
    int end = text.substring(0, Math.min(text.length(), 12)).indexOf("://");
    return end >= 2 && text.substring(0, end).chars().allMatch(Character::isLetterOrDigit);
  }

  /** Bytes, which some runtimes print as {@code {"0":137,"1":80}} or {@code {"data":[137,80]}}. */
  private static String base64(Json data) {
    if (data.bytes() != null) {
      return Base64.getEncoder().encodeToString(data.bytes());
    }
    Json list = data.get("data").isArray() ? data.get("data") : data;
    byte[] bytes = new byte[list.size()];
    int i = 0;
    if (list.isArray()) {
      for (Json number : list) {
        bytes[i++] = (byte) number.asCount();
      }
    } else {
      for (Json number : list.entries().values()) {
        bytes[i++] = (byte) number.asCount();
      }
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static boolean isByteMap(Json json) {
    return json.get("0").isNumber()
        || (json.get("data").isArray() && json.get("data").at(0).isNumber());
  }

  private static @Nullable String mime(Json json) {
    Json mime =
        json.first("mime_type", "mimeType", "media_type", "mediaType", "mimetype", "contentType");
    String text = mime.text();
    return text == null || text.indexOf('/') < 0 ? null : text.toLowerCase(Locale.ROOT);
  }

  private static String modality(@Nullable String mime, @Nullable String known) {
    if (known != null) {
      return known;
    }
    if (mime == null) {
      return "document";
    }
    String kind = mime.substring(0, Math.max(0, mime.indexOf('/')));
    return switch (kind) {
      case "image", "audio", "video" -> kind;
      default -> "document";
    };
  }

  private static Map<String, Value<?>> rest(Json part) {
    Map<String, Value<?>> rest = PartReader.rest(part, READ);
    rest.remove("inlineData");
    Json transcript = part.get("audio").get("transcript");
    if (transcript.isText()) {
      rest.put("transcript", transcript.value());
    }
    Json detail = part.get("image_url").get("detail");
    if (detail.isText()) {
      rest.put("detail", detail.value());
    }
    Json filename = part.get("file").get("filename");
    if (filename.isText()) {
      rest.put("filename", filename.value());
    }
    return rest;
  }
}
