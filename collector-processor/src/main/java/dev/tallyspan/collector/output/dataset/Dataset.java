package dev.tallyspan.collector.output.dataset;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JacksonException;
import java.io.BufferedOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cases under a name: those that ask the same are one case, with a count. Written to a file, it is
 * described by a file {@code dataset.json} in the same directory.
 */
public final class Dataset {

  /** The name of the file that describes a dataset. */
  public static final String DESCRIPTION = "dataset.json";

  private final String name;
  private final @Nullable String split;
  private final String version;
  private final InstantSource clock;
  private final Map<String, @Nullable Object> selection;
  private final Map<String, DatasetCase> cases = new LinkedHashMap<>();
  private long added;

  private Dataset(Builder builder) {
    name = builder.name;
    split = builder.split;
    version = builder.version;
    clock = builder.clock;
    selection = new LinkedHashMap<>(builder.selection);
  }

  /**
   * @param name of the dataset; ids of cases depend on it
   */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Adds a case; if one that asks the same is known, only to its count. */
  public void add(DatasetCase each) {
    added += each.count();
    cases.merge(
        each.inputDigest(),
        split == null ? each : each.withSplit(split),
        (known, same) -> known.withCount(known.count() + same.count()));
  }

  /** The cases, in the order in which they were added. */
  public Collection<DatasetCase> cases() {
    return Collections.unmodifiableCollection(cases.values());
  }

  /** How many cases were added, the same ones included. */
  public long added() {
    return added;
  }

  /** Writes the cases. */
  public void write(DatasetFormat format, OutputStream out) throws IOException {
    format.write(name, cases.values(), out);
  }

  /**
   * Writes the cases to a file, and the description beside it. Both are replaced; a description
   * only if it is one.
   *
   * @throws IOException if one of them cannot be written, or a file {@code dataset.json} is there
   *     that is something else
   */
  public void write(DatasetFormat format, Path file) throws IOException {
    Path description = file.resolveSibling(DESCRIPTION);
    if (file.getFileName().toString().equals(DESCRIPTION)) {
      throw new IOException(file + ": the description of the dataset has this name; use another");
    }
    if (Files.exists(description) && !isDescription(description)) {
      throw new IOException(
          description + ": is no description of a dataset; write to another directory");
    }
    replace(file, out -> write(format, out));
    replace(description, out -> out.write(Json.bytes(description(format, file))));
  }

  private static boolean isDescription(Path file) throws IOException {
    try {
      return Json.object(Json.parse(Files.readAllBytes(file)))
          .getOrDefault("schema", "")
          .equals(DatasetCase.SCHEMA);
    } catch (JacksonException | CharConversionException e) {
      return false;
    }
  }

  private Map<String, @Nullable Object> description(DatasetFormat format, Path file) {
    Map<String, @Nullable Object> description = new LinkedHashMap<>();
    description.put("schema", DatasetCase.SCHEMA);
    description.put("name", name);
    description.put("file", file.getFileName().toString());
    description.put("format", format.wireName());
    description.put("split", split);
    description.putAll(selection);
    description.put("cases", cases.size());
    description.put("selected", added);
    description.put("created", Instant.ofEpochSecond(clock.instant().getEpochSecond()).toString());
    description.put("tool", "tallyspan " + version);
    return description;
  }

  private interface Content {
    void to(OutputStream out) throws IOException;
  }

  private static void replace(Path file, Content content) throws IOException {
    Path directory = requireNonNull(file.toAbsolutePath().getParent());
    Path temporary = Files.createTempFile(directory, ".tallyspan", ".tmp");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
        content.to(out);
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Builds a {@link Dataset}. */
  public static final class Builder {
    private final String name;
    private @Nullable String split;
    private String version = "";
    private InstantSource clock = InstantSource.system();
    private final Map<String, @Nullable Object> selection = new LinkedHashMap<>();

    Builder(String name) {
      this.name = requireNonNull(name, "name");
    }

    /** The split that all cases are in. Default: that which each case has. */
    public Builder split(String split) {
      this.split = requireNonNull(split, "split");
      return this;
    }

    /** The version of Tallyspan, for the description. Default: none. */
    public Builder version(String version) {
      this.version = requireNonNull(version, "version");
      return this;
    }

    /** The clock, for the time in the description. Default: the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Says in the description how cases were selected.
     *
     * @param value null = not limited
     */
    public Builder selection(String name, @Nullable String value) {
      selection.put(requireNonNull(name, "name"), value);
      return this;
    }

    /**
     * @throws IllegalArgumentException if the name or the split is blank
     */
    public Dataset build() {
      if (name.isBlank()) {
        throw new IllegalArgumentException("name=" + name + ": must not be blank");
      }
      if (split != null && split.isBlank()) {
        throw new IllegalArgumentException("split=" + split + ": must not be blank");
      }
      return new Dataset(this);
    }
  }
}
