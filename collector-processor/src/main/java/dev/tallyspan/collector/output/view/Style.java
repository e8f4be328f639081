package dev.tallyspan.collector.output.view;

/** How a piece of text stands out, as an ANSI SGR parameter. */
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

  /** {@code text} between this style's escape sequences; as it is if there is nothing to set. */
  String paint(String text) {
    return sgr.isEmpty() || text.isBlank() ? text : "\u001b[" + sgr + "m" + text + "\u001b[0m";
  }
}
