// Chart.js: boxes from chartArea, ranges from its scales.
const charts = [];

function scaleOf(axis, look, position) {
  const type = {linear: "linear", log: "logarithmic", date: "time", category: "category"}[axis.scale];
  const tick = {color: look.ink, font: {family: look.font, size: look.font_px}};
  const text = tickText(axis.form);
  if (text) tick.callback = (v) => text(v);
  else if (axis.scale === "log") tick.callback = (v) => (wholeDecade(v) ? v.toExponential(0).replace("+", "") : "");
  const shown = look.grid === "both" || look.grid === (position === "bottom" ? "x" : "y");
  const out = {
    type, position, ticks: {...tick, autoSkipPadding: 14, maxRotation: 0},
    grid: {display: shown && position !== "right", color: look.grid_color, tickColor: look.ticks === "none" ? "#0000" : look.ink, drawTicks: true},
    border: {display: look.frame !== "none", color: look.ink, dash: DASHES[look.grid_dash]},
    title: {display: !!axis.label, text: axis.label, color: look.ink, font: {family: look.font, size: look.font_px}},
    reverse: axis.reversed,
  };
  if (!axis.labels) Object.assign(out, {min: least(axis), max: greatest(axis)});
  return out;
}

function draw(chart, element, withTitle, withLegend) {
  const look = chart.look;
  const stepped = {"step-post": "before", "step-pre": "after", "step-mid": "middle"};
  const canvas = element.appendChild(document.createElement("canvas"));
  const points = {o: "circle", s: "rect", "^": "triangle", D: "rectRot"};
  const datasets = chart.curves.map((c) => ({
    label: c.faint ? "" : c.name,
    data: chart.x.labels ? c.y : c.x.map((v, k) => ({x: chart.x.scale === "date" ? v * 1000 : v, y: c.y[k]})),
    borderColor: faded(c.color, c.opacity), backgroundColor: c.filled ? faded(c.color, 0.2) : c.hollow ? look.ground : c.color,
    borderWidth: c.width, borderDash: dashOf(c), showLine: c.draw !== "points", stepped: stepped[c.draw] || false,
    pointRadius: c.marker ? c.marker_size / 2 : 0, pointStyle: points[c.marker] || "circle", fill: c.filled ? "start" : false,
    pointBackgroundColor: c.hollow ? look.ground : c.color, pointBorderColor: c.color,
    yAxisID: c.axis, spanGaps: false,
  })).reverse();
  const scales = {x: scaleOf(chart.x, look, "bottom"), y: scaleOf(chart.y, look, "left")};
  if (chart.y2) scales.y2 = scaleOf(chart.y2, look, "right");
  charts.push(new Chart(canvas, {
    type: "line",
    data: chart.x.labels ? {labels: chart.x.labels, datasets} : {datasets},
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, scales, layout: {padding: look.font_px * 0.6},
      plugins: {
        title: {display: withTitle && !!chart.title, text: chart.title, color: look.ink, align: look.title_left ? "start" : "center",
          font: {family: look.font, size: look.title_px, weight: "bold"}},
        legend: {display: withLegend, position: withLegend ? look.legend : "top",
          labels: {color: look.ink, font: {family: look.font, size: look.font_px}, usePointStyle: look.legend_frame,
            pointStyle: "line", filter: (item) => item.text !== "", boxWidth: look.font_px * 2, boxHeight: look.font_px * 0.6}},
      },
    },
  }));
}

const valueAt = (scale, pixel, log) => {
  const [p0, p1] = [scale.getPixelForValue(scale.min), scale.getPixelForValue(scale.max)];
  const [a, b] = log ? [Math.log10(scale.min), Math.log10(scale.max)] : [scale.min, scale.max];
  const value = a + ((pixel - p0) * (b - a)) / (p1 - p0);
  return log ? 10 ** value : value;
};

const answers = () => charts.map((c) => {
  const rect = c.canvas.getBoundingClientRect(), a = c.chartArea, at = (key, pixel) => valueAt(c.scales[key], pixel, c.scales[key].type === "logarithmic");
  return {box: [rect.left + a.left, rect.top + a.top, rect.left + a.right, rect.top + a.bottom], x: [at("x", a.left), at("x", a.right)],
    y: [at("y", a.bottom), at("y", a.top)], y2: c.scales.y2 ? [at("y2", a.bottom), at("y2", a.top)] : null};
});
