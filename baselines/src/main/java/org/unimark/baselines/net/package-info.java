// SPDX-License-Identifier: Apache-2.0
/**
 * The private network of a run: the namespaces that the measuring process is executed again in, the bridge of all
 * systems, and the port of each. Imports {@code process}.
 */
package org.unimark.baselines.net;
