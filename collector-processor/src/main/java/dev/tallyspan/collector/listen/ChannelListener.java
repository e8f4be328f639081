package dev.tallyspan.collector.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A listening Netty channel. */
public final class ChannelListener implements Listener {

  private final Channel channel;

  private ChannelListener(Channel channel) {
    this.channel = channel;
  }

  /**
   * Binds the address, and blocks until that is done. Must not be called on an event loop.
   *
   * @throws IOException if the address is in use or does not belong to this machine
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
