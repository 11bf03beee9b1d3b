// SPDX-License-Identifier: Apache-2.0
/** Puts the numbers, tables and figures of a run into the paper's text. */
package org.unimark.analysis.paper;
