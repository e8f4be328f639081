package dev.tallyspan.collector.config;

import dev.tallyspan.collector.offload.S3Settings;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a content policy moves large parts.
 *
 * @param textsOver texts with more bytes are moved; default 32768
 * @param keep whether parts that the store does not take leave as they are, instead of being
 *     removed
 * @param directory a directory of files; null if there is a bucket
 * @param url where the directory is read; null = as files
 * @param bucket null if there is a directory
 */
public record OffloadConfig(
    int textsOver,
    boolean keep,
    @Nullable Path directory,
    @Nullable URI url,
    @Nullable S3Settings bucket) {

  static final int TEXTS_OVER = 32 * 1024;
}
