package dev.tallyspan.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.core.ClientOptions;
import com.anthropic.services.async.BetaServiceAsync;
import com.anthropic.services.async.MessageServiceAsync;
import com.anthropic.services.blocking.BetaService;
import com.anthropic.services.blocking.MessageService;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import java.util.Map;
import java.util.function.Supplier;

/*
 * The library's clients and services are interfaces with many methods, and more with each version.
 * So they are proxies here: a few methods are routed, the others are the delegate's, whatever they
 * are. Methods of an interface that call each other do so on the delegate, so that no call passes a
 * route twice.
 *
 * The library's own spans are switched off for the routed methods alone. What is not routed, such as
 * the tool runner, keeps them.
 */
/** Wraps clients and the services that they return. */
final class Services {

  private static final String ANTHROPIC = "anthropic";

  private final GenAi genAi;
  private final Guard guard;

  Services(GenAi genAi) {
    this.genAi = genAi;
    guard = genAi.guard();
  }

  AnthropicClient client(AnthropicClient client) {
    if (TracedService.isTraced(client)) {
      return client;
    }
    Messages recorder = recorder(client::options);
    return TracedService.of(
        AnthropicClient.class,
        client,
        client,
        Map.of(
            "withOptions",
            Route.result(guard, AnthropicClient.class, this::client),
            "async",
            Route.result(guard, AnthropicClientAsync.class, this::client),
            "messages",
            Route.result(guard, MessageService.class, it -> messages(it, recorder)),
            "beta",
            Route.result(guard, BetaService.class, it -> beta(it, recorder))));
  }

  AnthropicClientAsync client(AnthropicClientAsync client) {
    if (TracedService.isTraced(client)) {
      return client;
    }
    Messages recorder = recorder(client::options);
    return TracedService.of(
        AnthropicClientAsync.class,
        client,
        client,
        Map.of(
            "withOptions",
            Route.result(guard, AnthropicClientAsync.class, this::client),
            "sync",
            Route.result(guard, AnthropicClient.class, this::client),
            "messages",
            Route.result(guard, MessageServiceAsync.class, it -> messages(it, recorder)),
            "beta",
            Route.result(guard, BetaServiceAsync.class, it -> beta(it, recorder))));
  }

  /** The library knows the provider of its backend: Anthropic, Bedrock, Vertex. */
  private Messages recorder(Supplier<ClientOptions> options) {
    String provider = guard.get(() -> options.get().openTelemetryProviderName());
    return new Messages(genAi, provider == null || provider.isEmpty() ? ANTHROPIC : provider);
  }

  private BetaService beta(BetaService service, Messages recorder) {
    return TracedService.of(
        BetaService.class,
        service,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, BetaService.class, it -> beta(it, recorder)),
            "messages",
            Route.result(
                guard,
                com.anthropic.services.blocking.beta.MessageService.class,
                it -> messages(it, recorder))));
  }

  private BetaServiceAsync beta(BetaServiceAsync service, Messages recorder) {
    return TracedService.of(
        BetaServiceAsync.class,
        service,
        service,
        Map.of(
            "withOptions",
            Route.result(guard, BetaServiceAsync.class, it -> beta(it, recorder)),
            "messages",
            Route.result(
                guard,
                com.anthropic.services.async.beta.MessageServiceAsync.class,
                it -> messages(it, recorder))));
  }

  private MessageService messages(MessageService service, Messages recorder) {
    return TracedService.of(
        MessageService.class,
        service,
        silent(service, () -> service.withOptions(it -> it.openTelemetry(false))),
        Map.of("create", Route.call(recorder), "createStreaming", Route.stream(recorder)));
  }

  private MessageServiceAsync messages(MessageServiceAsync service, Messages recorder) {
    return TracedService.of(
        MessageServiceAsync.class,
        service,
        silent(service, () -> service.withOptions(it -> it.openTelemetry(false))),
        Map.of(
            "create", Route.callAsync(recorder), "createStreaming", Route.streamAsync(recorder)));
  }

  private com.anthropic.services.blocking.beta.MessageService messages(
      com.anthropic.services.blocking.beta.MessageService service, Messages recorder) {
    return TracedService.of(
        com.anthropic.services.blocking.beta.MessageService.class,
        service,
        silent(service, () -> service.withOptions(it -> it.openTelemetry(false))),
        Map.of("create", Route.call(recorder), "createStreaming", Route.stream(recorder)));
  }

  private com.anthropic.services.async.beta.MessageServiceAsync messages(
      com.anthropic.services.async.beta.MessageServiceAsync service, Messages recorder) {
    return TracedService.of(
        com.anthropic.services.async.beta.MessageServiceAsync.class,
        service,
        silent(service, () -> service.withOptions(it -> it.openTelemetry(false))),
        Map.of(
            "create", Route.callAsync(recorder), "createStreaming", Route.streamAsync(recorder)));
  }

  /** Versions of the library that write no spans have no such option. */
  private <T> T silent(T service, Supplier<T> without) {
    T silent = guard.get(without);
    return silent == null ? service : silent;
  }
}
