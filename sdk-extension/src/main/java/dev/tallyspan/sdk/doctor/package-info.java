/**
 * Tells what of OpenTelemetry and of LLM clients an application has, and what to set. Runs without
 * either, so it uses the JDK and prices alone.
 */
@NullMarked
package dev.tallyspan.sdk.doctor;

import org.jspecify.annotations.NullMarked;
