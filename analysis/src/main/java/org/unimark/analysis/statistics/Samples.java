// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The repetitions of one quantity, apart by the node that made them. Nodes may differ in speed: values of one node are
 * repetitions of each other, values of two are not.
 */
public final class Samples {
    private final double[] values;
    private final SortedMap<Integer, double[]> byNode;

    private Samples(double[] values, SortedMap<Integer, double[]> byNode) {
        this.values = values;
        this.byNode = byNode;
    }

    /** Values that one node made. */
    public static Samples of(double... values) {
        return of(values, new int[values.length]);
    }

    /** The value at each index was made by the node whose number {@code nodes} has there. */
    public static Samples of(double[] values, int[] nodes) {
        TreeMap<Integer, List<Double>> lists = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            lists.computeIfAbsent(nodes[i], unused -> new ArrayList<>()).add(values[i]);
        }
        TreeMap<Integer, double[]> byNode = new TreeMap<>();
        lists.forEach((node, list) -> byNode.put(node, array(list)));
        return new Samples(values.clone(), byNode);
    }

    private static double[] array(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** All values in the order in which they were made. */
    public double[] values() {
        return values.clone();
    }

    public int count() {
        return values.length;
    }

    /** Those of one node; empty if it made none. */
    double[] of(int node) {
        return byNode.getOrDefault(node, new double[0]);
    }

    Set<Integer> nodes() {
        return byNode.keySet();
    }

    Set<Integer> nodesSharedWith(Samples other) {
        Set<Integer> shared = new TreeSet<>(nodes());
        shared.retainAll(other.nodes());
        return shared;
    }

    /**
     * What is resampled within itself: each node's values. One value alone has no spread; nodes that made one only are
     * resampled among each other.
     */
    List<double[]> strata() {
        List<double[]> strata = new ArrayList<>();
        List<Double> alone = new ArrayList<>();
        for (double[] ofNode : byNode.values()) {
            if (ofNode.length > 1) {
                strata.add(ofNode);
            } else {
                alone.add(ofNode[0]);
            }
        }
        if (!alone.isEmpty()) {
            strata.add(array(alone));
        }
        return strata;
    }

    @Override
    public String toString() {
        return Arrays.toString(values) + " of nodes " + nodes();
    }
}
