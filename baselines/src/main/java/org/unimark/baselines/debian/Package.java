// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.debian;

import java.nio.file.Path;

/**
 * A package that was downloaded and unpacked.
 *
 * @param name as apt knows it
 * @param version likewise
 * @param sha256 of the package file, as apt's index has it
 * @param root directory with its files
 */
public record Package(String name, String version, String sha256, Path root) {}
