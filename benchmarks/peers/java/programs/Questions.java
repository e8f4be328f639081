import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;

/** What every program asks. */
final class Questions {

  static final String QUESTION = "How is the weather?";

  private Questions() {}

  /** A request of an application: its identity is in baggage, its span has the name. */
  static void request(OpenTelemetry openTelemetry, String name, Runnable code) {
    Span span = openTelemetry.getTracer("app").spanBuilder(name).startSpan();
    Baggage identity = Baggage.builder().put("session.id", "s-42").put("user.id", "u-7").build();
    try (Scope baggage = identity.makeCurrent();
        Scope scope = span.makeCurrent()) {
      code.run();
    } catch (RuntimeException e) {
      System.out.println(name + ": " + e.getClass().getName());
    } finally {
      span.end();
    }
  }

  static ChatCompletionCreateParams chat(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(QUESTION).build();
  }

  static ChatCompletionCreateParams tools(String model) {
    FunctionDefinition weather = FunctionDefinition.builder().name("get_weather").build();
    return chat(model).toBuilder().addFunctionTool(weather).build();
  }

  static ChatCompletionCreateParams stream(String model) {
    return chat(model).toBuilder()
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();
  }
}
