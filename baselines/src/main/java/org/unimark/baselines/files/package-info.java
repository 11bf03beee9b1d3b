// SPDX-License-Identifier: Apache-2.0
/** File trees in memory, and the archives and executables they are made of. Imports nothing of the project. */
package org.unimark.baselines.files;
