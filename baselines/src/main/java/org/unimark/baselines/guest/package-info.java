// SPDX-License-Identifier: Apache-2.0
/**
 * Linux guests: the distribution's kernel with the smallest initial root file system that starts a server in an OCI
 * container, as a system under test.
 */
package org.unimark.baselines.guest;
