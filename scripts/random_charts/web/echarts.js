// ECharts: boxes from the grid's coordinate system, ranges from the axes' scales.
const made = [];

function axisOf(axis, look, which) {
  const text = tickText(axis.form);
  const shown = look.grid === "both" || look.grid === which;
  const type = {linear: "value", log: "log", date: "time", category: "category"}[axis.scale];
  const out = {
    type, name: axis.label || "", nameLocation: "middle", nameGap: look.font_px * (which === "x" ? 2.2 : 4.2), inverse: axis.reversed,
    nameTextStyle: {color: look.ink, fontSize: look.font_px, fontFamily: look.font},
    axisLabel: {color: look.ink, fontSize: look.font_px, fontFamily: look.font, hideOverlap: true}, splitLine: {show: shown, lineStyle: {color: look.grid_color, type: {solid: "solid", dashed: "dashed"}[look.grid_dash] || "dotted"}},
    axisLine: {show: look.frame !== "none" && (which === "x" || look.frame !== "bottom"), onZero: false, lineStyle: {color: look.ink}},
    axisTick: {show: look.ticks !== "none", inside: look.ticks === "in", lineStyle: {color: look.ink}},
  };
  if (axis.labels) return {...out, data: axis.labels, boundaryGap: look.title_left};
  if (text) out.axisLabel.formatter = text;
  else if (axis.scale === "log") out.axisLabel.formatter = (v) => (v >= 0.001 && v <= 1000 ? trimmed(v) : v.toExponential(0));
  else if (axis.scale === "linear") {
    const round = (v) => +v.toPrecision(2) === v;
    Object.assign(out.axisLabel, {showMinLabel: round(axis.low), showMaxLabel: round(axis.high)});
  }
  return {...out, min: least(axis), max: greatest(axis)};
}

function seriesOf(chart, c) {
  const symbols = {o: "circle", s: "rect", "^": "triangle", D: "diamond"};
  const out = {
    name: c.faint ? "" : c.name, type: c.draw === "points" ? "scatter" : "line", yAxisIndex: c.axis === "y2" ? 1 : 0, showSymbol: !!c.marker, animation: false, clip: true,
    symbol: c.marker ? (c.hollow ? "emptyCircle" : symbols[c.marker] || "circle") : "none", symbolSize: c.marker_size, step: {"step-post": "end", "step-pre": "start", "step-mid": "middle"}[c.draw] || false,
    lineStyle: {color: c.color, width: c.width, type: c.dash === "solid" ? "solid" : dashOf(c), opacity: c.opacity}, itemStyle: {color: c.color},
    data: chart.x.labels ? c.y : inMs(chart.x, c.x).map((v, k) => [v, c.y[k]]), areaStyle: c.filled ? {color: faded(c.color, 0.2), origin: "start"} : undefined,
  };
  return out;
}

function draw(chart, element, withTitle, withLegend) {
  const look = chart.look, em = look.font_px;
  element.style.background = look.ground;
  const instance = echarts.init(element, null, {renderer: "canvas", devicePixelRatio: window.devicePixelRatio});
  const names = chart.curves.filter((c) => !c.faint).map((c) => c.name);
  const longest = Math.max(...names.map((n) => (n || "").length)) * em * 0.62 + em * 4;
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = fontOf(look);
  const rows = Math.ceil((names.reduce((sum, n) => sum + pen.measureText(n || "").width + 45, 0) * 1.1) / element.clientWidth);
  const places = {right: {orient: "vertical", right: 8, top: "middle"}, left: {orient: "vertical", left: 8, top: "middle"}, bottom: {bottom: 4}, top: {top: withTitle && chart.title ? em * 2.2 : 6}};
  const at = withLegend ? look.legend : "none";
  const series = chart.curves.map((c) => seriesOf(chart, c));
  if (chart.refs.length) series[0].markLine = {silent: true, symbol: "none", label: {show: false}, animation: false,
    data: chart.refs.map((r) => (r.axis === "y" ? {yAxis: r.value} : {xAxis: inMs(chart.x, [r.value])[0]})), lineStyle: {color: chart.refs[0].color, type: "dashed", width: 1}};
  instance.setOption({
    animation: false, textStyle: {fontFamily: look.font}, backgroundColor: look.ground,
    title: withTitle && chart.title ? {text: chart.title, left: look.title_left ? 10 : "center", top: 6, textStyle: {color: look.ink, fontSize: look.title_px, fontFamily: look.font}} : undefined,
    legend: withLegend ? {...places[at], data: names, textStyle: {color: look.ink, fontSize: em, fontFamily: look.font}} : undefined,
    grid: {left: em * 5.5 + (at === "left" ? longest : 0), right: em * (chart.y2 ? 5.5 : 2) + (at === "right" ? longest : 0), containLabel: false,
      top: em * (withTitle && chart.title ? 3 : 1.6) + (at === "top" ? 10 + rows * Math.max(em * 1.3, 25) : 0), bottom: em * (chart.x.label ? 3.6 : 2.4) + (at === "bottom" ? 6 + rows * Math.max(em * 1.3, 25) : 0)},
    xAxis: axisOf(chart.x, look, "x"), yAxis: [axisOf(chart.y, look, "y"), ...(chart.y2 ? [axisOf(chart.y2, look, "none")] : [])], series,
  });
  made.push({instance, element, chart});
}

const answers = () => made.map(({instance, element, chart}) => {
  const rect = element.getBoundingClientRect(), area = instance.getModel().getComponent("grid").coordinateSystem.getRect();
  const xs = [area.x, area.x + area.width], ys = [area.y + area.height, area.y];
  const x = chart.x.labels ? categoryEnds(instance, chart, xs) : ends(chart.x);
  return {box: [rect.left + xs[0], rect.top + ys[1], rect.left + xs[1], rect.top + ys[0]], x, y: ends(chart.y), y2: chart.y2 ? ends(chart.y2) : null};
});

function categoryEnds(instance, chart, xs) {
  const last = chart.x.labels.length - 1;
  const [p0, p1] = [0, last].map((k) => instance.convertToPixel({xAxisIndex: 0}, k));
  return xs.map((p) => ((p - p0) * last) / (p1 - p0));
}
