/**
 * What all services of AWS share: the SDK's clients and their credentials, what its exceptions
 * mean, and IAM policies. Knows no service.
 */
@NullMarked
package dev.imagespec.runtime.aws;

import org.jspecify.annotations.NullMarked;
