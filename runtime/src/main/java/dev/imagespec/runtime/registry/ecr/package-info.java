/** Amazon ECR's own API. Only this package uses the AWS SDK. */
@NullMarked
package dev.imagespec.runtime.registry.ecr;

import org.jspecify.annotations.NullMarked;
