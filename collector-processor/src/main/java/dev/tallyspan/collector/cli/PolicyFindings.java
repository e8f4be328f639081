package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.output.policy.PolicyListener;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.PolicyReport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prints what a policy did with each attribute of files: counts, and no content. */
final class PolicyFindings implements PolicyListener {

  /** An attribute, or a text such as the name of spans. */
  private record Subject(String place, String key) implements Comparable<Subject> {
    @Override
    public int compareTo(Subject other) {
      int byPlace = place.compareTo(other.place);
      return byPlace == 0 ? key.compareTo(other.key) : byPlace;
    }

    /** Without a key, it is about all that a place has, or about the whole of it. */
    String shown() {
      return key.isEmpty() ? "(all of the " + place.replace('_', ' ') + ")" : key;
    }
  }

  private final PrintStream out;
  private final ContentMode mode;
  private final boolean json;
  private final Map<Subject, PolicyReport> reports = new TreeMap<>();
  private @Nullable String file;

  PolicyFindings(PrintStream out, ContentMode mode, boolean json) {
    this.out = out;
    this.mode = mode;
    this.json = json;
  }

  /** Ends the file before, and begins another one. */
  void file(String name) {
    end();
    file = name;
  }

  @Override
  public void applied(String place, String key, PolicyReport report) {
    if (!report.isEmpty()) {
      reports.merge(new Subject(place, key), report, PolicyReport::plus);
    }
  }

  /** Prints the last file. */
  void end() {
    if (file == null) {
      return;
    }
    PolicyReport total =
        reports.values().stream().reduce(PolicyReport.nothing(), PolicyReport::plus);
    if (json) {
      printJson(file, total);
    } else {
      print(file, total);
    }
    reports.clear();
    file = null;
  }

  private void print(String name, PolicyReport total) {
    out.println(name + ": " + mode.wireName());
    int places = width(reports.keySet().stream().map(Subject::place).toList());
    int keys = width(reports.keySet().stream().map(Subject::shown).toList());
    reports.forEach(
        (subject, report) ->
            out.println(
                "  "
                    + padded(subject.place(), places)
                    + "  "
                    + padded(subject.shown(), keys)
                    + "  "
                    + text(report)));
    out.println("  total: " + text(total));
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String text(PolicyReport report) {
    List<String> parts = new ArrayList<>();
    report.masked().forEach((kind, count) -> parts.add("masked " + kind + " " + count));
    add(parts, "removed", report.removed());
    add(parts, "replaced by size", report.summarized());
    add(parts, "offloaded", report.offloaded());
    add(parts, "not stored", report.notStored());
    add(parts, "mended", report.mended());
    add(parts, "truncated bytes", report.truncatedBytes());
    add(parts, "failures", report.failures());
    return parts.isEmpty() ? "nothing changed" : String.join(", ", parts);
  }

  private static void add(List<String> parts, String what, long count) {
    if (count > 0) {
      parts.add(what + " " + count);
    }
  }

  private void printJson(String name, PolicyReport total) {
    try (JsonGenerator generator = JsonExplanation.FACTORY.createGenerator(out)) {
      generator.writeStartObject();
      generator.writeStringField("file", name);
      generator.writeStringField("mode", mode.wireName());
      generator.writeArrayFieldStart("attributes");
      for (Map.Entry<Subject, PolicyReport> entry : reports.entrySet()) {
        generator.writeStartObject();
        generator.writeStringField("place", entry.getKey().place());
        generator.writeStringField("key", entry.getKey().key());
        write(entry.getValue(), generator);
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeObjectFieldStart("total");
      write(total, generator);
      generator.writeEndObject();
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println();
  }

  private static void write(PolicyReport report, JsonGenerator generator) throws IOException {
    generator.writeObjectFieldStart("masked");
    for (Map.Entry<String, Integer> kind : report.masked().entrySet()) {
      generator.writeNumberField(kind.getKey(), kind.getValue());
    }
    generator.writeEndObject();
    generator.writeNumberField("removed", report.removed());
    generator.writeNumberField("summarized", report.summarized());
    generator.writeNumberField("offloaded", report.offloaded());
    generator.writeNumberField("not_stored", report.notStored());
    generator.writeNumberField("mended", report.mended());
    generator.writeNumberField("truncated_bytes", report.truncatedBytes());
    generator.writeNumberField("failures", report.failures());
  }
}
