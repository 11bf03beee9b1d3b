// SPDX-License-Identifier: Apache-2.0
/** The report: one self-contained HTML page that opens from disk, and its plots as files. */
package org.unimark.analysis.report;
