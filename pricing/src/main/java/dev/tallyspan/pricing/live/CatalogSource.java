package dev.tallyspan.pricing.live;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file or URL with a catalog, and how to detect that it changed. */
abstract class CatalogSource {
  /** More than ten times the shipped catalog. */
  static final int MAX_BYTES = 16 << 20;

  private static final int MAX_SIGNATURE_BYTES = 4096;

  static CatalogSource file(Path file) {
    return new FileSource(file);
  }

  static CatalogSource url(URI url, Duration timeout) {
    return new UrlSource(url, timeout);
  }

  /**
   * Returns the text if it may have changed since the last successful call, otherwise null.
   *
   * @throws IOException if it cannot be read
   */
  abstract @Nullable String changed() throws IOException, InterruptedException;

  /**
   * Returns the content of the signature file beside it.
   *
   * @throws IOException if it cannot be read
   */
  abstract byte[] signature() throws IOException, InterruptedException;

  /** When the text of {@link #changed} was published; null if the source does not know. */
  abstract @Nullable Instant published();

  /** Makes the next call of {@link #changed} return the text even if it has not changed. */
  abstract void forget();

  abstract String name();

  private static final class FileSource extends CatalogSource {
    private final Path file;
    private @Nullable Object seen;
    private @Nullable Instant published;

    FileSource(Path file) {
      this.file = file;
    }

    @Override
    @Nullable String changed() throws IOException {
      // The stamp is taken before the text is read, so that a write in between is detected next
      // time.
      FileTime modified = Files.getLastModifiedTime(file);
      Object stamp = modified + "/" + Files.size(file);
      if (stamp.equals(seen)) {
        return null;
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("larger than " + MAX_BYTES + " bytes");
      }
      String text = Files.readString(file);
      seen = stamp;
      published = modified.toInstant();
      return text;
    }

    @Override
    @Nullable Instant published() {
      return published;
    }

    @Override
    byte[] signature() throws IOException {
      try (InputStream in = Files.newInputStream(Path.of(file + ".sig"))) {
        return in.readNBytes(MAX_SIGNATURE_BYTES);
      } catch (FileSystemException e) {
        throw new IOException("the .sig file cannot be read", e);
      }
    }

    @Override
    void forget() {
      seen = null;
    }

    @Override
    String name() {
      return file.toString();
    }
  }

  private static final class UrlSource extends CatalogSource {
    private final URI url;
    private final Duration timeout;
    private final HttpClient client;
    private @Nullable String etag;
    private @Nullable Instant published;

    UrlSource(URI url, Duration timeout) {
      this.url = url;
      this.timeout = timeout;
      this.client =
          HttpClient.newBuilder()
              .connectTimeout(timeout)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build();
    }

    @Override
    @Nullable String changed() throws IOException, InterruptedException {
      HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(timeout).GET();
      if (etag != null) {
        request.header("If-None-Match", etag);
      }
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() == 304) {
          return null;
        }
        if (response.statusCode() != 200) {
          throw new IOException("HTTP status " + response.statusCode());
        }
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new IOException("larger than " + MAX_BYTES + " bytes");
        }
        etag = response.headers().firstValue("ETag").orElse(null);
        published =
            response.headers().firstValue("Last-Modified").map(UrlSource::time).orElse(null);
        return new String(bytes, StandardCharsets.UTF_8);
      }
    }

    private static @Nullable Instant time(String header) {
      try {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
      } catch (DateTimeException e) {
        return null;
      }
    }

    @Override
    @Nullable Instant published() {
      return published;
    }

    @Override
    byte[] signature() throws IOException, InterruptedException {
      String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
      URI beside = url.resolve(url.getRawPath() + ".sig" + query);
      HttpRequest request = HttpRequest.newBuilder(beside).timeout(timeout).GET().build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException("the .sig file: HTTP status " + response.statusCode());
        }
        return body.readNBytes(MAX_SIGNATURE_BYTES);
      }
    }

    @Override
    void forget() {
      etag = null;
    }

    @Override
    String name() {
      // Without a query, which may hold a credential.
      return Objects.requireNonNullElse(url.getScheme(), "http")
          + "://"
          + url.getHost()
          + url.getPath();
    }
  }
}
