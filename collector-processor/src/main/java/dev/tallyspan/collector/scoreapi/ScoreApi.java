package dev.tallyspan.collector.scoreapi;

/** An API that applications send scores with. */
public enum ScoreApi {
  LANGFUSE("langfuse"),
  PHOENIX("phoenix");

  private final String id;

  ScoreApi(String id) {
    this.id = id;
  }

  /** The name in the configuration. */
  public String id() {
    return id;
  }
}
