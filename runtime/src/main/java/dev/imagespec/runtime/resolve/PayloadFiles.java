package dev.imagespec.runtime.resolve;

import java.util.List;
import java.util.Map;

/**
 * The files of a payload by where they come from, as a build context wants them.
 *
 * @param classPath the class path's layers; empty if it does not go in
 * @param copies the entries of each copy by path in the image, in the copies' order
 */
public record PayloadFiles(List<Layer> classPath, List<Map<String, LayerEntry>> copies) {}
