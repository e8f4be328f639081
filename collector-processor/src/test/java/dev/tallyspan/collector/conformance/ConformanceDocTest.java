package dev.tallyspan.collector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The page about conformance names tests that exist, and all that there are in this package. */
class ConformanceDocTest {

  private static final Path DOCUMENT = Path.of("..", "docs", "conformance.md");
  private static final String ROOT = "dev.tallyspan.collector.";
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*\\|");
  private static final Pattern TESTS = Pattern.compile("`([a-z.]+\\.[A-Z]\\w+)#(\\w+)`");

  /**
   * A test that the page names.
   *
   * @param item 0 = in the table of what OTLP leaves open
   */
  private record Named(int item, String type, String method) {}

  private static final List<Integer> items = new ArrayList<>();
  private static final Set<Named> named = new LinkedHashSet<>();

  @BeforeAll
  static void read() throws IOException {
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      int item = row.matches() ? Integer.parseInt(row.group(1)) : 0;
      if (item > 0) {
        items.add(item);
      }
      TESTS
          .matcher(line)
          .results()
          .forEach(test -> named.add(new Named(item, test.group(1), test.group(2))));
    }
  }

  @Test
  void everyItemIsThereOnceWithATest() {
    List<Integer> all = IntStream.rangeClosed(1, 56).boxed().toList();

    assertThat(items).isEqualTo(all);
    assertThat(named.stream().map(Named::item).filter(item -> item > 0).distinct())
        .containsExactlyElementsOf(all);
  }

  @Test
  void everyNamedTestExists() {
    assertThat(named).allSatisfy(test -> assertThat(isTest(method(test))).isTrue());
  }

  @Test
  void testsOfThisPackageAreNamedForTheirItems() throws Exception {
    Set<String> annotated = new TreeSet<>();
    for (Class<?> type : classesOfThisPackage()) {
      for (Method method : type.getDeclaredMethods()) {
        for (Item item : method.getAnnotationsByType(Item.class)) {
          annotated.add(item.value() + " " + type.getSimpleName() + "#" + method.getName());
        }
      }
    }

    assertThat(
            named.stream()
                .filter(test -> test.item() > 0 && test.type().startsWith("conformance."))
                .map(
                    test ->
                        test.item()
                            + " "
                            + test.type().substring("conformance.".length())
                            + "#"
                            + test.method()))
        .containsExactlyInAnyOrderElementsOf(annotated);
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class)
        || method.isAnnotationPresent(net.jqwik.api.Property.class);
  }

  private static Method method(Named test) {
    try {
      return Arrays.stream(Class.forName(ROOT + test.type()).getDeclaredMethods())
          .filter(method -> method.getName().equals(test.method()))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no such test: " + test));
    } catch (ClassNotFoundException e) {
      throw new AssertionError("no such class: " + test, e);
    }
  }

  private static List<Class<?>> classesOfThisPackage() throws IOException, URISyntaxException {
    Path directory =
        Path.of(ConformanceDocTest.class.getResource("Item.class").toURI()).getParent();
    try (Stream<Path> files = Files.list(directory)) {
      List<Class<?>> classes = new ArrayList<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Test.class"))
          .sorted()
          .forEach(name -> classes.add(load(name.substring(0, name.length() - 6))));
      return classes;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(ROOT + "conformance." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
