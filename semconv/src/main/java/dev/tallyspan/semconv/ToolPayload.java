package dev.tallyspan.semconv;

/**
 * Reads the input and output that tracers record for a run of a tool: the arguments and the result
 * inside the wrapping that a decorator or LangChain put around them.
 */
final class ToolPayload {

  private ToolPayload() {}

  /** Offers the arguments in an input, and the result, call id and name in an output. */
  static void read(
      Json input, String inputKey, Json output, String outputKey, LlmSpan.Builder out) {
    out.offerBlob(Slot.TOOL_CALL_ARGUMENTS, arguments(input), inputKey);
    Json result = result(output);
    Json message = result.get("kwargs").isObject() ? result.get("kwargs") : result;
    if (message.get("tool_call_id").isText()) { // LangChain's ToolMessage
      out.offerBlob(Slot.TOOL_CALL_ID, message.get("tool_call_id"), outputKey);
      out.offerBlob(Slot.TOOL_NAME, message.get("name"), outputKey);
      result = message.get("content");
    }
    out.offerBlob(Slot.TOOL_CALL_RESULT, result, outputKey);
  }

  /**
   * The arguments out of {@code {args, kwargs}}, {@code {kwargs}}, {@code {input_str, inputs}},
   * {@code {input}}.
   */
  private static Json arguments(Json input) {
    Json opened = input.unwrapOrSelf();
    Json positional = opened.get("args");
    Json named = opened.get("kwargs");
    if (positional.isArray() && (opened.size() <= 2 || named.isObject())) {
      if (positional.size() == 0) {
        return named.isPresent() ? named : positional;
      }
      return positional.size() == 1 && named.size() == 0 ? positional.at(0).unwrapOrSelf() : opened;
    }
    if (named.isObject() && opened.size() == 1) {
      return named;
    }
    if (opened.get("inputs").isObject()) {
      return opened.get("inputs");
    }
    if (opened.get("input_str").isText()) {
      return opened.get("input_str").unwrapOrSelf();
    }
    // LangChain's older tools: the arguments as JSON text; other text is an argument named so.
    Json only = opened.size() == 1 ? opened.get("input").unwrap() : Json.ABSENT;
    return only.isPresent() ? only : opened;
  }

  private static Json result(Json output) {
    Json opened = output.unwrapOrSelf();
    Json inner = opened.first("output", "outputs");
    boolean wrapped = inner.isPresent() && (opened.size() == 1 || opened.get("kwargs").isObject());
    return wrapped && !opened.get("lc").isPresent() ? inner.unwrapOrSelf() : opened;
  }
}
