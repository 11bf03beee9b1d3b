// SPDX-License-Identifier: Apache-2.0
/**
 * Runs experiments: which repetition of which system comes when, within which time, and what is written about it. Knows
 * nothing of terminals; whoever watches implements {@link org.unimark.workloads.campaign.Progress}.
 */
package org.unimark.workloads.campaign;
