// SPDX-License-Identifier: Apache-2.0
/**
 * Servers in Docker containers on the host's own kernel, attached to the same bridge as the guests. Uses a daemon that
 * runs, or one of the run's own inside its namespaces.
 */
package org.unimark.baselines.docker;
