// uPlot: boxes from u.bbox, ranges from u.scales. All curves of a plot share one list of x values.
const plots = [];

function pathsOf(curve) {
  if (curve.draw === "step-post") return uPlot.paths.stepped({align: 1});
  if (curve.draw === "step-pre") return uPlot.paths.stepped({align: -1});
  if (curve.draw === "points") return () => null;
  return uPlot.paths.linear();
}

function axisOf(axis, look, side, which) {
  const text = tickText(axis.form), shown = look.grid === "both" || look.grid === which;
  const out = {
    side, stroke: look.ink, font: fontOf(look, Math.round(look.font_px)), label: axis.label || undefined, labelFont: fontOf(look, Math.round(look.font_px)), labelSize: look.font_px * 1.8,
    size: side === 2 ? look.font_px * (axis.scale === "date" ? 3.6 : 2.4) : look.font_px * 4.6, space: look.font_px * (side === 2 ? 5 : 3),
    grid: {show: shown, stroke: look.grid_color, width: 1, dash: DASHES[look.grid_dash]}, ticks: {show: look.ticks !== "none", stroke: look.frame === "none" ? look.grid_color : look.ink, width: 1, size: look.font_px * 0.4},
    border: {show: look.frame !== "none", stroke: look.ink, width: 1}, scale: which === "x" ? "x" : which,
  };
  if (text) out.values = (u, splits) => splits.map((v) => (v === null ? "" : text(v)));
  else if (axis.scale === "log") out.values = (u, splits) => splits.map((v) => (v !== null && wholeDecade(v) ? v.toExponential(0) : ""));
  return out;
}

function draw(chart, element, withTitle, withLegend) {
  const look = chart.look;
  element.style.background = look.ground;
  element.style.color = look.ink;
  const tables = chart.curves.map((c) => [c.x, c.y]);
  const data = uPlot.join(tables, tables.map((t) => [0, 1]));
  const scale = (axis) => ({auto: false, distr: axis.scale === "log" ? 3 : 1, time: false, range: () => [axis.low, axis.high], dir: 1});
  const scales = {x: {...scale(chart.x), time: chart.x.scale === "date"}, y: scale(chart.y)};
  const axes = [axisOf(chart.x, look, 2, "x"), axisOf(chart.y, look, 3, "y")];
  if (chart.y2) {
    scales.y2 = scale(chart.y2);
    axes.push({...axisOf(chart.y2, look, 1, "y2"), grid: {show: false}});
  }
  const series = chart.curves.map((c) => ({
    label: c.faint ? "" : c.name, scale: c.axis, stroke: faded(c.color, c.opacity), width: c.draw === "points" ? 0 : Math.max(Math.round(c.width), 1), dash: dashOf(c), paths: pathsOf(c), spanGaps: false,
    fill: c.filled ? faded(c.color, 0.2) : undefined, points: {show: !!c.marker, size: c.marker_size, stroke: c.color, fill: c.hollow ? look.ground : c.color, width: 1},
  }));
  const u = new uPlot({width: element.clientWidth, height: element.clientHeight / 2, title: withTitle && chart.title ? chart.title : undefined,
    scales, axes, series: [{label: ""}, ...series], legend: {show: withLegend, live: false}, cursor: {show: false}, tzDate: (t) => uPlot.tzDate(new Date(t * 1e3), "Etc/UTC"),
    padding: [look.font_px, look.font_px * 1.4, null, null]}, data, element);
  const title = element.querySelector(".u-title");
  if (title) title.style.font = fontOf(look, look.title_px, true);
  const legend = element.querySelector(".u-legend");
  if (legend) {
    legend.style.font = fontOf(look);
  }
  const around = [title, legend].reduce((sum, e) => sum + (e ? e.getBoundingClientRect().height + 4 : 0), 0);
  u.setSize({width: element.clientWidth, height: element.clientHeight - around - 2});
  plots.push({u, chart});
}

const answers = () => plots.map(({u, chart}) => {
  const rect = u.root.querySelector(".u-over").getBoundingClientRect(), of = (key) => [u.scales[key].min, u.scales[key].max];
  const unit = chart.x.scale === "date" ? 1000 : 1;
  return {box: [rect.left, rect.top, rect.right, rect.bottom], x: of("x").map((v) => v * unit), y: of("y"), y2: chart.y2 ? of("y2") : null};
});
