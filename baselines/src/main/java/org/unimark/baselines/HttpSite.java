// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines;

import java.nio.file.Path;

/**
 * What every HTTP server under test serves.
 *
 * @param root directory of the content
 * @param configuration of the identical application, or null for its defaults
 */
public record HttpSite(Path root, Path configuration) {}
