package dev.tallyspan.collector.offload;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of an S3-compatible object store.
 *
 * @param endpoint {@code https://s3.eu-central-1.amazonaws.com}; the bucket is the first part of
 *     the path
 * @param prefix what the names of all objects begin with; may be empty
 * @param region the store's, {@code us-east-1} for many that are not Amazon's
 * @param sessionToken of temporary credentials; null for others
 * @param maxQueuedBytes how much waits to be uploaded
 */
public record S3Settings(
    URI endpoint,
    String bucket,
    String prefix,
    String region,
    String accessKeyId,
    String secretAccessKey,
    @Nullable String sessionToken,
    long maxQueuedBytes) {

  /** 64 MiB. */
  public static final long MAX_QUEUED_BYTES = 64 << 20;

  public S3Settings {
    requireNonNull(endpoint, "endpoint");
    if (!"http".equals(endpoint.getScheme()) && !"https".equals(endpoint.getScheme())
        || endpoint.getHost() == null
        || endpoint.getUserInfo() != null
        || endpoint.getQuery() != null) {
      throw new IllegalArgumentException(
          "endpoint: must be http://host or https://host, without user info and query");
    }
    if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
      throw new IllegalArgumentException("bucket=" + bucket + ": is not the name of a bucket");
    }
    if (!prefix.matches("[A-Za-z0-9/_.-]*") || prefix.startsWith("/") || prefix.contains("..")) {
      throw new IllegalArgumentException(
          "prefix=" + prefix + ": must be of letters, digits and /_.- and not begin with /");
    }
    if (region.isEmpty() || accessKeyId.isEmpty() || secretAccessKey.isEmpty()) {
      throw new IllegalArgumentException("region and credentials must not be empty");
    }
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException("maxQueuedBytes=" + maxQueuedBytes + ": must be positive");
    }
  }

  /** The address of the bucket, with a slash at its end. */
  URI base() {
    String text = endpoint.toString();
    return URI.create(text + (text.endsWith("/") ? "" : "/") + bucket + "/");
  }

  /** Leaves out the credentials. */
  @Override
  public String toString() {
    return "S3Settings[" + endpoint + ", " + bucket + "]";
  }
}
