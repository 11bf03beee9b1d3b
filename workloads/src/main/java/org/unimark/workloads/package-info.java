// SPDX-License-Identifier: Apache-2.0
/** Load generators, experiments, the runner and the command line; reaches systems over the network only. */
package org.unimark.workloads;
