package dev.tallyspan.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.services.async.ChatServiceAsync;
import com.openai.services.async.EmbeddingServiceAsync;
import com.openai.services.async.ResponseServiceAsync;
import com.openai.services.async.chat.ChatCompletionServiceAsync;
import com.openai.services.blocking.ChatService;
import com.openai.services.blocking.EmbeddingService;
import com.openai.services.blocking.ResponseService;
import com.openai.services.blocking.chat.ChatCompletionService;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import java.util.HashMap;
import java.util.Map;

/*
 * The library's clients and services are interfaces with many methods, and more with each version.
 * So they are proxies here: a few methods are routed, the others are the delegate's, whatever they
 * are. Methods of an interface that call each other do so on the delegate, so that no call passes a
 * route twice.
 */
/** Wraps clients and the services that they return. */
final class Services {

  private final Guard guard;
  private final ChatCompletions chats;
  private final Responses responses;
  private final Embeddings embeddings;

  Services(GenAi genAi, String provider) {
    guard = genAi.guard();
    chats = new ChatCompletions(genAi, provider);
    responses = new Responses(genAi, provider);
    embeddings = new Embeddings(genAi, provider);
  }

  OpenAIClient client(OpenAIClient client) {
    if (TracedService.isTraced(client)) {
      return client;
    }
    Map<String, Route> routes = new HashMap<>();
    routes.put("withOptions", Route.result(guard, OpenAIClient.class, this::client));
    routes.put("async", Route.result(guard, OpenAIClientAsync.class, this::client));
    routes.put("responses", Route.result(guard, ResponseService.class, this::responses));
    if (!TracedService.isInstrumented(client)) {
      routes.put("chat", Route.result(guard, ChatService.class, this::chat));
      routes.put("embeddings", Route.result(guard, EmbeddingService.class, this::embeddings));
    }
    return TracedService.of(OpenAIClient.class, client, routes);
  }

  OpenAIClientAsync client(OpenAIClientAsync client) {
    if (TracedService.isTraced(client)) {
      return client;
    }
    Map<String, Route> routes = new HashMap<>();
    routes.put("withOptions", Route.result(guard, OpenAIClientAsync.class, this::client));
    routes.put("sync", Route.result(guard, OpenAIClient.class, this::client));
    routes.put("responses", Route.result(guard, ResponseServiceAsync.class, this::responses));
    if (!TracedService.isInstrumented(client)) {
      routes.put("chat", Route.result(guard, ChatServiceAsync.class, this::chat));
      routes.put("embeddings", Route.result(guard, EmbeddingServiceAsync.class, this::embeddings));
    }
    return TracedService.of(OpenAIClientAsync.class, client, routes);
  }

  private ChatService chat(ChatService service) {
    return TracedService.of(
        ChatService.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, ChatService.class, this::chat),
            "completions",
            Route.result(guard, ChatCompletionService.class, this::completions)));
  }

  private ChatServiceAsync chat(ChatServiceAsync service) {
    return TracedService.of(
        ChatServiceAsync.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, ChatServiceAsync.class, this::chat),
            "completions",
            Route.result(guard, ChatCompletionServiceAsync.class, this::completions)));
  }

  private ChatCompletionService completions(ChatCompletionService service) {
    return TracedService.of(
        ChatCompletionService.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, ChatCompletionService.class, this::completions),
            "create",
            Route.call(chats),
            "createStreaming",
            Route.stream(chats)));
  }

  private ChatCompletionServiceAsync completions(ChatCompletionServiceAsync service) {
    return TracedService.of(
        ChatCompletionServiceAsync.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, ChatCompletionServiceAsync.class, this::completions),
            "create",
            Route.callAsync(chats),
            "createStreaming",
            Route.streamAsync(chats)));
  }

  private ResponseService responses(ResponseService service) {
    return TracedService.of(
        ResponseService.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, ResponseService.class, this::responses),
            "create",
            Route.call(responses),
            "createStreaming",
            Route.stream(responses)));
  }

  private ResponseServiceAsync responses(ResponseServiceAsync service) {
    return TracedService.of(
        ResponseServiceAsync.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, ResponseServiceAsync.class, this::responses),
            "create",
            Route.callAsync(responses),
            "createStreaming",
            Route.streamAsync(responses)));
  }

  private EmbeddingService embeddings(EmbeddingService service) {
    return TracedService.of(
        EmbeddingService.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, EmbeddingService.class, this::embeddings),
            "create",
            Route.call(embeddings)));
  }

  private EmbeddingServiceAsync embeddings(EmbeddingServiceAsync service) {
    return TracedService.of(
        EmbeddingServiceAsync.class,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, EmbeddingServiceAsync.class, this::embeddings),
            "create",
            Route.callAsync(embeddings)));
  }
}
