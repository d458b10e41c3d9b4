package dev.imagespec.runtime.resolve;

import java.util.List;
import java.util.Map;

/**
 * The files of a payload, grouped by origin as a build context needs them.
 *
 * @param classPath the class path's layers; empty if the image does not use it
 * @param copies the entries of each copy by path in the image, in the order of the copies
 * @param application the application's layers; empty if there is none
 */
public record PayloadFiles(
    List<Layer> classPath, List<Map<String, LayerEntry>> copies, List<Layer> application) {
  /** The entries of all copies together; if two give the same path, the later one wins. */
  public Map<String, LayerEntry> copied() {
    return Copies.merged(copies);
  }
}
