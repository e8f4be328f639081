package dev.tallyspan.collector.demo;

import static dev.tallyspan.collector.demo.Step.array;
import static dev.tallyspan.collector.demo.Step.object;
import static io.opentelemetry.api.trace.SpanKind.CLIENT;
import static io.opentelemetry.api.trace.SpanKind.INTERNAL;
import static io.opentelemetry.api.trace.SpanKind.SERVER;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Tracer;
import java.util.function.Consumer;

/** The travel desk: the spans of its service around model calls. */
final class TravelDesk {

  static final String TEAM = "tallyspan.metadata.team";
  static final String FEATURE = "tallyspan.metadata.feature";

  private final Tracer tracer;

  TravelDesk(Tracer tracer) {
    this.tracer = tracer;
  }

  /** A traveller's message, from the HTTP request to its answer. */
  void message(
      long originNanos,
      long millis,
      String user,
      String session,
      String feature,
      Consumer<Step> body) {
    Step.trace(
        tracer,
        originNanos,
        "POST /desk/messages",
        SERVER,
        millis,
        request -> {
          request
              .set("http.request.method", "POST")
              .set("http.route", "/desk/messages")
              .set("url.path", "/desk/messages")
              .set("url.scheme", "https")
              .set("http.response.status_code", 200)
              .set("session.id", session)
              .identify("user.id", user)
              .identify(TEAM, "travel")
              .identify(FEATURE, feature);
          body.accept(request);
        });
  }

  static Step agent(
      Step parent,
      String name,
      String session,
      String asked,
      long from,
      long to,
      Consumer<Step> body) {
    return parent.child(
        "invoke_agent " + name,
        INTERNAL,
        from,
        to,
        agent -> {
          agent
              .set("gen_ai.operation.name", "invoke_agent")
              .set("gen_ai.agent.name", name)
              .set("gen_ai.conversation.id", session)
              .set("gen_ai.input.messages", array(ChatCall.text("user", asked)));
          body.accept(agent);
        });
  }

  static void tool(
      Step parent, String name, String callId, Value<?> args, Value<?> result, long from, long to) {
    tool(parent, name, callId, args, result, from, to, tool -> {});
  }

  static void tool(
      Step parent,
      String name,
      String callId,
      Value<?> args,
      Value<?> result,
      long from,
      long to,
      Consumer<Step> body) {
    parent.child(
        "execute_tool " + name,
        INTERNAL,
        from,
        to,
        tool -> {
          tool.set("gen_ai.operation.name", "execute_tool")
              .set("gen_ai.tool.name", name)
              .set("gen_ai.tool.type", "function")
              .set("gen_ai.tool.call.id", callId)
              .set("gen_ai.tool.call.arguments", args)
              .set("gen_ai.tool.call.result", result);
          body.accept(tool);
        });
  }

  /** A search of the guides: the question as a vector, then the rows closest to it. */
  static void retrieval(Step parent, String query, long queryTokens, long from, long to) {
    parent.child(
        "retrieval travel-guides",
        CLIENT,
        from,
        to,
        retrieval -> {
          retrieval
              .set("gen_ai.operation.name", "retrieval")
              .set("gen_ai.data_source.id", "travel-guides")
              .set("gen_ai.retrieval.query.text", query)
              .set("gen_ai.retrieval.top_k", 3)
              .set(
                  "gen_ai.retrieval.documents",
                  array(
                      object("id", "guide/night-trains", "score", 0.91),
                      object("id", "guide/rail-passes", "score", 0.84),
                      object("id", "guide/bikes-on-board", "score", 0.66)));
          retrieval.child(
              "embeddings text-embedding-3-small",
              CLIENT,
              from + 5,
              from + 162,
              embeddings ->
                  embeddings
                      .set("gen_ai.operation.name", "embeddings")
                      .set("gen_ai.provider.name", "openai")
                      .set("gen_ai.request.model", "text-embedding-3-small")
                      .set("gen_ai.response.model", "text-embedding-3-small")
                      .set("gen_ai.embeddings.dimension.count", 1536)
                      .set("gen_ai.usage.input_tokens", queryTokens)
                      .set("server.address", "api.openai.com")
                      .set("server.port", 443));
          database(retrieval, "SELECT guides", "SELECT", from + 166, to - 4);
        });
  }

  static void database(Step parent, String summary, String operation, long from, long to) {
    parent.child(
        summary,
        CLIENT,
        from,
        to,
        query ->
            query
                .set("db.system.name", "postgresql")
                .set("db.namespace", "desk")
                .set("db.operation.name", operation)
                .set("db.query.summary", summary)
                .set("server.address", "db.internal.example"));
  }

  static void http(Step parent, String method, String host, String path, long from, long to) {
    parent.child(
        method,
        CLIENT,
        from,
        to,
        request ->
            request
                .set("http.request.method", method)
                .set("url.full", "https://" + host + path)
                .set("server.address", host)
                .set("server.port", 443)
                .set("http.response.status_code", 200));
  }
}
