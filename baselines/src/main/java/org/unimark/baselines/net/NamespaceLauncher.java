// SPDX-License-Identifier: Apache-2.0
package org.unimark.baselines.net;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.unimark.baselines.process.Command;

/**
 * Executes a Java program again inside namespaces of its own (network, processes, mounts, and users where it is not
 * root), so that whatever it starts ends with it. The chain from the launcher down holds when the launcher is killed:
 * the kernel kills {@code unshare} with its parent, the new first process with {@code unshare}, and with the first
 * process everything in its namespaces. What is outside of them, the run's directory and containers of the machine's own
 * Docker, is removed by a custodian: a shell that waits for the launcher's end.
 */
public final class NamespaceLauncher {
    /** Set inside, to the identifier of the run. */
    public static final String RUN_VARIABLE = "UNIMARK_RUN";
    /** Set inside, to the directory of the run's temporary files, which is removed when the run ends. */
    public static final String DIRECTORY_VARIABLE = "UNIMARK_RUN_DIRECTORY";

    private static final String PROCESSES = "machine-processes";
    private static final String UNIX_SCHEME = "unix://";
    private static final Path MACHINE_DOCKER = Path.of("/var/run/docker.sock");
    private static final int STOP_SECONDS = 30;
    private static final int CUSTODIAN_SECONDS = 60;

    private NamespaceLauncher() {}

    /** Whether this process was started by {@link #run}. */
    public static boolean isInside() {
        return System.getenv(RUN_VARIABLE) != null;
    }

    /** The identifier of the run that this process belongs to. */
    public static String runIdentifier() {
        String identifier = System.getenv(RUN_VARIABLE);
        if (identifier == null) {
            throw new IllegalStateException("not inside the namespaces of a run");
        }
        return identifier;
    }

    /** The run's directory for temporary files. */
    public static Path runDirectory() {
        runIdentifier();
        return Path.of(System.getenv(DIRECTORY_VARIABLE));
    }

