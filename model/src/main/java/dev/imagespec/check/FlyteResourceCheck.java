package dev.imagespec.check;

import dev.imagespec.model.Quantity;
import java.math.BigDecimal;
import java.util.Optional;

/** Checks {@code requests} and {@code limits} of {@code @FlyteTask}. */
final class FlyteResourceCheck {
  /** The smallest part of a resource, and what is said of a smaller one. */
  private record Part(BigDecimal size, Message tooSmall) {
    static final Part CPU = new Part(new BigDecimal("0.001"), Message.FLYTE_CPU);
    static final Part BYTE = new Part(BigDecimal.ONE, Message.FLYTE_BYTES);
  }

  private FlyteResourceCheck() {}

  static void check(Spec.Flyte flyte, Problems problems) {
    Spec.Flyte.Resources requests = flyte.requests();
    Spec.Flyte.Resources limits = flyte.limits();
    pair(requests.cpu(), limits.cpu(), Part.CPU, problems);
    pair(requests.memory(), limits.memory(), Part.BYTE, problems);
    pair(requests.ephemeralStorage(), limits.ephemeralStorage(), Part.BYTE, problems);
    gpu(requests.gpu(), limits.gpu(), problems);
  }

  private static void pair(
      Located<String> request, Located<String> limit, Part part, Problems problems) {
    Optional<Quantity> asked = quantity(request, part, problems);
    Optional<Quantity> most = quantity(limit, part, problems);
    if (asked.isPresent() && most.isPresent() && asked.get().compareTo(most.get()) > 0) {
      problems.add(Message.FLYTE_REQUEST, request, limit.path(), limit.value());
    }
  }

  /** The value of a quantity; empty if it is unset or wrong. */
  private static Optional<Quantity> quantity(Located<String> text, Part part, Problems problems) {
    if (text.value().isEmpty()) {
      return Optional.empty();
    }
    Quantity quantity;
    try {
      quantity = Quantity.parse(text.value());
    } catch (IllegalArgumentException e) {
      Optional<String> meant = Quantity.meant(text.value());
      if (meant.isPresent()) {
        problems.add(Message.FLYTE_QUANTITY_MEANT, text, meant.get());
      } else {
        problems.add(Message.FLYTE_QUANTITY, text);
      }
      return Optional.empty();
    }
    if (!quantity.isWholeIn(part.size())) {
      problems.add(part.tooSmall(), text);
      return Optional.empty();
    }
    return Optional.of(quantity);
  }

  private static void gpu(Located<Integer> request, Located<Integer> limit, Problems problems) {
    if (request.value() < 0) {
      problems.add(Message.FLYTE_GPU, request);
    }
    if (limit.value() < 0) {
      problems.add(Message.FLYTE_GPU, limit);
    }
    if (request.value() > 0 && limit.value() > 0 && !request.value().equals(limit.value())) {
      problems.add(Message.FLYTE_GPU_LIMIT, request, limit.path(), limit.value());
    }
  }
}
