// SPDX-License-Identifier: Apache-2.0
/**
 * Load generators: closed loop and open loop over HTTP/1.1. Knows addresses and bytes, no systems and no experiments. What
 * runs for each request allocates nothing, every response is compared with the expected bytes, and the generator says
 * itself whether it was the bottleneck.
 */
package org.unimark.workloads.load;
