package dev.imagespec.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Catches what a listener throws, so that the registration goes on, and logs it. Only the first
 * failure is logged with its stack trace.
 */
final class GuardedListener implements RegistrationListener {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

  private final RegistrationListener listener;
  private volatile boolean failed;

  GuardedListener(RegistrationListener listener) {
    this.listener = listener;
  }

  @Override
  public void on(RegistrationEvent event) {
    try {
      listener.on(event);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (failed) {
        LOG.debug("The listener failed again at \"{}\": {}", event, e.toString());
      } else {
        failed = true;
        LOG.warn("The listener failed at \"{}\"; the registration goes on.", event, e);
      }
    }
  }
}
