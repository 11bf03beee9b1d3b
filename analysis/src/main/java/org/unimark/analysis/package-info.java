// SPDX-License-Identifier: Apache-2.0
/** Statistics, plots and the report: reads run directories, starts nothing. */
package org.unimark.analysis;
