import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.langchain4j.TallyspanAiServices;
import dev.tallyspan.langchain4j.TallyspanLangChain4j;
import io.opentelemetry.api.OpenTelemetry;
import java.util.List;

/** The same, with the bridge. */
final class LangChain4jBridge {

  private LangChain4jBridge() {}

  public static void main(String[] args) {
    OpenTelemetry otel = LangChain4j.openTelemetry();
    GenAi genAi = GenAi.builder(otel).content(ContentCapture.ALL).build();
    LangChain4j.run(
        otel,
        args[0],
        List.of(TallyspanLangChain4j.chatModelListener(genAi)),
        model -> TallyspanLangChain4j.wrap(genAi, model),
        service -> TallyspanAiServices.build(genAi, service));
    System.exit(0);
  }
}
