package dev.tallyspan.spring.it;

import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.traces.ConfigurableSpanExporterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.List;
import java.util.Map;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.vectorstore.QuestionAnswerAdvisor;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** An application with Spring AI that knows nothing of Tallyspan. */
@SpringBootConfiguration
@EnableAutoConfiguration
@RestController
class Application {

  /** Called when a chunk with text is there. */
  static volatile Runnable onChunk = () -> {};

  private static final String CONVERSATION = "chat_memory_conversation_id";

  private final ChatClient client;
  private final VectorStore store;
  private final OpenTelemetry openTelemetry;

  Application(ChatClient.Builder builder, VectorStore store, OpenTelemetry openTelemetry) {
    client = builder.build();
    this.openTelemetry = openTelemetry;
    this.store = store;
  }

  @GetMapping("/chat")
  String chat(@RequestParam("text") String text) {
    return prompt(text).call().content();
  }

  @GetMapping("/tools")
  String tools() {
    return prompt("What is the weather in Paris?").tools(new Weather()).call().content();
  }

  @GetMapping("/stream")
  Flux<String> stream() {
    return observed(prompt("Tell me the weather."));
  }

  @GetMapping("/stream-tools")
  Flux<String> streamTools() {
    return observed(prompt("What is the weather in Paris?").tools(new Weather()));
  }

  @GetMapping("/documents")
  String documents() {
    return prompt("When are you open?")
        .advisors(QuestionAnswerAdvisor.builder(store).build())
        .call()
        .content();
  }

  /** What an instrumentation that Tallyspan does not know may write. */
  @GetMapping("/other")
  String other(@RequestParam("text") String text) {
    Span span =
        openTelemetry
            .getTracer("other")
            .spanBuilder("answer to " + text)
            .setAttribute("gen_ai.operation.name", "chat")
            .setAttribute("gen_ai.request.model", "gpt-4o-mini")
            .setAttribute("gen_ai.prompt.0.content", text)
            .setAttribute("acme.note", text)
            .startSpan();
    span.addEvent("gen_ai.user.message", Attributes.of(AttributeKey.stringKey("content"), text));
    span.setStatus(StatusCode.ERROR, "refused " + text);
    span.end();
    return "done";
  }

  private static Flux<String> observed(ChatClient.ChatClientRequestSpec prompt) {
    return prompt.stream().content().doOnNext(Application::observe);
  }

  /** The chunks of a call of a tool have no text, and may come while the answer starts. */
  private static void observe(String chunk) {
    if (!chunk.isEmpty()) {
      onChunk.run();
    }
  }

  private ChatClient.ChatClientRequestSpec prompt(String text) {
    return client
        .prompt()
        .system("You are terse.")
        .user(text)
        .advisors(advisor -> advisor.param(CONVERSATION, "c-1"));
  }

  /** A tool. */
  static final class Weather {

    @Tool(description = "The weather in a city")
    String weather(String city) {
      return "Sunny in " + city;
    }
  }

  /** What a real application has outside this process. */
  @SpringBootConfiguration
  static class Outside {

    @Bean
    VectorStore vectorStore(EmbeddingModel embeddings, ObservationRegistry observations) {
      SimpleVectorStore store =
          SimpleVectorStore.builder(embeddings).observationRegistry(observations).build();
      store.add(List.of(new Document("d-1", "Open from nine to five.", Map.of())));
      return store;
    }

    @Bean(destroyMethod = "")
    InMemorySpanExporter exporter() {
      return InMemorySpanExporter.create();
    }

    /** Used by OpenTelemetry's starter, which looks for exporters by their names. */
    @Bean
    ConfigurableSpanExporterProvider exporting(InMemorySpanExporter exporter) {
      return new ConfigurableSpanExporterProvider() {
        @Override
        public SpanExporter createExporter(ConfigProperties config) {
          return exporter;
        }

        @Override
        public String getName() {
          return "memory";
        }
      };
    }
  }
}
