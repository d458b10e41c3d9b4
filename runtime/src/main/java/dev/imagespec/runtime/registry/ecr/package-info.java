/** Amazon ECR's own API: the one place that knows the AWS SDK. */
@NullMarked
package dev.imagespec.runtime.registry.ecr;

import org.jspecify.annotations.NullMarked;
