package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWindowTest {
  private static final ZoneId[] ZONES = {
    ZoneId.of("UTC"),
    ZoneId.of("Asia/Shanghai"),
    ZoneId.of("America/New_York"),
    ZoneId.of("Australia/Lord_Howe"),
    ZoneId.of("+05:45"),
  };

  @ParameterizedTest
  @CsvSource({
    "2026-03-07T13:59:59Z, false",
    "2026-03-07T14:00:00Z, true",
    "2026-03-08T12:59:59Z, false",
    "2026-03-08T13:00:00Z, true",
    "2026-10-31T13:00:00Z, true",
    "2026-11-01T13:59:59Z, false",
    "2026-11-01T14:00:00Z, true",
  })
  void hoursFollowTheClocksOfTheZone(Instant at, boolean open) {
    TimeWindow window =
        new TimeWindow(
            ZoneId.of("America/New_York"), EnumSet.allOf(DayOfWeek.class), 9 * 3600, 17 * 3600);

    assertThat(window.contains(at.getEpochSecond())).isEqualTo(open);
  }

  @Test
  void daysAreThoseOfTheZone() {
    TimeWindow monday =
        new TimeWindow(ZoneId.of("Asia/Shanghai"), Set.of(DayOfWeek.MONDAY), 0, 86_400);

    assertThat(monday.contains(Instant.parse("2026-08-23T15:59:59Z").getEpochSecond())).isFalse();
    assertThat(monday.contains(Instant.parse("2026-08-23T16:00:00Z").getEpochSecond())).isTrue();
    assertThat(monday.contains(Instant.parse("2026-08-24T15:59:59Z").getEpochSecond())).isTrue();
    assertThat(monday.contains(Instant.parse("2026-08-24T16:00:00Z").getEpochSecond())).isFalse();
  }

  @Property(tries = 1000)
  void windowIsOpenWhenTheCalendarSaysSo(
      @ForAll @IntRange(max = 4) int zone,
      @ForAll DayOfWeek day,
      @ForAll @IntRange(max = 86_399) int start,
      @ForAll @LongRange(min = -4_000_000_000L, max = 8_000_000_000L) long second) {
    TimeWindow window = new TimeWindow(ZONES[zone], Set.of(day), start, 86_400);
    ZonedDateTime local = Instant.ofEpochSecond(second).atZone(ZONES[zone]);

    for (int again = 0; again < 2; again++) {
      assertThat(window.contains(second))
          .isEqualTo(local.getDayOfWeek() == day && local.toLocalTime().toSecondOfDay() >= start);
    }
  }
}
