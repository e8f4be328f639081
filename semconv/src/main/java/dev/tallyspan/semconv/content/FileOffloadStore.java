package dev.tallyspan.semconv.content;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps parts as files of a directory, named by their content: {@code ab/abcd….png}. A part that is
 * there already is not written again. A file appears when it is complete, also if several processes
 * share the directory. Nothing is ever deleted. Thread-safe; never throws.
 */
public final class FileOffloadStore implements OffloadStore {

  private static final Map<String, String> ENDINGS =
      Map.of(
          "image/png", ".png",
          "image/jpeg", ".jpg",
          "image/gif", ".gif",
          "image/webp", ".webp",
          "application/pdf", ".pdf",
          "text/plain", ".txt",
          "application/json", ".json",
          "audio/wav", ".wav",
          "audio/mpeg", ".mp3",
          "video/mp4", ".mp4");

  private final Path directory;
  private final URI base;

  /**
   * Creates a store.
   *
   * @param directory is created with the first part
   */
  public FileOffloadStore(Path directory) {
    this(directory, directory.toAbsolutePath().normalize().toUri());
  }

  /**
   * Creates a store whose files are read through another address, such as that of a web server.
   *
   * @param directory is created with the first part
   * @param base the address of the directory
   * @throws IllegalArgumentException if the address is not absolute
   */
  public FileOffloadStore(Path directory, URI base) {
    this.directory = Objects.requireNonNull(directory, "directory");
    if (!base.isAbsolute()) {
      throw new IllegalArgumentException("base=" + base + " is not absolute");
    }
    String text = base.toString();
    this.base = text.endsWith("/") ? base : URI.create(text + "/");
  }

  @Override
  public @Nullable URI put(String contentHash, byte[] bytes, String mimeType) {
    String name =
        contentHash.substring(0, 2) + "/" + contentHash + ENDINGS.getOrDefault(mimeType, ".bin");
    try {
      Path file = directory.resolve(name);
      if (!Files.exists(file)) {
        write(file, bytes);
      }
      return URI.create(base + name);
    } catch (IOException | RuntimeException e) {
      return null; // a full disk is counted in the report, and is no failure of the application
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Path parent = Objects.requireNonNull(file.getParent(), "parent");
    Files.createDirectories(parent);
    Path partial = Files.createTempFile(parent, ".part", null);
    try {
      Files.write(partial, bytes);
      try {
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
