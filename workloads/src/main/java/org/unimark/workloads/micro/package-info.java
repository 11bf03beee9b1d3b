// SPDX-License-Identifier: Apache-2.0
/** Keel's own parts on a JVM, with JMH. */
package org.unimark.workloads.micro;
