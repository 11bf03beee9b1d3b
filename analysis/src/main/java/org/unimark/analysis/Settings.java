// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.util.Comparator;

/** Order of settings such as {@code rate=500} and {@code rate=2000}: by their numbers, then by their text. */
public final class Settings {
    public static final Comparator<String> ORDER =
            Comparator.comparingDouble(Settings::firstNumber).thenComparing(Comparator.naturalOrder());

    private Settings() {}

    /** The value of a parameter in a setting such as {@code delay_ms=10,loss_percent=1}, or null if it has none. */
    public static String value(String setting, String parameter) {
        for (String part : setting.split(",", -1)) {
            if (part.startsWith(parameter + "=")) {
                return part.substring(parameter.length() + 1);
            }
        }
        return null;
    }

    private static double firstNumber(String setting) {
        String digits = setting.replaceAll("^[^0-9]*([0-9]+(\\.[0-9]+)?).*$", "$1");
        return digits.isEmpty() || !Character.isDigit(digits.charAt(0)) ? 0 : Double.parseDouble(digits);
    }
}
