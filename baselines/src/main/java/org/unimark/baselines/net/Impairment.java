// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.unimark.baselines.process.Command;

/**
 * Makes the way between the load and one system worse, until it is closed: some packets from the system are lost before the
 * load sees them, and packets to the system are late. In the run's own namespace; nothing else notices.
 */
public final class Impairment implements AutoCloseable {
    /** Programs or kernel of this machine cannot do it; the message says what is missing. */
    public static final class Unsupported extends IOException {
        private static final long serialVersionUID = 1;

        Unsupported(String message) {
            super(message);
        }
    }

    private static final String FIREWALL = "iptables";
    private static final String QUEUES = "tc";
    private static final int TIMEOUT_SECONDS = 20;

    private final SystemAddress system;
    private final double lossPercent;
    private final int delayMillis;
    private boolean loses;
    private boolean delays;

    private Impairment(SystemAddress system, double lossPercent, int delayMillis) {
        this.system = system;
        this.lossPercent = lossPercent;
        this.delayMillis = delayMillis;
    }

    /**
     * Takes effect at once.
     *
     * @param lossPercent of the packets that come from the system, each with the same probability
     * @param delayMillis by which each packet to the system is late, so that a round trip takes as much longer
     * @throws Unsupported if this machine cannot do it
     */
    public static Impairment of(SystemAddress system, double lossPercent, int delayMillis)
            throws IOException, InterruptedException {
        Impairment impairment = new Impairment(system, lossPercent, delayMillis);
        try {
            impairment.begin();
        } catch (IOException e) {
            impairment.close();
            throw e;
        }
        return impairment;
    }

    private void begin() throws IOException, InterruptedException {
        if (lossPercent > 0) {
            require(run(loss("-A")), "lose packets (iptables with its match 'statistic')");
            loses = true;
        }
        if (delayMillis > 0) {
            require(
                    run(List.of(
                            QUEUES,
                            "qdisc",
                            "add",
                            "dev",
                            system.port(),
                            "root",
                            "netem",
                            "delay",
                            delayMillis + "ms",
                            "limit",
                            "100000")),
                    "delay packets (tc with the queueing discipline netem)");
            delays = true;
        }
    }

    private List<String> loss(String action) {
        return new ArrayList<>(List.of(
                FIREWALL,
                action,
                "INPUT",
                "-s",
                system.ip(),
                "-m",
                "statistic",
                "--mode",
                "random",
                "--probability",
                String.format(Locale.ROOT, "%.4f", lossPercent / 100),
                "-j",
                "DROP"));
    }

    private static Command.Result run(List<String> command) throws IOException, InterruptedException {
        if (!Command.exists(command.get(0))) {
            throw new Unsupported("there is no " + command.get(0) + " on this machine");
        }
        return Command.attempt(null, TIMEOUT_SECONDS, command);
    }

    private static void require(Command.Result result, String what) throws Unsupported {
        if (!result.succeeded()) {
            throw new Unsupported(
                    "this machine cannot " + what + ": " + result.output().strip());
        }
    }

    /** The way is as before. */
    @Override
    public void close() throws IOException {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() throws IOException, InterruptedException {
        if (loses) {
            loses = false;
            require(run(loss("-D")), "stop losing packets");
        }
        if (delays) {
            delays = false;
            require(run(List.of(QUEUES, "qdisc", "delete", "dev", system.port(), "root")), "stop delaying packets");
        }
    }
}
