package dev.tallyspan.collector.output.view;

/** A builder of one line of output that counts its columns. */
final class Line {

  private final StringBuilder text = new StringBuilder();
  private final TerminalOptions options;
  private int columns;

  Line(TerminalOptions options) {
    this.options = options;
  }

  int columns() {
    return columns;
  }

  /** Appends {@code piece}, which must not contain control characters. */
  Line put(String piece, Style style) {
    text.append(options.colour() ? style.paint(piece) : piece);
    columns += Text.width(piece);
    return this;
  }

  Line put(String piece) {
    return put(piece, Style.PLAIN);
  }

  /** Appends {@code piece}, right-aligned in a field of {@code width} columns. */
  Line right(String piece, int width, Style style) {
    return pad(columns + width - Text.width(piece)).put(piece, style);
  }

  /** Appends untrusted text up to {@code column}, and truncates it if it is longer. */
  Line fit(String foreign, int column, Style style) {
    return put(Text.fit(foreign, column - columns, options.glyphs().ellipsis()), style);
  }

  /** Pads with spaces up to {@code column}; does nothing if the line is at least that long. */
  Line pad(int column) {
    while (columns < column) {
      text.append(' ');
      columns++;
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString().stripTrailing();
  }
}
