package dev.tallyspan.collector.edit;

import static dev.tallyspan.collector.edit.EditTesting.attribute;
import static dev.tallyspan.collector.edit.EditTesting.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.edit.AttributeAction.Convert;
import dev.tallyspan.collector.edit.AttributeAction.Delete;
import dev.tallyspan.collector.edit.AttributeAction.Extract;
import dev.tallyspan.collector.edit.AttributeAction.Hash;
import dev.tallyspan.collector.edit.AttributeAction.Mode;
import dev.tallyspan.collector.edit.AttributeAction.Put;
import dev.tallyspan.collector.edit.AttributeAction.Type;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The actions, on the attributes of spans and log records. */
class AttributeRulesTest {

  private static final AnyValue LIST =
      AnyValue.newBuilder()
          .setArrayValue(
              ArrayValue.newBuilder().addValues(AnyValue.newBuilder().setStringValue("x")))
          .build();

  @Test
  void insertSetsOnlyWhatIsMissing() throws Exception {
    assertThat(
            after(
                List.of(put(Mode.INSERT, "a", "new"), put(Mode.INSERT, "b", "new")),
                attribute("a", "old")))
        .containsExactly(attribute("a", "old"), attribute("b", "new"));
  }

  @Test
  void updateSetsOnlyWhatExists() throws Exception {
    assertThat(
            after(
                List.of(put(Mode.UPDATE, "a", "new"), put(Mode.UPDATE, "b", "new")),
                attribute("a", "old")))
        .containsExactly(attribute("a", "new"));
  }

  @Test
  void upsertReplacesAllOccurrences() throws Exception {
    assertThat(
            after(
                List.of(put(Mode.UPSERT, "a", "new")),
                attribute("a", "old"),
                attribute("b", 1),
                attribute("a", "older")))
        .containsExactly(attribute("b", 1), attribute("a", "new"));
  }

  @Test
  void valuesOfAllTypesAreSet() throws Exception {
    assertThat(
            after(
                List.of(
                    new Put(Mode.UPSERT, "int", Value.of(5), null, null),
                    new Put(Mode.UPSERT, "double", Value.of(0.5), null, null),
                    new Put(Mode.UPSERT, "bool", Value.of(true), null, null))))
        .containsExactly(attribute("int", 5), attribute("double", 0.5), attribute("bool", true));
  }

  @Test
  void valueIsCopiedFromAnAttributeOfAnyType() throws Exception {
    assertThat(
            after(
                List.of(
                    new Put(Mode.INSERT, "copy", null, "list", null),
                    new Put(Mode.INSERT, "none", null, "missing", null),
                    new Put(Mode.INSERT, "region", null, "missing", Value.of("eu"))),
                attribute("list", LIST)))
        .containsExactly(
            attribute("list", LIST), attribute("copy", LIST), attribute("region", "eu"));
  }

  @Test
  void eachActionSeesWhatThoseBeforeItDid() throws Exception {
    assertThat(
            after(
                List.of(
                    put(Mode.UPSERT, "a", "1"),
                    new Put(Mode.UPSERT, "b", null, "a", null),
                    new Delete("a", null),
                    put(Mode.INSERT, "a", "2"),
                    new Delete(null, GoRegex.compile("^b$")))))
        .containsExactly(attribute("a", "2"));
  }

  @Test
  void deleteRemovesByKeyAndByPattern() throws Exception {
    assertThat(
            after(
                List.of(new Delete("a", GoRegex.compile("^gen_ai\\..*messages$"))),
                attribute("a", "1"),
                attribute("gen_ai.input.messages", "[]"),
                attribute("gen_ai.output.messages", "[]"),
                attribute("gen_ai.request.model", "m"),
                attribute("a", "2")))
        .containsExactly(attribute("gen_ai.request.model", "m"));
  }

  @Test
  void hashReplacesValuesByTheirSha256() throws Exception {
    assertThat(
            after(
                List.of(new Hash("text", GoRegex.compile("^other"))),
                attribute("text", "user@example.com"),
                attribute("other.bool", true),
                attribute("other.empty", "")))
        .containsExactlyInAnyOrder(
            attribute("text", "b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514"),
            attribute(
                "other.bool", "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"),
            attribute("other.empty", ""));
  }

