package dev.tallyspan.collector.mcp;

import java.util.Map;

/** The arguments of a call, which the SDK has checked by the tool's schema. */
final class Arguments {

  private final Map<String, Object> values;

  Arguments(Map<String, Object> values) {
    this.values = values;
  }

  /** Returns a text; empty if it is not given. */
  String text(String name) {
    return values.get(name) instanceof String text ? text.strip() : "";
  }

  int number(String name, int otherwise) {
    return values.get(name) instanceof Number number ? number.intValue() : otherwise;
  }
}
