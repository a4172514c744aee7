// D3: charts as a person would write them by hand, in SVG.
const drawnCharts = [];
const SYMBOLS = {o: d3.symbolCircle, s: d3.symbolSquare, "^": d3.symbolTriangle, D: d3.symbolDiamond, x: d3.symbolTimes, "+": d3.symbolPlus, v: d3.symbolWye};

const scaleOf = (axis, range) => ({linear: d3.scaleLinear, log: d3.scaleLog, date: d3.scaleUtc, category: d3.scaleLinear}[axis.scale]().domain(ends(axis)).range(range));

function axisOf(maker, axis, scale, count) {
  const made = maker(scale).ticks(count), text = tickText(axis.form);
  if (axis.labels) return maker(scale).tickValues(d3.range(axis.labels.length)).tickFormat((k) => axis.labels[k]);
  if (text) made.tickFormat(text);
  else if (axis.scale === "log") made.ticks(6, axis.high / axis.low > 1e4 ? "~e" : "~g");
  return made;
}

function dress(group, look, line, size) {
  group.attr("font-family", look.font).attr("font-size", look.font_px).attr("color", look.ink);
  if (!line) group.select(".domain").remove();
  if (look.ticks === "none") group.selectAll(".tick line").remove();
  if (look.ticks === "in") group.selectAll(".tick line").attr("transform", `scale(-1)`);
  return group;
}

function gridlines(svg, look, x, y, w, h, left, top) {
  const stroke = (lines) => lines.attr("stroke", look.grid_color).attr("stroke-dasharray", DASHES[look.grid_dash].join(" "));
  if (look.grid === "x" || look.grid === "both") stroke(svg.append("g").selectAll("line").data(x.ticks ? x.ticks(6) : []).join("line").attr("x1", (v) => x(v)).attr("x2", (v) => x(v)).attr("y1", top).attr("y2", top + h));
  if (look.grid === "y" || look.grid === "both") stroke(svg.append("g").selectAll("line").data(y.ticks(5)).join("line").attr("y1", (v) => y(v)).attr("y2", (v) => y(v)).attr("x1", left).attr("x2", left + w));
}

function drawCurve(layer, chart, c, x, y) {
  const points = c.x.map((v, k) => [inMs(chart.x, [v])[0], c.y[k], k]), known = (p) => p[1] !== null;
  const bend = {"step-post": d3.curveStepAfter, "step-pre": d3.curveStepBefore, "step-mid": d3.curveStep}[c.draw] || d3.curveLinear;
  const at = (p) => [x(p[0]), y(p[1])];
  const area = (low, high, opacity) => layer.append("path").attr("fill", c.color).attr("fill-opacity", opacity)
    .attr("d", d3.area().defined(known).curve(bend).x((p) => x(p[0])).y0(low).y1(high)(points));
  if (c.band) area((p) => y(p[1] - c.band[p[2]]), (p) => y(p[1] + c.band[p[2]]), 0.2);
  if (c.filled) area(y.range()[0], (p) => y(p[1]), 0.2);
  if (c.draw !== "points") layer.append("path").attr("fill", "none").attr("stroke", c.color).attr("stroke-opacity", c.opacity).attr("stroke-width", c.width).attr("stroke-linejoin", "round")
    .attr("stroke-dasharray", dashOf(c).join(" ")).attr("d", d3.line().defined(known).curve(bend).x((p) => at(p)[0]).y((p) => at(p)[1])(points));
  if (c.errors) layer.selectAll(null).data(points).join("path").attr("stroke", c.color).attr("stroke-width", c.width * 0.7)
    .attr("d", (p) => `M${x(p[0])},${y(p[1] - c.errors[p[2]])}V${y(p[1] + c.errors[p[2]])}`);
  if (c.marker) layer.selectAll(null).data(points.filter(known)).join("path").attr("transform", (p) => `translate(${at(p)})`).attr("stroke", c.color).attr("fill", c.hollow ? chart.look.ground : c.color)
    .attr("d", d3.symbol(SYMBOLS[c.marker] || d3.symbolCircle, c.marker_size ** 2 * 0.75));
}

