package dev.imagespec.runtime.work;

/**
 * Work that must be done even if a signal ends this process. Closing it calls that off: then it was
 * done in the usual way.
 */
public final class AtExit implements AutoCloseable {
  private final Thread hook;

  private AtExit(Thread hook) {
    this.hook = hook;
  }

  /**
   * Has work done when this process ends. Other threads go on meanwhile.
   *
   * @param name the name of the thread that does it
   * @throws IllegalStateException if the process is ending already
   */
  public static AtExit of(String name, Runnable work) {
    Thread hook = new Thread(work, name);
    Runtime.getRuntime().addShutdownHook(hook);
    return new AtExit(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the work is done there as well, and finds nothing left to do.
      Thread.onSpinWait();
    }
  }
}
