// plotly.js: boxes from the subplot's own size, ranges from the full layout.
const plots = [];

function axisOf(axis, look, which) {
  const shown = look.grid === "both" || look.grid === which;
  const log = axis.scale === "log";
  const range = ends(axis).map((v) => (log ? Math.log10(v) : v));
  const out = {
    type: {linear: "linear", log: "log", date: "date", category: "linear"}[axis.scale], range, showgrid: shown, gridcolor: look.grid_color,
    griddash: {solid: "solid", dashed: "dash", dotted: "dot", dashdot: "dashdot"}[look.grid_dash], zeroline: false, showline: look.frame !== "none" && (which === "x" || look.frame !== "bottom"),
    linecolor: look.ink, mirror: look.frame === "box", ticks: {out: "outside", in: "inside", none: ""}[look.ticks], tickcolor: look.ink,
    title: axis.label ? {text: axis.label} : undefined, automargin: true, tickangle: 0,
  };
  if (axis.labels) Object.assign(out, {tickvals: axis.labels.map((_, k) => k), ticktext: axis.labels});
  if (axis.form === "percent") out.ticksuffix = "%";
  if (axis.form === "year") out.tickformat = "d";
  if (axis.form === "si") out.tickformat = "~s";
  if (axis.form === "thousands") out.tickformat = ",.0f";
  if (axis.form === "scientific" || axis.form === "offset") out.exponentformat = "e";
  return out;
}

function traceOf(chart, c, withLegend) {
  const x = inMs(chart.x, c.x);
  const symbols = {o: "circle", s: "square", "^": "triangle-up", D: "diamond", v: "triangle-down", x: "x", "+": "cross"};
  return {
    x, y: c.y, name: c.faint ? "" : c.name, showlegend: withLegend && !c.faint, type: "scatter", opacity: c.opacity,
    mode: c.draw === "points" ? "markers" : c.marker ? "lines+markers" : "lines",
    line: {color: c.color, width: c.width, dash: {solid: "solid", dashed: "dash", dotted: "dot", dashdot: "dashdot"}[c.dash],
      shape: {"step-post": "hv", "step-pre": "vh", "step-mid": "hvh"}[c.draw] || "linear", simplify: false},
    marker: {size: c.marker_size, symbol: (symbols[c.marker] || "circle") + (c.hollow ? "-open" : ""), color: c.color},
    yaxis: c.axis === "y2" ? "y2" : "y", fill: c.filled ? "tozeroy" : "none", fillcolor: faded(c.color, 0.2),
    error_y: c.errors ? {array: c.errors, thickness: 1.2, width: 3, color: c.color} : undefined,
  };
}

function bandsOf(chart) {
  return chart.curves.filter((c) => c.band).map((c) => ({
    x: [...inMs(chart.x, c.x), ...[...inMs(chart.x, c.x)].reverse()], y: [...c.y.map((v, k) => v + c.band[k]), ...c.y.map((v, k) => v - c.band[k]).reverse()],
    fill: "toself", fillcolor: faded(c.color, 0.2), line: {width: 0}, mode: "lines", showlegend: false, hoverinfo: "skip",
  }));
}

function draw(chart, element, withTitle, withLegend) {
  const look = chart.look;
  const legends = {right: {}, top: {orientation: "h", y: 1.02, yanchor: "bottom"}, bottom: {orientation: "h", yref: "container", y: 0, yanchor: "bottom"}, left: {x: -0.15, xanchor: "right"},
    inside: {x: look.corner[1] === "right" ? 0.98 : 0.02, xanchor: look.corner[1], y: look.corner[0] === "top" ? 0.98 : 0.02, yanchor: look.corner[0], bgcolor: faded(look.ground, 0.8), bordercolor: look.grid_color, borderwidth: look.legend_frame ? 1 : 0}};
  const layout = {
    width: element.clientWidth, height: element.clientHeight, paper_bgcolor: look.page, plot_bgcolor: look.ground, showlegend: withLegend,
    font: {family: look.font, size: look.font_px, color: look.ink}, legend: legends[look.legend] || {},
    title: withTitle && chart.title ? {text: chart.title, x: look.title_left ? 0.02 : 0.5, font: {size: look.title_px}} : undefined,
    margin: {l: look.font_px * 3, r: look.font_px * 1.5, t: look.font_px * (withTitle && chart.title ? 4 : 2) + (look.legend === "top" ? 20 : 0), b: look.font_px * (look.legend === "bottom" ? 6.5 : 3)},
    xaxis: axisOf(chart.x, look, "x"), yaxis: axisOf(chart.y, look, "y"),
    shapes: chart.refs.map((r) => ({type: "line", line: {color: r.color, dash: "dash", width: 1.2}, layer: "below",
      ...(r.axis === "y" ? {xref: "paper", x0: 0, x1: 1, y0: r.value, y1: r.value} : {yref: "paper", y0: 0, y1: 1, x0: inMs(chart.x, [r.value])[0], x1: inMs(chart.x, [r.value])[0]})})),
    annotations: chart.notes.map((n) => ({x: inMs(chart.x, [n.x])[0], y: n.y, text: n.text, showarrow: n.arrow, arrowhead: 2, ax: 30, ay: -35, arrowcolor: look.ink})),
    separators: chart.y.form === "comma" ? ",." : ".,",
  };
  if (chart.y2) layout.yaxis2 = {...axisOf({...chart.y2, form: "plain"}, look, "none"), overlaying: "y", side: "right", mirror: false};
  plots.push(element);
  return Plotly.newPlot(element, [...bandsOf(chart), ...chart.curves.map((c) => traceOf(chart, c, withLegend))], layout, {staticPlot: true, displayModeBar: false});
}

const answers = () => plots.map((e) => {
  const full = e._fullLayout, rect = e.getBoundingClientRect(), s = full._size;
  const range = (axis) => axis.range.map((v) => (axis.type === "log" ? 10 ** v : axis.type === "date" ? axis.d2l(v) : v));
  return {box: [rect.left + s.l, rect.top + s.t, rect.left + s.l + s.w, rect.top + s.t + s.h], x: range(full.xaxis), y: range(full.yaxis),
    y2: full.yaxis2 ? range(full.yaxis2) : null};
});
