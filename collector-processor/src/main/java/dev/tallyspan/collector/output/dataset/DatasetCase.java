package dev.tallyspan.collector.output.dataset;

import static dev.tallyspan.collector.output.dataset.Json.object;
import static dev.tallyspan.collector.output.dataset.Json.objects;
import static dev.tallyspan.collector.output.dataset.Json.text;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A case for evaluations, made from a recorded trace or span: Tallyspan's canonical record, of
 * which {@code docs/datasets.md} describes the members. What was answered is in {@code output}, and
 * is never what is {@code expected}. Immutable.
 */
public final class DatasetCase {

  /** The value of the member {@code schema}. */
  public static final String SCHEMA = "tallyspan.dataset/1";

  private final Map<String, @Nullable Object> record;

  private DatasetCase(Map<String, @Nullable Object> record) {
    this.record = record;
  }

  static DatasetCase of(Map<String, @Nullable Object> record) {
    return new DatasetCase(record);
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if it is not a record of this schema
   */
  public static DatasetCase parse(byte[] json) {
    try {
      return ofJson(Json.parse(json));
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  /**
   * Makes a case of a whole trace: its question, its last answer, the tools it called and the
   * documents it found.
   *
   * @param spans as the viewer keeps them, by start
   * @return empty if no question is recorded
   */
  public static Optional<DatasetCase> ofTrace(List<byte[]> spans) {
    return CaseReading.ofTrace(spans.stream().map(SpanFacts::of).toList());
  }

  /**
   * Makes a case of one span: what it was asked and answered.
   *
   * @param branch as the viewer keeps them: the span, then those below it by start
   * @return empty if no question is recorded
   */
  public static Optional<DatasetCase> ofSpan(List<byte[]> branch) {
    return CaseReading.ofSpan(branch.stream().map(SpanFacts::of).toList());
  }

  /**
   * @throws IllegalArgumentException if it is not a record of this schema
   */
  static DatasetCase ofJson(@Nullable Object json) {
    Map<String, @Nullable Object> record = object(json);
    if (!text(record, "schema").equals(SCHEMA)) {
      throw new IllegalArgumentException("schema: must be " + SCHEMA);
    }
    if (text(record, "id").isEmpty() || !text(record, "input_digest").matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("id and input_digest: are needed");
    }
    return new DatasetCase(record);
  }

  /** Returns the record as one line of JSON in UTF-8, without its end. */
  public byte[] toJson() {
    return Json.bytes(record);
  }

  /** {@code tr-TRACE} or {@code tr-TRACE-SPAN}: where it is from. */
  public String id() {
    return text(record, "id");
  }

  /** The SHA-256 of the input, in hexadecimal; two cases with the same question have the same. */
  public String inputDigest() {
    return text(record, "input_digest");
  }

  /** How many traces or spans asked the same. */
  public long count() {
    return Math.max(1, Json.number(record, "count"));
  }

  /** Returns the same with another count. */
  public DatasetCase withCount(long count) {
    return with("count", count);
  }

  /** Returns the same in another split, such as {@code regression} or {@code test}. */
  public DatasetCase withSplit(String split) {
    return with("split", split);
  }

  private DatasetCase with(String name, Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(record);
    changed.put(name, value);
    return new DatasetCase(changed);
  }

  Map<String, @Nullable Object> record() {
    return record;
  }

  String split() {
    return text(record, "split");
  }

  String system() {
    return text(object(record, "input"), "system");
  }

  List<Map<String, @Nullable Object>> messages() {
    return objects(object(record, "input"), "messages");
  }

  List<@Nullable Object> tools() {
    return Json.list(object(record, "input").get("tools"));
  }

  /** The text of the answer that was given; empty if there is none. */
  String answer() {
    return Messages.allTexts(objects(object(record, "output"), "messages"));
  }

  /** The answer that a person has found right; null until then. */
  @Nullable Object expected() {
    return record.get("expected");
  }

  String failureKind() {
    return text(object(record, "failure"), "kind");
  }

  List<Map<String, @Nullable Object>> assertions() {
    return objects(record, "assertions");
  }

  List<@Nullable Object> tags() {
    return Json.list(record.get("tags"));
  }

  Map<String, @Nullable Object> source() {
    return object(record, "source");
  }

  /**
   * What tools keep beside input and expected answer: everything else that is known. The answer
   * that was given is here and nowhere else.
   */
  Map<String, @Nullable Object> metadata() {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(object(record, "metadata"));
    metadata.put("case", id());
    for (String name :
        List.of("failure", "assertions", "trajectory", "source", "redaction", "tags")) {
      Json.putFilled(metadata, name, record.get(name));
    }
    Json.putFilled(metadata, "documents", object(record, "context").get("documents"));
    Json.putText(metadata, "recorded_output", answer());
    metadata.put("count", count());
    return metadata;
  }

  /**
   * An id that is the same whenever the same question comes into the same dataset, so that a later
   * export updates the case: 32 hexadecimal digits.
   */
  String stableId(String dataset) {
    return Json.digest(List.of(dataset, inputDigest())).substring(0, 32);
  }

  /** Contains only the id, because everything else may be personal. */
  @Override
  public String toString() {
    return "DatasetCase[" + id() + "]";
  }
}
