package dev.tallyspan.collector.wire;

import java.nio.charset.StandardCharsets;

/** An {@code InstrumentationScope}'s name and version within the bytes of a request. */
final class WireScope {

  private byte[] bytes;
  private int nameStart;
  private int nameEnd;
  private int versionStart;
  private int versionEnd;

  /* Spans of one scope come together, so each text is decoded once. */
  private String name;
  private String version;

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
   * Becomes the scope of the {@code ScopeSpans} from {@code start} to {@code end}, wherever in it
   * the scope is; if it comes in parts, the last name and the last version count.
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

  /** Lets go of the request. */
  void forget() {
    bytes = null;
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
