package dev.tallyspan.collector.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directory for data that Tallyspan keeps between runs: the one that the user sets, else {@code
 * TALLYSPAN_DATA}, else the user's state directory. A server with a configuration file uses the
 * directory in the file before the variable, and none by default: the file says all that the server
 * does.
 *
 * @see <a href="https://specifications.freedesktop.org/basedir-spec/latest/">XDG Base Directory
 *     Specification</a>
 */
final class DataDirectory {

  /** Instead of a directory: nothing is kept, and no data from earlier runs is used. */
  static final String NONE = "none";

  private static final String VARIABLE = "TALLYSPAN_DATA";

  private DataDirectory() {}

  /**
   * Returns the directory; null for none.
   *
   * @param named the directory that the user sets; null if it is not set
   */
  static @Nullable Path of(@Nullable String named, Map<String, String> env) {
    String data = named == null ? value(env, VARIABLE) : named;
    if (data != null) {
      return path(data);
    }
    String state = value(env, "XDG_STATE_HOME");
    if (state != null && Path.of(state).isAbsolute()) {
      return Path.of(state, "tallyspan");
    }
    String home = value(env, "HOME");
    return Path.of(home == null ? System.getProperty("user.home") : home)
        .resolve(Path.of(".local", "state", "tallyspan"));
  }

  /**
   * Returns the directory of a server with a configuration file; null for none.
   *
   * @param named the directory that the user sets; null if it is not set
   * @param configured the directory in the file; null if it is not set
   */
  static @Nullable Path withFile(
      @Nullable String named, @Nullable Path configured, Map<String, String> env) {
    if (named != null) {
      return path(named);
    }
    String data = value(env, VARIABLE);
    return configured != null || data == null ? configured : path(data);
  }

  /** Whether the user sets a directory, on the command line or in the environment. */
  static boolean isSet(@Nullable String named, Map<String, String> env) {
    return named != null || value(env, VARIABLE) != null;
  }

  private static @Nullable Path path(String data) {
    return data.equals(NONE) ? null : Path.of(data);
  }

  /** The price table that {@code catalog update} keeps. */
  static Path catalog(Path directory) {
    return directory.resolve("catalog.json");
  }

  private static @Nullable String value(Map<String, String> env, String name) {
    String value = env.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
