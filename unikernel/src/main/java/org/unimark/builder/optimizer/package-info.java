// SPDX-License-Identifier: Apache-2.0
/**
 * What Keel adds to TeaVM's C back end, because a server that does not allocate while it serves should not pay for a
 * collector on every call: frames of the shadow stack only where a collection can happen, no write barriers, class
 * initialisers at start, and code that throws kept out of the way. docs/performance.md explains the rules.
 */
package org.unimark.builder.optimizer;
