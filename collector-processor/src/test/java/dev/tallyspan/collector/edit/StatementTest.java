package dev.tallyspan.collector.edit;

import static dev.tallyspan.collector.edit.EditTesting.attribute;
import static dev.tallyspan.collector.edit.EditTesting.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What statements make of spans, events and resources. */
class StatementTest {

  private static final Span.Builder CALL =
      span(
          "chat gpt-4o for ada@example.org",
          attribute("mail", "ada@example.org"),
          attribute("url", "https://h/p?token=secret&x=1"),
          attribute("model", "gpt-4o"),
          attribute("tokens", 17),
          attribute("share", 0.5),
          attribute("stream", true));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set(attributes[\"out\"], \"text\")                                     | text",
        "set(attributes[\"out\"], attributes[\"mail\"])                         | ada@example.org",
        "set(span.attributes[\"out\"], resource.attributes[\"service.name\"])   | shop",
        "set(attributes[\"out\"], instrumentation_scope.name)                   | lib",
        "set(attributes[\"out\"], name)                                         | chat gpt-4o for ada@example.org",
        "set(attributes[\"out\"], Concat([attributes[\"model\"], attributes[\"tokens\"], attributes[\"none\"]], \"/\")) | gpt-4o/17/<nil>",
        "set(attributes[\"out\"], ConvertCase(attributes[\"model\"], \"upper\")) | GPT-4O",
        "set(attributes[\"out\"], ToLowerCase(\"ABC\"))                         | abc",
        "set(attributes[\"out\"], SHA256(\"abc\"))                              | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "set(attributes[\"out\"], SHA1(\"abc\"))                                | a9993e364706816aba3e25717850c26c9cd0d89d",
        "set(attributes[\"out\"], MD5(\"abc\"))                                 | 900150983cd24fb0d6963f7d28e17f72",
        "set(attributes[\"out\"], String(attributes[\"share\"]))                | 0.5",
        "set(attributes[\"out\"], Substring(attributes[\"model\"], 0, 3))       | gpt",
        "set(attributes[\"out\"], Trim(\"  a b \"))                             | a b",
        "set(attributes[\"out\"], Split(attributes[\"mail\"], \"@\")[1])        | example.org",
        "set(attributes[\"out\"], ExtractPatterns(attributes[\"mail\"], \"@(?P<host>.*)\")[\"host\"]) | example.org",
        "set(attributes[\"out\"], \"yes\") where attributes[\"tokens\"] > 10 and IsString(attributes[\"mail\"]) | yes",
        "set(attributes[\"out\"], \"yes\") where Len(attributes[\"model\"]) == 6 | yes",
        "set(attributes[\"out\"], \"yes\") where Int(\"17\") == attributes[\"tokens\"] | yes",
        "set(attributes[\"out\"], \"yes\") where Double(\"0.5\") == attributes[\"share\"] | yes",
        "set(attributes[\"out\"], \"yes\") where IsMap(attributes) and IsBool(attributes[\"stream\"]) | yes",
        "set(attributes[\"out\"], \"yes\") where not IsInt(attributes[\"mail\"]) | yes",
      })
  void valuesAreSet(String statement, String value) throws Exception {
    assertThat(text(applied(statement), "out")).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set(attributes[\"out\"], attributes[\"none\"])",
        "set(attributes[\"out\"], nil)",
        "set(attributes[\"out\"], \"a\") where attributes[\"tokens\"] == 18",
        "set(attributes[\"out\"], SHA256(attributes[\"none\"]))",
        "set(attributes[\"out\"], SHA256(attributes[\"tokens\"]))",
        "set(attributes[\"out\"], Substring(attributes[\"model\"], 5, 9))",
        "set(attributes[\"out\"], attributes[\"mail\"][0])",
        "set(attributes[\"out\"], Int(\"many\"))",
        "delete_key(attributes, \"none\")",
        "delete_matching_keys(attributes, \"^none\")",
        "set(name, attributes[\"tokens\"])",
        "set(kind, 99)",
        "set(attributes[\"model\"], \"gpt-4o\")",
      })
  void requestStaysTheSame(String statement) throws Exception {
    Batch batch = batch(CALL.clone());

    assertThat(processed(batch, group(Context.SPAN, statement))).isSameAs(batch);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "delete_key(attributes, \"mail\")                           | url,model,tokens,share,stream",
        "delete_key(attributes, attributes[\"model\"])              | mail,url,model,tokens,share,stream",
        "delete_matching_keys(attributes, \"^[mu][ar]\")         | model,tokens,share,stream",
        "keep_keys(attributes, [\"model\", \"tokens\", \"none\"])   | model,tokens",
        "keep_keys(attributes, [])                                  | ",
        "keep_matching_keys(attributes, \"^m\")                     | mail,model",
        "limit(attributes, 2, [\"tokens\"])                         | mail,tokens",
        "limit(attributes, 3)                                       | mail,url,model",
        "limit(attributes, 30, [])                                  | mail,url,model,tokens,share,stream",
        "replace_all_patterns(attributes, \"key\", \"^m(.*)\", \"n$1\") | url,tokens,share,stream,nail,nodel",
      })
  void keysAreLeft(String statement, String keys) throws Exception {
    assertThat(applied(statement).getAttributesList())
        .extracting(KeyValue::getKey)
        .containsExactly(keys == null ? new String[0] : keys.split(","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "replace_pattern(attributes[\"url\"], \"token=[^&]*\", \"token=***\")          | url  | https://h/p?token=***&x=1",
        "replace_pattern(attributes[\"url\"], \"(token=)[^&]*\", \"${1}***\")          | url  | https://h/p?token=***&x=1",
        "replace_pattern(attributes[\"mail\"], \"(?P<who>[a-z]+)@\", \"$who at \")     | mail | ada at example.org",
        "replace_pattern(attributes[\"mail\"], \"^(.*)@.*\", \"$1x $$1 $2\")           | mail | ` $1 `",
        "replace_pattern(attributes[\"mail\"], \".*\", \"[REDACTED]\")                 | mail | [REDACTED]",
        "replace_pattern(attributes[\"mail\"], \"x*\", \"-\")                          | mail | -a-d-a-@-e-a-m-p-l-e-.-o-r-g-",
        "replace_pattern(attributes[\"mail\"], \"ada\", SHA1(\"abc\"))                  | mail | a9993e364706816aba3e25717850c26c9cd0d89d@example.org",
        "replace_pattern(attributes[\"mail\"], \"[a-z]+@\", attributes[\"model\"])     | mail | gpt-4oexample.org",
        "replace_pattern(attributes[\"mail\"], \"^([a-z]+)@\", \"$1\", MD5)            | mail | 8c8d357b5e872bbacd45197626bd5759example.org",
        "replace_pattern(attributes[\"mail\"], \"^([a-z]+)@.*\", \"$1\", function=MD5, replacement_format=\"md5 %s\") | mail | md5 8c8d357b5e872bbacd45197626bd5759",
        "replace_match(attributes[\"mail\"], \"*@example.org\", \"someone\")            | mail | someone",
        "replace_match(attributes[\"mail\"], \"*@example.com\", \"someone\")            | mail | ada@example.org",
        "replace_match(attributes[\"mail\"], \"a?a@{example,test}.[!a-n]rg\", \"b\")   | mail | b",
        "replace_match(attributes[\"url\"], \"https://h/p\\\\?*\", \"b\")              | url  | b",
        "replace_all_patterns(attributes, \"value\", \"[a-z]+@[a-z.]+\", \"<mail>\")   | mail | <mail>",
        "replace_all_patterns(attributes, \"value\", \"gpt\", \"GPT\")                 | model | GPT-4o",
        "replace_all_matches(attributes, \"http*\", \"url\")                            | url  | url",
        "truncate_all(attributes, 4)                                                    | url  | http",
        "merge_maps(attributes, ExtractPatterns(attributes[\"mail\"], \"(?P<model>ada)@(?P<new>.*)\"), \"upsert\") | model | ada",
        "merge_maps(attributes, ExtractPatterns(attributes[\"mail\"], \"(?P<model>ada)@(?P<new>.*)\"), \"insert\") | model | gpt-4o",
        "merge_maps(attributes, ExtractPatterns(attributes[\"mail\"], \"(?P<model>ada)@(?P<new>.*)\"), \"insert\") | new | example.org",
        "merge_maps(attributes, ExtractPatterns(attributes[\"mail\"], \"(?P<model>ada)@(?P<new>.*)\"), \"update\") | model | ada",
        "merge_maps(attributes, resource.attributes, \"insert\")                        | host | h1",
      })
  void valuesAreReplaced(String statement, String key, String value) throws Exception {
    assertThat(text(applied(statement), key)).isEqualTo(value);
  }

  @Test
  void truncationKeepsCharactersWhole() throws Exception {
    Span span =
        applied(
            span("a", attribute("k", "a€b")), group(Context.SPAN, "truncate_all(attributes, 3)"));

    assertThat(text(span, "k")).isEqualTo("a");
  }

  @Test
  void fieldsOfSpansAreSet() throws Exception {
    Span span =
        applied(
            CALL.clone().setStatus(Status.newBuilder().setMessage("ada failed").setCodeValue(2)),
            group(
                Context.SPAN,
                "replace_pattern(name, \"[a-z]+@[a-z.]+\", \"someone\")",
                "replace_pattern(status.message, \"ada\", \"someone\")",
                "set(status.code, STATUS_CODE_OK) where status.code == STATUS_CODE_ERROR",
                "set(kind, SPAN_KIND_CLIENT)",
                "set(attributes[\"seen\"], Concat([name, status.message, kind, status.code], \"|\"))"));

    assertThat(span.getName()).isEqualTo("chat gpt-4o for someone");
    assertThat(span.getStatus())
        .isEqualTo(Status.newBuilder().setMessage("someone failed").setCodeValue(1).build());
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(text(span, "seen")).isEqualTo("chat gpt-4o for someone|someone failed|3|1");
  }

  @Test
  void eachStatementSeesWhatThoseBeforeItDid() throws Exception {
    Span span =
        applied(
            CALL.clone(),
            group(
                Context.SPAN,
                "set(attributes[\"user\"], attributes[\"mail\"])",
                "delete_key(attributes, \"mail\")",
                "replace_pattern(attributes[\"user\"], \"@.*\", \"\")",
                "set(attributes[\"gone\"], true) where attributes[\"mail\"] == nil"));

    assertThat(text(span, "user")).isEqualTo("ada");
    assertThat(span.getAttributesList()).contains(attribute("gone", true));
    assertThat(span.getAttributesList()).extracting(KeyValue::getKey).doesNotContain("mail");
  }

  @Test
  void conditionsOfAGroupHoldBeforeItsFirstStatement() throws Exception {
    ExportTraceServiceRequest request =
        request(
            new StatementGroup(
                Context.SPAN,
                List.of(
                    Condition.parse("attributes[\"a\"] == 1", Context.SPAN, Context.SPAN),
                    Condition.parse("attributes[\"a\"] == 2", Context.SPAN, Context.SPAN)),
                statements(
                    Context.SPAN,
                    "delete_key(attributes, \"a\")",
                    "set(resource.attributes[\"last\"], name)",
                    "set(attributes[\"b\"], resource.attributes[\"last\"])")),
            span("1", attribute("a", 1)),
            span("2", attribute("a", 2)),
            span("3", attribute("a", 3)));

    assertThat(EditTesting.spansOf(request))
        .extracting(Span::getAttributesList)
        .containsExactly(
            List.of(attribute("b", "2")), List.of(attribute("b", "2")), List.of(attribute("a", 3)));
    assertThat(resource(request)).contains(attribute("last", "2"));
  }

  @Test
  void resourcesAreChangedByStatementsForThemAndForTheirSpans() throws Exception {
    ExportTraceServiceRequest request =
        request(
            new TransformRules(
                List.of(
                    group(Context.RESOURCE, "set(attributes[\"env\"], \"prod\")"),
                    group(
                        Context.SPAN,
                        "delete_key(resource.attributes, \"host\")",
                        "set(resource.attributes[\"first\"], name) where resource.attributes[\"first\"] == nil",
                        "set(attributes[\"env\"], resource.attributes[\"env\"])")),
                Set.of()),
            span("a"),
            span("b"));

    assertThat(resource(request))
        .containsExactlyInAnyOrder(
            attribute("service.name", "shop"), attribute("env", "prod"), attribute("first", "a"));
    assertThat(EditTesting.spansOf(request))
        .allSatisfy(
            span -> assertThat(span.getAttributesList()).containsExactly(attribute("env", "prod")));
  }

  @Test
  void eventsAreChangedAndKeepTheirOrder() throws Exception {
    Span before =
        span("a", attribute("k", "v"))
            .addEvents(event("start"))
            .addEvents(event("prompt", attribute("gen_ai.prompt", "secret"), attribute("n", 1)))
            .addEvents(event("end", attribute("n", 2)))
            .build();

    Span span =
        applied(
            before.toBuilder(),
            group(
                Context.EVENT,
                "delete_key(attributes, \"gen_ai.prompt\") where name == \"prompt\""),
            group(
                Context.EVENT,
                "set(spanevent.attributes[\"of\"], span.attributes[\"k\"]) where attributes[\"n\"] == 1",
                "set(span.attributes[\"prompted\"], true) where name == \"prompt\""));

    assertThat(span.getEventsList())
        .containsExactly(
            event("start"),
            event("prompt", attribute("n", 1), attribute("of", "v")),
            event("end", attribute("n", 2)));
    assertThat(span.getAttributesList())
        .containsExactly(attribute("k", "v"), attribute("prompted", true));
  }

  @Test
  void whatAStatementCannotBeAppliedToDoesNotStopTheOthers() throws Exception {
    Span span =
        applied(
            CALL.clone(),
            group(
                Context.SPAN,
                "set(name, attributes[\"tokens\"])",
                "set(attributes[\"a\"], SHA256(attributes[\"tokens\"]))",
                "delete_key(attributes, \"mail\")"));

    assertThat(span.getAttributesList()).extracting(KeyValue::getKey).doesNotContain("mail", "a");
    assertThat(span.getName()).isEqualTo(CALL.getName());
  }

  @Test
  void textThatAnExpressionTakesTooLongOnIsRemoved() throws Exception {
    String slow = "^(.*?,){11}P";
    String text = "1,".repeat(30);

    Span span =
        applied(
            span(text, attribute("k", text), attribute("l", "b")),
            group(
                Context.SPAN,
                "replace_pattern(attributes[\"k\"], \"%s\", \"\")".formatted(slow),
                "replace_pattern(name, \"%s\", \"\")".formatted(slow)));

    assertThat(span.getAttributesList()).containsExactly(attribute("l", "b"));
    assertThat(span.getName()).isEmpty();
  }

  @Test
  void otherAttributesAreReplacedNevertheless() throws Exception {
    String slow = "1,".repeat(30);

    Span span =
        applied(
            span(
                "a",
                attribute("1", slow),
                attribute("2", "a,".repeat(12) + "P"),
                attribute("3", slow)),
            group(
                Context.SPAN,
                "replace_all_patterns(attributes, \"value\", \"^(.*?,){11}P\", \"masked\")",
                "replace_all_patterns(attributes, \"value\", \"^(a,){12}P\", \"masked\")"));

    assertThat(span.getAttributesList()).containsExactly(attribute("2", "masked"));
  }

  @Test
  void textThatAnExpressionNeedsTooMuchStackForIsRemoved() throws Exception {
    Span span =
        applied(
            span("a", attribute("k", "ab".repeat(1_000_000)), attribute("l", "b")),
            group(Context.SPAN, "replace_pattern(attributes[\"k\"], \"^(a|b)*c\", \"\")"));

    assertThat(span.getAttributesList()).containsExactly(attribute("l", "b"));
  }

  @Test
  void valuesWithinListsAndMapsAreRead() throws Exception {
    AnyValue list =
        AnyValue.newBuilder()
            .setArrayValue(
                ArrayValue.newBuilder()
                    .addValues(AnyValue.newBuilder().setStringValue("first"))
                    .addValues(AnyValue.newBuilder().setIntValue(2)))
            .build();

    Span span =
        applied(
            span("a", attribute("list", list)),
            group(
                Context.SPAN,
                "set(attributes[\"a\"], attributes[\"list\"][0])",
                "set(attributes[\"n\"], Len(attributes[\"list\"])) where IsList(attributes[\"list\"])"));

    assertThat(span.getAttributesList())
        .containsExactly(attribute("list", list), attribute("a", "first"), attribute("n", 2));
  }

  @Test
  void processingTwiceIsProcessingOnce() throws Exception {
    StatementGroup group =
        group(
            Context.SPAN,
            "replace_all_patterns(attributes, \"value\", \"[a-z]+@[a-z.]+\", \"<mail>\")",
            "set(name, \"chat\")",
            "set(attributes[\"n\"], 1)",
            "delete_key(resource.attributes, \"host\")");
    Batch once = processed(batch(CALL.clone().addEvents(event("e"))), group);

    assertThat(processed(once, group)).isSameAs(once);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name == \"a\"                                | at character 1: expected a function such as set, not name",
        "flatten(attributes)                          | at character 1: the function flatten is not supported; keep a Collector beside Tallyspan for it",
        "set(attributes[\"a\"], ParseJSON(name))      | at character 22: the function ParseJSON is not supported; keep a Collector beside Tallyspan for it",
        "set(attributes[\"a\"][\"b\"], 1)             | at character 5: only whole attributes can be changed, not values within them; keep a Collector beside Tallyspan for it",
        "set(attributes, 1)                           | at character 5: set cannot change all attributes: use merge_maps, or set each of them",
        "set(cache[\"a\"], 1)                         | at character 5: cache[\"a\"] is not supported; keep a Collector beside Tallyspan for it",
        "set(trace_state, \"a\")                      | at character 5: trace_state cannot be changed: attributes, name, kind, status.code and status.message of spans can; keep a Collector beside Tallyspan for it",
        "set(\"a\", 1)                                | at character 5: expected a field to change, not a",
        "set(name)                                    | at character 1: set needs the argument value",
        "set(name, \"a\", \"b\")                      | at character 16: set has no such argument",
        "set(name, value=\"a\", other=\"b\")          | at character 28: set has no argument other",
        "set(name, \"a\") name                        | at character 16: expected where or the end, not name",
        "set(name, \"a\") where name = \"a\"          | at character 27: expected and, or, or the end, not =",
        "delete_key(attributes[\"a\"], \"b\")         | at character 12: delete_key changes span.attributes, spanevent.attributes or resource.attributes; keep a Collector beside Tallyspan for it",
        "delete_matching_keys(attributes, \"a(\")     | at character 34: not a regular expression: Unclosed group",
        "keep_keys(attributes, \"a\")                 | at character 23: expected a list, not a",
        "keep_keys(attributes, [name])                | at character 23: expected a list of strings",
        "limit(attributes, -1)                        | at character 19: expected a whole number from 0, not -1",
        "limit(attributes, 1, [\"a\", \"b\"])         | at character 1: limit: more keys to keep than the limit, 1",
        "replace_pattern(attributes, \"a\", \"b\")    | at character 17: expected one attribute or a name; for all, use replace_all_patterns",
        "replace_pattern(name, name, \"b\")           | at character 23: expected a string with a regular expression, not name",
        "replace_pattern(name, \"a\", \"b\", name)    | at character 33: expected the name of a function such as SHA256",
        "replace_all_patterns(attributes, \"a\", \"b\", \"c\") | at character 1: replace_all_patterns: the mode must be key or value",
        "replace_match(name, \"[a\", \"b\")           | at character 1: not a pattern: [ is not closed",
        "replace_match(name, \"{a\", \"b\")           | at character 1: not a pattern: { is not closed",
        "merge_maps(attributes, attributes, \"all\")  | at character 1: merge_maps: the strategy must be insert, update or upsert",
        "set(name, ConvertCase(name, \"snake\"))      | at character 11: ConvertCase is supported for \"lower\" and \"upper\"",
        "set(name, ExtractPatterns(name, \"(a)\"))    | at character 11: ExtractPatterns needs a group with a name, as in (?P<name>.*)",
      })
  void faultSaysWhereAndWhat(String statement, String message) {
    assertThatThrownBy(() -> Statement.parse(statement, Context.SPAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void statementsForResourcesReadNothingElse() {
    assertThatThrownBy(() -> Statement.parse("set(attributes[\"a\"], span.name)", Context.RESOURCE))
        .hasMessageContaining("span.name is not supported");
    assertThatThrownBy(
            () -> Statement.parse("set(attributes[\"a\"], scope.name)", Context.RESOURCE))
        .hasMessageContaining("scope.name is not supported");
    assertThatThrownBy(
            () -> Statement.parse("set(resource.attributes[\"a\"], name)", Context.EVENT))
        .hasMessageContaining("events cannot change their resource");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set(span.name, resource.attributes[\"span.name\"])            | SPAN",
        "set(resource.attributes[\"a\"], \"span.name\")                | RESOURCE",
        "set(resource.attributes[\"a\"], 1) where spanevent.name == \"a\" | EVENT",
        "set(resource.attributes[\"a\"], 1) where IsRootSpan()         | SPAN",
        "set(resource.attributes[\"a\"], scope.name)                   | SPAN",
        "set(attributes[\"a\"], 1)                                     | ",
      })
  void pathsSayTheContext(String statement, Context context) {
    assertThat(Statement.context(List.of(statement))).isEqualTo(context);
  }

  private static Span applied(String statement) throws Exception {
    return applied(CALL.clone(), group(Context.SPAN, statement));
  }

  private static Span applied(Span.Builder span, StatementGroup... groups) throws Exception {
    return EditTesting.apply(new TransformRules(List.of(groups), Set.of()), span).get(0);
  }

  private static ExportTraceServiceRequest request(StatementGroup group, Span.Builder... spans)
      throws Exception {
    return request(new TransformRules(List.of(group), Set.of()), spans);
  }

  private static ExportTraceServiceRequest request(TransformRules rules, Span.Builder... spans)
      throws Exception {
    return EditTesting.processed(rules, spans);
  }

  private static Batch batch(Span.Builder span) {
    return EditTesting.batch(Signal.TRACES, EditTesting.spans(span).toByteArray(), 1);
  }

  private static Batch processed(Batch batch, StatementGroup group) throws Exception {
    return new TransformRules(List.of(group), Set.of())
        .processor("t", EditTesting.NO_METER)
        .apply(batch);
  }

  private static StatementGroup group(Context context, String... statements) {
    return new StatementGroup(context, List.of(), statements(context, statements));
  }

  private static List<Statement> statements(Context context, String... statements) {
    return Stream.of(statements).map(text -> Statement.parse(text, context)).toList();
  }

  private static Span.Event event(String name, KeyValue... attributes) {
    return Span.Event.newBuilder().setName(name).addAllAttributes(List.of(attributes)).build();
  }

  private static String text(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(it -> it.getKey().equals(key))
        .map(it -> it.getValue().getStringValue())
        .findFirst()
        .orElse("(none)");
  }

  private static List<KeyValue> resource(ExportTraceServiceRequest request) {
    return request.getResourceSpans(0).getResource().getAttributesList();
  }
}
