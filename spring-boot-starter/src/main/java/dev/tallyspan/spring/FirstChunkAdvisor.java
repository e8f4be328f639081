package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.function.LongSupplier;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;

/**
 * Looks at the chunks of streams, next to the model. An advisor is the only place that Spring AI
 * offers for this: its observations know nothing of chunks, and some models are final classes that
 * cannot be wrapped.
 */
final class FirstChunkAdvisor implements StreamAdvisor {

  private final LongSupplier nanos;

  FirstChunkAdvisor(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public String getName() {
    return "first chunk";
  }

  /** After all advisors that change the request, so that their time is not counted. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 1;
  }

  @Override
  public Flux<ChatClientResponse> adviseStream(
      ChatClientRequest request, StreamAdvisorChain chain) {
    return Flux.deferContextual(
        context -> {
          StreamChunks chunks = new StreamChunks(nanos);
          if (context.getOrDefault(ObservationThreadLocalAccessor.KEY, null)
              instanceof Observation own) {
            own.getContext().put(StreamChunks.class, chunks);
          }
          return chain.nextStream(request).doOnNext(chunk -> chunks.add(chunk.chatResponse()));
        });
  }
}
