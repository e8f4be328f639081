package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The profiles that Tallyspan has, one file each, and files of users in the same format. The index
 * names the profiles with the endpoints by which their backends are recognised, so that no other
 * file is read at the start.
 */
public final class BackendProfiles {

  private static final String DIRECTORY = "/dev/tallyspan/collector/profiles/";

  private BackendProfiles() {}

  /** Returns the names of all profiles that Tallyspan has, in the order of the index. */
  public static List<String> names() {
    return List.copyOf(index().keySet());
  }

  /** Whether a name is that of a file: it has a slash, or ends in {@code .yaml} or {@code .yml}. */
  static boolean isFile(String name) {
    return name.contains("/") || name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /**
   * Returns a profile.
   *
   * @param name of a profile that Tallyspan has, or of a file
   * @throws ConfigException if there is none, or if the file has faults
   */
  public static BackendProfile get(String name) throws ConfigException {
    if (!isFile(name)) {
      return BackendProfileReader.read(name, "profile " + name, text(name));
    }
    return check(path(name));
  }

  /**
   * Returns the profile in a file.
   *
   * @throws ConfigException if the file cannot be read, or has faults
   */
  public static BackendProfile check(Path file) throws ConfigException {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    return BackendProfileReader.read(name, file.toString(), ConfigLoader.read(file));
  }

  /**
   * Returns the file of a profile, as it is.
   *
   * @throws ConfigException if there is none
   */
  public static String text(String name) throws ConfigException {
    if (isFile(name)) {
      return ConfigLoader.read(path(name));
    }
    if (!index().containsKey(name)) {
      throw new ConfigException("", List.of(new Fault(0, 0, unknown(name))));
    }
    return resource(name + ".yaml");
  }

  private static Path path(String name) throws ConfigException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ConfigException("", List.of(new Fault(0, 0, "not a file name")));
    }
  }

  private static String unknown(String name) {
    String nearest = Suggestions.nearest(name, names());
    return "unknown profile "
        + name
        + (nearest == null
            ? "; known profiles are " + String.join(", ", names())
            : "; did you mean " + nearest + "?");
  }

  /**
   * Returns the name of the profile for an endpoint, recognised by its host, port or path; null if
   * it is not known.
   */
  public static @Nullable String forEndpoint(String url) {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.parse(url, 4317);
    } catch (IllegalArgumentException e) {
      return null;
    }
    for (Map.Entry<String, List<String>> entry : index().entrySet()) {
      if (entry.getValue().stream().anyMatch(mark -> matches(mark, endpoint))) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** A mark is a host, {@code *.domain}, {@code :port} or {@code /path}. */
  private static boolean matches(String mark, Endpoint endpoint) {
    String host = endpoint.host().toLowerCase(Locale.ROOT);
    if (mark.startsWith("/")) {
      return (endpoint.path() + "/").contains(mark + "/");
    }
    if (mark.startsWith(":")) {
      return mark.equals(":" + endpoint.port());
    }
    return mark.startsWith("*.")
        ? host.endsWith(mark.substring(1)) || host.equals(mark.substring(2))
        : host.equals(mark);
  }

  /** The marks of the endpoints, by profile. */
  private static Map<String, List<String>> index() {
    Map<String, List<String>> index = new LinkedHashMap<>();
    resource("index.txt")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
              index.put(words.remove(0), words);
            });
    return index;
  }

  private static String resource(String name) {
    try (InputStream in =
        requireNonNull(BackendProfiles.class.getResourceAsStream(DIRECTORY + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
