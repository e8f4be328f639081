package dev.tallyspan.collector.output.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some of the cases that a query selects.
 *
 * @param leftOut how many traces or spans were selected whose question is not recorded
 * @param next the cursor of the page after this one; empty if it is the last
 */
public record CasePage(List<DatasetCase> cases, int leftOut, String next) {

  public CasePage {
    cases = List.copyOf(cases);
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static CasePage parse(byte[] json) {
    try {
      Map<String, @Nullable Object> page = Json.object(Json.parse(json));
      List<DatasetCase> cases = new ArrayList<>();
      for (Object each : Json.list(page.get("cases"))) {
        cases.add(DatasetCase.ofJson(each));
      }
      return new CasePage(cases, (int) Json.number(page, "leftOut"), Json.text(page, "next"));
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  /** Returns the page as JSON in UTF-8: {@code cases}, {@code leftOut} and {@code next}. */
  public byte[] toJson() {
    ByteArrayOutputStream json = new ByteArrayOutputStream(8192);
    json.writeBytes("{\"cases\":[".getBytes(UTF_8));
    for (int i = 0; i < cases.size(); i++) {
      if (i > 0) {
        json.write(',');
      }
      json.writeBytes(cases.get(i).toJson());
    }
    json.writeBytes(
        ("],\"leftOut\":" + leftOut + ",\"next\":" + Json.text(next) + "}").getBytes(UTF_8));
    return json.toByteArray();
  }
}
