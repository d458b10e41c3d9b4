package dev.imagespec.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The release's version, which the build writes into the jar. */
final class Version implements IVersionProvider {
  private static final String RESOURCE = "/dev/imagespec/cli/version.properties";

  @Override
  public String[] getVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException(RESOURCE + " is missing from the jar");
      }
      properties.load(in);
    }
    return new String[] {"imagespec " + properties.getProperty("version")};
  }
}
