package dev.tallyspan.collector.viewer;

import dev.tallyspan.collector.output.recent.TraceViews;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tells open pages which traces have changed, by server-sent events. Changes within a quarter of a
 * second are sent together, and only the ids: pages ask for what they show.
 */
final class LiveStreams {

  private static final long TOGETHER_MILLIS = 250;
  private static final long ALIVE_SECONDS = 15;
  private static final int MAX_IDS = 200;
  private static final int MAX_STREAMS = 100;

  private final EventLoop loop;
  private final ChannelGroup open;

  // Guarded by this.
  private final Set<String> changed = new LinkedHashSet<>();
  private boolean scheduled;

  LiveStreams(EventLoop loop) {
    this.loop = loop;
    open = new DefaultChannelGroup(loop);
    loop.scheduleWithFixedDelay(
        () -> send(": alive\n\n"), ALIVE_SECONDS, ALIVE_SECONDS, TimeUnit.SECONDS);
  }

  /** Adds a page, to which the head of the response was written. */
  void add(Channel page) {
    if (open.size() >= MAX_STREAMS) {
      page.close();
      return;
    }
    page.writeAndFlush(content("retry: 2000\n: open\n\n"));
    open.add(page);
  }

  /** Called on the thread that added spans. */
  void changed(Set<String> traceIds) {
    synchronized (this) {
      for (String id : traceIds) {
        if (changed.size() < MAX_IDS) {
          changed.add(id);
        }
      }
      if (scheduled || loop.isShuttingDown()) {
        return;
      }
      scheduled = true;
    }
    loop.schedule(this::sendChanged, TOGETHER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void sendChanged() {
    String ids;
    synchronized (this) {
      ids = TraceViews.ids(changed);
      changed.clear();
      scheduled = false;
    }
    send("event: traces\ndata: " + ids + "\n\n");
  }

  /** A page that does not read gets nothing more until it does; it asks anew in any case. */
  private void send(String event) {
    for (Channel page : open) {
      if (page.isWritable()) {
        page.writeAndFlush(content(event));
      }
    }
  }

  private static DefaultHttpContent content(String text) {
    return new DefaultHttpContent(Unpooled.wrappedBuffer(ViewerPages.bytes(text)));
  }
}