function drawLegend(svg, chart, area, look) {
  const em = look.font_px, curves = chart.curves.filter((c) => !c.faint);
  let [left, top] = [area.left, area.top - em * 1.3];
  const upright = look.legend === "right" || look.legend === "inside" || look.legend === "left";
  const longest = d3.max(curves, (c) => c.name.length) * em * 0.62 + em * 3;
  if (look.legend === "right") [left, top] = [area.left + area.w + em * (chart.y2 ? 5.5 : 1), area.top + em];
  if (look.legend === "left") [left, top] = [em * 0.6, area.top + em];
  if (look.legend === "bottom") top = area.top + area.h + em * (chart.x.label ? 4.4 : 3);
  if (look.legend === "inside") {
    left = look.corner[1] === "right" ? area.left + area.w - longest : area.left + em * 1.2;
    top = look.corner[0] === "top" ? area.top + em * 1.6 : area.top + area.h - em * 1.5 * curves.length;
    if (look.legend_frame) svg.append("rect").attr("x", left - em * 0.6).attr("y", top - em).attr("width", longest).attr("height", em * 1.5 * curves.length + em * 0.6).attr("fill", look.ground).attr("fill-opacity", 0.8).attr("stroke", look.grid_color);
  }
  for (const c of curves) {
    if (c.draw === "points") svg.append("path").attr("transform", `translate(${left + em * 0.7},${top})`).attr("fill", c.color).attr("d", d3.symbol(SYMBOLS[c.marker] || d3.symbolCircle, c.marker_size ** 2 * 0.75)());
    else svg.append("line").attr("x1", left).attr("x2", left + em * 1.5).attr("y1", top).attr("y2", top).attr("stroke", c.color).attr("stroke-width", Math.max(c.width, 2)).attr("stroke-dasharray", dashOf(c).join(" "));
    const text = svg.append("text").attr("x", left + em * 1.9).attr("y", top + em * 0.35).text(c.name).attr("fill", look.ink);
    if (upright) top += em * 1.5;
    else left += text.node().getComputedTextLength() + em * 3.2;
  }
}

function directLabels(svg, chart, area, x, y) {
  const em = chart.look.font_px;
  const ends = chart.curves.filter((c) => !c.faint).map((c) => ({c, y: y(c.y.filter((v) => v !== null).at(-1))})).sort((a, b) => a.y - b.y);
  let free = -1e9;
  for (const e of ends) {
    free = Math.max(Math.max(Math.min(e.y, area.top + area.h), area.top), free + em * 1.15);
    svg.append("text").attr("x", area.left + area.w + 5).attr("y", free + em * 0.35).text(e.c.name).attr("fill", e.c.color);
  }
}

