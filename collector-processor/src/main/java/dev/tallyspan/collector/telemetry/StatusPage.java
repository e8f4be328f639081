package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A page for people: what the collector is, does and has counted. Needs no script and loads
 * nothing.
 */
public final class StatusPage {

  /**
   * A table of the page.
   *
   * @param head the names of the columns; empty for a list of names and values
   */
  public record Table(String title, List<String> head, List<List<String>> rows) {
    public Table {
      requireNonNull(title, "title");
      head = List.copyOf(head);
      rows = List.copyOf(rows);
    }
  }

  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;\
      color:#1b1f24;background:#fff}
      h1{font-size:1.4rem}h2{font-size:1.05rem;margin:1.8rem 0 .4rem}
      table{border-collapse:collapse;width:100%}
      th,td{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid #d9dee3;\
      vertical-align:top;overflow-wrap:anywhere}
      th{font-weight:600;color:#57606a}td:first-child{white-space:nowrap}td.n{text-align:right;font-variant-numeric:tabular-nums}
      .good{color:#116329}.bad{color:#a40e26}
      @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}\
      th,td{border-color:#30363d}th{color:#8b949e}.good{color:#3fb950}.bad{color:#ff7b72}}
      """;

  private StatusPage() {}

  /**
   * Returns the page.
   *
   * @param ready whether the collector accepts data
   */
  public static Page of(String title, boolean ready, List<Table> tables) {
    StringBuilder html = new StringBuilder();
    html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>");
    escape(title, html);
    html.append("</title><style>").append(STYLE).append("</style></head><body><h1>");
    escape(title, html);
    html.append("</h1><p class=\"")
        .append(ready ? "good\">Accepts data." : "bad\">Does not accept data at the moment.")
        .append("</p>");
    for (Table table : tables) {
      if (!table.rows().isEmpty()) {
        append(table, html);
      }
    }
    return new Page(200, "text/html; charset=utf-8", html.append("</body></html>\n").toString());
  }

  private static void append(Table table, StringBuilder html) {
    html.append("<h2>");
    escape(table.title(), html);
    html.append("</h2><table>");
    if (!table.head().isEmpty()) {
      html.append("<tr>");
      for (String name : table.head()) {
        html.append("<th>");
        escape(name, html);
        html.append("</th>");
      }
      html.append("</tr>");
    }
    for (List<String> row : table.rows()) {
      html.append("<tr>");
      for (String cell : row) {
        html.append(cell.matches("-?[0-9][0-9,.]*") ? "<td class=\"n\">" : "<td>");
        escape(cell, html);
        html.append("</td>");
      }
      html.append("</tr>");
    }
    html.append("</table>");
  }

  private static void escape(String text, StringBuilder html) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        default -> html.append(c);
      }
    }
  }
}
