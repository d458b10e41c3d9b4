package dev.imagespec.runtime.resolve;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files that a spec copies from the project directory: into the environment, and on top of it.
 */
final class Copies {
  private final Manifest manifest;
  private final Path projectDir;
  private final ProjectFiles files;
  private final SensitiveFiles sensitive;

  Copies(Manifest manifest, Path projectDir, ProjectFiles files) {
    this.manifest = manifest;
    this.projectDir = projectDir;
    this.files = files;
    this.sensitive =
        SensitiveFiles.unlessNamed(
            Stream.concat(
                    manifest.environment().copy().stream(), manifest.payload().copy().stream())
                .map(Manifest.Copy::from)
                .toList());
  }

  /**
   * The files that are there before the steps of the environment run.
   *
   * @throws ImageSpecException as {@link CopyLayer#entries}
   */
  StepFiles ofSteps() {
    List<Manifest.Copy> copies = manifest.environment().copy();
    NavigableMap<String, LayerEntry> all = new TreeMap<>(merged(entries(copies)));
    // What is above a file exists without being named, and then stays as the base has it: /tmp.
    all.values()
        .removeIf(entry -> entry.isFolder() && entry.owner().isRoot() && isAboveOthers(entry, all));
    if (all.isEmpty() && !copies.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "copy from \""
              + copies.get(0).from()
              + "\": the folder is empty and is copied to /, so that the steps get nothing; remove the"
              + " copy.");
    }
    return new StepFiles(Layer.of(Layer.STEPS, all));
  }

  private static boolean isAboveOthers(LayerEntry entry, NavigableMap<String, LayerEntry> all) {
    String next = all.ceilingKey(entry.path() + "/");
    return next != null && next.startsWith(entry.path() + "/");
  }

  /**
   * The entries of each copy of the payload, by path in the image, in order.
   *
   * @throws ImageSpecException as {@link CopyLayer#entries}
   */
  List<Map<String, LayerEntry>> ofPayload() {
    return entries(manifest.payload().copy());
  }

  /** The layer of all copies of the payload. */
  Layer payload() {
    return Layer.of(Layer.FILES, merged(ofPayload()));
  }

  /**
   * If two copies give the same path, the later one wins.
   *
   * @throws ImageSpecException if a file is at the path of a folder that another copy needs: nobody
   *     could unpack such a layer
   */
  static Map<String, LayerEntry> merged(List<Map<String, LayerEntry>> copies) {
    NavigableMap<String, LayerEntry> all = new TreeMap<>();
    copies.forEach(all::putAll);
    for (LayerEntry entry : all.values()) {
      if (!entry.isFolder() && isAboveOthers(entry, all)) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            "copy to \""
                + entry.path()
                + "\": a copy puts a file there, and another one puts "
                + all.ceilingKey(entry.path() + "/")
                + " below it; correct to. A file goes into a folder if to ends with a slash.");
      }
    }
    return all;
  }

  private List<Map<String, LayerEntry>> entries(List<Manifest.Copy> copies) {
    return copies.stream()
        .map(copy -> CopyLayer.entries(copy, projectDir, sensitive, files))
        .toList();
  }
}
