package dev.tallyspan.collector.output.view;

/** The styles of text, as ANSI SGR parameters. */
enum Style {
  PLAIN(""),
  DIM("2"),
  BOLD("1"),
  ERROR("31"),
  WARN("33"),
  CALL("36"),
  MONEY("32"),
  SUM("1;32");

  private final String sgr;

  Style(String sgr) {
    this.sgr = sgr;
  }

  /**
   * Returns {@code text} in this style's escape sequences; unchanged if there is nothing to style.
   */
  String paint(String text) {
    return sgr.isEmpty() || text.isBlank() ? text : "\u001b[" + sgr + "m" + text + "\u001b[0m";
  }
}
