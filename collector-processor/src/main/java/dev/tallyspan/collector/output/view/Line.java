package dev.tallyspan.collector.output.view;

/** One line of output under construction, which knows how many columns it has taken. */
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

  /** Puts {@code piece}, which must be free of control characters. */
  Line put(String piece, Style style) {
    text.append(options.colour() ? style.paint(piece) : piece);
    columns += Text.width(piece);
    return this;
  }

  Line put(String piece) {
    return put(piece, Style.PLAIN);
  }

  /** Puts {@code piece} at the right end of a field of {@code width} columns. */
  Line right(String piece, int width, Style style) {
    return pad(columns + width - Text.width(piece)).put(piece, style);
  }

  /** Puts foreign text into the columns up to {@code column}, cut if it is longer. */
  Line fit(String foreign, int column, Style style) {
    return put(Text.fit(foreign, column - columns, options.glyphs().ellipsis()), style);
  }

  /** Goes on at {@code column}; does nothing if the line is there already. */
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
