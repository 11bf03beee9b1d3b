// SPDX-License-Identifier: Apache-2.0
/** Predictions from what was counted, with every assumption named; nothing here was measured. */
package org.unimark.analysis.model;
