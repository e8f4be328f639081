/**
 * The tracing API: writes spans and metrics of model calls, embeddings, retrievals, tools, agents
 * and workflows as the GenAI conventions of OpenTelemetry define them.
 *
 * <pre>{@code
 * GenAi genAi = GenAi.builder(openTelemetry).content(ContentCapture.ALL).build();
 * try (ChatCall call =
 *     genAi.chat("openai", "gpt-4o").maxTokens(100).input(Message.user("Hello")).start()) {
 *   call.responseId("resp_1")
 *       .finishReasons("stop")
 *       .output(Message.assistant("Hi!"))
 *       .usage(TokenUsage.inclusive().input(8).output(3));
 * }
 * }</pre>
 *
 * <p>Recording never throws. Null is ignored wherever a fact may not be known, and what is recorded
 * after the end of an operation is ignored too. Without an OpenTelemetry SDK, nothing is recorded.
 * Start at {@link dev.tallyspan.api.GenAi}.
 */
@NullMarked
package dev.tallyspan.api;

import org.jspecify.annotations.NullMarked;
