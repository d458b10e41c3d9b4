/** Amazon ECR's own API, through the AWS SDK. */
@NullMarked
package dev.imagespec.runtime.registry.ecr;

import org.jspecify.annotations.NullMarked;
