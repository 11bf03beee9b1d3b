// SPDX-License-Identifier: Apache-2.0
/**
 * The JVM's twin of a machine room: a virtual clock, a wire that loses, delays and corrupts by a seed, hosts with the whole
 * stack, and stations that a test scripts frame by frame. Nothing here waits for real time.
 */
package org.unimark.keel.simulation;
