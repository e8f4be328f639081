package dev.tallyspan.collector.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceBookTest {

  private final SequenceBook book = new SequenceBook(2);

  @Test
  void acknowledgedSpanIsMissingUntilEveryBackendHasIt() {
    int first = book.send(3);
    book.acknowledge(first, 2);
    assertThat(book.missing()).isEqualTo(4);

    book.deliver(0, first);
    book.deliver(0, first + 1);
    book.deliver(1, first);
    assertThat(book.missing(0).stream()).isEmpty();
    assertThat(book.missing(1).stream()).containsExactly(first + 1);

    book.deliver(1, first + 1);
    assertThat(book.missing()).isZero();
  }

  @Test
  void spanWithoutAResponseMayOrMayNotBeDelivered() {
    book.deliver(1, book.send(2));

    assertThat(book.missing()).isZero();
    assertThat(book)
        .hasToString(
            "2 spans sent, 0 acknowledged, 0 + 1 delivered, 0 + 1 of them not acknowledged; 0 + 0"
                + " duplicates; 0 missing");
  }

  @Test
  void duplicatesAreCountedForEachBackend() {
    int sequence = book.send(1);
    book.deliver(0, sequence);
    book.deliver(0, sequence);
    book.deliver(1, sequence);

    assertThat(book.toString()).contains("1 + 0 duplicates");
  }

  @Test
  void spanThatWasNeverSentIsDamage() {
    book.deliver(0, book.send(1) + 1);

    assertThat(book.damaged()).containsExactly("span 2 was never sent");
  }
}