  @Test
  void numbersAreHashedWithTheLowestByteFirst() throws Exception {
    assertThat(after(List.of(new Hash("n", null)), attribute("n", 1)))
        .containsExactly(
            attribute("n", "7c9fa136d4413fa6173637e883b6998d32e1d675f88cddff9dcbcf331820f4b8"));
  }

  @Test
  void extractSetsWhatTheGroupsMatch() throws Exception {
    assertThat(
            after(
                List.of(
                    new Extract(
                        "url", GoRegex.compile("^(?P<url_scheme>.*)://(?P<url_host>[^/]*)"))),
                attribute("url", "https://a.example/p"),
                attribute("url_host", "old")))
        .containsExactly(
            attribute("url", "https://a.example/p"),
            attribute("url_scheme", "https"),
            attribute("url_host", "a.example"));
  }

  @Test
  void convertChangesTypesWhereItCan() throws Exception {
    assertThat(
            after(
                List.of(
                    new Convert("a", Type.INT),
                    new Convert("b", Type.DOUBLE),
                    new Convert("c", Type.STRING),
                    new Convert("d", Type.INT),
                    new Convert("e", Type.STRING),
                    new Convert("f", Type.INT)),
                attribute("a", "200"),
                attribute("b", "1.5"),
                attribute("c", 7.0),
                attribute("d", "many"),
                attribute("e", true),
                attribute("f", 2.9)))
        .containsExactly(
            attribute("d", "many"),
            attribute("a", 200),
            attribute("b", 1.5),
            attribute("c", "7"),
            attribute("e", "true"),
            attribute("f", 2));
  }

  @Test
  void onlyIncludedAndNotExcludedSpansChange() throws Exception {
    AttributeRules rules =
        new AttributeRules(
            List.of(put(Mode.UPSERT, "new", "1")),
            Matches.of("span_names", "^chat", true),
            Matches.of("span_names", "secret", true));

    assertThat(EditTesting.apply(rules, span("chat a"), span("chat secret"), span("GET")))
        .containsExactly(
            span("chat a", attribute("new", "1")).build(),
            span("chat secret").build(),
            span("GET").build());
  }

  @Test
  void requestInWhichNothingChangesStaysTheSame() throws Exception {
    Batch batch =
        EditTesting.batch(
            Signal.TRACES, EditTesting.spans(span("a", attribute("k", "v"))).toByteArray(), 1);

    Batch after =
        rules(List.of(put(Mode.UPSERT, "k", "v")))
            .processor("test", EditTesting.NO_METER)
            .apply(batch);

    assertThat(after).isSameAs(batch);
  }

  @Test
  void logRecordsChangeToo() throws Exception {
    byte[] request =
        EditTesting.logs(LogRecord.newBuilder().addAttributes(attribute("a", "1"))).toByteArray();

    Batch after =
        rules(List.of(new Delete("a", null), put(Mode.INSERT, "b", "2")))
            .processor("test", EditTesting.NO_METER)
            .apply(EditTesting.batch(Signal.LOGS, request, 1));

    assertThat(ExportLogsServiceRequest.parseFrom(after.request().bytes().toByteArray()))
        .isEqualTo(EditTesting.logs(LogRecord.newBuilder().addAttributes(attribute("b", "2"))));
  }

  @Test
  void rulesSayWhatTheyCannotApplyTo() {
    AttributeRules rules =
        new AttributeRules(List.of(), Matches.of("span_names", "a", false), null);

    assertThat(rules.faults(Signal.TRACES)).isEmpty();
    assertThat(rules.faults(Signal.LOGS))
        .containsExactly("has span_names in include, which log records do not have");
    assertThat(rules.faults(Signal.METRICS)).hasSize(1);
  }

  private static Put put(Mode mode, String key, String value) {
    return new Put(mode, key, Value.of(value), null, null);
  }

  private static AttributeRules rules(List<AttributeAction> actions) {
    return new AttributeRules(actions, null, null);
  }

  private static List<KeyValue> after(List<? extends AttributeAction> actions, KeyValue... before)
      throws Exception {
    return EditTesting.apply(
            rules(new ArrayList<>(actions)), span("s").addAllAttributes(Arrays.asList(before)))
        .get(0)
        .getAttributesList();
  }
}
