package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.List;

/** JSON for readers that can take only so many characters: texts are cut, and lists are paged. */
final class BoundedJson {

  /** Writes one JSON value, or members of an object. */
  interface Body<T> {
    void write(T value, JsonGenerator json) throws IOException;
  }

  /** Values of a set, such as the models of a trace, that are listed. */
  private static final int MAX_VALUES = 20;

  private static final JsonFactory JSON = new JsonFactory();

  private BoundedJson() {}

  static String text(TraceViews.Body body) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      body.write(json);
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    return out.toString();
  }

  /**
   * Writes an object of some members and a list, of which as many rows follow as there is room for,
   * at least one. {@code nextOffset} names the first row that is left out for want of room.
   *
   * @param field of the list
   * @param offset how many rows to leave out
   * @param limit how many rows to write at most
   * @param maxCharacters of the object, except that one row is always written
   */
  static <T> String page(
      TraceViews.Body members,
      String field,
      List<T> rows,
      int offset,
      int limit,
      int maxCharacters,
      Body<T> row) {
    String head = text(json -> object(json, members));
    int from = Math.min(offset, rows.size());
    int left = maxCharacters - head.length() - field.length() - 32;
    StringBuilder list = new StringBuilder();
    int next = from;
    while (next < rows.size() && next - from < limit) {
      T value = rows.get(next);
      String one = text(json -> row.write(value, json));
      left -= one.length() + 1;
      if (left < 0 && next > from) {
        break;
      }
      list.append(next > from ? "," : "").append(one);
      next++;
    }
    StringBuilder page = new StringBuilder(head).deleteCharAt(head.length() - 1);
    page.append(head.length() > 2 ? "," : "");
    page.append('"').append(field).append("\":[").append(list).append(']');
    if (next < rows.size()) {
      page.append(",\"nextOffset\":").append(next);
    }
    return page.append('}').toString();
  }

  private static void object(JsonGenerator json, TraceViews.Body members) throws IOException {
    json.writeStartObject();
    members.write(json);
    json.writeEndObject();
  }

  /** Writes a text that is not empty, cut to a length. */
  static void text(String field, String text, int most, JsonGenerator json) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(field, cut(text, most));
    }
  }

  static void texts(String field, Collection<String> texts, int most, JsonGenerator json)
      throws IOException {
    if (!texts.isEmpty()) {
      json.writeArrayFieldStart(field);
      for (String text : texts.stream().limit(MAX_VALUES).toList()) {
        json.writeString(cut(text, most));
      }
      json.writeEndArray();
    }
  }

  /** Writes a number that is not zero. */
  static void count(String field, long count, JsonGenerator json) throws IOException {
    if (count != 0) {
      json.writeNumberField(field, count);
    }
  }

  /** Cuts without splitting a character in two, and shows that something is missing. */
  static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, boundary(text, most - 1)) + "…";
  }

  /** Returns the index, or the one before if it is within a character. */
  static int boundary(String text, int index) {
    return index > 0
            && index < text.length()
            && Character.isHighSurrogate(text.charAt(index - 1))
            && Character.isLowSurrogate(text.charAt(index))
        ? index - 1
        : index;
  }
}
