// SPDX-License-Identifier: Apache-2.0
/**
 * Long campaigns as sets of immutable cells, each named by the hash of its specification. A cell that is done is a directory of
 * that name, so that resuming, sharding and merging are the same thing; executors bring missing cells to one machine or many.
 */
package org.unimark.workloads.cells;
