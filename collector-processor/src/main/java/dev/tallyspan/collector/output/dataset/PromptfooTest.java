package dev.tallyspan.collector.output.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A test of promptfoo. It runs what is in a test: a text with braces is a Nunjucks template, which
 * can run code, and one that begins with {@code file://} or {@code package:} is loaded. What others
 * have written must do neither. So it is in JSON texts, in which a brace that could begin or end a
 * template is an escape; and as plain text only where it is harmless.
 */
final class PromptfooTest implements Row {

  private static final Pattern OPENS = Pattern.compile("\\{(?=[{%#])");
  private static final Pattern CLOSES = Pattern.compile("(?<=[%#])}");
  private static final Pattern RUN =
      Pattern.compile("(?is)\\s*(file|package):.*|.*(\\{[{%#]|[%#]}).*");

  @Override
  public Map<String, @Nullable Object> of(String dataset, DatasetCase each) {
    Map<String, @Nullable Object> vars = new LinkedHashMap<>();
    vars.put("messages", harmless(Messages.toOpenAi(each.system(), each.messages())));
    String question = Messages.question(each.messages());
    if (!question.isEmpty() && !isRun(question)) {
      vars.put("question", question);
    }
    if (!each.tools().isEmpty()) {
      vars.put("tools", harmless(each.tools()));
    }
    Map<String, @Nullable Object> test = new LinkedHashMap<>();
    test.put("description", each.id());
    test.put("vars", vars);
    Json.putFilled(test, "assert", assertions(each));
    test.put("metadata", metadata(dataset, each));
    return test;
  }

  private static List<@Nullable Object> assertions(DatasetCase each) {
    List<@Nullable Object> assertions = new ArrayList<>();
    for (Map<String, @Nullable Object> assertion : each.assertions()) {
      if (!isRun(Json.text(assertion, "value"))) {
        assertions.add(assertion);
      }
    }
    String expected = Row.expectedText(each);
    if (expected != null && !isRun(expected)) {
      Map<String, @Nullable Object> equal = new LinkedHashMap<>();
      equal.put("type", "equals");
      equal.put("value", expected);
      assertions.add(equal);
    }
    return assertions;
  }

  private static Map<String, @Nullable Object> metadata(String dataset, DatasetCase each) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("case", "tallyspan-" + each.stableId(dataset));
    Json.putText(metadata, "failure", each.failureKind());
    if (!isRun(each.split())) {
      metadata.put("split", each.split());
    }
    metadata.put("count", each.count());
    metadata.put("recorded", harmless(each.metadata()));
    return metadata;
  }

  private static boolean isRun(String text) {
    return RUN.matcher(text).matches();
  }

  /** In JSON, such a brace can only be in a text: an object begins with a name or its end. */
  private static String harmless(Object tree) {
    String opened = OPENS.matcher(Json.text(tree)).replaceAll("\\\\u007b");
    return CLOSES.matcher(opened).replaceAll("\\\\u007d");
  }
}
