// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.unimark.baselines.process.Command;

/**
 * Makes cells on several hosts over {@code ssh}, one at a time on each. A host needs the suite's work tree, nothing is shared:
 * specifications go over standard input, results come back as an archive. A host that fails twice in a row is given up, and its
 * cell goes to another.
 */
public final class SshExecutor implements CellExecutor {
    private static final int FAILURES_OF_A_HOST = 2;
    private static final int ATTEMPTS_OF_A_CELL = 3;

    private final List<String> hosts;
    private final List<String> ssh;
    private final String worker;

    private final Deque<Cell> queue = new ArrayDeque<>();
    private final Map<Cell, Integer> attempts = new HashMap<>();
    private int active;

    /**
     * @param hosts as {@code ssh} takes them
     * @param ssh the command and its options
     * @param worker shell words to which a specification's file and {@code --into DIR} are appended
     */
    public SshExecutor(List<String> hosts, List<String> ssh, String worker) {
        this.hosts = List.copyOf(hosts);
        this.ssh = List.copyOf(ssh);
        this.worker = worker;
    }

    @Override
    public void run(CellStore store, Observer observer) throws IOException, InterruptedException {
        queue.addAll(store.missing());
        List<Thread> threads = new ArrayList<>();
        for (String host : hosts) {
            Thread thread = new Thread(() -> serve(host, store, observer), "ssh-" + host);
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
            throw e;
        }
    }

    private void serve(String host, CellStore store, Observer observer) {
        int failures = 0;
        try {
            for (Cell cell = take(); cell != null; cell = take()) {
                String problem = make(host, cell, store);
                failures = problem == null ? 0 : failures + 1;
                finished(cell, problem, host, store, observer);
                if (failures >= FAILURES_OF_A_HOST) {
                    notice(observer, host + " is given up after " + failures + " failures in a row.");
                    return;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next cell, or null when there will be none: while others work, one of theirs may come back. */
    private synchronized Cell take() throws InterruptedException {
        while (queue.isEmpty() && active > 0) {
            wait();
        }
        Cell cell = queue.poll();
        if (cell != null) {
            active++;
        }
        return cell;
    }

    private synchronized void finished(Cell cell, String problem, String host, CellStore store, Observer observer) {
        active--;
        if (problem == null) {
            int all = store.cells().size();
            observer.progress(all - store.missing().size(), all);
        } else {
            boolean again = attempts.merge(cell, 1, Integer::sum) < ATTEMPTS_OF_A_CELL;
            observer.notice(
                    host + " failed at cell " + cell.hash() + (again ? ", which is tried again: " : ": ") + problem);
            if (again) {
                queue.add(cell);
            }
        }
        notifyAll();
    }

    private static synchronized void notice(Observer observer, String text) {
        observer.notice(text);
    }

    /** Returns null if its results are stored, else why not. */
    private String make(String host, Cell cell, CellStore store) throws InterruptedException {
        try {
            CellStore.store(store.done(), cell, directory -> fetch(host, cell, directory));
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private void fetch(String host, Cell cell, Path directory) throws IOException, InterruptedException {
        Path archive = Files.createTempFile("unimark-cell", ".tar");
        Path errors = Files.createTempFile("unimark-cell", ".log");
        try {
            List<String> command = new ArrayList<>(ssh);
            command.add(host);
            command.add(remoteScript(host, cell));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(archive.toFile())
                    .redirectError(errors.toFile())
                    .start();
            try {
                specify(cell, process.getOutputStream());
                if (process.waitFor() != 0) {
                    throw new IOException("status " + process.exitValue() + ", " + lastLine(errors));
                }
            } finally {
                process.destroy();
            }
            unpack(archive, directory);
        } finally {
            Files.deleteIfExists(archive);
            Files.deleteIfExists(errors);
        }
    }

    /** Sends the specification and leaves the stream open: its end tells the other side that nobody waits any more. */
    private static void specify(Cell cell, OutputStream out) {
        try {
            out.write((cell.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException ended) {
            // The exit status and the last line of its messages say why.
        }
    }

    /**
     * Results are made in a directory of the remote host that is gone afterwards. When the connection breaks, standard input
     * ends, and the worker is told to end.
     */
    private String remoteScript(String host, Cell cell) {
        return String.join(
                "\n",
                "d=$(mktemp -d) || exit 1",
                "trap 'rm -rf \"$d\"' EXIT",
                "trap 'exit 1' HUP INT TERM",
                "read -r cell && printf '%s\\n' \"$cell\" >\"$d/cell.json\" || exit 1",
                "exec 3<&0",
                "export UNIMARK_NODE=" + Command.quoted(host),
                worker + " \"$d/cell.json\" --into \"$d\" </dev/null 3<&- >&2 &",
                "worker=$!",
                "{ cat >/dev/null; kill \"$worker\"; } <&3 >/dev/null 2>&1 &",
                "watcher=$!",
                "wait \"$worker\"",
                "status=$?",
                "kill \"$watcher\" 2>/dev/null",
                "[ \"$status\" -eq 0 ] || exit \"$status\"",
                "tar -C \"$d/" + cell.hash() + "\" -cf - .");
    }

    private static void unpack(Path archive, Path directory) throws IOException, InterruptedException {
        Command.run("tar", "-C", directory.toString(), "-xf", archive.toString(), "--no-same-owner");
    }

    /** Of a worker's messages: why it ended. */
    static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        return lines.isEmpty() ? "without a word" : lines.get(lines.size() - 1);
    }
}
