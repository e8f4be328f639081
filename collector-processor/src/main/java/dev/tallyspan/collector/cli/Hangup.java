package dev.tallyspan.collector.cli;

import java.lang.reflect.Proxy;

/**
 * The signal {@code SIGHUP}. Java has no supported interface for signals, only {@code
 * sun.misc.Signal}, which is called by reflection because the compiler warns of it.
 */
final class Hangup {

  private Hangup() {}

  /**
   * Runs something whenever the process receives the signal, on a thread of the JVM.
   *
   * @return false where there is no such signal, or if it is ignored, as with {@code nohup}
   */
  static boolean handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object hangup = signal.getConstructor(String.class).newInstance("HUP");
      Object proxy =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal.getMethod("handle", signal, handler).invoke(null, hangup, proxy);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }
}
