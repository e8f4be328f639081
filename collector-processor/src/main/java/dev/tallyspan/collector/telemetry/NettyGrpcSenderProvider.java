package dev.tallyspan.collector.telemetry;

import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;

/**
 * Lets OpenTelemetry's exporters send by the gRPC library that the collector uses anyway. Found by
 * {@link java.util.ServiceLoader}.
 */
public final class NettyGrpcSenderProvider implements GrpcSenderProvider {

  @Override
  public GrpcSender createSender(GrpcSenderConfig config) {
    return new NettyGrpcSender(config);
  }
}
