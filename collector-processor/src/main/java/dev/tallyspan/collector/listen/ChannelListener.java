package dev.tallyspan.collector.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A channel of Netty's that listens. */
public final class ChannelListener implements Listener {

  private final Channel channel;

  private ChannelListener(Channel channel) {
    this.channel = channel;
  }

  /**
   * @throws IOException if the address is taken or not this machine's
   */
  public static ChannelListener bind(ServerBootstrap bootstrap, InetSocketAddress address)
      throws IOException {
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    return new ChannelListener(bound.channel());
  }

  @Override
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }
}
