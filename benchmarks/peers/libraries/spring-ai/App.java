package app;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** An application with Spring AI that sends itself a request with a tool and one with a stream. */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class App {

  private static final String QUESTION = "How is the weather in Paris?";

  private final ChatClient client;

  public App(ChatClient.Builder builder) {
    client = builder.build();
  }

  public static void main(String[] args) throws Exception {
    ConfigurableApplicationContext context = SpringApplication.run(App.class, args);
    String port = context.getEnvironment().getProperty("local.server.port");
    for (String path : new String[] {"tool", "stream"}) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
              .header("X-User", "u-7")
              .header("X-Session", "s-42")
              .build();
      System.out.println(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()));
    }
    context.close();
    System.exit(0);
  }

  @GetMapping("/tool")
  public String tool() {
    return client.prompt().user(QUESTION).tools(new Weather()).call().content();
  }

  @GetMapping("/stream")
  public Flux<String> stream() {
    return client.prompt().user(QUESTION).stream().content();
  }

  /** What the model may call. */
  public static final class Weather {

    @Tool(name = "get_weather", description = "The weather in a city")
    public String weather(String city) {
      return "It is sunny in " + city + ".";
    }
  }
}
