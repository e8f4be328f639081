package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The name and version of an {@code InstrumentationScope} within the bytes of a request. */
final class WireScope {

  private byte[] bytes = Wire.NO_BYTES;
  private int nameStart;
  private int nameEnd;
  private int versionStart;
  private int versionEnd;

  /* The spans of one scope are adjacent, so each text is decoded once. Null until it is needed. */
  private @Nullable String name;
  private @Nullable String version;

  String name() {
    if (name == null) {
      name = new String(bytes, nameStart, nameEnd - nameStart, StandardCharsets.UTF_8);
    }
    return name;
  }

  String version() {
    if (version == null) {
      version = new String(bytes, versionStart, versionEnd - versionStart, StandardCharsets.UTF_8);
    }
    return version;
  }

  /**
   * Makes this object represent the scope of the {@code ScopeSpans} from {@code start} to {@code
   * end}. Finds the scope anywhere in it; if the scope comes in parts, the last name and the last
   * version count.
   */
  void find(byte[] b, int start, int end) throws WireFault {
    bytes = b;
    name = null;
    version = null;
    nameStart = nameEnd = versionStart = versionEnd = start;
    int pos = start;
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.SCOPE) {
        long content = Wire.content(b, pos, end, "scope", at);
        pos = (int) content;
        read(b, Wire.high(content), pos);
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.SCOPES_DEPTH);
      }
    }
  }

  /** Releases the request. */
  void forget() {
    bytes = Wire.NO_BYTES;
    name = null;
    version = null;
  }

  private void read(byte[] b, int pos, int end) throws WireFault {
    while (pos < end) {
      int at = pos;
      long read = Wire.varint(b, pos, end, "tag", at);
      pos = Wire.high(read);
      int tag = (int) read;
      if (tag == OtlpFields.SCOPE_NAME) {
        long content = Wire.content(b, pos, end, "scope name", at);
        nameStart = Wire.high(content);
        nameEnd = (int) content;
        pos = nameEnd;
      } else if (tag == OtlpFields.SCOPE_VERSION) {
        long content = Wire.content(b, pos, end, "scope version", at);
        versionStart = Wire.high(content);
        versionEnd = (int) content;
        pos = versionEnd;
      } else {
        pos = Wire.skip(b, pos, end, tag, at, OtlpFields.SCOPES_DEPTH + 1);
      }
    }
  }
}
