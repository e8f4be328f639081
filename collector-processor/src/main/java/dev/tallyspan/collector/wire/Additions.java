package dev.tallyspan.collector.wire;

import java.util.Arrays;

/**
 * Bytes to add to a request, as one growing sequence. Short pieces are collected in one array. A
 * long text stays in the array that it came in, and is copied only when the request is sent. Not
 * thread-safe.
 */
final class Additions {

  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  private final ProtobufWriter collected = new ProtobufWriter(4096);

  /* For each text: its bytes, its position in the sequence, and the bytes of the texts before it. */
  private byte[][] texts = new byte[16][];
  private int[] positions = new int[16];
  private int[] textsBefore = new int[16];
  private int textCount;

  /** The bytes of all texts together. */
  private int textSize;

  void reset() {
    collected.reset();
    Arrays.fill(texts, 0, textCount, Wire.NO_BYTES);
    textCount = 0;
    textSize = 0;
  }

  /** The number of bytes so far. */
  int size() {
    return collected.size() + textSize;
  }

  void append(byte[] bytes, int offset, int length) {
    collected.append(bytes, offset, length);
  }

  void varint(long value) {
    collected.varint(value);
  }

  /**
   * Appends a text without copying it.
   *
   * @param utf8 not empty; must not be modified afterwards
   * @throws IllegalStateException if the sequence would exceed 2 GiB
   */
  void text(byte[] utf8) {
    int at = size();
    if (utf8.length > MAX_SIZE - at) {
      throw new IllegalStateException("additions of more than 2 GiB");
    }
    if (textCount == texts.length) {
      texts = Arrays.copyOf(texts, 2 * textCount);
      positions = Arrays.copyOf(positions, 2 * textCount);
      textsBefore = Arrays.copyOf(textsBefore, 2 * textCount);
    }
    texts[textCount] = utf8;
    positions[textCount] = at;
    textsBefore[textCount] = textSize;
    textCount++;
    textSize += utf8.length;
  }

  /** The number of texts. */
  int texts() {
    return textCount;
  }

  /** Returns a copy of the short pieces, for {@link #addTo}. */
  byte[] collected() {
    return collected.toByteArray();
  }

  /**
   * Adds a range of the sequence to {@code slices}. It has each text as a whole or not at all.
   *
   * @param pieces what {@link #collected()} returned
   */
  void addTo(Slices slices, byte[] pieces, int from, int to) {
    int found = Arrays.binarySearch(positions, 0, textCount, from);
    int text = found < 0 ? -found - 1 : found;
    int at = from - textsBefore(text);
    for (; text < textCount && positions[text] < to; text++) {
      int piecesEnd = positions[text] - textsBefore[text];
      slices.add(pieces, at, piecesEnd - at);
      slices.add(texts[text], 0, texts[text].length);
      at = piecesEnd;
    }
    slices.add(pieces, at, to - textsBefore(text) - at);
  }

  private int textsBefore(int text) {
    return text == textCount ? textSize : textsBefore[text];
  }

  /** Releases memory beyond {@code capacity}, which a large request may have needed. */
  void shrink(int capacity) {
    collected.shrink(capacity);
    if (texts.length * 2 * Long.BYTES > capacity) {
      textCount = 0;
      textSize = 0;
      texts = new byte[16][];
      positions = new int[16];
      textsBefore = new int[16];
    }
  }
}
