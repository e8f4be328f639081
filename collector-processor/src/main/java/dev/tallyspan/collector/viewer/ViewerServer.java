package dev.tallyspan.collector.viewer;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.listen.CannotListenException;
import dev.tallyspan.collector.listen.ChannelListener;
import dev.tallyspan.collector.listen.ConnectionLimit;
import dev.tallyspan.collector.listen.Listener;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The viewer: pages about recent traces, over HTTP. Runs on its own thread, so that receivers do
 * not wait for it.
 */
public final class ViewerServer implements AutoCloseable {

  /** The shortest token that is not easily guessed. */
  public static final int MIN_TOKEN_LENGTH = 16;

  private static final int MAX_BODY_BYTES = 8 << 10;
  private static final int MAX_CONNECTIONS = 500;
  private static final int READ_TIMEOUT_SECONDS = 60;

  private final EventLoopGroup loop;
  private final List<ChannelListener> listeners;
  private final @Nullable String token;

  private ViewerServer(
      EventLoopGroup loop, List<ChannelListener> listeners, @Nullable String token) {
    this.loop = loop;
    this.listeners = listeners;
    this.token = token;
  }

  /**
   * @param views what the pages show
   * @param traces tells when that changes
   */
  public static Builder builder(TraceViews views, RecentTraces traces) {
    return new Builder(views, traces);
  }

  public int port() {
    return listeners.get(0).port();
  }

  /** Returns the token that a browser needs; null if it needs none. */
  public @Nullable String token() {
    return token;
  }

  @Override
  public void close() {
    listeners.forEach(Listener::close);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  /** Builds and starts a {@link ViewerServer}. */
  public static final class Builder {
    private final TraceViews views;
    private final RecentTraces traces;
    private List<InetSocketAddress> addresses = List.of();
    private @Nullable String token;
    private final Map<String, String> links = new LinkedHashMap<>();
    private String version = "";
    private String content = "full";

    Builder(TraceViews views, RecentTraces traces) {
      this.views = requireNonNull(views, "views");
      this.traces = requireNonNull(traces, "traces");
    }

    /** Where to listen. Required. */
    public Builder addresses(List<InetSocketAddress> addresses) {
      this.addresses = List.copyOf(addresses);
      return this;
    }

    /**
     * What a browser must know to read the pages, at least 16 characters. Default: on loopback
     * addresses none; on others, a random one.
     */
    public Builder token(String token) {
      this.token = requireNonNull(token, "token");
      return this;
    }

    /**
     * Adds a link from each trace to the same trace elsewhere.
     *
     * @param name what the link says
     * @param template a URL of http or https with {@code {traceId}} in place of the id
     */
    public Builder link(String name, String template) {
      links.put(requireNonNull(name, "name"), requireNonNull(template, "template"));
      return this;
    }

    /** The version that the pages show. Default: none. */
    public Builder version(String version) {
      this.version = requireNonNull(version, "version");
      return this;
    }

    /** The mode of the content policy, which the pages name. Default: full. */
    public Builder content(String mode) {
      content = requireNonNull(mode, "mode");
      return this;
    }

    /**
     * Starts to listen. Blocks until the addresses are bound.
     *
     * @throws IOException if an address is in use or does not belong to this machine
     * @throws IllegalArgumentException if there is no address, the token is short, or a link is not
     *     a URL with {@code {traceId}}
     */
    public ViewerServer start() throws IOException {
      check();
      boolean open =
          addresses.stream()
              .allMatch(at -> at.getAddress() != null && at.getAddress().isLoopbackAddress());
      String needed = token != null ? token : open ? null : randomToken();
      EventLoopGroup loop =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("viewer", /* daemon= */ true), NioIoHandler.newFactory());
      LiveStreams streams = new LiveStreams(loop.next());
      ViewerPages pages = new ViewerPages(views, TraceViews.about(version, content, links));
      Access access = new Access(needed);
      ServerBootstrap bootstrap =
          new ServerBootstrap()
              .group(loop)
              .channelFactory(
                  new ConnectionLimit(
                          "viewer", MAX_CONNECTIONS, ConnectionLimit.Events.NONE, connection -> {})
                      .channels())
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel
                          .pipeline()
                          .addLast(
                              new ReadTimeoutHandler(READ_TIMEOUT_SECONDS),
                              new HttpServerCodec(),
                              new HttpServerKeepAliveHandler(),
                              new HttpObjectAggregator(MAX_BODY_BYTES),
                              new ViewerHandler(pages, access, streams));
                    }
                  });
      try {
        ViewerServer server =
            new ViewerServer(
                loop,
                Listener.listen(addresses, at -> ChannelListener.bind(bootstrap, at)),
                needed);
        traces.onChange(streams::changed);
        return server;
      } catch (CannotListenException e) {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        throw new IOException("viewer endpoint=" + e.getMessage(), e);
      }
    }

    private void check() {
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("addresses=[]: at least one is required");
      }
      if (token != null && token.length() < MIN_TOKEN_LENGTH) {
        throw new IllegalArgumentException(
            "token: must have at least " + MIN_TOKEN_LENGTH + " characters");
      }
      links.forEach(
          (name, template) -> {
            if (!template.matches("(?i)https?://.*") || !template.contains("{traceId}")) {
              throw new IllegalArgumentException(
                  "link " + name + "=" + template + ": must be a URL that contains {traceId}");
            }
          });
    }

    private static String randomToken() {
      byte[] random = new byte[16];
      new SecureRandom().nextBytes(random);
      return HexFormat.of().formatHex(random);
    }
  }
}
