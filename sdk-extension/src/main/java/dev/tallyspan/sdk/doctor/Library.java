package dev.tallyspan.sdk.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A library by the name of its file.
 *
 * @param name of the artifact
 * @param version of it; empty if the name has none
 */
record Library(String name, String version) {

  private static final Pattern FILE = Pattern.compile("(.+?)(?:-([0-9][^/]*))?\\.jar");

  private static final Pattern NO_CLASSES = Pattern.compile(".+-(sources|javadoc)\\.jar");

  /** Returns the library in a file of this name; null if it is not a jar with classes. */
  static @Nullable Library ofFile(String fileName) {
    Matcher matcher = FILE.matcher(fileName);
    return matcher.matches() && !NO_CLASSES.matcher(fileName).matches()
        ? new Library(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2))
        : null;
  }

  /**
   * Compares the version with a major and a minor number.
   *
   * @return whether it is older; false if it is not known
   */
  boolean isBefore(int major, int minor) {
    Matcher numbers = Pattern.compile("([0-9]{1,6})\\.([0-9]{1,6}).*").matcher(version);
    if (!numbers.matches()) {
      return false;
    }
    int first = Integer.parseInt(numbers.group(1));
    return first < major || first == major && Integer.parseInt(numbers.group(2)) < minor;
  }

  /** The major and the minor number; the whole version if it has no such numbers. */
  String line() {
    Matcher numbers = Pattern.compile("([0-9]+\\.[0-9]+).*").matcher(version);
    return numbers.matches() ? numbers.group(1) : version;
  }
}
