// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

/**
 * A median with its 95 % interval.
 *
 * @param median of the samples (or ratio of medians)
 * @param low 2.5 % quantile of the bootstrap distribution
 * @param high 97.5 % quantile
 * @param samples repetitions behind it (for a ratio: of the smaller side)
 */
public record Estimate(double median, double low, double high, int samples) {}
