package dev.imagespec.runtime.engine;

import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** buildah: needs no daemon, and no privileges if the kernel lets users create namespaces. */
final class BuildahEngine implements Engine {
  private static final String PROGRAM = "buildah";

  /** The first release that reads documents in lines. */
  private static final int WITH_DOCUMENTS = 1_033;

  @Override
  public String name() {
    return PROGRAM;
  }

  @Override
  public Optional<String> program() {
    return Optional.of(PROGRAM);
  }

  @Override
  public List<EngineBuilder> builders(EngineSettings settings)
      throws EngineException, InterruptedException {
    settings.requireNoBuilders(name());
    Command.Answer version = new Command(PROGRAM, "version").ask();
    if (!version.isGood()) {
      throw new EngineException(
          EngineException.Kind.MISSING,
          "`buildah` does not run (" + version.last() + "); install it (Debian: buildah)");
    }
    boolean namespaces =
        new Command("unshare", "--mount", "--pid", "--fork", "true").ask().isGood()
            && (new Command("crun", "--version").ask().isGood()
                || new Command("runc", "--version").ask().isGood());
    boolean chroot = !namespaces && !settings.environment().containsKey("BUILDAH_ISOLATION");
    return List.of(new Local(chroot, Docker.version(version.text()), settings));
  }

  /**
   * Refuses a Dockerfile with documents for a release that would take their lines for instructions,
   * and start from images that nobody has locked.
   */
  static void requireDocuments(int version, EngineBuild build) throws EngineException {
    int line = build.own().map(EngineBuild.Own::documents).orElse(0);
    if (line > 0 && version < WITH_DOCUMENTS) {
      throw new EngineException(
          EngineException.Kind.BUILDER,
          "buildah before release 1.33 takes the lines of a document for instructions, and the"
              + " Dockerfile has one (<<) at line "
              + line
              + "; use a later release or buildx, or copy a file instead");
    }
  }

  private record Local(boolean chroot, int version, EngineSettings settings)
      implements EngineBuilder {
    @Override
    public String name() {
      return PROGRAM;
    }

    /** Its own platform, and those for which the kernel has an interpreter. */
    @Override
    public boolean runs(Platform platform) {
      return platform.architecture().equals(ownArchitecture())
          || Files.exists(
              Path.of("/proc/sys/fs/binfmt_misc", "qemu-" + emulated(platform.architecture())));
    }

    private static String ownArchitecture() {
      String own = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
      return Platform.parse("linux/" + own).architecture();
    }

    /** QEMU's name for an architecture. */
    private static String emulated(String architecture) {
      return switch (architecture) {
        case "arm64" -> "aarch64";
        case "amd64" -> "x86_64";
        case "386" -> "i386";
        default -> architecture;
      };
    }

    @Override
    public boolean answers() {
      return true;
    }

    @Override
    public boolean buildsPlatformsTogether() {
      return false;
    }

    @Override
    public Optional<Digest> build(EngineBuild build, EngineOutput output)
        throws EngineException, InterruptedException {
      String id = buildHere(build, true, output);
      if (build.isWanted()) {
        Command push = new Command(PROGRAM, "push");
        transport(push, build.repository(), build);
        BuildCommand.run(
            push.with(id, "docker://" + build.image()), name(), build, settings, output);
      }
      return Optional.empty();
    }

    @Override
    public void save(EngineBuild build, Path layout, EngineOutput output)
        throws EngineException, InterruptedException {
      String id = buildHere(build, false, output);
      BuildCommand.run(
          new Command(PROGRAM, "push").with(id, "oci:" + layout), name(), build, settings, output);
    }

    /**
     * Whether a step may read files from a mount. Buildah would take a step's result from its cache
     * though these files changed.
     */
    private static boolean mayMountFiles(EngineBuild build) {
      Path file =
          build
              .own()
              .map(EngineBuild.Own::dockerfile)
              .orElse(build.context().resolve("Dockerfile"));
      try {
        String text = Files.readString(file).toLowerCase(Locale.ROOT);
        return text.contains(build.own().isPresent() ? "mount" : "--mount=type=bind");
      } catch (IOException e) {
        // Whoever cannot read it cannot build it either, and says why.
        return true;
      }
    }

    /** Builds an image, and returns its id. */
    private String buildHere(EngineBuild build, boolean writesCache, EngineOutput output)
        throws EngineException, InterruptedException {
      requireDocuments(version, build);
      Path id = build.context().resolveSibling("image-id");
      Command command =
          new Command(PROGRAM, "bud")
              .with(
                  "--layers",
                  // It would leave the container of a step that fails.
                  "--force-rm",
                  "--format=oci",
                  "--identity-label=false",
                  "--platform=" + build.platforms().get(0),
                  // Without a name, so that it stays as nothing but the cache of its steps.
                  "--iidfile=" + id);
      command.with(build.fileOptions().toArray(String[]::new));
      if (mayMountFiles(build)) {
        command.with("--no-cache");
      }
      if (chroot) {
        command.with("--isolation=chroot");
      }
      settings.network().ifPresent(network -> command.with("--network=" + network));
      build.arguments().forEach((n, value) -> command.with("--build-arg=" + n + "=" + value));
      command.with(BuildCommand.secrets(build).toArray(String[]::new));
      settings
          .cache()
          .ifPresent(
              cache -> {
                command.with("--cache-from=" + cache);
                if (writesCache) {
                  command.with("--cache-to=" + cache);
                }
              });
      transport(command, base(build), build);
      BuildCommand.run(command.with(build.context().toString()), name(), build, settings, output);
      return read(id);
    }

    /** An image that it reads, to tell the transport: buildah has one for all of a build. */
    private String base(EngineBuild build) throws EngineException {
      List<String> images = build.bases();
      long plain = images.stream().filter(EngineBuild::isPlain).count();
      if (plain > 0 && plain < images.size()) {
        throw new EngineException(
            EngineException.Kind.BUILDER,
            "buildah cannot read from a registry of this machine without TLS and from others in one"
                + " build; use buildx, or mirror the other images");
      }
      return images.isEmpty() ? "" : images.get(0);
    }

    private static String read(Path id) throws EngineException {
      try {
        return Files.readString(id).strip();
      } catch (IOException e) {
        throw new EngineException(
            EngineException.Kind.BUILDER,
            "buildah does not say which image it built: " + IoReason.of(e));
      }
    }

    private static void transport(Command command, String reference, EngineBuild build) {
      command.with("--authfile=" + build.dockerConfig().resolve("config.json"));
      if (EngineBuild.isPlain(reference)) {
        command.with("--tls-verify=false");
      }
    }
  }
}
