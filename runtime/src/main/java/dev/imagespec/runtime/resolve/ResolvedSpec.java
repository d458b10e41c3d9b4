package dev.imagespec.runtime.resolve;

/**
 * A task's image with all that decides its bytes.
 *
 * @param draft the draft it was made from
 * @param base the base, by digest
 * @param fingerprint the identity of all inputs
 */
public record ResolvedSpec(Draft draft, Base base, Fingerprint fingerprint) {}
