// SPDX-License-Identifier: Apache-2.0
/** The raw values of a run in formats that other people's tools read. */
package org.unimark.analysis.export;
