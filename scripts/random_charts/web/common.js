// What the chart libraries' pages share: tick texts, dashes, and the answer's form.
const DASHES = {solid: [], dashed: [6, 4], dotted: [1.5, 3], dashdot: [8, 4, 2, 4]};
const dashOf = (curve) => DASHES[curve.dash].map((v) => v * Math.max(curve.width / 1.5, 0.8));
const faded = (color, opacity) => color + Math.round(255 * opacity).toString(16).padStart(2, "0");
const trimmed = (value, digits = 6) => String(+value.toPrecision(digits));

function si(value) {
  const size = Math.abs(value);
  for (const [limit, suffix] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) if (size >= limit) return trimmed(value / limit) + suffix;
  return trimmed(value);
}

// The text of a tick, or null where the library shall write it in its own way.
function tickText(form) {
  return {
    percent: (v) => trimmed(v) + "%",
    si,
    thousands: (v) => Math.round(v).toLocaleString("en-US"),
    comma: (v) => trimmed(v).replace(".", ","),
    scientific: (v) => (v === 0 ? "0" : v.toExponential(1)),
    year: (v) => String(Math.round(v * 1000) / 1000),
    offset: (v) => (v === 0 ? "0" : v.toExponential(0)),
  }[form] || null;
}

const wholeDecade = (v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-6;
const inMs = (axis, values) => (axis.scale === "date" ? values.map((v) => v * 1000) : values);
const ends = (axis) => inMs(axis, axis.reversed ? [axis.high, axis.low] : [axis.low, axis.high]);
const least = (axis) => inMs(axis, [axis.low])[0];
const greatest = (axis) => inMs(axis, [axis.high])[0];
const fontOf = (look, size, bold) => `${bold ? "bold " : ""}${size || look.font_px}px '${look.font}', sans-serif`;
const yAxisOf = (chart, curve) => (curve.axis === "y2" ? chart.y2 : chart.y);
