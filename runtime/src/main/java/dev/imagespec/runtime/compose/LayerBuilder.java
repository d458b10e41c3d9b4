package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.memory.KnownLayer;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.work.Once;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;

/**
 * Builds payload layers, each distinct layer once. A layer whose inputs are remembered is built
 * when its bytes are needed, which they are if a registry lacks them.
 */
public final class LayerBuilder implements AutoCloseable {
  private final Workspace workspace;
  private final MachineMemory memory;
  private final Compressors compressors = new Compressors();
  private final Once<Digest, BuiltLayer> layers = new Once<>();
  private final Once<Digest, BuiltLayer> written = new Once<>();
  private volatile boolean believes = true;

  /**
   * A builder.
   *
   * @param memory knows layers of earlier registrations, and learns new ones
   */
  public LayerBuilder(Workspace workspace, MachineMemory memory) {
    this.workspace = workspace;
    this.memory = memory;
  }

  /**
   * Builds a layer, or returns the equal one that was built before, by this registration or an
   * earlier one.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if a file changed after its
   *     fingerprint was computed
   */
  public BuiltLayer build(Layer layer) {
    Digest input = layer.inputDigest();
    if (!believes) {
      return written(layer, input);
    }
    return layers.get(
        input,
        () ->
            memory
                .layer(input)
                .map(known -> remembered(layer, input, known))
                .orElseGet(() -> written(layer, input)));
  }

  /** Builds all layers from now on, whatever is remembered: it was wrong. */
  public void distrust() {
    believes = false;
  }

  private BuiltLayer remembered(Layer layer, Digest input, KnownLayer known) {
    BuiltLayer before =
        new BuiltLayer(
            layer.name(),
            new RememberedBlob(layer.name(), known, () -> written(layer, input)),
            known.diffId());
    return before;
  }

  private BuiltLayer written(Layer layer, Digest input) {
    return written.get(
        input,
        () -> {
          BuiltLayer own = write(layer, input);
          KnownLayer now = new KnownLayer(own.blob().digest(), own.blob().size(), own.diffId());
          Optional<KnownLayer> before = memory.layer(input);
          if (before.isPresent() && !before.get().equals(now)) {
            memory.forget(input);
          }
          memory.learn(input, now);
          return own;
        });
  }

  private BuiltLayer write(Layer layer, Digest input) {
    try {
      return new LayerWriter(layer, workspace.folder(input.hex()), compressors).write();
    } catch (ClosedByInterruptException e) {
      throw ImageSpecException.interrupted(
          (InterruptedException) new InterruptedException().initCause(e));
    } catch (IOException e) {
      throw workspace.failure(
          "The layer \"" + layer.name() + "\" cannot be built: " + IoReason.of(e), e);
    }
  }

  @Override
  public void close() {
    compressors.close();
  }
}
