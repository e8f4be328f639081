package dev.tallyspan.collector.output.ledger;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When calls were made.
 *
 * @param since included; null = no limit
 * @param until not included; null = no limit
 */
public record Period(@Nullable Instant since, @Nullable Instant until) {

  private static final DateTimeFormatter SQL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  /** Returns a condition in SQL. */
  String where() {
    List<String> conditions = new ArrayList<>();
    if (since != null) {
      conditions.add("time >= " + literal(since));
    }
    if (until != null) {
      conditions.add("time < " + literal(until));
    }
    return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
  }

  private static String literal(Instant time) {
    return "TIMESTAMP '" + LocalDateTime.ofInstant(time, ZoneOffset.UTC).format(SQL) + "'";
  }
}
