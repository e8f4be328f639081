package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.TestSpan;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Lists are put together from whatever keys as before, also where a shape is known. */
class FlattenedPropertyTest {

  @Property(tries = 1000)
  void listsArePutTogetherAsBefore(@ForAll("attributes") Map<String, Object> attributes) {
    ShapeCache shapes = new ShapeCache();
    TestSpan span = TestSpan.span("x").with(attributes);
    for (int i = 0; i < 2; i++) {
      IndexedSpan indexed = new IndexedSpan(span, shapes);
      shapes.keep(indexed.shape());
      for (String prefix : List.of("m.", "m.0.", "n.")) {
        assertThat(indexed.list(prefix)).isEqualTo(ReferenceFlattened.list(indexed, prefix));
        assertThat(indexed.listKeys(prefix))
            .containsExactlyInAnyOrderElementsOf(ReferenceFlattened.keys(indexed, prefix));
      }
    }
  }

  @Example
  void pathsMayBeDeeperThanWhatIsTakenApart() {
    TestSpan span =
        TestSpan.span("x").with("m.0" + ".a".repeat(40), 1).with("m.0" + ".a".repeat(33), 2);
    IndexedSpan indexed = new IndexedSpan(span);
    assertThat(indexed.list("m.")).isEqualTo(ReferenceFlattened.list(indexed, "m."));
  }

  @Provide
  Arbitrary<Map<String, Object>> attributes() {
    Arbitrary<String> name =
        Arbitraries.of(
            "0",
            "1",
            "2",
            "9",
            "10",
            "01",
            "100",
            "999999999",
            "1000000000",
            "role",
            "content",
            "",
            "a",
            "-1",
            "\u0661",
            "x y");
    Arbitrary<String> key =
        name.list().ofMinSize(1).ofMaxSize(5).map(names -> "m." + String.join(".", names));
    Arbitrary<Object> value =
        Arbitraries.of("text", 1L, true, "", List.of("a", "b"), Map.of("k", "v"));
    return Arbitraries.maps(Arbitraries.oneOf(key, Arbitraries.of("n.0", "n.x", "m.")), value)
        .ofMaxSize(30);
  }
}
