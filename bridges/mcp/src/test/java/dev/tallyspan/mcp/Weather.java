package dev.tallyspan.mcp;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** What a {@link McpServer} of these tests offers. */
final class Weather {

  /** Longer than anything takes. */
  static final Duration LONG = Duration.ofMinutes(2);

  static final String FORECAST = "file:///forecast.txt";

  private Weather() {}

  static Tool named(String name) {
    return Tool.builder(name, Map.of("type", "object", "properties", Map.of()))
        .description("Tells the weather.")
        .build();
  }

  static CallToolResult sunny() {
    return CallToolResult.builder().addTextContent("It is sunny.").build();
  }

  static CallToolResult noSuchCity() {
    return CallToolResult.builder().addTextContent("No such city.").isError(true).build();
  }

  static SyncToolSpecification tool(
      String name, Function<CallToolRequest, CallToolResult> handler) {
    return new SyncToolSpecification(named(name), (exchange, request) -> handler.apply(request));
  }

  static AsyncToolSpecification asyncTool(
      String name, Function<CallToolRequest, Mono<CallToolResult>> handler) {
    return new AsyncToolSpecification(named(name), (exchange, request) -> handler.apply(request));
  }

  static SyncResourceSpecification resource() {
    return new SyncResourceSpecification(
        Resource.builder(FORECAST, "forecast").build(), (exchange, request) -> forecast(request));
  }

  static ReadResourceResult forecast(ReadResourceRequest request) {
    return ReadResourceResult.builder(
            List.of(TextResourceContents.builder(request.uri(), "Sunny.").build()))
        .build();
  }

  static SyncPromptSpecification prompt() {
    return new SyncPromptSpecification(
        Prompt.builder("summary").build(), (exchange, request) -> summary());
  }

  static GetPromptResult summary() {
    return GetPromptResult.builder(
            List.of(
                PromptMessage.builder(Role.USER, TextContent.builder("Sum it up.").build())
                    .build()))
        .build();
  }

  /** A client that waits as long as a busy machine, or a process that starts, takes. */
  static McpClient.SyncSpec client(McpClientTransport transport) {
    return McpClient.sync(transport).requestTimeout(LONG).initializationTimeout(LONG);
  }

  static CallToolRequest call(String tool) {
    return CallToolRequest.builder(tool).arguments(Map.of("city", "Paris")).build();
  }
}
