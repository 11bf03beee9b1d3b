// SPDX-License-Identifier: Apache-2.0
package org.unimark.results;

/**
 * What is measured, in which unit, and which direction is good.
 *
 * @param name as in {@link Record#values()}
 * @param unit as printed
 * @param higherIsBetter or lower
 */
public record Metric(String name, String unit, boolean higherIsBetter) {}
