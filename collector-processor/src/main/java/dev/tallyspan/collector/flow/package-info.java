/**
 * OTLP requests and their outcomes, independent of transports: what receivers hand to pipelines,
 * and what pipelines and exporters report back.
 */
@NullMarked
package dev.tallyspan.collector.flow;

import org.jspecify.annotations.NullMarked;
