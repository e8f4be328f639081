package dev.tallyspan.collector.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a content policy moves large parts.
 *
 * @param textsOver texts with more bytes are moved; default 32768
 * @param directory a directory of files
 * @param url where the directory is read; null = as files
 */
public record OffloadConfig(int textsOver, Path directory, @Nullable URI url) {

  static final int TEXTS_OVER = 32 * 1024;
}
