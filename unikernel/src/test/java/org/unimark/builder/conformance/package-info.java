// SPDX-License-Identifier: Apache-2.0
/** Programs that run both on the JVM and compiled, and must say the same. */
package org.unimark.builder.conformance;
