/**
 * Python's `repr()` of a float: the shortest digits that read back as the same number, with
 * an exponent from 1e16 on and below 1e-4.
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) {
    const plain = size !== 0 && size < 1e-6 ? value.toFixed(20) : String(value);
    return plain.includes(".") ? plain : `${plain}.0`;
  }
  const [mantissa, exponent = ""] = value.toExponential().split("e");
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, "0")}`;
}
