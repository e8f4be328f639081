package dev.tallyspan.adk;

import com.google.adk.agents.LlmAgent;
import com.google.adk.agents.RunConfig;
import com.google.adk.agents.RunConfig.StreamingMode;
import com.google.adk.events.Event;
import com.google.adk.models.Gemini;
import com.google.adk.plugins.Plugin;
import com.google.adk.runner.InMemoryRunner;
import com.google.adk.sessions.Session;
import com.google.adk.sessions.SessionKey;
import com.google.adk.telemetry.Tracing;
import com.google.adk.tools.Annotations.Schema;
import com.google.adk.tools.BaseTool;
import com.google.adk.tools.FunctionTool;
import com.google.adk.tools.ToolContext;
import com.google.genai.Client;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import dev.tallyspan.bridges.testkit.FakeProvider;
import io.opentelemetry.api.trace.Tracer;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent of the real library, with a tool and a model on the loopback. */
public final class Weather implements AutoCloseable {

  private final Client client;
  private final InMemoryRunner runner;

  Weather(FakeProvider provider, Tracer tracer, Plugin... plugins) {
    this(provider, ClientOptions.builder().build(), tracer, plugins);
  }

  Weather(FakeProvider provider, ClientOptions options, Tracer tracer, Plugin... plugins) {
    // In an application it is of the global instance, which a process has only one of.
    Tracing.setTracerForTesting(tracer);
    client =
        Client.builder()
            .apiKey("none")
            .vertexAI(false)
            .clientOptions(options)
            .httpOptions(
                HttpOptions.builder()
                    .baseUrl(provider.baseUrl().replace("/v1", ""))
                    .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                    .build())
            .build();
    LlmAgent agent =
        LlmAgent.builder()
            .name("weather")
            .description("Knows the weather")
            .instruction("Be terse.")
            .model(new Gemini("gemini-2.5-flash", client))
            .generateContentConfig(
                GenerateContentConfig.builder().temperature(0.1f).topK(40f).seed(7).build())
            .tools(FunctionTool.create(Weather.class, "getWeather"), new Broken())
            .build();
    runner = new InMemoryRunner(agent, "travel", List.of(plugins));
  }

  @Schema(name = "get_weather", description = "The weather of a city")
  public static Map<String, Object> getWeather(
      @Schema(name = "city", description = "The city") String city) {
    return Map.of("weather", "sunny in " + city);
  }

  /** A tool that fails. */
  private static final class Broken extends BaseTool {

    Broken() {
      super("break", "Fails");
    }

    @Override
    public Optional<FunctionDeclaration> declaration() {
      return Optional.of(FunctionDeclaration.builder().name("break").description("Fails").build());
    }

    @Override
    public Single<Map<String, Object>> runAsync(
        Map<String, Object> arguments, ToolContext context) {
      return Single.error(new IllegalStateException("broken"));
    }
  }

  /** Asks the agent in the session {@code s-1} of the user {@code u-1}. */
  List<Event> ask(StreamingMode mode) {
    Session session =
        runner.sessionService().createSession(new SessionKey("travel", "u-1", "s-1")).blockingGet();
    return runner
        .runAsync(
            session.userId(),
            session.id(),
            Content.fromParts(Part.fromText("Weather?")),
            RunConfig.builder().streamingMode(mode).build())
        .toList()
        .blockingGet();
  }

  @Override
  public void close() {
    client.close();
  }
}
