// SPDX-License-Identifier: Apache-2.0
/**
 * What is measured: one class an experiment, the same for every system. Experiments see systems through
 * {@code org.unimark.baselines}, and load them with {@code load}; they know nothing of the order in which they run.
 */
package org.unimark.workloads.experiment;
