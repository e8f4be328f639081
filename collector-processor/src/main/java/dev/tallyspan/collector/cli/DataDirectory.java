package dev.tallyspan.collector.cli;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where Tallyspan keeps what outlives a run: what the user names, else {@code TALLYSPAN_DATA}, else
 * the user's directory for state.
 *
 * @see <a href="https://specifications.freedesktop.org/basedir-spec/latest/">XDG Base Directory
 *     Specification</a>
 */
final class DataDirectory {

  /** In place of a directory: nothing is kept, and nothing that was kept is used. */
  static final String NONE = "none";

  private DataDirectory() {}

  /**
   * The directory; null for none.
   *
   * @param named by the user, or null
   */
  static Path of(String named, Map<String, String> env) {
    String data = named == null ? value(env, "TALLYSPAN_DATA") : named;
    if (data != null) {
      return data.equals(NONE) ? null : Path.of(data);
    }
    String state = value(env, "XDG_STATE_HOME");
    if (state != null && Path.of(state).isAbsolute()) {
      return Path.of(state, "tallyspan");
    }
    String home = value(env, "HOME");
    return Path.of(home == null ? System.getProperty("user.home") : home)
        .resolve(Path.of(".local", "state", "tallyspan"));
  }

  /** The price table that {@code catalog update} keeps. */
  static Path catalog(Path directory) {
    return directory.resolve("catalog.json");
  }

  private static String value(Map<String, String> env, String name) {
    String value = env.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
