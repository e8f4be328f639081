package dev.tallyspan.api;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_PROVIDER_NAME;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_MODEL;

import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.read.MessageParser;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The request of a model call. See {@link GenAi#chat}. */
public final class ChatBuilder extends OperationBuilder<ChatBuilder, ChatCall> {

  private String operation = Operations.CHAT;
  private final List<MessagePart> system = new ArrayList<>();
  private final List<Message> input = new ArrayList<>();
  private final List<Value<?>> tools = new ArrayList<>();
  private final Map<String, String> promptVariables = new LinkedHashMap<>();

  ChatBuilder(Tracing tracing, @Nullable String provider, @Nullable String model) {
    super(tracing);
    set(GEN_AI_PROVIDER_NAME, provider);
    set(GEN_AI_REQUEST_MODEL, model);
  }

  /**
   * Sets the operation: {@code chat}, {@code generate_content}, {@code text_completion}, or one of
   * your own. Default: {@code chat}.
   *
   * @param name null or blank keeps the operation
   * @return this
   */
  public ChatBuilder operation(@Nullable String name) {
    operation = name == null || name.isBlank() ? operation : name;
    return this;
  }

  /**
   * Sets the sampling temperature.
   *
   * @param temperature in the range of the provider, often 0 to 2; NaN and infinity are ignored
   * @return this
   */
  public ChatBuilder temperature(@Nullable Number temperature) {
    return set(Slot.TEMPERATURE, fraction(temperature));
  }

  /**
   * Sets the probability mass that tokens are sampled from.
   *
   * @param probability from 0 to 1; NaN and infinity are ignored
   * @return this
   */
  public ChatBuilder topP(@Nullable Number probability) {
    return set(Slot.TOP_P, fraction(probability));
  }

  /**
   * Sets how many of the most probable tokens are sampled from.
   *
   * @param tokens a number of tokens; a fraction is cut off
   * @return this
   */
  public ChatBuilder topK(@Nullable Number tokens) {
    return set(Slot.TOP_K, whole(tokens));
  }

  /**
   * Sets the maximum number of tokens to generate.
   *
   * @param tokens the limit, reasoning included where the provider counts it so; a fraction is cut
   *     off
   * @return this
   */
  public ChatBuilder maxTokens(@Nullable Number tokens) {
    return set(Slot.MAX_TOKENS, whole(tokens));
  }

  /**
   * Sets the seed.
   *
   * @param seed a whole number; a fraction is cut off
   * @return this
   */
  public ChatBuilder seed(@Nullable Number seed) {
    return set(Slot.SEED, whole(seed));
  }

  /**
   * Sets the texts at which the model stops.
   *
   * @param sequences in place of those set before; an empty list is ignored
   * @return this
   */
  public ChatBuilder stopSequences(@Nullable String @Nullable ... sequences) {
    return set(Slot.STOP_SEQUENCES, texts(sequences));
  }

  /**
   * Sets the frequency penalty.
   *
   * @param penalty often from -2 to 2; NaN and infinity are ignored
   * @return this
   */
  public ChatBuilder frequencyPenalty(@Nullable Number penalty) {
    return set(Slot.FREQUENCY_PENALTY, fraction(penalty));
  }

  /**
   * Sets the presence penalty.
   *
   * @param penalty often from -2 to 2; NaN and infinity are ignored
   * @return this
   */
  public ChatBuilder presencePenalty(@Nullable Number penalty) {
    return set(Slot.PRESENCE_PENALTY, fraction(penalty));
  }

  /**
   * Sets how many answers are generated. One is the default and is not written.
   *
   * @param count 1 or null removes a count that was set before
   * @return this
   */
  public ChatBuilder choiceCount(@Nullable Number count) {
    Long choices = whole(count);
    facts.remove(GenAiAttributes.GEN_AI_REQUEST_CHOICE_COUNT.getKey());
    return set(Slot.CHOICE_COUNT, choices != null && choices == 1 ? null : choices);
  }

  /**
   * Sets the type of output: {@code text}, {@code json}, {@code image}, {@code speech}.
   *
   * @param type one of these, or another one in the words of the provider
   * @return this
   */
  public ChatBuilder outputType(@Nullable String type) {
    return set(Slot.OUTPUT_TYPE, type);
  }

  /**
   * Sets how much the model reasons, in the provider's words: {@code low}, {@code high}.
   *
   * @param level null is ignored
   * @return this
   */
  public ChatBuilder reasoningLevel(@Nullable String level) {
    return set(Slot.REASONING_LEVEL, level);
  }

  /**
   * Sets the response that this request continues, in APIs that keep them.
   *
   * @param id of the earlier response; null is ignored
   * @return this
   */
  public ChatBuilder previousResponseId(@Nullable String id) {
    return set(Slot.PREVIOUS_RESPONSE_ID, id);
  }

  /**
   * Sets the service tier that is asked for, of OpenAI and Azure OpenAI.
   *
   * @param tier such as {@code auto}, {@code flex} or {@code priority}
   * @return this
   */
  public ChatBuilder serviceTier(@Nullable String tier) {
    return set(Slot.REQUESTED_SERVICE_TIER, tier);
  }

  /**
   * Sets OpenAI's API: {@code chat_completions} or {@code responses}.
   *
   * @param type null is ignored
   * @return this
   */
  public ChatBuilder openAiApi(@Nullable String type) {
    return set(Slot.OPENAI_API_TYPE, type);
  }

  /**
   * Sets the prompt template that was used.
   *
   * @param name of the template; null is ignored
   * @param version of the template; null if it has none
   * @return this
   */
  public ChatBuilder prompt(@Nullable String name, @Nullable String version) {
    set(Slot.PROMPT_NAME, name);
    return set(Slot.PROMPT_VERSION, version);
  }

  /**
   * Sets the value of a variable of the prompt template.
   *
   * @param name of the variable; null or empty sets nothing
   * @param value which is content, see {@link ContentCapture.Kind#PROMPT_VARIABLES}
   * @return this
   */
  public ChatBuilder promptVariable(@Nullable String name, @Nullable String value) {
    if (name != null && !name.isEmpty() && value != null) {
      promptVariables.put(name, value);
    }
    return this;
  }

  /**
   * Sets whether the response is streamed. {@link #startStream} does so, too.
   *
   * @param stream false removes the mark, since requests are not streamed by default
   * @return this
   */
  public ChatBuilder stream(boolean stream) {
    facts.remove(GenAiAttributes.GEN_AI_REQUEST_STREAM.getKey());
    return set(Slot.STREAM, stream ? true : null);
  }

  /**
   * Adds instructions that the request has apart from its messages. For APIs that have them among
   * the messages, use {@link Message#system}.
   *
   * @param instructions the text, which is content, see {@link
   *     ContentCapture.Kind#SYSTEM_INSTRUCTIONS}
   * @return this
   */
  public ChatBuilder system(@Nullable String instructions) {
    if (instructions != null) {
      system.add(new MessagePart.Text(instructions));
    }
    return this;
  }

  /**
   * Adds messages of the request.
   *
   * @param messages added in order to those before; null elements are left out
   * @return this
   */
  public ChatBuilder input(@Nullable Message @Nullable ... messages) {
    return messages == null ? this : input(Arrays.asList(messages));
  }

  /**
   * Adds messages of the request.
   *
   * @param messages added in order to those before; null elements are left out
   * @return this
   */
  public ChatBuilder input(@Nullable Collection<? extends @Nullable Message> messages) {
    if (messages != null) {
      messages.stream().filter(Objects::nonNull).forEach(input::add);
    }
    return this;
  }

  /**
   * Adds tools that the model may call.
   *
   * @param json a list of definitions in the format of the conventions or of a provider: OpenAI's,
   *     Anthropic's, Gemini's, Bedrock's
   * @return this
   */
  public ChatBuilder tools(@Nullable String json) {
    return json == null ? this : addTools(() -> MessageParser.parseToolDefinitions(json));
  }

  /**
   * Adds tools that the model may call, in one of the formats of {@link #tools(String)}.
   *
   * @param definitions what the JSON text would be, parsed
   * @return this
   */
  public ChatBuilder tools(@Nullable Value<?> definitions) {
    return definitions == null
        ? this
        : addTools(() -> MessageParser.parseToolDefinitions(definitions));
  }

  /**
   * Adds a tool that the model may call.
   *
   * @param name of the tool; null or empty adds nothing
   * @param description null if there is none
   * @param parameters the JSON schema of its arguments; null if there is none
   * @return this
   */
  public ChatBuilder tool(
      @Nullable String name, @Nullable String description, @Nullable String parameters) {
    if (name == null || name.isEmpty()) {
      return this;
    }
    Map<String, Value<?>> definition = new LinkedHashMap<>();
    definition.put("type", Value.of("function"));
    definition.put("name", Value.of(name));
    if (description != null) {
      definition.put("description", Value.of(description));
    }
    if (parameters != null) {
      definition.put("parameters", Value.of(parameters));
    }
    return tools(Value.of(definition));
  }

  private ChatBuilder addTools(Supplier<@Nullable Value<?>> read) {
    try {
      Value<?> definitions =
          tracing.content().captures(ContentCapture.Kind.TOOL_DEFINITIONS) ? read.get() : null;
      if (definitions != null && definitions.getValue() instanceof List<?> list) {
        list.forEach(each -> tools.add((Value<?>) each));
      }
    } catch (Throwable t) {
      tracing.faults().add(t);
    }
    return this;
  }

  /**
   * Starts a streamed call, without making it current. Pass what arrives to {@link ChatCall#chunk},
   * then {@link ChatCall#end} the call.
   *
   * @return the call, which has started
   */
  public ChatCall startStream() {
    return stream(true).startDetached();
  }

  @Override
  GenAiSpanType type() {
    return GenAiSpanType.INFERENCE;
  }

  @Override
  String operationName() {
    return operation;
  }

  @Override
  ChatCall create(Started started) {
    boolean streamed = started.facts().has(GenAiAttributes.GEN_AI_REQUEST_STREAM.getKey());
    ChatCall call = new ChatCall(started, streamed);
    call.writeRequest(system, input, tools, promptVariables);
    return call;
  }
}
