/**
 * The endpoint for coding agents: recent traces and what they cost, over the Model Context
 * Protocol, read-only. Only {@link dev.tallyspan.collector.mcp.McpEndpoint} is loaded before the
 * first request; the others need the SDK, whose jar is beside the main one.
 */
@NullMarked
package dev.tallyspan.collector.mcp;

import org.jspecify.annotations.NullMarked;
