// SPDX-License-Identifier: Apache-2.0
/** Medians, ratios and their bootstrap intervals, on Commons Math. */
package org.unimark.analysis.statistics;
