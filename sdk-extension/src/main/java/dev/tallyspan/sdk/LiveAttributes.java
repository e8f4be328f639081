package dev.tallyspan.sdk;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** The attributes of a span that is about to end, without a copy if possible. */
final class LiveAttributes {

  /*
   * Every span of an application comes by here, and almost none is about an LLM. The SDK shows the
   * attributes of a span by a sorted copy only, several hundred bytes and nanoseconds, until the
   * span has ended; then it is too late to write. So this class reads the field that the SDK would
   * copy from. It is private, but it has had this name, and a type that implements Attributes, in
   * every version since 1.0.
   *
   * It is safe in onEnding: since 1.43, only the thread that ends the span may change it from then
   * on, and that thread has held the span's lock after every other change. What is returned must
   * not be used after onEnding.
   *
   * Wherever the field cannot be read (another implementation of spans, a native image without
   * metadata, a module that is closed), the copy is used, which is slower and the same otherwise.
   */

  private static final String SDK_SPAN = "io.opentelemetry.sdk.trace.SdkSpan";

  private static final @Nullable Class<?> TYPE = sdkSpan();
  private static final @Nullable MethodHandle FIELD = TYPE == null ? null : field(TYPE);

  private LiveAttributes() {}

  /** Returns the attributes; valid until the end of {@code onEnding}. */
  static Attributes of(ReadableSpan span) {
    if (FIELD != null && span.getClass() == TYPE) {
      try {
        Attributes attributes = (Attributes) FIELD.invokeExact(span);
        return attributes == null ? Attributes.empty() : attributes;
      } catch (Throwable t) {
        // Not the field that it was.
      }
    }
    return span.getAttributes();
  }

  /** Whether attributes of the SDK's own spans are read without a copy. */
  static boolean areNotCopied() {
    return FIELD != null;
  }

  private static @Nullable Class<?> sdkSpan() {
    try {
      return Class.forName(SDK_SPAN, /* initialize= */ false, ReadableSpan.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private static @Nullable MethodHandle field(Class<?> type) {
    try {
      Field attributes = type.getDeclaredField("attributes");
      if (!Attributes.class.isAssignableFrom(attributes.getType())) {
        return null;
      }
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
          .unreflectGetter(attributes)
          .asType(MethodType.methodType(Attributes.class, ReadableSpan.class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
