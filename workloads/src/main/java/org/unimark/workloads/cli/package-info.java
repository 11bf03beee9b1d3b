// SPDX-License-Identifier: Apache-2.0
/** The command line: what people type and read. Everything that measures or decides is elsewhere. */
package org.unimark.workloads.cli;
