package dev.tallyspan.collector.price;

import dev.tallyspan.semconv.span.LlmSpan;

/** The provider and the model of a call, as its span names them. */
final class ModelLabels {

  private static final String UNKNOWN = "unknown";

  private ModelLabels() {}

  /** The model that answered or, if it is not known, the one that was asked for. */
  static String model(LlmSpan llm) {
    String name = llm.responseModel() == null ? llm.requestModel() : llm.responseModel();
    return name == null ? UNKNOWN : name;
  }

  static String provider(LlmSpan llm) {
    return llm.provider() == null ? UNKNOWN : llm.provider();
  }
}
