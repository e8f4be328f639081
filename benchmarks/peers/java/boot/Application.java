package app;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** An application with Spring AI that sends itself requests, prints its meters and ends. */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class Application {

  private static final String QUESTION = "How is the weather?";

  private final ChatClient client;

  public Application(ChatClient.Builder builder) {
    client = builder.build();
  }

  public static void main(String[] args) throws Exception {
    var context = SpringApplication.run(Application.class, args);
    String port = context.getEnvironment().getProperty("local.server.port");
    for (String path : new String[] {"chat", "tools", "stream", "error-of-provider"}) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
              .header("X-User", "u-7")
              .header("X-Session", "s-42")
              .build();
      int status = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
      System.out.println(path + ": " + status);
    }
    context.getBean(MeterRegistry.class).getMeters().stream()
        .map(meter -> "meter " + meter.getId().getName())
        .distinct()
        .forEach(System.out::println);
    context.close();
    System.exit(0);
  }

  @GetMapping("/chat")
  public String chat() {
    return client.prompt().user(QUESTION).call().content();
  }

  @GetMapping("/tools")
  public String tools() {
    return client.prompt().user(QUESTION).tools(new Weather()).call().content();
  }

  @GetMapping("/stream")
  public Flux<String> stream() {
    return client.prompt().user(QUESTION).stream().content();
  }

  @GetMapping("/error-of-provider")
  public String error() {
    return client.prompt().user(QUESTION + " You are busy.").call().content();
  }

  /** What the model may call. */
  public static final class Weather {

    @Tool(name = "get_weather", description = "The weather in a city")
    public String weather(String city) {
      return "sunny";
    }
  }
}