    /** Whether this process is root on the machine itself, not only within a user namespace (user_namespaces(7)). */
    public static boolean isMachineRoot() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map")).strip();
            return "root".equals(System.getProperty("user.name")) && map.endsWith(Long.toString(0xffff_ffffL));
        } catch (IOException e) {
            return false;
        }
    }

    /** The processes of the machine, outside of the run's namespace, in the form of {@code /proc}. */
    public static Path machineProcesses() {
        return runDirectory().resolve(PROCESSES);
    }

    /**
     * The socket of the Docker daemon that a run uses: the environment's, the usual one if somebody answers, its own. Null
     * if the environment names a daemon that has no socket on this machine.
     */
    public static Path dockerSocket() {
        String host = System.getenv("DOCKER_HOST");
        if (host == null) {
            return MACHINE_DOCKER;
        }
        return host.startsWith(UNIX_SCHEME) ? Path.of(host.substring(UNIX_SCHEME.length())) : null;
    }

    /** Why no namespaces can be made on this machine, in a sentence that says what to do, or null. */
    public static String unavailable() throws IOException, InterruptedException {
        for (String program : List.of("unshare", "setpriv", "setsid", "ip", "nsenter")) {
            if (!Command.exists(program)) {
                return "There is no " + program + "; install the packages util-linux and iproute2.";
            }
        }
        List<String> command = new ArrayList<>(unshare());
        command.addAll(List.of("mount", "-t", "proc", "proc", "/proc"));
        Command.Result result = Command.attempt(null, 20, command);
        if (result.succeeded()) {
            return null;
        }
        return "No private network namespace can be made (" + result.output().strip()
                + "); run as root, or allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 or"
                + " kernel.apparmor_restrict_unprivileged_userns=0.";
    }

    /**
     * Runs {@code mainClass} with this JVM's class path and options inside, on this process's standard streams, and
     * returns its exit status. The calling thread must live until then: the kernel takes its end for the launcher's.
     */
    public static int run(String mainClass, List<String> arguments) throws IOException, InterruptedException {
        return run(javaCommand(mainClass, arguments), null);
    }

    /** The command that runs {@code mainClass} with this JVM's class path and options. */
    public static List<String> javaCommand(String mainClass, List<String> arguments) {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        java.addAll(arguments);
        return java;
    }

    /** Likewise for any program; its output goes to the file {@code output} unless that is null. */
    public static int run(List<String> program, Path output) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("unimark-run");
        String identifier = directory.getFileName().toString();
        Process custodian = startCustodian(identifier, directory);
        Process inside = null;
        try {
            List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
            command.addAll(unshare());
            // A file system of the namespace, of which nothing is left however the run ends, and its own processes.
            String script = String.join(
                    " && ",
                    "mount -t tmpfs -o mode=700 tmpfs \"$" + DIRECTORY_VARIABLE + "\"",
                    "mkdir \"$" + DIRECTORY_VARIABLE + "/" + PROCESSES + "\"",
                    "mount --rbind /proc \"$" + DIRECTORY_VARIABLE + "/" + PROCESSES + "\"",
                    "mount -t proc proc /proc",
                    "exec \"$@\"");
            command.addAll(List.of("sh", "-c", script, "sh"));
            command.addAll(program);
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            if (output != null) {
                builder.redirectOutput(output.toFile()).redirectErrorStream(true);
            }
            addEnvironment(builder.environment(), identifier, directory);
            inside = builder.start();
            return awaitEnd(inside, custodian);
        } finally {
            endWith(inside, custodian);
        }
    }

    private static void addEnvironment(Map<String, String> environment, String identifier, Path directory) {
        environment.put(RUN_VARIABLE, identifier);
        environment.put(DIRECTORY_VARIABLE, directory.toString());
        // Testcontainers reads these from the environment only. Its reaper would come from an image registry.
        environment.put("TESTCONTAINERS_RYUK_DISABLED", "true");
        environment.put("TESTCONTAINERS_HOST_OVERRIDE", "localhost");
        // The usual one is used if somebody listens there; else it is where a daemon of the run's own would.
        String docker = (accepts(MACHINE_DOCKER) ? MACHINE_DOCKER : directory.resolve("docker.sock")).toString();
        environment.putIfAbsent("DOCKER_HOST", UNIX_SCHEME + docker);
    }

    private static boolean accepts(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> unshare() {
        List<String> command = new ArrayList<>(List.of("unshare"));
        if (!"root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        // Mounts of the machine stay visible, for the network namespaces of its containers; ours stay here.
        command.addAll(List.of("--net", "--pid", "--mount", "--propagation", "slave", "--fork", "--kill-child"));
        return command;
    }

    /** An interrupted launcher passes the interruption on and waits, so that what is inside can finish its files. */
    private static int awaitEnd(Process inside, Process custodian) throws InterruptedException {
        Thread hook = new Thread(() -> stop(inside, custodian), "stop-run");
        Runtime.getRuntime().addShutdownHook(hook);
        int status = inside.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is shutting down, and the hook does the rest.
            hook.join();
        }
        return status;
    }

    private static void stop(Process inside, Process custodian) {
        // unshare blocks the signal; its child is the first process inside.
        inside.toHandle().children().forEach(ProcessHandle::destroy);
        try {
            inside.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            endWith(inside, custodian);
        } catch (InterruptedException | IOException e) {
            // The kernel kills what is inside when this process ends, and the custodian sees its pipe close.
            inside.destroyForcibly();
        }
    }

    private static void endWith(Process inside, Process custodian) throws IOException, InterruptedException {
        if (inside != null && inside.isAlive()) {
            inside.destroyForcibly();
            inside.waitFor();
        }
        custodian.getOutputStream().close();
        if (!custodian.waitFor(CUSTODIAN_SECONDS, TimeUnit.SECONDS)) {
            custodian.destroyForcibly();
        }
    }

    /** It reads until the pipe closes, which happens however this process ends. */
    private static Process startCustodian(String identifier, Path directory) throws IOException {
        String script = String.join(
                "\n",
                "cat >/dev/null",
                "if command -v docker >/dev/null; then",
                "  timeout 30 docker ps --all --quiet --filter label=unimark.run=$1 | xargs -r docker rm --force",
                "  timeout 30 docker images --quiet --filter \"reference=$1/*\" | xargs -r docker rmi --force",
                "fi",
                "n=0",
                "until rmdir \"$2\" || [ ! -e \"$2\" ] || [ $n -ge 50 ]; do n=$((n + 1)); sleep 0.1; done",
                // A control group can be removed when the last of its processes is gone for good, which takes its time.
                "n=0",
                "while",
                "  find /sys/fs/cgroup -depth -type d \\( -path \"*/$1/*\" -o -name \"$1\" \\) -exec rmdir {} \\;",
                "  [ -n \"$(find /sys/fs/cgroup -type d -name \"$1\" | head -n 1)\" ] && [ $n -lt 100 ]",
                "do n=$((n + 1)); sleep 0.1; done");
        return new ProcessBuilder("setsid", "sh", "-c", script, "custodian", identifier, directory.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
