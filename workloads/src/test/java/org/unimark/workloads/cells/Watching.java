// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what an executor said. */
final class Watching implements CellExecutor.Observer {
    final List<String> notices = new CopyOnWriteArrayList<>();
    volatile int done;

    @Override
    public void progress(int now, int all) {
        done = now;
    }

    @Override
    public void notice(String text) {
        notices.add(text);
    }
}
