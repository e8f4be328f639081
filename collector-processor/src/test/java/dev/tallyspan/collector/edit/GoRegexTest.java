package dev.tallyspan.collector.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoRegexTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b+            | abbc  | true",
        "^b            | abbc  | false",
        "^abbc$        | abbc  | true",
        "[[:alpha:]]+1 | ab1   | true",
        "^[[:^alpha:]]$| a     | false",
        "^[[:word:]-]$ | -     | true",
        "^[a[]$        | [     | true",
        "^[a&&b]$      | &     | true",
        "^[]a]$        | ]     | true",
        "^[^]a]$       | ]     | false",
        "^\\Q[.\\E$    | [.    | true",
        "(?i)ABBC      | abbc  | true",
        "^\\[x\\]$     | [x]   | true",
        "\\$           | a$    | true",
      })
  void matchesAsGoDoes(String regex, String text, boolean matches) {
    assertThat(GoRegex.compile(regex).matches(text)).isEqualTo(matches);
  }

  @Test
  void dollarSignIsTheEndOfTheTextOnly() {
    assertThat(GoRegex.compile("a$").matches("a\n")).isFalse();
    assertThat(GoRegex.compile("(?m)a$").matches("a\nb")).isTrue();
  }

  @Test
  void onlyALineFeedEndsALine() {
    assertThat(GoRegex.compile("^a.b$").matches("a\u2028b")).isTrue();
    assertThat(GoRegex.compile("^a.b$").matches("a\nb")).isFalse();
  }

  @Test
  void groupsHaveGoNames() {
    GoRegex regex = GoRegex.compile("^(?P<http_host>[^/]*)/(?<path>.*?)(?:;(?P<rest>.*))?$");

    assertThat(regex.names()).containsExactly("http_host", "path", "rest");
    assertThat(regex.groups("a.b/c")).containsExactly("a.b", "c", "");
    assertThat(regex.groups("none")).isNull();
  }

  @Test
  void groupWithoutANameCounts() {
    assertThat(GoRegex.compile("(a)(?P<b>b)(?i:c)").names()).containsExactly("", "b");
  }

  @Test
  void wrongExpressionSaysWhy() {
    assertThatThrownBy(() -> GoRegex.compile("a("))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a regular expression: ");
    assertThatThrownBy(() -> GoRegex.compile("[[:nope:]]")).hasMessageContaining("nope");
  }

  @Test
  void matchThatWouldTakeTooLongIsGivenUp() {
    GoRegex regex = GoRegex.compile("^(.*?,){11}P");

    assertThatThrownBy(() -> regex.matches("1,".repeat(30)))
        .isInstanceOf(IllegalStateException.class);
  }
}
