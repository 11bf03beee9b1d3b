// SPDX-License-Identifier: Apache-2.0
/**
 * Counts guest instructions under QEMU's TCG, and takes the times at which a guest passes its marks, with a small plugin
 * in C that is compiled where it runs. Knows nothing of systems or experiments.
 */
package org.unimark.baselines.counter;
