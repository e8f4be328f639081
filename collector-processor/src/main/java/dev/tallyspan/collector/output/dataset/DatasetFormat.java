package dev.tallyspan.collector.output.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** In what form cases are written, named like the tool that reads it. */
public enum DatasetFormat {
  /** The canonical records. */
  TALLYSPAN("jsonl", new RowLines((dataset, each) -> each.record())),
  /** Dataset items, each the body of one {@code POST /api/public/dataset-items}. */
  LANGFUSE("jsonl", new RowLines(new LangfuseItem())),
  /** Examples. */
  LANGSMITH("jsonl", new RowLines(new LangSmithExample())),
  /** The body of one {@code POST /v1/datasets/upload}. */
  PHOENIX("json", new PhoenixUpload()),
  /** Records of a dataset. */
  BRAINTRUST("jsonl", new RowLines(new BraintrustRecord())),
  /** Samples of OpenAI's {@code evals}. */
  OPENAI_EVALS("jsonl", new RowLines(new OpenAiSample())),
  /** Tests, for {@code tests: file://…}. */
  PROMPTFOO("jsonl", new RowLines(new PromptfooTest())),
  /** Samples, for Inspect's {@code json_dataset}. */
  INSPECT("jsonl", new RowLines(new InspectSample()));

  /** Writes a whole file. */
  interface Writer {
    void write(String dataset, Collection<DatasetCase> cases, OutputStream out) throws IOException;
  }

  private final String extension;
  private final Writer writer;

  DatasetFormat(String extension, Writer writer) {
    this.extension = extension;
    this.writer = writer;
  }

  /**
   * Returns the format of this name.
   *
   * @throws IllegalArgumentException if there is none; the message has all names
   */
  public static DatasetFormat ofName(String name) {
    for (DatasetFormat format : values()) {
      if (format.wireName().equals(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException("format: must be one of " + names());
  }

  /** The names of all formats, with commas between. */
  public static String names() {
    return Arrays.stream(values()).map(DatasetFormat::wireName).collect(Collectors.joining(", "));
  }

  /** The name, such as {@code openai-evals}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How the name of a file ends that holds it: {@code jsonl} or {@code json}. */
  public String extension() {
    return extension;
  }

  /**
   * Writes cases.
   *
   * @param dataset the name of the dataset; ids of cases depend on it
   */
  public void write(String dataset, Collection<DatasetCase> cases, OutputStream out)
      throws IOException {
    writer.write(dataset, cases, out);
  }

  /** Writes a line for each case. */
  private static final class RowLines implements Writer {
    private static final byte[] END = "\n".getBytes(UTF_8);
    private final Row row;

    RowLines(Row row) {
      this.row = row;
    }

    @Override
    public void write(String dataset, Collection<DatasetCase> cases, OutputStream out)
        throws IOException {
      for (DatasetCase each : cases) {
        out.write(Json.bytes(row.of(dataset, each)));
        out.write(END);
      }
    }
  }
}
