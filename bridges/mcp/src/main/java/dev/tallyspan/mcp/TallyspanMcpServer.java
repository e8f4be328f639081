package dev.tallyspan.mcp;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.api.GenAi;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;

/**
 * Traces servers of the MCP Java SDK: each call of a tool, each resource that is read and each
 * prompt that is asked for is a span, below the span of the client if the request carries its
 * context in {@code params._meta}. While the handler runs, it is the current span.
 *
 * <pre>{@code
 * McpServer.sync(transportProvider).tools(TallyspanMcpServer.wrap(genAi, weatherTool)).build();
 * }</pre>
 *
 * <p>A span that is current already, such as that of the HTTP request, becomes the parent if the
 * request carries no context, and a link otherwise. What a handler throws is passed on.
 */
public final class TallyspanMcpServer {

  private TallyspanMcpServer() {}

  /**
   * Returns a tool whose calls are traced.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.SyncToolSpecification wrap(
      GenAi genAi, McpServerFeatures.SyncToolSpecification specification) {
    return new McpServerFeatures.SyncToolSpecification(
        specification.tool(),
        calls(genAi).sync(ReceivedCalls.TOOLS, it -> it.sessionId(), specification.callHandler()));
  }

  /**
   * Returns a resource that is traced when it is read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.SyncResourceSpecification wrap(
      GenAi genAi, McpServerFeatures.SyncResourceSpecification specification) {
    return new McpServerFeatures.SyncResourceSpecification(
        specification.resource(),
        calls(genAi)
            .sync(ReceivedCalls.RESOURCES, it -> it.sessionId(), specification.readHandler()));
  }

  /**
   * Returns resources that are traced when they are read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.SyncResourceTemplateSpecification wrap(
      GenAi genAi, McpServerFeatures.SyncResourceTemplateSpecification specification) {
    return new McpServerFeatures.SyncResourceTemplateSpecification(
        specification.resourceTemplate(),
        calls(genAi)
            .sync(ReceivedCalls.RESOURCES, it -> it.sessionId(), specification.readHandler()));
  }

  /**
   * Returns a prompt that is traced when it is asked for.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.SyncPromptSpecification wrap(
      GenAi genAi, McpServerFeatures.SyncPromptSpecification specification) {
    return new McpServerFeatures.SyncPromptSpecification(
        specification.prompt(),
        calls(genAi)
            .sync(ReceivedCalls.PROMPTS, it -> it.sessionId(), specification.promptHandler()));
  }

  /**
   * Returns a tool whose calls are traced.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.AsyncToolSpecification wrap(
      GenAi genAi, McpServerFeatures.AsyncToolSpecification specification) {
    return new McpServerFeatures.AsyncToolSpecification(
        specification.tool(),
        calls(genAi).async(ReceivedCalls.TOOLS, it -> it.sessionId(), specification.callHandler()));
  }

  /**
   * Returns a resource that is traced when it is read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.AsyncResourceSpecification wrap(
      GenAi genAi, McpServerFeatures.AsyncResourceSpecification specification) {
    return new McpServerFeatures.AsyncResourceSpecification(
        specification.resource(),
        calls(genAi)
            .async(ReceivedCalls.RESOURCES, it -> it.sessionId(), specification.readHandler()));
  }

  /**
   * Returns resources that are traced when they are read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.AsyncResourceTemplateSpecification wrap(
      GenAi genAi, McpServerFeatures.AsyncResourceTemplateSpecification specification) {
    return new McpServerFeatures.AsyncResourceTemplateSpecification(
        specification.resourceTemplate(),
        calls(genAi)
            .async(ReceivedCalls.RESOURCES, it -> it.sessionId(), specification.readHandler()));
  }

  /**
   * Returns a prompt that is traced when it is asked for.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpServerFeatures.AsyncPromptSpecification wrap(
      GenAi genAi, McpServerFeatures.AsyncPromptSpecification specification) {
    return new McpServerFeatures.AsyncPromptSpecification(
        specification.prompt(),
        calls(genAi)
            .async(ReceivedCalls.PROMPTS, it -> it.sessionId(), specification.promptHandler()));
  }

  /**
   * Returns a tool whose calls are traced.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.SyncToolSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.SyncToolSpecification specification) {
    return new McpStatelessServerFeatures.SyncToolSpecification(
        specification.tool(),
        calls(genAi).sync(ReceivedCalls.TOOLS, it -> null, specification.callHandler()));
  }

  /**
   * Returns a resource that is traced when it is read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.SyncResourceSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.SyncResourceSpecification specification) {
    return new McpStatelessServerFeatures.SyncResourceSpecification(
        specification.resource(),
        calls(genAi).sync(ReceivedCalls.RESOURCES, it -> null, specification.readHandler()));
  }

  /**
   * Returns resources that are traced when they are read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.SyncResourceTemplateSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.SyncResourceTemplateSpecification specification) {
    return new McpStatelessServerFeatures.SyncResourceTemplateSpecification(
        specification.resourceTemplate(),
        calls(genAi).sync(ReceivedCalls.RESOURCES, it -> null, specification.readHandler()));
  }

  /**
   * Returns a prompt that is traced when it is asked for.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.SyncPromptSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.SyncPromptSpecification specification) {
    return new McpStatelessServerFeatures.SyncPromptSpecification(
        specification.prompt(),
        calls(genAi).sync(ReceivedCalls.PROMPTS, it -> null, specification.promptHandler()));
  }

  /**
   * Returns a tool whose calls are traced.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.AsyncToolSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.AsyncToolSpecification specification) {
    return new McpStatelessServerFeatures.AsyncToolSpecification(
        specification.tool(),
        calls(genAi).async(ReceivedCalls.TOOLS, it -> null, specification.callHandler()));
  }

  /**
   * Returns a resource that is traced when it is read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.AsyncResourceSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.AsyncResourceSpecification specification) {
    return new McpStatelessServerFeatures.AsyncResourceSpecification(
        specification.resource(),
        calls(genAi).async(ReceivedCalls.RESOURCES, it -> null, specification.readHandler()));
  }

  /**
   * Returns resources that are traced when they are read.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.AsyncResourceTemplateSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.AsyncResourceTemplateSpecification specification) {
    return new McpStatelessServerFeatures.AsyncResourceTemplateSpecification(
        specification.resourceTemplate(),
        calls(genAi).async(ReceivedCalls.RESOURCES, it -> null, specification.readHandler()));
  }

  /**
   * Returns a prompt that is traced when it is asked for.
   *
   * @param genAi writes the spans
   * @param specification to wrap
   * @return the specification to give to the server
   */
  public static McpStatelessServerFeatures.AsyncPromptSpecification wrap(
      GenAi genAi, McpStatelessServerFeatures.AsyncPromptSpecification specification) {
    return new McpStatelessServerFeatures.AsyncPromptSpecification(
        specification.prompt(),
        calls(genAi).async(ReceivedCalls.PROMPTS, it -> null, specification.promptHandler()));
  }

  private static ReceivedCalls calls(GenAi genAi) {
    return new ReceivedCalls(requireNonNull(genAi, "genAi"));
  }
}
