package dev.tallyspan.collector.config;

import dev.tallyspan.collector.flow.Signal;

/** The warning about a base URL that already ends in the path of one signal. */
final class SignalPath {

  private SignalPath() {}

  /**
   * Returns the warning, worded to follow the name of the setting.
   *
   * @param exact the setting whose URL is used unchanged
   */
  static String warning(Signal signal, String exact) {
    return ": ends in "
        + signal.httpPath()
        + ", which is ignored because the path of each signal is appended: set the base URL, or set "
        + exact;
  }
}
