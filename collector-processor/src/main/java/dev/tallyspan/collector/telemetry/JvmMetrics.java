package dev.tallyspan.collector.telemetry;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.metrics.ObservableLongUpDownCounter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/**
 * Metrics about the JVM by OpenTelemetry's conventions: the memory of each pool, and how long each
 * garbage collection took. The platform beans are loaded when metrics are collected for the first
 * time and not at the start, which they would delay by about 50 ms; so collections before that are
 * not measured.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/runtime/jvm-metrics/">Semantic
 *     conventions for JVM metrics</a>
 */
final class JvmMetrics implements AutoCloseable {

  private static final AttributeKey<String> MEMORY_TYPE = AttributeKey.stringKey("jvm.memory.type");
  private static final AttributeKey<String> POOL = AttributeKey.stringKey("jvm.memory.pool.name");
  private static final AttributeKey<String> GC_NAME = AttributeKey.stringKey("jvm.gc.name");
  private static final AttributeKey<String> GC_ACTION = AttributeKey.stringKey("jvm.gc.action");

  private record Pool(MemoryPoolMXBean bean, Attributes labels) {}

  private final DoubleHistogram collections;
  private final ObservableLongUpDownCounter memory;
  private final NotificationListener listener = this::collected;

  // Guarded by this.
  private final List<Pool> pools = new ArrayList<>();
  private final List<NotificationEmitter> emitters = new ArrayList<>();
  private boolean closed;

  private JvmMetrics(Meter meter) {
    collections =
        meter
            .histogramBuilder("jvm.gc.duration")
            .setUnit("s")
            .setDescription("Duration of JVM garbage collection actions.")
            .setExplicitBucketBoundariesAdvice(List.of(0.01, 0.1, 1.0, 10.0))
            .build();
    memory =
        meter
            .upDownCounterBuilder("jvm.memory.used")
            .setUnit("By")
            .setDescription("Measure of memory used.")
            .buildWithCallback(this::record);
  }

  static JvmMetrics register(Meter meter) {
    return new JvmMetrics(meter);
  }

  private synchronized void record(ObservableLongMeasurement measurement) {
    if (closed) {
      return;
    }
    if (pools.isEmpty()) {
      load();
    }
    for (Pool pool : pools) {
      MemoryUsage usage = pool.bean.getUsage();
      if (usage != null) {
        measurement.record(usage.getUsed(), pool.labels);
      }
    }
  }

  private void load() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      String type = pool.getType() == MemoryType.HEAP ? "heap" : "non_heap";
      pools.add(new Pool(pool, Attributes.of(MEMORY_TYPE, type, POOL, pool.getName())));
    }
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(listener, null, null);
        emitters.add(emitter);
      }
    }
  }

  /** Called on a thread of the JVM after each collection. */
  private void collected(Notification notification, @Nullable Object handback) {
    if (notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      GarbageCollectionNotificationInfo info =
          GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
      collections.record(
          info.getGcInfo().getDuration() / 1000.0,
          Attributes.of(GC_NAME, info.getGcName(), GC_ACTION, info.getGcAction()));
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    memory.close();
    for (NotificationEmitter emitter : emitters) {
      try {
        emitter.removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException(e); // Cannot happen: it was added.
      }
    }
    emitters.clear();
  }
}
