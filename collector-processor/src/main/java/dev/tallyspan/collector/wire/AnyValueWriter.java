package dev.tallyspan.collector.wire;

import static java.util.Objects.requireNonNull;

/**
 * Encodes one {@code AnyValue} of any shape:
 *
 * <pre>{@code
 * writer.startMap().key("role").string("user").key("parts").startArray().string("hi").end().end();
 * }</pre>
 *
 * <p>Write exactly one value; in a map, write each value after its key. Calls in any other order
 * throw {@link IllegalStateException}. Not thread-safe; can be reused after {@link #reset}.
 */
public final class AnyValueWriter {

  /** Keeps values within protobuf-java's nesting limit; a span's attribute is at level 5. */
  private static final int MAX_OPEN = 30;

  private static final int STRING = 1;
  private static final int BOOL = 2;
  private static final int INT = 3;
  private static final int DOUBLE = 4;
  private static final int ARRAY = 5;
  private static final int MAP = 6;
  private static final int BYTES = 7;

  private final ProtobufWriter out = new ProtobufWriter();

  /** The kinds of the open lists, the innermost last. */
  private final int[] open = new int[MAX_OPEN];

  private int depth;
  private boolean written;
  private boolean keyed;

  public AnyValueWriter string(String value) {
    requireNonNull(value, "value");
    begin();
    out.writeString(STRING, value);
    return done();
  }

  public AnyValueWriter bool(boolean value) {
    begin();
    out.writeVarint(BOOL, value ? 1 : 0);
    return done();
  }

  public AnyValueWriter integer(long value) {
    begin();
    out.writeVarint(INT, value);
    return done();
  }

  public AnyValueWriter real(double value) {
    begin();
    out.writeDouble(DOUBLE, value);
    return done();
  }

  public AnyValueWriter bytes(byte[] value) {
    requireNonNull(value, "value");
    begin();
    out.writeBytes(BYTES, value);
    return done();
  }

  /** Writes a value that is not set, OTLP's null. */
  public AnyValueWriter empty() {
    begin();
    return done();
  }

  public AnyValueWriter startArray() {
    return start(ARRAY);
  }

  public AnyValueWriter startMap() {
    return start(MAP);
  }

  /** Writes the key of the value that follows. Only allowed in a map. */
  public AnyValueWriter key(String key) {
    requireNonNull(key, "key");
    if (depth == 0 || open[depth - 1] != MAP || keyed) {
      throw new IllegalStateException("a key is not allowed here");
    }
    out.startMessage(1).writeString(1, key);
    keyed = true;
    return this;
  }

  /** Ends the array or map that was started last. */
  public AnyValueWriter end() {
    if (depth == 0 || keyed) {
      throw new IllegalStateException(keyed ? "the last key has no value" : "no open array or map");
    }
    depth--;
    out.endMessage();
    return done();
  }

  /**
   * Returns a copy of the encoded value.
   *
   * @throws IllegalStateException if the value is incomplete
   */
  public byte[] toByteArray() {
    checkWhole();
    return out.toByteArray();
  }

  /** Discards the value, and keeps the memory for the next one. */
  public void reset() {
    out.reset();
    depth = 0;
    written = false;
    keyed = false;
  }

  int capacity() {
    return out.array().length;
  }

  /** The encoded value, valid until the next write. */
  ProtobufWriter encoded() {
    checkWhole();
    return out;
  }

  private void checkWhole() {
    if (!written || depth > 0) {
      throw new IllegalStateException(
          written ? "an array or map is still open" : "no value was written");
    }
  }

  private AnyValueWriter start(int kind) {
    if (depth == MAX_OPEN) {
      throw new IllegalStateException("nested deeper than " + MAX_OPEN + " levels");
    }
    begin();
    out.startMessage(kind);
    open[depth++] = kind;
    keyed = false;
    return this;
  }

  /** Opens the field that encloses a value: an array's element, a map entry's value, or none. */
  private void begin() {
    if (depth == 0) {
      if (written) {
        throw new IllegalStateException("a value was already written");
      }
      written = true;
    } else if (open[depth - 1] == ARRAY) {
      out.startMessage(1);
    } else if (keyed) {
      out.startMessage(2);
    } else {
      throw new IllegalStateException("a value in a map needs a key");
    }
  }

  private AnyValueWriter done() {
    if (depth > 0) {
      out.endMessage();
      if (open[depth - 1] == MAP) {
        out.endMessage();
        keyed = false;
      }
    }
    return this;
  }
}
