/**
 * The OpenTelemetry Collector's processors that change or drop what passes: {@code resource},
 * {@code attributes}, {@code filter} and {@code probabilistic_sampler}. They work on the bytes of a
 * request and understand nothing about LLMs.
 */
@NullMarked
package dev.tallyspan.collector.edit;

import org.jspecify.annotations.NullMarked;
