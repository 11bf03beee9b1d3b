// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads one server, phase after phase, on connections that stay open between the phases. The first phase connects; let it
 * be the warm-up.
 */
public final class LoadGenerator implements AutoCloseable {
    private final LoadPlan plan;
    private final List<LoadWorker> workers = new ArrayList<>();
    private final ExecutorService threads;

    public LoadGenerator(LoadPlan plan) throws IOException {
        this.plan = plan;
        int first = 0;
        for (int i = 0; i < plan.threads(); i++) {
            workers.add(new LoadWorker(plan, first, plan.connectionsOf(i)));
            first += plan.connectionsOf(i);
        }
        threads = Executors.newFixedThreadPool(plan.threads(), work -> {
            Thread thread = new Thread(work, "load");
            thread.setDaemon(true);
            return thread;
        });
    }

    public LoadPlan plan() {
        return plan;
    }

    /** Runs one phase and waits for its end. Errors of the server are in the result; exceptions are this machine's. */
    public LoadResult run(LoadPhase phase) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Callable<LoadResult>> parts = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            LoadWorker worker = workers.get(i);
            LoadPhase part = share(phase, i);
            // Arrivals of the threads interleave evenly.
            long offset = phase.isOpen() ? (long) (i * 1e9 / phase.requestsPerSecond()) : 0;
            parts.add(() -> worker.run(part, start + offset));
        }
        List<LoadResult> results = new ArrayList<>();
        for (Future<LoadResult> result : threads.invokeAll(parts)) {
            try {
                results.add(result.get());
            } catch (ExecutionException e) {
                throw new IOException("the load generator failed: " + e.getCause(), e.getCause());
            }
        }
        return LoadResult.sum(results);
    }

    private LoadPhase share(LoadPhase phase, int thread) {
        int count = workers.size();
        if (count == 1) {
            return phase;
        }
        long requests = phase.maximumRequests() / count + (thread < phase.maximumRequests() % count ? 1 : 0);
        return new LoadPhase(phase.duration(), Math.max(1, requests), phase.requestsPerSecond() / count);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (LoadWorker worker : workers) {
            worker.close();
        }
    }
}
