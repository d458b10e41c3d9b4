package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.registry.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A blob in a file of the workspace.
 *
 * @param file the file
 * @param digest the digest of its bytes
 * @param size its length in bytes
 */
record FileBlob(Path file, Digest digest, long size) implements BlobSource {
  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }
}
