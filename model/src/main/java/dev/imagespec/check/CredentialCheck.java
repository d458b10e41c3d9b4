package dev.imagespec.check;

import java.util.ArrayList;
import java.util.List;

/** Finds credentials in texts that end up in the image or in its history. */
final class CredentialCheck {
  private CredentialCheck() {}

  static void check(Spec spec, Problems problems) {
    List<Located<String>> texts = new ArrayList<>();
    spec.env().forEach(env -> texts.add(env.text()));
    spec.labels().forEach(label -> texts.add(label.value()));
    spec.annotations().forEach(annotation -> texts.add(annotation.value()));
    texts.addAll(spec.commands());
    texts.addAll(spec.entrypoint());
    texts.addAll(spec.args());
    texts.addAll(spec.jvmFlags());
    texts.addAll(spec.secrets());
    for (Located<String> text : texts) {
      Credentials.in(text.value()).ifPresent(message -> problems.add(message, text));
    }
  }
}
