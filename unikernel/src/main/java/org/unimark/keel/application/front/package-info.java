// SPDX-License-Identifier: Apache-2.0
/**
 * The front of a service in three tiers: HTTP to its clients, RESP to a cache, PostgreSQL's protocol to a store. Whatever is
 * down or slow behind it, each request gets an answer.
 */
package org.unimark.keel.application.front;
