// SPDX-License-Identifier: Apache-2.0
/** The claims ledger: published claims, and the verdict that a run gives on each. */
package org.unimark.analysis.claims;
