package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;

/** What is said of a base URL that already ends in the path of one signal. */
final class SignalPath {

  private SignalPath() {}

  /**
   * The warning, said as it goes behind the name of the setting.
   *
   * @param exact the setting whose URL is taken as it is
   */
  static String warning(Signal signal, String exact) {
    return ": ends in "
        + signal.httpPath()
        + ", which is appended to it: it is used without; name the base URL, or set "
        + exact;
  }
}
