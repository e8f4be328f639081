package dev.tallyspan.collector.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameFilterTest {

  @ParameterizedTest
  @CsvSource({
    "*, service.name, true",
    "*, '', true",
    "service.*, service.name, true",
    "service.*, service, false",
    "*.name, service.name, true",
    "*.name, service.names, false",
    "s*e.n*e, service.name, true",
    "**a**, cab, true",
    "?, a, true",
    "?, '', false",
    "service.name, service.name, true",
    "service.nam, service.name, false",
    "a*b*c, aXbXbc, true",
  })
  void patternsMatchWholeNames(String pattern, String name, boolean selected) {
    assertThat(new NameFilter(List.of(pattern), List.of()).selects(name)).isEqualTo(selected);
  }

  @Test
  void excludedNamesAreNotSelected() {
    NameFilter filter = new NameFilter(List.of("*"), List.of("service.*"));

    assertThat(filter.selects("service.name")).isFalse();
    assertThat(filter.selects("zone")).isTrue();
    assertThat(NameFilter.NONE.selects("zone")).isFalse();
  }
}
