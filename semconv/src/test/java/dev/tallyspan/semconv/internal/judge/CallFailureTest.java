package dev.tallyspan.semconv.internal.judge;

import static dev.tallyspan.semconv.TestSpan.chat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.span.LlmSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failed calls a provider may have billed. */
class CallFailureTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "429",
        "400",
        "500",
        "503",
        "openai.RateLimitError",
        "langchain_openai.chat_models.base.OpenAIRateLimitError",
        "anthropic.BadRequestError",
        "anthropic.OverloadedError",
        "openai.AuthenticationError",
        "openai.InternalServerError",
        "ThrottlingException",
        "ValidationException",
        "AccessDeniedException",
        "software.amazon.awssdk.services.bedrockruntime.model.ServiceQuotaExceededException",
        "google.api_core.exceptions.ResourceExhausted",
        "google.genai.errors.ServerError",
        "litellm.exceptions.ContextWindowExceededError",
        "com.openai.errors.UnprocessableEntityException"
      })
  void whatWasRefusedIsNotBilled(String errorType) {
    assertThat(chat().error().with("error.type", errorType).read().billing())
        .isEqualTo(Billing.NOT_BILLABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai.APITimeoutError",
        "openai.APIConnectionError",
        "httpx.ReadTimeout",
        "httpx.RemoteProtocolError",
        "httpx.ReadError",
        "aiohttp.client_exceptions.ServerDisconnectedError",
        "asyncio.CancelledError",
        "AbortError",
        "java.net.SocketTimeoutException",
        "java.io.IOException",
        "java.io.EOFException",
        "java.net.http.HttpTimeoutException",
        "okhttp3.internal.http2.StreamResetException",
        "java.util.concurrent.CancellationException",
        "com.openai.errors.OpenAIIoException connection reset",
        "google.api_core.exceptions.DeadlineExceeded",
        "408",
        "504",
        "json.decoder.JSONDecodeError",
        "pydantic_core.ValidationError"
      })
  void whatTheClientLostMayHaveBeenBilled(String errorType) {
    assertThat(chat().error().with("error.type", errorType).read().billing())
        .isEqualTo(Billing.CALL);
  }

  @ParameterizedTest
  @CsvSource({
    "'Error getting response: {''error'': ''Error code: 429 - Rate limit''}', NOT_BILLABLE",
    "'HTTP 503', NOT_BILLABLE",
    "'Request timed out.', CALL",
    "'status code: 504, upstream', CALL"
  })
  void statusMessageDecidesWhereNothingElseDoes(String message, Billing billing) {
    assertThat(chat().error().statusMessage(message).read().billing()).isEqualTo(billing);
  }

  @Test
  void httpStatusDecidesBeforeTheClassOfTheError() {
    assertThat(
            chat()
                .error()
                .with("error.type", "java.io.IOException")
                .with("http.response.status_code", 429L)
                .read()
                .billing())
        .isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void emptyGenerationIsNoAnswer() {
    LlmSpan refused =
        chat()
            .error()
            .with("openinference.span.kind", "LLM")
            .with("llm.output_messages.0.message.role", "assistant")
            .event("exception", "exception.type", "x.RateLimitError")
            .read();
    assertThat(refused.billing()).isEqualTo(Billing.NOT_BILLABLE);
    LlmSpan brokenOff =
        chat()
            .error()
            .with("openinference.span.kind", "LLM")
            .with("llm.output_messages.0.message.role", "assistant")
            .with("llm.output_messages.0.message.content", "The capital")
            .event("exception", "exception.type", "x.RateLimitError")
            .read();
    assertThat(brokenOff.billing()).isEqualTo(Billing.CALL);
  }

  @Test
  void vagueExceptionIsNamedByItsMessage() {
    LlmSpan llm =
        chat()
            .error()
            .event(
                "exception",
                "exception.type",
                "Exception",
                "exception.message",
                "OpenAIRateLimitError('Error code: 429 - {}')")
            .read();
    assertThat(llm.errorType()).isEqualTo("429");
    assertThat(llm.billing()).isEqualTo(Billing.NOT_BILLABLE);
  }

  @Test
  void callThatDidNotFailIsACall() {
    assertThat(chat().read().billing()).isEqualTo(Billing.CALL);
  }
}
