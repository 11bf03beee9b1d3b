// SPDX-License-Identifier: Apache-2.0
/** Plots, drawn by XChart: SVG for the page (colours follow its theme), PNG for everything else. */
package org.unimark.analysis.plot;
