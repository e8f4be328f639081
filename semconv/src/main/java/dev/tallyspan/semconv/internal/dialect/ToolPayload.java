package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;

/**
 * Reads the input and output that tracers record for a run of a tool: the arguments and the result
 * inside the wrapping that a decorator or LangChain put around them.
 */
final class ToolPayload {

  private ToolPayload() {}

  /** Offers the arguments in an input, and the result, call id and name in an output. */
  static void read(Json input, String inputKey, Json output, String outputKey, Draft out) {
    out.offerBlob(Slot.TOOL_CALL_ARGUMENTS, arguments(input), inputKey);
    Json result = result(output);
    Json message = message(result);
    if (message.get("tool_call_id").isText()) { // LangChain's ToolMessage
      out.offerBlob(Slot.TOOL_CALL_ID, message.get("tool_call_id"), outputKey);
      out.offerBlob(Slot.TOOL_NAME, message.get("name"), outputKey);
      result = message.get("content");
    }
    out.offerBlob(Slot.TOOL_CALL_RESULT, result, outputKey);
  }

  /**
   * Takes LangChain's wrapping off arguments and a result that stand under the conventions' keys:
   * {@code {input_str, tags, metadata, inputs, kwargs}} and {@code {output, kwargs}}.
   */
  static void unwrapRun(Draft out) {
    Json input = Json.of(out.get(Slot.TOOL_CALL_ARGUMENTS)).unwrapOrSelf();
    if (input.get("input_str").isPresent() && input.get("metadata").isObject()) {
      Json arguments = arguments(input);
      replace(Slot.TOOL_CALL_ARGUMENTS, arguments, ".inputs", out);
      out.offerBlob(Slot.TOOL_CALL_ID, input.get("kwargs").get("tool_call_id"), "kwargs");
    }
    Json output = Json.of(out.get(Slot.TOOL_CALL_RESULT)).unwrapOrSelf();
    if (output.get("output").isPresent() && output.get("kwargs").isObject() && output.size() == 2) {
      Json inner = result(output);
      Json message = message(inner);
      Json content = message.get("tool_call_id").isText() ? message.get("content") : inner;
      replace(Slot.TOOL_CALL_RESULT, content.unwrapOrSelf(), ".output", out);
    }
  }

  /** The members of a message that LangChain wrote with its constructor, or with its type. */
  private static Json message(Json result) {
    Json members = result.first("kwargs", "data");
    return members.isObject() && members.get("content").isPresent() ? members : result;
  }

  /** Puts a part of a slot's value in its place, as if the part had come under its own key. */
  private static void replace(Slot<?> slot, Json part, String path, Draft out) {
    if (part.isPresent()) {
      out.withdraw(slot);
      out.offer(slot, part, slot.key(ConventionVersion.GENAI_DEV) + path);
    }
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
