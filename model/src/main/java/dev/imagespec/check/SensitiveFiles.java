package dev.imagespec.check;

import dev.imagespec.model.ProjectPath;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Files and folders that usually hold credentials, keys or a project's history: they stay out of
 * images unless a spec names them themselves. The compiler and a registration both ask here.
 */
public final class SensitiveFiles {
  private static final Pattern NAME =
      Pattern.compile(
          "\\.git|\\.git-credentials|\\.envrc|\\.env(?:\\..+)?|credentials\\.json|[._]netrc|\\.pypirc|\\.npmrc|\\.pgpass"
              + "|\\.ssh|\\.aws|\\.azure|\\.kube|\\.docker|\\.dockercfg|\\.dockerconfigjson|\\.gnupg"
              + "|\\.htpasswd|\\.vault-token"
              + "|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?"
              + "|.+\\.(?:pem|key|ppk|p12|pfx|jks|keystore|kdbx)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Set<String> named;

  private SensitiveFiles(Set<String> named) {
    this.named = named;
  }

  /**
   * The rule for the copies of one spec.
   *
   * @param copies the paths that the spec copies from, relative to the project directory
   */
  public static SensitiveFiles unlessNamed(Collection<String> copies) {
    Set<String> named = new TreeSet<>();
    for (String copy : copies) {
      ProjectPath.normal(copy).filter(SensitiveFiles::isSensitive).ifPresent(named::add);
    }
    return new SensitiveFiles(named);
  }

  /**
   * Whether a file or folder must stay out of the image.
   *
   * @param path its path, relative to the project directory, without {@code .} and {@code ..}
   */
  public boolean keepsOut(String path) {
    return isSensitive(path) && !isNamed(path);
  }

  /** Whether the spec names this file, or a folder that it is in, which is sensitive itself. */
  public boolean isNamed(String path) {
    return named.stream().anyMatch(name -> path.equals(name) || path.startsWith(name + "/"));
  }

  private static boolean isSensitive(String path) {
    int start = 0;
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', start)) {
      if (NAME.matcher(path).region(start, end).matches()) {
        return true;
      }
      start = end + 1;
    }
    return NAME.matcher(path).region(start, path.length()).matches();
  }
}
