package dev.tallyspan.spring;

import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.ValueSupport;
import io.micrometer.observation.Observation;
import io.opentelemetry.api.common.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.observation.ToolCallingObservationContext;

/** A tool that runs in this process: its arguments and its result. */
final class ToolFacts implements ObservedFacts {

  @Override
  public boolean isAbout(Observation.ContextView context) {
    return context instanceof ToolCallingObservationContext;
  }

  @Override
  public void write(Observation.Context context, ObservedSpan span) {
    ToolCallingObservationContext tool = (ToolCallingObservationContext) context;
    span.restrict("spring.ai.tool.call.arguments");
    span.restrict("spring.ai.tool.call.result");
    if (span.takesContent()) {
      write(GenAiAttributes.GEN_AI_TOOL_CALL_ARGUMENTS, tool.getToolCallArguments(), span);
      write(GenAiAttributes.GEN_AI_TOOL_CALL_RESULT, tool.getToolCallResult(), span);
    }
  }

  private static void write(AttributeKey<?> key, @Nullable String json, ObservedSpan span) {
    if (json != null && !json.isEmpty()) {
      span.setContent(key, ValueSupport.fromJson(json));
    }
  }
}
