package dev.tallyspan.semconv.internal.render;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;

/**
 * How spans are written.
 *
 * @param target the generation of the conventions
 * @param content the form of content
 * @param keepsContent whether content stays as it came, and none is added
 * @param cacheWriteNames the names for the count of cache writes
 * @param keepsStructure whether content that arrives structured under its own name stays so
 * @param maxContentLength the maximum number of characters of JSON text in one attribute; 0 = no
 *     limit
 * @param originals which attributes of other dialects leave the span
 */
public record RenderOptions(
    ConventionVersion target,
    ContentFormat content,
    boolean keepsContent,
    CacheWriteNames cacheWriteNames,
    boolean keepsStructure,
    int maxContentLength,
    OriginalsPolicy originals) {}
