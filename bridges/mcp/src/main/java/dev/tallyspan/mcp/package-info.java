/**
 * Traces the MCP Java SDK: requests of clients and what servers do with them become spans of the
 * MCP conventions of OpenTelemetry. Start with {@link dev.tallyspan.mcp.TallyspanMcp}.
 */
@NullMarked
package dev.tallyspan.mcp;

import org.jspecify.annotations.NullMarked;
