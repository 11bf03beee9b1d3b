// SPDX-License-Identifier: Apache-2.0
/**
 * What a run leaves on disk: {@code run.json} ({@link org.unimark.results.RunInfo}) and {@code records.jsonl}, one
 * {@link org.unimark.results.Record} a line. The experiments write it, the analysis reads it; they share nothing else.
 */
package org.unimark.results;
