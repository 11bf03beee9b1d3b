// SPDX-License-Identifier: Apache-2.0
/** On-demand boot: holds a listening socket, and starts the server behind it only while somebody asks for it. */
package org.unimark.workloads.activation;
