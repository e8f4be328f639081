package dev.tallyspan.collector.queue.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that encrypt the keys of segments. The first key is used for new segments; all can be
 * used to read. To rotate, put a new key first, and remove the old one when no segment uses it.
 * Immutable.
 */
public final class MasterKeys {

  /** No keys: new segments are not encrypted, and encrypted ones cannot be opened. */
  public static final MasterKeys NONE = new MasterKeys(Map.of());

  private static final int KEY_BYTES = 32;
  private static final int MAX_ID_BYTES = 64;

  private final Map<String, SecretKey> keys;

  private MasterKeys(Map<String, SecretKey> keys) {
    this.keys = keys;
  }

  /**
   * Reads keys from lines of the form {@code id:key}, where the key is the base64 of 32 random
   * bytes and the id is any name of up to 64 bytes without a colon. Empty lines, and lines that
   * start with {@code #}, are ignored.
   *
   * @throws IllegalArgumentException if a line is not a key, an id occurs twice, or there is no
   *     key; the message names the line by its number and does not quote it
   */
  public static MasterKeys parse(List<String> lines) {
    Map<String, SecretKey> keys = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(keys, line, "line " + (i + 1));
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no key: expected a line with id:base64");
    }
    return new MasterKeys(keys);
  }

  private static void add(Map<String, SecretKey> keys, String line, String where) {
    int colon = line.indexOf(':');
    String id = colon < 0 ? "" : line.substring(0, colon).strip();
    if (id.isEmpty() || id.getBytes(UTF_8).length > MAX_ID_BYTES) {
      throw new IllegalArgumentException(
          where + ": expected id:base64, with an id of 1 to " + MAX_ID_BYTES + " bytes");
    }
    byte[] key = decode(line.substring(colon + 1).strip(), where);
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          where + ": the key has " + key.length + " bytes, must have " + KEY_BYTES);
    }
    if (keys.put(id, new SecretKeySpec(key, "AES")) != null) {
      throw new IllegalArgumentException(where + ": this id occurs twice");
    }
    Arrays.fill(key, (byte) 0);
  }

  private static byte[] decode(String base64, String where) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message quotes a part of the key.
      throw new IllegalArgumentException(where + ": the key is not base64");
    }
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** The id of the key for new segments. */
  String currentId() {
    return keys.keySet().iterator().next();
  }

  @Nullable SecretKey get(String id) {
    return keys.get(id);
  }

  /** The ids of the keys, without the keys. */
  @Override
  public String toString() {
    return "MasterKeys" + keys.keySet();
  }
}