function draw(chart, element, withTitle, withLegend) {
  const look = chart.look, em = look.font_px, W = element.clientWidth, H = element.clientHeight;
  const titled = withTitle && chart.title, place = withLegend ? look.legend : look.legend === "direct" ? "direct" : "none";
  const longest = d3.max(chart.curves, (c) => (c.name || "").length) * em * 0.62 + em * 3;
  const margin = {left: em * 5 + (place === "left" ? longest : 0), right: em * (chart.y2 ? 5 : 1.6) + (place === "right" || place === "direct" ? longest : 0),
    top: em * (titled ? 2.8 : 1.2) + (place === "top" ? em * 1.8 : 0), bottom: em * (chart.x.label ? 3.8 : 2.4) + (place === "bottom" ? em * 2 : 0)};
  const area = {left: margin.left, top: margin.top, w: W - margin.left - margin.right, h: H - margin.top - margin.bottom};
  const right = area.left + area.w, bottom = area.top + area.h;
  const svg = d3.select(element).append("svg").attr("width", W).attr("height", H).attr("font-family", look.font).attr("font-size", em);
  svg.append("rect").attr("width", W).attr("height", H).attr("fill", look.page);
  svg.append("rect").attr("x", area.left).attr("y", area.top).attr("width", area.w).attr("height", area.h).attr("fill", look.ground);
  const clip = `clip${drawnCharts.length}`;
  svg.append("clipPath").attr("id", clip).append("rect").attr("x", area.left).attr("y", area.top).attr("width", area.w).attr("height", area.h);
  const x = scaleOf(chart.x, [area.left, right]), y = scaleOf(chart.y, [bottom, area.top]), y2 = chart.y2 && scaleOf(chart.y2, [bottom, area.top]);
  if (!chart.x.labels) gridlines(svg, look, x, y, area.w, area.h, area.left, area.top);
  const layer = svg.append("g").attr("clip-path", `url(#${clip})`);
  for (const r of chart.refs) layer.append("line").attr("stroke", r.color).attr("stroke-dasharray", "5 4").attr("x1", r.axis === "y" ? area.left : x(inMs(chart.x, [r.value])[0])).attr("x2", r.axis === "y" ? right : x(inMs(chart.x, [r.value])[0])).attr("y1", r.axis === "y" ? y(r.value) : area.top).attr("y2", r.axis === "y" ? y(r.value) : bottom);
  for (const c of chart.curves) drawCurve(layer, chart, c, x, c.axis === "y2" ? y2 : y);
  for (const n of chart.notes) svg.append("text").attr("x", x(inMs(chart.x, [n.x])[0])).attr("y", y(n.y) - em).attr("text-anchor", "middle").attr("fill", look.ink).text(n.text);
  if (look.frame === "box") svg.append("rect").attr("x", area.left).attr("y", area.top).attr("width", area.w).attr("height", area.h).attr("fill", "none").attr("stroke", look.ink);
  const count = Math.max(Math.round(area.w / (em * 8)), 2);
  dress(svg.append("g").attr("transform", `translate(0,${bottom})`).call(axisOf(d3.axisBottom, chart.x, x, count)), look, look.frame !== "none");
  dress(svg.append("g").attr("transform", `translate(${area.left},0)`).call(axisOf(d3.axisLeft, chart.y, y, 5)), look, look.frame === "box" || look.frame === "open");
  if (y2) dress(svg.append("g").attr("transform", `translate(${right},0)`).call(axisOf(d3.axisRight, chart.y2, y2, 5)), look, look.frame !== "none");
  const label = (text, px, py, turn, anchor, size, weight) => svg.append("text").text(text).attr("transform", `translate(${px},${py}) rotate(${turn})`).attr("text-anchor", anchor).attr("fill", look.ink).attr("font-size", size || em).attr("font-weight", weight || "normal");
  if (chart.x.label) label(chart.x.label, area.left + area.w / 2, bottom + em * 2.9, 0, "middle");
  if (chart.y.label) label(chart.y.label, area.left - em * 3.7, area.top + area.h / 2, -90, "middle");
  if (chart.y2 && chart.y2.label) label(chart.y2.label, right + em * 4, area.top + area.h / 2, -90, "middle");
  if (titled) label(chart.title, look.title_left ? area.left : area.left + area.w / 2, em * 1.7, 0, look.title_left ? "start" : "middle", look.title_px, "bold");
  if (withLegend) drawLegend(svg, chart, area, look);
  else if (place === "direct") directLabels(svg, chart, area, x, y);
  const rect = element.getBoundingClientRect();
  drawnCharts.push({box: [rect.left + area.left, rect.top + area.top, rect.left + right, rect.top + bottom], x: ends(chart.x), y: ends(chart.y), y2: chart.y2 ? ends(chart.y2) : null});
}

const answers = () => drawnCharts;
