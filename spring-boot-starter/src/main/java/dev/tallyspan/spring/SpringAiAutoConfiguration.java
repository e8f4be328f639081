package dev.tallyspan.spring;

import dev.tallyspan.semconv.content.ContentPolicy;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.Value;
import java.util.List;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientCustomizer;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Spring AI's observations know and do not write, on their spans. */
@AutoConfiguration(after = TallyspanAutoConfiguration.class)
@ConditionalOnTallyspan
@ConditionalOnClass({ChatModelObservationContext.class, Tracer.class, Value.class})
@ConditionalOnProperty(prefix = "tallyspan.spring-ai", name = "enabled", matchIfMissing = true)
public class SpringAiAutoConfiguration {

  SpringAiAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "tallyspanSpringAiSpans")
  ObservationFilter tallyspanSpringAiSpans(
      ObjectProvider<ObservedFacts> facts, ObjectProvider<ContentPolicy> policy) {
    return new SpringAiSpans(facts.orderedStream().toList(), policy.getIfAvailable());
  }

  @Bean
  ObservedFacts tallyspanIdentityFacts() {
    return new IdentityFacts();
  }

  @Bean
  ObservedFacts tallyspanChatFacts() {
    return new ChatFacts();
  }

  @Bean
  ObservedFacts tallyspanToolFacts() {
    return new ToolFacts();
  }

  @Bean
  ObservedFacts tallyspanEmbeddingFacts() {
    return new EmbeddingFacts();
  }

  /** Searches in vector stores. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(VectorStoreObservationContext.class)
  static class VectorStores {

    @Bean
    ObservedFacts tallyspanRetrievalFacts() {
      return new RetrievalFacts();
    }
  }

  /** Conversations. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ChatClient.class)
  static class ChatClients {

    @Bean
    ObservedFacts tallyspanConversationFacts() {
      return new ConversationFacts();
    }
  }

  /** The time to the first chunk. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({ChatClientCustomizer.class, StreamAdvisor.class})
  @ConditionalOnProperty(
      prefix = "tallyspan.spring-ai",
      name = "first-chunk",
      matchIfMissing = true)
  static class FirstChunk {

    @Bean
    StartTimes tallyspanStartTimes() {
      return new StartTimes(System::nanoTime);
    }

    @Bean
    ChatClientCustomizer tallyspanFirstChunk() {
      return builder -> builder.defaultAdvisors(List.of(new FirstChunkAdvisor(System::nanoTime)));
    }
  }
}
