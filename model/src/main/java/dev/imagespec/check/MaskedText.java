package dev.imagespec.check;

/**
 * Texts of a spec for files that are kept. Whatever the checks would call a credential is masked,
 * also where they only warn.
 */
public final class MaskedText {
  /** What stands for a value that is not shown. */
  public static final String MASK = "***";

  private MaskedText() {}

  /** The text with credentials masked. */
  public static String of(String text) {
    return Credentials.masked(text);
  }

  /** The value of a variable, masked as a whole if the variable's name is that of a secret. */
  public static String ofVariable(String name, String value) {
    boolean isSecret =
        !value.isEmpty() && (Credentials.isWellKnown(name) || SecretName.looksSecret(name, value));
    return isSecret ? MASK : of(value);
  }
}
